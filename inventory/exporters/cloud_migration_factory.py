"""Cloud Migration Factory on AWS: an intake form with a server, its application and wave in a row.

UTF-8 with its mark, without which the factory's reader takes letters for others. A strategy that is
not known is written as ``TBC``, which is the factory's word for it; any other mandatory column of
which nothing is known stays empty, for the factory asks for it row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from inventory.exporters import _aws_facts as told
from inventory.exporters._aws_table import Row, files
from inventory.model.exporter import Exportable, Exporter, Written
from inventory.model.facts import FQDN, HOSTNAME, OS_FAMILY, OS_NAME, OS_VERSION
from inventory.model.placement import (
    ENVIRONMENT,
    NAMED_APPLICATIONS,
    NAMED_STRATEGY,
    NAMED_WAVE,
    ROLE,
)
from inventory.model.server import Server
from inventory.model.spelling import address

_MANDATORY: Final = (
    *("app_name", "aws_accountid", "aws_region", "server_os_family", "server_os_version"),
    "server_fqdn",
)
_SETTINGS: Final = {
    "account-id": "aws_accountid",
    "region": "aws_region",
    "launch:instance-type": "instanceType",
    "launch:placement:tenancy": "tenancy",
    "launch:placement:host-id": "dedicated_host_id",
    "launch:iam-instance-profile:name": "iamRole",
    "launch:nic:0:private-ip:0": "private_ip",
    "launch:nic:0:network-interface-id": "network_interface_id",
    "launch:nic:0:subnet-id": "subnet_IDs",
}
"""What is planned for the target, by the names that MGN has for it, and the form's columns."""
_OWN: Final = "cmf:"
"""What names begin with that only the factory has."""
_GROUP: Final = re.compile(r"launch:nic:0:security-group-id:(\d+)")
_TENANCIES: Final = {"default": "Shared", "dedicated": "Dedicated", "host": "Dedicated host"}
_COLUMNS: Final = (
    *("wave_name", "app_name", "aws_accountid", "aws_region", "server_name", "server_os_family"),
    *("server_os_version", "server_fqdn", "server_tier", "server_environment", "r_type"),
    *("subnet_IDs", "securitygroup_IDs", "subnet_IDs_test", "securitygroup_IDs_test"),
    *("instanceType", "tenancy", "tags"),
)
_STRATEGIES: Final = (
    *("Retire", "Retain", "Relocate", "Rehost", "Repurchase", "Replatform", "Rearchitect"),
)
_UNDECIDED: Final = "TBC"
_FAMILIES: Final = ("linux", "windows")
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?"
_NAME: Final = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_LONGEST: Final = {"wave_name": 150, "app_name": 255}
"""What the factory's schemas allow (default_schema.json)."""


def _write(exportable: Exportable) -> Iterator[Written]:
    names = set[str]()
    rows = tuple(_row(each, names) for each in exportable.servers)
    held = {column for row in rows if not row.left_out for column in row.cells}
    columns = (*_COLUMNS, *sorted(held - set(_COLUMNS)))
    yield from files("cmf-intake-form.csv", columns, rows, begin=b"\xef\xbb\xbf")


def _row(server: Server, names: set[str]) -> Row:
    facts, row = server.facts, Row(server=server)
    _put(row, "wave_name", facts.value(NAMED_WAVE))
    _put_application(row)
    row.put("server_os_version", facts.value(OS_NAME) or facts.value(OS_VERSION))
    if (name := facts.value(FQDN)) and _NAME.fullmatch(name):
        row.put("server_fqdn", name)
    row.put("server_tier", facts.value(ROLE))
    row.put("server_environment", facts.value(ENVIRONMENT))
    _put_strategy(row)
    _put_settings(row, told.settings(facts))
    _put_tags(row)
    _put_family(row)
    if not row.left_out:
        _put_name(row, names)
    empty = [each for each in _MANDATORY if each not in row.cells]
    if empty and not row.left_out:
        row.lack(f"mandatory and not known: {', '.join(empty)}: left empty")
    return row


def _put(row: Row, column: str, value: str | None) -> None:
    if value and len(value) > _LONGEST[column]:
        row.lack(f"{column} has more than {_LONGEST[column]} characters: left out")
    else:
        row.put(column, value)


def _put_application(row: Row) -> None:
    named = row.server.facts.value(NAMED_APPLICATIONS) or ()
    for each in named:
        if "app_name" not in row.cells:
            _put(row, "app_name", each)
    if len(named) > 1 and "app_name" in row.cells:
        row.lack(f"app_name takes one application: {row.cells['app_name']!r} is written")


def _put_name(row: Row, names: set[str]) -> None:
    """Fill in the name, by which the factory tells servers apart whatever its case."""
    known = (row.server.name, row.server.facts.value(HOSTNAME) or "")
    name = next((each for each in known if _NAME.fullmatch(each) and not address(each)), None)
    if name is None:
        row.leave_out("server_name is mandatory, and no host name is known")
    elif name.lower() in names:
        row.leave_out(f"another server is called {name}, which is one to the factory")
    else:
        names.add(name.lower())
        row.put("server_name", name)


def _put_family(row: Row) -> None:
    family = row.server.facts.value(OS_FAMILY)
    if family and family not in _FAMILIES:
        row.leave_out(f"the factory takes linux and windows alone, not {family}")
    else:
        row.put("server_os_family", family)


def _put_strategy(row: Row) -> None:
    strategy = row.server.facts.value(NAMED_STRATEGY)
    row.put("r_type", strategy if strategy in _STRATEGIES else _UNDECIDED)
    if strategy is None:
        row.lack(f"r_type is not known: written as {_UNDECIDED}")
    elif strategy not in _STRATEGIES:
        row.lack(f"r_type: {strategy!r} is none of the factory's: written as {_UNDECIDED}")


def _put_settings(row: Row, settings: Mapping[str, str]) -> None:
    groups = dict[int, str]()
    for name, value in settings.items():
        if found := _GROUP.fullmatch(name):
            groups[int(found[1])] = value
        elif name.startswith(_OWN):
            row.put(name.removeprefix(_OWN), value)
        elif column := _SETTINGS.get(name):
            row.put(column, _TENANCIES.get(value, value) if column == "tenancy" else value)
    row.put("securitygroup_IDs", ";".join(groups[each] for each in sorted(groups)))


def _put_tags(row: Row) -> None:
    parts = []
    for each in told.tags(row.server.facts):
        torn = next((mark for mark in ";=" if mark in f"{each.name}{each.value}"), None)
        if torn:
            row.lack(f"tags: {each.name!r} or its value holds {torn!r}, which parts them: left out")
        else:
            parts.append(f"{each.name}={each.value}")
    row.put("tags", ";".join(parts))


EXPORTER: Final = Exporter(
    title="Cloud Migration Factory on AWS",
    source="https://github.com/aws-solutions/cloud-migration-factory-on-aws, 4.5.1: "
    "default_schema.json, import-utils.ts (2026-11-23)",
    write=_write,
)

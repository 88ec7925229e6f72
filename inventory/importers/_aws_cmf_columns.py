"""Which column of Cloud Migration Factory's forms tells what, and of what: server, application.

A title may say what it speaks of: ``[application]wave_name``. What it plans for the target has
the names that MGN gives it where that has the same (see :mod:`inventory.importers._aws_settings`);
other settings begin with ``cmf:``.
"""

from __future__ import annotations

import re
from typing import Final

from inventory.importers._aws_settings import ACCOUNT, INSTANCE_TYPE, REGION
from inventory.importers._rows import Columns
from inventory.reading.table import Table

SCHEMAS: Final = ("server", "", "application", "wave", "database")
"""What a column may speak of, in the order in which a server's row is to be believed."""
STRATEGIES: Final = (
    *("Retire", "Retain", "Relocate", "Rehost", "Repurchase", "Replatform", "Rearchitect"),
)
UNDECIDED: Final = "TBC"
SETTINGS: Final = {
    "aws_accountid": ACCOUNT,
    "aws_region": REGION,
    "instanceType": INSTANCE_TYPE,
    "tenancy": "launch:placement:tenancy",
    "dedicated_host_id": "launch:placement:host-id",
    "iamRole": "launch:iam-instance-profile:name",
    "private_ip": "launch:nic:0:private-ip:0",
    "network_interface_id": "launch:nic:0:network-interface-id",
    "subnet_IDs": "launch:nic:0:subnet-id",
    **{
        each: f"cmf:{each}"
        for each in (
            *("subnet_IDs_test", "securitygroup_IDs_test", "network_interface_id_test"),
            *("secondary_private_ip", "target_instance_id", "ebs_encrypted", "ebs_kms_key_id"),
        )
    },
}
"""Columns of one setting each, and what it is called."""
GROUPS: Final = "securitygroup_IDs"
GROUP: Final = "launch:nic:0:security-group-id:"
"""Of several settings, numbered from 0."""
TENANCIES: Final = {"Shared": "default", "Dedicated": "dedicated", "Dedicated host": "host"}
KNOWN: Final = (
    *("server_name", "server_os_family", "server_os_version", "server_fqdn", "server_tier"),
    *("server_environment", "r_type", "tags", "migration_status", "replication_status"),
    *("app_name", "app_id", "wave_name", "wave_id", "database_name", "database_type"),
    *("server_id", "database_id", "secret_name", "server_mgn_post_launch", GROUPS, *SETTINGS),
)
_TITLE: Final = re.compile(r"(?:\[([^\]]+)\])?(.+)")
_OTHERS: Final = re.compile(r"_|wave_|app_|database_|.*(pass|secret|credential)", re.IGNORECASE)
"""Custom attributes that are the tool's own, not a server's, or perhaps a password."""


def columns_of(table: Table) -> Columns:
    """Find the columns. One that speaks of an application is called ``application:app_name``."""
    known = {each.lower(): each for each in KNOWN}
    places: dict[str, int] = {}
    for place, title in enumerate(table.header):
        if found := _TITLE.fullmatch(title):
            schema, name = (found[1] or "").lower(), found[2].strip()
            schema = {"app": "application", "server": ""}.get(schema, schema)
            kept = known.get(name.lower(), name)
            places.setdefault(f"{schema}:{kept}" if schema else kept, place)
    return Columns(table=table, places=places)


def has(columns: Columns, name: str) -> bool:
    """Say whether a table tells something, of whatever it says so."""
    return any(place.rpartition(":")[2] == name for place in columns.places)


def custom(columns: Columns) -> tuple[str, ...]:
    """Return the attributes of servers that a factory added to its own."""
    return tuple(
        each
        for each in columns.places
        if ":" not in each and each not in KNOWN and not _OTHERS.match(each)
    )

"""Facts of Puppet's Facter: facter --json of each server, or an export of PuppetDB.

Of PuppetDB are read what its endpoints facts, factsets, inventory and nodes' facts answer. Servers
are known by their certificate's name, which is the full name unless somebody chose another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from inventory.errors import BadInputError
from inventory.importers._facter_facts import own_name, state_facts
from inventory.importers._json import mapping, objects, text
from inventory.importers._told import Told
from inventory.model.imported import Item, ServerRecord, Unread, Where
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.reading.export import Export, File, Kind

SOURCE: Final = "facter"
_OWN: Final = re.compile(r'"facterversion":')
_STORED: Final = re.compile(r'"certname":')
_HELD: Final = re.compile(r'"(value|facts|values)":')
_SIGNS: Final = re.compile(
    r'"(kernelrelease|operatingsystem|hardwareisa|macaddress|is_virtual|ipaddress|networking'
    r'|system_uptime|processors|mountpoints)":'
)
_ENOUGH: Final = 3


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if file.kind is not Kind.JSON:
        return NO
    if _STORED.search(file.beginning) and _HELD.search(file.beginning):
        return CERTAIN
    if _OWN.search(file.beginning):
        return CERTAIN
    signs = {found[1] for found in _SIGNS.finditer(file.beginning)}
    return LIKELY if len(signs) >= _ENOUGH else NO


def _read(export: Export) -> Iterator[Item]:
    """Yield the servers; the facts of PuppetDB, which stand one by one, are gathered first."""
    understood = False
    for file in export.files:
        where = Where(file=file.name)
        if file.kind is not Kind.JSON:
            yield Unread(why="it is nothing that Facter or PuppetDB wrote", where=where)
            continue
        gathered: dict[str, dict[str, Any]] = {}
        try:
            for document in file.documents():
                for item in _document(document, where, gathered):
                    understood = understood or not isinstance(item, Unread)
                    yield item
        except BadInputError as error:
            yield Unread(why=str(error).removeprefix(f"{file.name}: "), where=where)
        for name, facts in gathered.items():
            understood = True
            yield from _server(name, facts, None, where)
    if not understood:
        raise BadInputError(
            "there are no facts of Facter in it",
            hint="give what facter --json printed, or what PuppetDB's factsets answered",
        )


def _document(document: Any, where: Where, gathered: dict[str, dict[str, Any]]) -> Iterator[Item]:
    """Yield the servers of a document; a fact that stands alone is put to its server's."""
    if not isinstance(document, (dict, list)):
        yield Unread(why="it is neither an object nor a list", where=where)
    for each in objects(document):
        name = text(each.get("certname"))
        if name and "name" in each and "value" in each:
            gathered.setdefault(name, {})[text(each["name"]) or ""] = each["value"]
        elif name or isinstance(each.get("values"), dict):
            yield from _stored(name or text(each.get("name")), each, where)
        else:
            yield from _server(own_name(each), each, None, where)


def _stored(name: str | None, each: Mapping[str, Any], where: Where) -> Iterator[Item]:
    """Yield one node as PuppetDB answers it, or as agents send it there."""
    held = each.get("facts") or each.get("values")
    listed = mapping(held).get("data", held) if isinstance(held, dict) else held
    if isinstance(listed, list):
        facts = {text(one.get("name")) or "": one.get("value") for one in objects(listed)}
    else:
        facts = dict(mapping(held))
    when = each.get("timestamp") or each.get("producer_timestamp")
    yield from _server(name, facts, _moment(when), where)


def _server(
    name: str | None, facts: Mapping[str, Any], when: datetime | None, where: Where
) -> Iterator[Item]:
    if not name:
        yield Unread(why="it does not tell which server it is", where=where)
        return
    told = Told()
    state_facts(facts, told)
    record = ServerRecord(
        source=SOURCE,
        key=name.lower(),
        name=name,
        stated=tuple(told.stated),
        at=when,
        where=where,
    )
    yield from told.items(record)


def _moment(said: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text(said) or "")
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


_STRUCTURED: Final = b"""{
  "disks": {"sda": {"model": "Virtual disk", "size": "40.00 GiB", "size_bytes": 42949672960}},
  "facterversion": "4.3.0",
  "is_virtual": true, "virtual": "vmware",
  "dmi": {"manufacturer": "VMware, Inc.", "product": {"name": "VMware7,1",
    "serial_number": "VMware-42 13 7e 0d 93 c2 5c 58-2b 5a 7a 1d 5a 3c 0f 11",
    "uuid": "42137E0D-93C2-5C58-2B5A-7A1D5A3C0F11"}},
  "kernel": "Linux", "kernelrelease": "6.1.0-31-amd64",
  "memory": {"system": {"total_bytes": 4108115968}},
  "networking": {"fqdn": "web-1.example.org", "hostname": "web-1", "interfaces": {"ens192": {
    "bindings": [{"address": "192.0.2.10", "netmask": "255.255.255.0"}],
    "mac": "00:50:56:aa:bb:01", "mtu": 1500}}},
  "os": {"name": "Debian", "hardware": "x86_64", "release": {"full": "12.11"}},
  "processors": {"count": 2, "physicalcount": 2, "cores": 1}
}
"""
_FLAT: Final = b"""{"facterversion": "1.7.6", "fqdn": "old.example.org", "hostname": "old",
  "kernel": "Linux", "operatingsystem": "CentOS", "operatingsystemrelease": "5.11",
  "interfaces": "eth0,lo", "ipaddress_eth0": "192.0.2.11", "netmask_eth0": "255.255.255.0",
  "macaddress_eth0": "00:50:56:AA:BB:02", "ipaddress_lo": "127.0.0.1",
  "memorysize_mb": "992.65", "processorcount": "2", "virtual": "physical", "is_virtual": "false",
  "blockdevices": "sda,sr0", "blockdevice_sda_size": "42949672960"}
"""
_FACTS: Final = b"""[
  {"certname": "a.example.org", "environment": "production", "name": "kernel", "value": "Linux"},
  {"certname": "b.example.org", "environment": "production", "name": "kernel", "value": "windows"},
  {"certname": "a.example.org", "environment": "production", "name": "processors",
   "value": {"count": "many"}}
]
"""
_SETS: Final = b"""[
  {"certname": "a.example.org", "timestamp": "2026-11-20T08:17:23.749Z", "environment": "test",
   "facts": {"href": "/pdb/query/v4/factsets/a.example.org/facts",
             "data": [{"name": "kernel", "value": "Linux"}, {"name": "virtual", "value": "kvm"}]}},
  {"certname": "b.example.org", "timestamp": "2026-11-20T08:17:24Z", "facts": {"kernel": "Linux"}}
]
"""
IMPORTER: Final = Importer(
    title="Puppet Facter",
    files="what facter --json printed, one file a server, or what PuppetDB's facts, factsets or "
    "inventory answered",
    source="https://www.puppet.com/docs/puppet/8/core_facts.html, "
    "https://www.puppet.com/docs/puppetdb/8/api/query/v4/factsets.html (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="facter 4 (format as it wrote it)",
            files=(("web-1.json", _STRUCTURED),),
            servers=("web-1.example.org",),
        ),
        ImportExample(
            tool="facter 1.7 (format as FacterDB keeps it)",
            files=(("old.json", _FLAT),),
            servers=("old.example.org",),
        ),
        ImportExample(
            tool="PuppetDB, facts (format as documented)",
            files=(("facts.json", _FACTS),),
            servers=("a.example.org", "b.example.org"),
            unread=1,
        ),
        ImportExample(
            tool="PuppetDB, factsets and inventory (format as documented)",
            files=(("factsets.json", _SETS),),
            servers=("a.example.org", "b.example.org"),
        ),
    ),
)

"""Attributes of Chef's Ohai: what ohai printed, or nodes as a Chef server keeps them.

Of a node only the automatic attributes are read, which Ohai found; those that people set may hold
secrets. Its environment is told where it is not Chef's own ``_default``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from inventory.errors import BadInputError
from inventory.importers._json import mapping, objects, text
from inventory.importers._ohai_facts import known_at, own_name, state_facts
from inventory.importers._told import Told
from inventory.model.imported import Item, ServerRecord, Unread, Where
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.model.placement import ENVIRONMENT
from inventory.reading.export import Export, File, Kind

SOURCE: Final = "chef"
_NODE: Final = re.compile(r'"(chef_environment|chef_type|run_list|automatic)":')
_OWN: Final = re.compile(r'"(ohai_time|ohai_root|chef_packages|idletime_seconds|platform_family)":')
_SIGNS: Final = re.compile(
    r'"(platform|platform_version|machinename|languages|counters|block_device|filesystem2'
    r"|uptime_seconds|virtualization|root_group|os_version|current_user|by_device|by_mountpoint"
    r'|percent_used|kb_available)":'
)
_ENOUGH: Final = 3
_TWO: Final = 2


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if file.kind is not Kind.JSON:
        return NO
    own = {found[1] for found in _OWN.finditer(file.beginning)}
    node = {found[1] for found in _NODE.finditer(file.beginning)}
    signs = {found[1] for found in _SIGNS.finditer(file.beginning)}
    if len(node) >= _TWO or (own and len(signs) >= _TWO) or len(own) >= _TWO:
        return CERTAIN
    return LIKELY if own or len(signs) >= _ENOUGH else NO


def _read(export: Export) -> Iterator[Item]:
    """Yield the servers file by file; a file that is none of Ohai's is unread."""
    understood = False
    for file in export.files:
        for item in _file(file):
            understood = understood or not isinstance(item, Unread)
            yield item
    if not understood:
        raise BadInputError(
            "there are no attributes of Ohai in it",
            hint="give what ohai printed, or knife node show NAME -l -F json",
        )


def _file(file: File) -> Iterator[Item]:
    where = Where(file=file.name)
    if file.kind is not Kind.JSON:
        yield Unread(why="it is nothing that Ohai wrote", where=where)
        return
    try:
        for document in file.documents():
            if not isinstance(document, (dict, list)):
                yield Unread(why="it is neither an object nor a list", where=where)
            rows = mapping(document).get("rows")
            for each in objects(rows if isinstance(rows, list) else document):
                yield from _node(each, where)
    except BadInputError as error:
        yield Unread(why=str(error).removeprefix(f"{file.name}: "), where=where)


def _node(document: Mapping[str, Any], where: Where) -> Iterator[Item]:
    """Yield one server; of a node that never ran Chef nothing but its name is known."""
    kept = any(each in document for each in ("automatic", "chef_environment", "run_list"))
    found = mapping(document.get("automatic")) if kept else document
    name = (text(document.get("name")) if kept else None) or own_name(found)
    if not name:
        yield Unread(why="it does not tell which server it is", where=where)
        return
    told = Told()
    state_facts(found, told)
    environment = text(document.get("chef_environment")) if kept else None
    if environment != "_default":
        told.state("chef_environment", ENVIRONMENT, environment)
    record = ServerRecord(
        source=SOURCE,
        key=name.lower(),
        name=name,
        stated=tuple(told.stated),
        at=known_at(found),
        where=where,
    )
    yield from told.items(record)


_PRINTED: Final = b"""{
  "kernel": {"name": "Linux", "release": "5.14.0-427.el9.x86_64", "machine": "x86_64"},
  "memory": {"total": "1843228kB"},
  "network": {"interfaces": {"eth0": {"mtu": "1500", "flags": ["BROADCAST", "UP"],
    "encapsulation": "Ethernet", "state": "up", "addresses": {
      "00:50:56:AA:BB:01": {"family": "lladdr"},
      "192.0.2.10": {"family": "inet", "prefixlen": "24", "netmask": "255.255.255.0"}}}},
    "default_gateway": "192.0.2.1"},
  "hostname": "web-1", "fqdn": "web-1.example.org", "machinename": "web-1",
  "os": "linux", "platform": "rocky", "platform_version": "9.4", "platform_family": "rhel",
  "cpu": {"total": 2, "real": 1, "cores": 2, "0": {"model_name": "AMD EPYC"}},
  "block_device": {"sda": {"size": "41943040", "rotational": "1", "model": "Virtual disk"}},
  "filesystem": {"by_mountpoint": {"/": {"kb_size": "18000000", "kb_used": "5000000",
    "kb_available": "13000000", "fs_type": "xfs", "devices": ["/dev/mapper/rl-root"]}}},
  "virtualization": {"systems": {"vmware": "guest"}, "system": "vmware", "role": "guest"},
  "packages": {"bash": {"epoch": "0", "version": "5.1.8", "release": "9.el9", "arch": "x86_64"}},
  "ohai_time": 1795422033.2145061
}
"""
_NODES: Final = b"""{"results": 3, "rows": [
  {"name": "db-1", "chef_environment": "production", "run_list": ["role[db]"],
   "normal": {"password": "not-read"},
   "automatic": {"hostname": "db-1", "os": "linux", "memory": {"total": "lots"}}},
  {"name": "new-1", "chef_environment": "_default", "run_list": [], "automatic": {}},
  {"chef_environment": "_default", "run_list": []}
]}
"""
IMPORTER: Final = Importer(
    title="Chef Ohai",
    files="what ohai printed, one file a server, or nodes as JSON: from knife node show NAME -l "
    "-F json, from knife search node, from a backup",
    source="https://docs.chef.io/ohai/, https://docs.chef.io/automatic_attributes/ (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="ohai 16 (format as it wrote it)",
            files=(("web-1.json", _PRINTED),),
            servers=("web-1.example.org",),
        ),
        ImportExample(
            tool="knife search node (format as documented)",
            files=(("nodes.json", _NODES),),
            servers=("db-1", "new-1"),
            unread=2,
        ),
    ),
)

"""Facts that Ansible gathered: a fact cache, a --tree folder, the output of the setup module.

Servers that did not answer Ansible are kept: their names are known. What describes a network
device is left out. Times are the servers' own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from inventory.errors import BadInputError
from inventory.importers._ansible_facts import known_at, own_names, state_facts
from inventory.importers._ansible_names import SOURCE, is_here, own_name, plain_name
from inventory.importers._ansible_output import looks_like_output, results_of
from inventory.importers._json import mapping, objects, parsed, text
from inventory.importers._told import Told
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread, Where
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.reading.export import Export, File, Kind

_SIGNS: Final = re.compile(
    r'\\?"ansible_(facts|distribution|architecture|hostname|nodename|all_ipv4_addresses|system'
    r'|interfaces|os_family|date_time|virtualization_type|env)\\?":'
)
_ENOUGH: Final = 2
_INVENTORY: Final = ('"_meta"', '"hostvars"')
_PLAY: Final = re.compile(r'"plays":\s*\[')
_RESULT: Final = re.compile(r'"(unreachable|failed)":\s*true')
_PAYLOAD: Final = "__payload__"
"""What ansible-core 2.19 and later wrap each file of a fact cache in."""
_NETWORK: Final = ("net_system", "network_os", "net_hostname", "net_version")


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if file.kind in {Kind.TEXT, Kind.DELIMITED}:
        return CERTAIN if looks_like_output(file.beginning) else NO
    if file.kind is not Kind.JSON or all(sign in file.beginning for sign in _INVENTORY):
        return NO
    signs = {found[1] for found in _SIGNS.finditer(file.beginning)}
    if "facts" in signs or len(signs) >= _ENOUGH:
        return CERTAIN
    if _PLAY.search(file.beginning[:2000]) and '"hosts":' in file.beginning:
        return LIKELY
    return LIKELY if _RESULT.search(file.beginning) and '"changed":' in file.beginning else NO


def _read(export: Export) -> Iterator[Item]:
    """Yield the servers file by file; a file that is none of Ansible's is unread."""
    understood = False
    for file in export.files:
        if file.kind in {Kind.TEXT, Kind.DELIMITED} and looks_like_output(file.beginning):
            found = _printed(file)
        elif file.kind is Kind.JSON:
            found = _documents(file, plain_name(file.name))
        else:
            yield Unread(why="it is nothing that Ansible wrote", where=Where(file=file.name))
            continue
        for item in found:
            understood = understood or not isinstance(item, Unread)
            yield item
    if not understood:
        raise BadInputError(
            "there are no facts of Ansible in it",
            hint="give the folder of the fact cache, or what ansible -m setup printed",
        )


def _printed(file: File) -> Iterator[Item]:
    for result in results_of(file.lines()):
        where = Where(file=file.name, row=result.row)
        if result.why:
            yield Unread(why=result.why, where=where)
        else:
            yield from _server(result.name, mapping(result.facts), where)


def _documents(file: File, name: str) -> Iterator[Item]:
    """Yield what a JSON file holds: one server, or the plays of a playbook."""
    where = Where(file=file.name)
    try:
        for document in file.documents():
            if not isinstance(document, dict):
                yield Unread(why="it is no object", where=where)
            elif isinstance(document.get("plays"), list):
                yield from _played(document, where)
            else:
                yield from _server(name, _unwrapped(document), where)
    except (BadInputError, ValueError) as error:
        yield Unread(why=str(error), where=where)


def _unwrapped(document: dict[str, Any]) -> Mapping[str, Any]:
    held = document.get(_PAYLOAD)
    return mapping(parsed(held)) if isinstance(held, str) else document


def _played(document: dict[str, Any], where: Where) -> Iterator[Item]:
    """Yield the servers of what the json callback wrote, each with the facts of all its tasks."""
    gathered: dict[str, dict[str, Any]] = {}
    for play in objects(document["plays"]):
        for task in objects(play.get("tasks")):
            for name, result in mapping(task.get("hosts")).items():
                facts = mapping(mapping(result).get("ansible_facts"))
                gathered.setdefault(name, {}).update(own_names(facts))
    for name, facts in gathered.items():
        yield from _server(name, facts, where)


def _server(name: str, document: Mapping[str, Any], where: Where) -> Iterator[Item]:
    """Yield one server; ``document`` is a result, the facts alone, or nothing of it."""
    facts = own_names(document) | own_names(mapping(document.get("ansible_facts")))
    known = own_name(facts) if is_here(name) else text(name)
    if not known:
        yield Unread(why=f"{name!r} does not tell which server it is", where=where)
    elif any(facts.get(sign) for sign in _NETWORK):
        yield LeftOut(what="network device", name=known, where=where)
    else:
        told = Told()
        state_facts(facts, told)
        record = ServerRecord(
            source=SOURCE,
            key=known,
            name=known,
            stated=tuple(told.stated),
            at=known_at(facts),
            where=where,
        )
        yield from told.items(record)


_PRINTED: Final = b"""\
[WARNING]: Platform linux on host web-1 is using the discovered Python interpreter
web-1 | SUCCESS => {
    "ansible_facts": {
        "ansible_architecture": "x86_64",
        "ansible_date_time": {"iso8601": "2026-11-20T08:17:23Z"},
        "ansible_default_ipv4": {"address": "192.0.2.10", "gateway": "192.0.2.1"},
        "ansible_devices": {
            "dm-0": {"sectors": "41943040", "sectorsize": "512"},
            "sda": {"model": "Virtual disk", "removable": "0", "rotational": "1",
                    "sectors": "83886080", "sectorsize": "512", "vendor": "VMware"}
        },
        "ansible_distribution": "RedHat",
        "ansible_distribution_version": "8.10",
        "ansible_ens192": {
            "active": true, "device": "ens192", "macaddress": "00:50:56:aa:bb:01",
            "ipv4": {"address": "192.0.2.10", "netmask": "255.255.255.0"},
            "module": "vmxnet3", "pciid": "0000:0b:00.0", "speed": 10000, "type": "ether"
        },
        "ansible_fqdn": "web-1.example.org",
        "ansible_hostname": "web-1",
        "ansible_interfaces": ["ens192"],
        "ansible_memtotal_mb": 7741,
        "ansible_processor_vcpus": 2,
        "ansible_product_serial": "VMware-42 13 7e 0d 93 c2 5c 58-2b 5a 7a 1d 5a 3c 0f 11",
        "ansible_system": "Linux",
        "ansible_system_vendor": "VMware, Inc."
    },
    "changed": false
}
web-2 | UNREACHABLE! => {
    "changed": false,
    "msg": "Failed to connect to the host via ssh: timed out",
    "unreachable": true
}
switch-1 | SUCCESS => {"ansible_facts": {"ansible_net_system": "ios"}, "changed": false}
web-3 | SUCCESS => {
    "ansible_facts": {
"""
_CACHED: Final = (
    (
        "s1_win-1",
        b"""{"__payload__": "{\\"ansible_os_family\\": \\"Windows\\", \\"ansible_system\\": \
\\"Win32NT\\", \\"ansible_distribution\\": \\"Microsoft Windows Server 2019 Standard\\", \
\\"ansible_hostname\\": \\"WIN-1\\", \\"ansible_memtotal_mb\\": \\"some\\"}"}""",
    ),
    (
        "s1_web-1",
        b"""{"__payload__": "{\\"ansible_hostname\\": \\"web-1\\", \\"ansible_system\\": \
\\"Linux\\"}"}""",
    ),
)
_TREE: Final = (
    ("db-1.example.org", b'{"ansible_facts": {"ansible_nodename": "db-1"}, "changed": false}'),
    ("db-2.example.org", b'{"changed": false, "msg": "No route", "unreachable": true}'),
)
IMPORTER: Final = Importer(
    title="Ansible facts",
    files="the folder of a fact cache (jsonfile) or of --tree, what ansible -m setup printed, or "
    "what the json callback wrote",
    source="https://docs.ansible.com/ansible-core/2.19/collections/ansible/builtin/"
    "setup_module.html, and the modules' own code (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="ansible -m setup (format of ansible-core 2.19)",
            files=(("setup.txt", _PRINTED),),
            servers=("web-1", "web-2"),
            left_out=1,
            unread=1,
        ),
        ImportExample(
            tool="fact cache of ansible-core 2.19 (format as it wrote it)",
            files=_CACHED,
            servers=("win-1", "web-1"),
            unread=1,
        ),
        ImportExample(
            tool="ansible -m setup --tree (format of ansible-core 2.9)",
            files=_TREE,
            servers=("db-1.example.org", "db-2.example.org"),
        ),
    ),
)

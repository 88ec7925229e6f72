"""An Ansible inventory: INI, YAML, or what ansible-inventory --list prints.

Groups become tags. Of all variables only those are read that say where and how a server is
reached; any other, and all that is encrypted, may hold a secret. Files of ``group_vars`` are not
opened; of those in ``host_vars`` the same few variables are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from inventory.errors import BadInputError
from inventory.importers._ansible_facts import PREFIX, own_names, state_facts
from inventory.importers._ansible_hosts import (
    EVERYTHING,
    Entry,
    Inventory,
    no_server,
    wanted,
)
from inventory.importers._ansible_ini import looks_like_ini, read_ini
from inventory.importers._ansible_trees import (
    looks_like_listing,
    looks_like_yaml,
    read_listing,
    read_tree,
)
from inventory.importers._json import mapping
from inventory.importers._self_parts import address
from inventory.importers._told import Told
from inventory.importers._yaml import yaml_of
from inventory.model.facts import FQDN, HOSTNAME, INTERFACES, OS_FAMILY
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread, Where
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.parts import Interface
from inventory.model.placement import TAGS, Tag
from inventory.reading.export import Export, File, Kind

SOURCE: Final = "ansible-inventory"
"""Apart from what Ansible gathers: whoever wrote the inventory knows far less of a server, and must
not put it in place of what the server said."""
_HOST_NAME: Final = re.compile(
    r"[A-Za-z0-9_](?:[\w-]*\w)?(?:\.[A-Za-z0-9](?:[\w-]*\w)?)*", re.ASCII
)
_TEXTS: Final = (Kind.TEXT, Kind.DELIMITED)
_VAULT: Final = "$ANSIBLE_VAULT"
_OF_WINDOWS: Final = frozenset({"winrm", "psrp"})
_GATHERED: Final = ("ansible_distribution", "ansible_system", "ansible_os_family")
_DERIVED: Final = "decant_"
"""How the groups begin that our own export derives from what is known anyway."""
_VARIABLES: Final = ("group_vars", "host_vars")


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if _folder(file):
        return NO
    sure = _form(file)[1]
    return NO if sure is False else LIKELY if sure is None else CERTAIN


def _form(file: File) -> tuple[str, bool | None]:
    """Return a file's form, and whether it surely is one: True, None for maybe, or False."""
    if file.kind is Kind.JSON:
        return "listing", looks_like_listing(file.beginning)
    if file.kind not in _TEXTS or file.beginning.startswith(_VAULT):
        return "", False
    tree = looks_like_yaml(file.beginning)
    return ("tree", tree) if tree is not False else ("ini", looks_like_ini(file.beginning))


def _folder(file: File) -> str | None:
    """Return which folder of variables a file lies in, if it does."""
    parts = PurePosixPath(file.name).parts[:-1]
    return next((each for each in _VARIABLES if each in parts), None)


def _read(export: Export) -> Iterator[Item]:
    """Yield the servers once all files of the inventory were read."""
    inventory = Inventory()
    for file in export.files:
        if not _folder(file):
            yield from _file(file, inventory)
    for file in export.files:
        if _folder(file) == "host_vars":
            yield from _variables(file, inventory)
    if not inventory.entries:
        raise BadInputError(
            "no server stands in the inventory",
            hint="give its file, its folder, or what ansible-inventory --list prints",
        )
    for entry in inventory.entries.values():
        yield from _entry(entry, inventory)


def _file(file: File, inventory: Inventory) -> Iterator[Item]:
    where = Where(file=file.name)
    form, sure = _form(file)
    try:
        if form == "listing" and sure is not False:
            for document in file.documents():
                read_listing(mapping(document), where, inventory)
        elif form == "tree":
            yield from read_tree(yaml_of(file), where, inventory)
        elif form == "ini" and (sure is not False or "[" not in file.beginning):
            yield from read_ini(file, inventory)
        else:
            yield Unread(why="it is in no form of an inventory", where=where)
    except BadInputError as error:
        yield Unread(why=str(error).removeprefix(f"{file.name}: "), where=where)


def _variables(file: File, inventory: Inventory) -> Iterator[Item]:
    """Read a server's own file of variables: ``host_vars/web-1.yml``, ``host_vars/web-1/a.yml``."""
    if file.kind not in _TEXTS or file.beginning.startswith(_VAULT):
        return
    parts = PurePosixPath(file.name).parts
    below = parts[parts.index("host_vars") + 1 :]
    name = re.sub(r"\.ya?ml\Z", "", below[0]) if len(below) == 1 else below[0]
    try:
        given: Any = yaml_of(file) if name in inventory.entries else None
    except BadInputError as error:
        why = str(error).removeprefix(f"{file.name}: ")
        yield Unread(why=why, where=Where(file=file.name))
        return
    if given is not None:
        inventory.entries[name].variables |= wanted(mapping(given))


def _entry(entry: Entry, inventory: Inventory) -> Iterator[Item]:
    variables = inventory.variables_of(entry)
    what = no_server(entry.name, variables)
    if what:
        yield LeftOut(what=what, name=entry.name, where=entry.where)
        return
    told = Told()
    gathered = {n: each for n, each in entry.all_variables.items() if n.startswith(PREFIX)}
    if any(sign in gathered for sign in _GATHERED):
        state_facts(own_names(gathered), told)
    else:
        _state_names(entry.name, variables, told)
    if variables.get("ansible_connection", "").rpartition(".")[2] in _OF_WINDOWS:
        told.state("ansible_connection", OS_FAMILY, "windows")
    groups = [
        each
        for each in inventory.groups_of(entry)
        if each not in EVERYTHING and not each.startswith(_DERIVED)
    ]
    tags = [Tag(name="group", value=each) for each in sorted(groups)]
    tags += [
        Tag(name=name, value=variables[name])
        for name in ("ansible_port", "ansible_user")
        if name in variables
    ]
    told.state("groups", TAGS, tuple(tags))
    record = ServerRecord(
        source=SOURCE,
        key=entry.name,
        name=entry.name,
        stated=tuple(told.stated),
        where=entry.where,
    )
    yield from told.items(record)


def _state_names(name: str, variables: dict[str, str], told: Told) -> None:
    """State what name and place in the network tell; a name of any other kind is a mere alias."""
    place = variables.get("ansible_host")
    if _is_name(name):
        told.state("name", HOSTNAME, name.partition(".")[0])
    full = next((each for each in (name, place or "") if _is_name(each) and "." in each), "")
    told.state("name" if full == name else "ansible_host", FQDN, full.lower())
    found = address(place or name, None)
    if found:
        column = "ansible_host" if place else "name"
        told.state(column, INTERFACES, (Interface(name=column, addresses=(found,)),))


def _is_name(said: str) -> bool:
    return bool(_HOST_NAME.fullmatch(said)) and not said.replace(".", "").isdigit()


_INI: Final = b"""# ours
mail.example.org:2222 ansible_user=deploy

[web]
web[01:03].example.org  http_port=80 password=not-read
old ansible_ssh_host=192.0.2.40

[db:children]
postgres

[postgres]
db-a ansible_host=db-a.example.org
"db-b

[network]
switch-1 ansible_network_os=ios

[windows]
win-1 ansible_host=192.0.2.50

[windows:vars]
ansible_connection=winrm
ansible_password=not-read

[local]
localhost ansible_connection=local
"""
_YAML: Final = b"""all:
  hosts:
    mail.example.org: {ansible_host: 192.0.2.25}
  children:
    web:
      hosts:
        web[1:2]:
          token: !vault |
            $ANSIBLE_VAULT;1.1;AES256
            3132
      vars: &ours
        ansible_user: deploy
    db:
      hosts:
        db-1: {<<: *ours, ansible_port: 2222}
"""
_LISTING: Final = b"""{
    "_meta": {"hostvars": {
        "web-1": {"ansible_host": "192.0.2.10", "secret": "not-read"},
        "win-1": {"ansible_connection": "winrm", "ansible_host": "win-1.example.org"}
    }},
    "all": {"children": ["ungrouped", "web"]},
    "ungrouped": {"hosts": ["win-1"]},
    "web": {"hosts": ["web-1"]}
}"""
IMPORTER: Final = Importer(
    title="Ansible inventory",
    files="the inventory's file or folder (INI, YAML), or what ansible-inventory --list printed",
    source="https://docs.ansible.com/ansible-core/2.19/inventory_guide/intro_inventory.html "
    "(2026-11-23)",
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="an inventory in INI form (format as documented)",
            files=(("hosts", _INI),),
            servers=(
                *("mail.example.org", "web01.example.org", "web02.example.org"),
                *("web03.example.org", "old", "db-a", "win-1"),
            ),
            left_out=2,
            unread=1,
        ),
        ImportExample(
            tool="an inventory in YAML form (format as documented)",
            files=(("inventory.yml", _YAML),),
            servers=("mail.example.org", "web1", "web2", "db-1"),
        ),
        ImportExample(
            tool="ansible-inventory --list (format of ansible-core 2.19)",
            files=(("inventory.json", _LISTING),),
            servers=("web-1", "win-1"),
        ),
    ),
)

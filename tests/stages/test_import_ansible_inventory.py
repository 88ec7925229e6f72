"""Ansible inventories are read as Ansible itself reads them.

``made-*`` are made. On 2026-11-23 the same was seen of inventories that are not kept here: seven
of openshift-ansible's examples (release-3.11 at 9ad1cd9f, Apache-2.0) with 41 servers, and four of
ansible-cmdb's (3f3e412d, GPL-3.0) with 21, all in the groups that ansible-inventory 2.19.14 lists.
Where that refuses a whole file for a line of it, Decant reads the rest: the folder's README.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from one_server import IMPORTS, facts_of, items, servers

from inventory.errors import BadInputError
from inventory.importers._ansible_hosts import expanded
from inventory.intake.opened import importers
from inventory.intake.recognise import recognise
from inventory.model.facts import FQDN, HOSTNAME, INTERFACES, OS_FAMILY
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.placement import TAGS
from inventory.reading.opening import open_export, open_files

NAME = "ansible-inventory"
OTHERS = IMPORTS / "ansible_inventory"
FILES = sorted(path for path in OTHERS.iterdir() if path.is_file() and path.name != "README.md")
every = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def read(**files: str) -> list[Item]:
    """Read files of an inventory, ``_`` in whose names stands for a slash or a point."""
    given = [(name, text.encode()) for name, text in files.items()]
    return list(importers()[NAME].value.read(open_files(given)))


def groups_of(record: ServerRecord) -> set[str]:
    """Return a server's groups."""
    tags = facts_of(record).value(TAGS) or ()
    return {each.value for each in tags if each.name == "group"}


def listed(document: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return each server's groups out of a listing, walked down from the top."""
    found: dict[str, set[str]] = {}

    def walk(name: str, above: tuple[str, ...]) -> Iterator[None]:
        group = document.get(name, {})
        for server in group.get("hosts", ()):
            found.setdefault(server, set()).update((*above, name))
            yield
        for child in group.get("children", ()):
            yield from walk(child, (*above, name))

    list(walk("all", ()))
    return {name: groups - {"all", "ungrouped"} for name, groups in found.items()}


@every
def test_servers_and_groups_are_those_that_ansible_itself_lists(path: Path) -> None:
    """Every server that ansible-inventory printed is there, in the same groups, and no other."""
    document = json.loads((OTHERS / "listings" / f"{path.name}.json").read_text())
    expected = listed(document)
    assert len(expected) >= 4
    assert all(isinstance(each, ServerRecord) for each in items(NAME, path))
    found = {name: groups_of(each) for name, each in servers(NAME, path).items()}
    assert found == expected
    for name, record in servers(NAME, path).items():
        given = document["_meta"]["hostvars"].get(name, {})
        user = given.get("ansible_user", given.get("ansible_ssh_user"))
        tags = {each.name: each.value for each in facts_of(record).value(TAGS) or ()}
        assert tags.get("ansible_user") == user


@every
def test_a_listing_says_what_its_inventory_says(path: Path) -> None:
    """The file and what ansible-inventory made of it yield the same servers."""
    listing = OTHERS / "listings" / f"{path.name}.json"
    assert recognise(open_export([listing]), importers()).name == NAME
    assert recognise(open_export([path]), importers()).name == NAME
    one, other = servers(NAME, path), servers(NAME, listing)
    assert {name: each.stated for name, each in one.items()} == {
        name: each.stated for name, each in other.items()
    }


def test_what_reaches_a_server_is_told_and_nothing_else() -> None:
    """Address, name, port, user and Windows are read; any other variable is passed over."""
    (record,) = read(
        hosts="[win]\nw1 ansible_host=192.0.2.5 ansible_port=5986 db_password=hunter2\n"
        "[win:vars]\nansible_connection=winrm\nansible_user=EXAMPLE\\admin\n"
        "ansible_password=hunter2\napi_token=hunter2\n"
    )
    assert isinstance(record, ServerRecord)
    assert "hunter2" not in str(record)
    told = facts_of(record)
    assert told.value(HOSTNAME) == "w1"
    assert told.value(OS_FAMILY) == "windows"
    (interface,) = told.value(INTERFACES) or ()
    assert interface.addresses == ("192.0.2.5",)
    tags = {each.name: each.value for each in told.value(TAGS) or ()}
    assert tags == {"group": "win", "ansible_port": "5986", "ansible_user": "EXAMPLE\\admin"}


def test_what_is_nearer_to_a_server_wins() -> None:
    """A server's own variable goes before its group's, that before its parent's."""
    records = read(
        hosts="[all:vars]\nansible_user=a\n[web]\none\ntwo ansible_user=c\n"
        "[site:children]\nweb\n[site:vars]\nansible_user=b\nansible_port=22\n"
        "[web:vars]\nansible_port=2222\n"
    )
    tags = [
        {each.name: each.value for each in facts_of(record).value(TAGS) or ()}
        for record in records
        if isinstance(record, ServerRecord)
    ]
    assert [(each["ansible_user"], each["ansible_port"]) for each in tags] == [
        ("b", "2222"),
        ("c", "2222"),
    ]


def test_a_folder_is_one_inventory_and_encrypted_files_are_passed_over(tmp_path: Path) -> None:
    """Groups of several files add up; host_vars tell how a server is reached."""
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "01-hosts").write_text("[web]\nweb-1\n")
    (tmp_path / "02-more.yml").write_text("all:\n  children:\n    prod: {children: {web: }}\n")
    (tmp_path / "group_vars" / "web.yml").write_text("password: hunter2\n")
    (tmp_path / "host_vars" / "web-1.yml").write_text("ansible_host: 192.0.2.1\nkey: hunter2\n")
    (tmp_path / "host_vars" / "vault.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n3132\n")
    assert recognise(open_export([tmp_path]), importers()).name == NAME
    ((name, record),) = servers(NAME, tmp_path).items()
    assert name == "web-1"
    assert groups_of(record) == {"web", "prod"}
    assert "hunter2" not in str(record)
    (interface,) = facts_of(record).value(INTERFACES) or ()
    assert interface.addresses == ("192.0.2.1",)


def test_what_is_no_server_is_left_out() -> None:
    """Network devices, containers, and whatever runs where Ansible runs."""
    told = read(
        hosts="[a]\ns1 ansible_connection=ansible.netcommon.network_cli\n"
        "c1 ansible_connection=community.docker.docker\nlocalhost\nx ansible_connection=local\n"
        "[routers]\nr1\n[routers:vars]\nansible_network_os=junos\n"
    )
    assert [(each.name, each.what) for each in told if isinstance(each, LeftOut)] == [
        ("s1", "network device"),
        ("c1", "container"),
        ("localhost", "the server that Ansible itself runs on"),
        ("x", "the server that Ansible itself runs on"),
        ("r1", "network device"),
    ]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("web[01:03]", ["web01", "web02", "web03"]),
        ("web[1:5:2].x", ["web1.x", "web3.x", "web5.x"]),
        ("db-[a:c]", ["db-a", "db-b", "db-c"]),
        ("fe[1:2].dev[1:2]", ["fe1.dev1", "fe1.dev2", "fe2.dev1", "fe2.dev2"]),
        ("[2001:db8::1]", ["2001:db8::1"]),
        ("192.0.2.[8:10]", ["192.0.2.8", "192.0.2.9", "192.0.2.10"]),
    ],
)
def test_ranges_stand_for_what_they_do_in_ansible(pattern: str, names: list[str]) -> None:
    """Numbers keep their zeros, letters count too, and several ranges multiply."""
    assert list(expanded(pattern)) == [(name, None) for name in names]
    assert list(expanded(f"{pattern}:2222")) == [(name, "2222") for name in names]


@pytest.mark.parametrize(
    "pattern", ["a[1:999999999]", "a[1:9999][1:9999]", "a[x:3]", "a[1:3:0]", "a[b"]
)
def test_ranges_beyond_all_measure_are_unread(pattern: str) -> None:
    """A range that would fill the memory costs its line alone, at once."""
    began = time.monotonic()
    told = read(hosts=f"[web]\n{pattern} ansible_host=x\nweb-2\n")
    assert time.monotonic() - began < 60
    assert [type(each) for each in told] == [Unread, ServerRecord]
    assert isinstance(told[0], Unread)
    assert told[0].where.row == 2


def test_anchors_that_expand_without_end_are_refused() -> None:
    """Neither aliases of aliases nor merges of merges fill memory or time."""
    layers = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 12))
    merges = "".join(
        f"m{n}: &m{n} {{a{n}: {{<<: *m{n - 1}}}, b{n}: {{<<: *m{n - 1}}}, c{n}: *m{n - 1}}}\n"
        for n in range(1, 30)
    )
    itself = "x: &x {children: {y: *x}}\n"
    inventory = "all:\n  hosts:\n    web-1:\n"
    for bomb in (f"x0: &x0 [a]\n{layers}", f"m0: &m0 {{k: v}}\n{merges}", itself):
        began = time.monotonic()
        with pytest.raises(BadInputError, match="no server stands"):
            read(inventory=inventory + bomb)
        assert time.monotonic() - began < 60


def test_an_anchor_that_is_set_again_stands_for_the_last() -> None:
    """YAML allows it, and nobody is warned of it."""
    records = read(
        inventory="all:\n  hosts:\n    a: &h {ansible_port: 1}\n"
        "    b: &h {ansible_port: 2}\n    c: *h\n"
    )
    ports = [
        each.value
        for record in records
        if isinstance(record, ServerRecord)
        for each in facts_of(record).value(TAGS) or ()
    ]
    assert ports == ["1", "2", "2"]


def test_no_tag_of_yaml_is_obeyed(tmp_path: Path) -> None:
    """What would make an object or run something is passed over."""
    made = tmp_path / "made"
    told = read(
        inventory="all:\n  hosts:\n    web-1:\n"
        f"      ansible_host: !!python/object/apply:os.system ['touch {made}']\n"
    )
    assert [each.name for each in told if isinstance(each, ServerRecord)] == ["web-1"]
    assert not made.exists()


def test_a_name_of_another_server_is_its_full_name() -> None:
    """An alias keeps its own name, and the name that Ansible connects to is the full one."""
    (record,) = read(hosts="[db]\nprimary ansible_host=DB-1.example.org\n")
    assert isinstance(record, ServerRecord)
    assert (record.key, record.name) == ("primary", "primary")
    assert facts_of(record).value(FQDN) == "db-1.example.org"

"""What Ohai told is read as the server itself would say it.

The files are made: what they are shaped like, and which real ones were looked at, stands in their
README.md. On 2026-11-23 all 55 servers that fauxhai holds (at 86a0ac4) were read, with nothing
unread. Names and the sizes of all 36 disks agreed with what json alone finds in each; moments,
memory, processors and addresses in the 54 that are platforms; and so did the number of packages in
all 33 whose manager is sure (16,228 packages).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from one_server import FOLDER, IMPORTS, differing, facts_of, own_facts, servers

from inventory.intake.opened import importers
from inventory.intake.recognise import recognise
from inventory.model import facts
from inventory.model.imported import Item, ServerRecord, Unread
from inventory.model.parts import Package
from inventory.model.placement import ENVIRONMENT
from inventory.reading.opening import open_export, open_files

NAME = "ohai"
MADE = IMPORTS / "ohai"
FILES = sorted(MADE.glob("*.json"))


def read(document: object) -> list[Item]:
    """Read one document."""
    content = json.dumps(document).encode()
    return list(importers()[NAME].value.read(open_files([("node.json", content)])))


def test_the_same_server_says_the_same_to_ohai() -> None:
    """What Ohai and Decant both know of one server, asked in the same minute, agrees."""
    (record,) = servers(NAME, FOLDER / "ohai.json").values()
    assert record.name == "app-1.example.org"
    assert record.at is not None
    assert record.at.year == 2026
    assert differing(record, own_facts()) == {}
    known = {each.observation.key.name for each in record.stated}
    assert known >= {
        *("identity.hostname", "identity.fqdn", "identity.machine_id", "os.id", "os.version"),
        *("cpu.threads", "cpu.cores", "cpu.sockets", "cpu.flags", "memory.total_bytes"),
        *("storage.disks", "storage.filesystems", "network.interfaces", "software.packages"),
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_servers_say_what_stands_in_their_files(path: Path) -> None:
    """Memory, processors, addresses, disks and packages are those that json alone finds."""
    raw = json.loads(path.read_text())
    assert recognise(open_export([path]), importers()).name == NAME
    (record,) = servers(NAME, path).values()
    told = facts_of(record)
    assert record.name == raw["fqdn"]
    assert record.at == datetime.fromtimestamp(raw["ohai_time"], UTC)
    assert told.value(facts.CPU_THREADS) == raw["cpu"]["total"]
    kibibytes = int(raw["memory"]["total"].removesuffix("kB"))
    assert told.value(facts.MEMORY_TOTAL) == kibibytes * 1024
    addresses = {
        text.partition("/")[0]
        for each in told.value(facts.INTERFACES) or ()
        for text in each.addresses
    }
    assert raw["ipaddress"] in addresses
    sizes = {each.name: each.size_bytes for each in told.value(facts.DISKS) or ()}
    assert sizes == {
        name: int(each["size"]) * 512 for name, each in raw.get("block_device", {}).items()
    }
    linux = raw["packages"] if raw["os"] == "linux" else {}
    assert {each.name for each in told.value(facts.PACKAGES) or ()} == set(linux)


def test_systems_are_called_as_elsewhere() -> None:
    """Whatever Ohai calls a system, it is known by os-release's name and release."""
    keys = (facts.OS_FAMILY, facts.OS_ID, facts.OS_VERSION)
    found = {
        path.stem: tuple(facts_of(each).value(key) for key in keys)
        for path in FILES
        for each in servers(NAME, path).values()
    }
    assert found == {
        "made-debian-11": ("linux", "debian", "11"),
        "made-el8": ("linux", "rhel", "8.10"),
        "made-solaris-x86": ("sunos", "solaris", "11.4"),
        "made-windows-server-2022": ("windows", "windows-server", "2022"),
    }


def test_kilobytes_are_a_thousand_bytes_on_windows_alone() -> None:
    """Ohai divides by 1000 there; elsewhere df does, by 1024."""
    (windows,) = servers(NAME, MADE / "made-windows-server-2022.json").values()
    (drive,) = facts_of(windows).value(facts.FILESYSTEMS) or ()
    assert (drive.mount_point, drive.type, drive.size_bytes) == ("C:", "ntfs", 53_110_374_000)
    (linux,) = servers(NAME, MADE / "made-el8.json").values()
    root, data = facts_of(linux).value(facts.FILESYSTEMS) or ()
    assert (root.mount_point, root.size_bytes) == ("/", 16_766_976 * 1024)
    assert (data.mount_point, data.size_bytes) == ("/srv/grain", 102_626_232 * 1024)


def test_packages_are_told_as_their_manager_writes_them() -> None:
    """An rpm's version has its release, and its epoch where there is one."""
    (record,) = read(
        {
            "fqdn": "a.example.org",
            "platform_family": "rhel",
            "packages": {
                "bash": {"epoch": "0", "version": "5.1.8", "release": "9.el9", "arch": "x86_64"},
                "bind": {"epoch": "32", "version": "9.16", "release": "1.el9", "arch": "x86_64"},
                "odd": "none",
            },
        }
    )
    assert isinstance(record, ServerRecord)
    assert facts_of(record).value(facts.PACKAGES) == (
        Package(name="bash", version="5.1.8-9.el9", architecture="x86_64", manager="rpm"),
        Package(name="bind", version="32:9.16-1.el9", architecture="x86_64", manager="rpm"),
    )


def test_nodes_of_a_chef_server_keep_their_names() -> None:
    """A node is known by its name; what people set on it is not read."""
    node = {
        "name": "Web-1",
        "chef_environment": "test",
        "run_list": [],
        "normal": {"password": "hunter2"},
        "override": {"token": "hunter2"},
        "automatic": {"fqdn": "web-1.example.org", "ec2": {"userdata": "hunter2"}},
    }
    for document in (node, [node], {"results": 1, "rows": [node]}):
        (record,) = read(document)
        assert isinstance(record, ServerRecord)
        assert (record.key, record.name) == ("web-1", "Web-1")
        assert facts_of(record).value(ENVIRONMENT) == "test"
        assert "hunter2" not in str(record)


def test_older_forms_of_filesystems_are_read() -> None:
    """By device, as Ohai told them before version 13, and beside them as filesystem2."""
    by_device = {
        "/dev/sda1": {"mount": "/", "fs_type": "ext4", "kb_size": "100", "kb_used": "40"},
        "tmpfs": {"mount": "/run", "fs_type": "tmpfs", "kb_size": "100"},
    }
    newer = {"by_mountpoint": {"/": {"devices": ["/dev/sda1"], "fs_type": "ext4", "kb_size": "7"}}}
    for document, size in (
        ({"filesystem": by_device}, 102_400),
        ({"filesystem": by_device, "filesystem2": newer}, 7_168),
    ):
        (record,) = read({"fqdn": "a.example.org", **document})
        assert isinstance(record, ServerRecord)
        (root,) = facts_of(record).value(facts.FILESYSTEMS) or ()
        assert (root.device, root.size_bytes) == ("/dev/sda1", size)


def test_attributes_in_the_order_of_their_names_are_recognised() -> None:
    """A server with hundreds of filesystems says who it is only far down."""
    mounts = {f"/zones/{n}": {"kb_available": "1", "percent_used": "1%"} for n in range(3000)}
    document = {"cpu": {}, "filesystem": {"by_mountpoint": mounts}, "fqdn": "a", "platform": "x"}
    content = json.dumps(document).encode()
    assert recognise(open_files([("node.json", content)]), importers()).name == NAME


def test_nonsense_costs_its_own_statement() -> None:
    """What is no number, no size or no object is told, and the rest is read."""
    items = read(
        {
            "hostname": "a",
            "os": "linux",
            "memory": {"total": "lots"},
            "kernel": {"machine": "x86_64"},
            "cpu": {"total": "many", "real": [], "0": 7},
            "block_device": {"sda": {"size": "-4"}, "sdb": None},
            "network": {"interfaces": {"eth0": {"addresses": {"x": {"family": "inet"}}}}},
            "dmi": [],
            "ohai_time": "yesterday",
        }
    )
    assert [each.why.partition(":")[0] for each in items if isinstance(each, Unread)] == [
        "cpu.total",
        "memory.total",
        "block_device.sda.size",
    ]
    assert isinstance(items[0], ServerRecord)
    assert items[0].at is None

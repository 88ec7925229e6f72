"""What Ansible gathered is read as the server itself would say it.

The folder of old facts is made. On 2026-11-23 the same was seen of what Ansible wrote of 19 servers
in 2015 and 2016 (``example/out`` of ansible-cmdb at 3f3e412d, GPL-3.0, not kept here): 19 servers
as json counts them, none left out, none unread, 17 memory sizes and 18 host names the same.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from one_server import FOLDER, IMPORTS, differing, facts_of, items, own_facts, servers

from inventory.intake.opened import importers
from inventory.intake.recognise import recognise
from inventory.model import facts
from inventory.model.fact import Facts, Known
from inventory.model.imported import ServerRecord, Unread
from inventory.model.parts import Disk, Interface
from inventory.reading.opening import open_export, open_files

NAME = "ansible-facts"
OTHERS = IMPORTS / "ansible_facts"


def told(**gathered: object) -> Facts:
    """Return what is read of one server's facts."""
    content = json.dumps({"ansible_facts": {f"ansible_{k}": v for k, v in gathered.items()}})
    (record,) = (
        each
        for each in importers()[NAME].value.read(open_files([("web-1", content.encode())]))
        if isinstance(each, ServerRecord)
    )
    return facts_of(record)


def test_the_same_server_says_the_same_to_ansible() -> None:
    """What Ansible and Decant both know of one server, asked in the same minute, agrees."""
    (record,) = servers(NAME, FOLDER / "ansible.txt").values()
    assert record.name == "app-1"
    assert differing(record, own_facts()) == {}
    known = {each.observation.key.name for each in record.stated}
    assert known >= {
        *("identity.hostname", "identity.fqdn", "identity.machine_id", "os.id", "os.version"),
        *("cpu.threads", "cpu.cores", "memory.total_bytes", "storage.disks"),
        *("storage.filesystems", "network.interfaces", "network.gateways"),
    }


def test_a_folder_of_others_yields_every_server_in_it() -> None:
    """Each file is one server, as json alone counts them; one that was down is kept by name."""
    texts = {path.name: path.read_text() for path in OTHERS.iterdir() if path.suffix != ".md"}
    read = {name: json.loads(text) for name, text in texts.items()}
    found = servers(NAME, *(OTHERS / name for name in read))
    assert set(found) == set(read)
    assert len(found) == 4
    for name, document in read.items():
        gathered = document.get("ansible_facts", {})
        megabytes = int(gathered.get("ansible_memtotal_mb", 0))
        if megabytes:
            assert facts_of(found[name]).value(facts.MEMORY_TOTAL) == megabytes * 2**20
        if "ansible_hostname" in gathered:
            hostname = facts_of(found[name]).value(facts.HOSTNAME)
            assert hostname == (gathered["ansible_hostname"] or None)
    assert found["ledger-3.example.org"].stated == ()
    assert found["ledger-1.example.org"].at == datetime(2014, 9, 22, 8, 5, 41, tzinfo=UTC)
    assert found["payroll-win.example.org"].at is None


def test_systems_of_other_families_are_told_apart() -> None:
    """Windows and Solaris come in their own words, and are called as os-release would."""
    found = {name: facts_of(each) for name, each in servers(NAME, OTHERS).items()}
    windows, solaris, centos = (
        found[name] for name in ("payroll-win.example.org", "archive_sun", "ledger-1.example.org")
    )
    assert windows.value(facts.OS_FAMILY) == "windows"
    assert windows.value(facts.OS_VERSION) == "2012 R2"
    assert windows.value(facts.MEMORY_TOTAL) == 4294430720
    (adapter,) = windows.value(facts.INTERFACES) or ()
    assert adapter.addresses[0] == "203.0.113.17"
    assert solaris.value(facts.OS_FAMILY) == "sunos"
    assert solaris.value(facts.OS_ID) == "solaris"
    assert [each.name for each in solaris.value(facts.INTERFACES) or ()] == ["e1000g0", "lo0"]
    assert {each.mount_point for each in solaris.value(facts.FILESYSTEMS) or ()} >= {
        "/",
        "/archive",
    }
    assert facts.FQDN.name not in solaris
    assert centos.value(facts.OS_VERSION) == "6.5"
    assert centos.value(facts.VIRTUALISATION) == "virtualbox"
    assert centos.value(facts.DISKS) == (
        Disk(
            name="sda",
            size_bytes=21_474_836_480,
            model="VBOX HARDDISK",
            rotational=True,
            removable=False,
            sector_bytes=512,
        ),
    )


def test_a_folder_is_recognised_by_any_of_its_files() -> None:
    """A README beside the facts is unread, and the rest is imported."""
    assert recognise(open_export([OTHERS]), importers()).name == NAME
    unread = [each for each in items(NAME, OTHERS) if isinstance(each, Unread)]
    assert [each.where.file for each in unread] == ["README.md"]


def test_what_is_not_available_is_not_known() -> None:
    """NA, what makers never filled in, and counts of nothing state nothing."""
    read = told(
        system="Linux",
        product_serial="NA",
        product_uuid="03000200-0400-0500-0006-000700080009",
        system_vendor="To Be Filled By O.E.M.",
        fqdn="localhost.localdomain",
        processor_cores="NA",
        processor_vcpus=0,
        virtualization_type="NA",
        virtualization_role="NA",
    )
    assert set(read) == {facts.OS_FAMILY.name}


def test_hosting_guests_proves_no_physical_server() -> None:
    """Ansible calls a virtual machine whose kernel has KVM loaded a host of KVM."""
    assert facts.VIRTUALISATION.name not in told(
        system="Linux", virtualization_type="kvm", virtualization_role="host"
    )
    assert (
        told(
            virtualization_type="kvm",
            virtualization_role="host",
            system_vendor="Dell Inc.",
            flags=["fpu", "vmx"],
        ).value(facts.VIRTUALISATION)
        == "none"
    )


@pytest.mark.parametrize(
    ("distribution", "version", "expected"),
    [
        ("Debian", "12.11", ("debian", "12")),
        ("Debian", "6.0.10", ("debian", "6.0.10")),
        ("RedHat", "8.10", ("rhel", "8.10")),
        ("CentOS", "7.9", ("centos", "7")),
        ("OracleLinux", "9.3", ("ol", "9.3")),
        ("SLES_SAP", "15.5", ("sles", "15.5")),
        ("openSUSE Leap", "15.5", ("opensuse-leap", "15.5")),
        ("Amazon", "2", ("amzn", "2")),
    ],
)
def test_distributions_are_called_as_os_release_calls_them(
    distribution: str, version: str, expected: tuple[str, str]
) -> None:
    """The same release is the same, whoever asked for it."""
    read = told(system="Linux", distribution=distribution, distribution_version=version)
    assert (read.value(facts.OS_ID), read.value(facts.OS_VERSION)) == expected


def test_sizes_that_an_old_ansible_counted_wrong_are_not_believed() -> None:
    """Before it counted sectors in their own size, a disk of 4 KiB sectors came out eightfold."""
    device = {"sda": {"sectors": "1000", "sectorsize": "4096"}}
    assert facts.DISKS.name not in told(devices=device)
    (disk,) = told(devices=device, processor_nproc=2).value(facts.DISKS) or ()
    assert disk.size_bytes == 4_096_000


def test_secrets_are_not_read() -> None:
    """Neither environment nor command line, nor a network mount's user, reach a statement."""
    read = told(
        env={"API_TOKEN": "hunter2"},
        cmdline={"password": "hunter2"},
        local={"app": {"password": "hunter2"}},
        proc_cmdline={"x": "hunter2"},
        mounts=[
            {
                "mount": "/mnt",
                "device": "//joe%hunter2@files/team",
                "fstype": "cifs",
                "options": "rw,username=joe,password=hunter2,vers=3.0",
                "size_total": 10,
            }
        ],
    )
    assert "hunter2" not in str(read)
    (mount,) = read.value(facts.FILESYSTEMS) or ()
    assert mount.options == ("rw", "vers=3.0")
    assert mount.device == "***@files/team"


def test_interfaces_with_several_addresses_and_dashes_are_found() -> None:
    """Facts of an interface are under its name with underscores; secondaries count."""
    read = told(
        interfaces=["br-lan", "eth0.10"],
        br_lan={
            "device": "br-lan",
            "type": "bridge",
            "interfaces": ["eth0"],
            "macaddress": "00:50:56:AA:BB:02",
            "ipv4": {"address": "192.0.2.4", "netmask": "255.255.255.128"},
            "ipv4_secondaries": [{"address": "192.0.2.5", "prefix": "25"}],
            "ipv6": [{"address": "fe80::1%br-lan", "prefix": "64"}, {"address": "nonsense"}],
        },
        eth0_10={"device": "eth0.10", "active": False, "speed": -1},
    )
    assert read.value(facts.INTERFACES) == (
        Interface(
            name="br-lan",
            mac="00:50:56:aa:bb:02",
            addresses=("192.0.2.4/25", "192.0.2.5/25", "fe80::1/64"),
            kind="bridge",
            members=("eth0",),
        ),
        Interface(name="eth0.10", up=False),
    )


def test_the_server_that_ansible_runs_on_is_called_by_its_own_name() -> None:
    """Localhost is another server in everybody's exports."""
    here = b'localhost | SUCCESS => {"ansible_facts": {"ansible_nodename": "ctl-1"}}\n'
    nobody = b'localhost | SUCCESS => {"ansible_facts": {"ansible_nodename": "localhost"}}\n'
    read = importers()[NAME].value.read(open_files([("out.txt", here + nobody)]))
    named, unknown = read
    assert isinstance(named, ServerRecord)
    assert (named.key, named.name) == ("ctl-1", "ctl-1")
    assert isinstance(unknown, Unread)
    assert unknown.where.row == 2


def test_plays_give_each_server_once_with_the_facts_of_all_tasks() -> None:
    """What the json callback wrote is put together by server."""
    play = {
        "plays": [
            {
                "tasks": [
                    {
                        "hosts": {
                            "a": {"ansible_facts": {"ansible_system": "Linux"}},
                            "b": {"unreachable": True},
                        }
                    },
                    {"hosts": {"a": {"ansible_facts": {"ansible_hostname": "a"}}}},
                ]
            }
        ],
        "stats": {},
    }
    export = open_files([("play.json", json.dumps(play).encode())])
    assert recognise(export, importers()).name == NAME
    found = list(importers()[NAME].value.read(export))
    assert [each.name for each in found if isinstance(each, ServerRecord)] == ["a", "b"]
    first = found[0]
    assert isinstance(first, ServerRecord)
    assert all(isinstance(each.observation.fact, Known) for each in first.stated)
    assert len(first.stated) == 2

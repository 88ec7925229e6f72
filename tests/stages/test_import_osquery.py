"""What osquery says of servers is what held last, in whatever order its events are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.importers.osquery import IMPORTER
from inventory.model.fact import Facts
from inventory.model.facts import (
    CPU_MODEL,
    CPU_THREADS,
    DISKS,
    FILESYSTEMS,
    INTERFACES,
    LISTENERS,
    OS_FAMILY,
    OS_ID,
    OS_VERSION,
    PACKAGES,
    PROCESSES,
    SERIAL,
    SERVICES,
    SMBIOS_UUID,
)
from inventory.model.imported import ServerRecord, Unread
from inventory.model.importer import CERTAIN
from inventory.model.parts import Disk, Filesystem, Interface, Listener, Protocol, ServiceState
from inventory.model.placement import CONFIGURED_MEMORY
from inventory.reading.opening import open_files

_REAL = Path(__file__).parents[1] / "fixtures/imports/osquery"
_ROWS: dict[str, list[dict[str, str]]] = {
    "os": [
        {"name": "Red Hat Enterprise Linux", "version": "8.10 (Ootpa)", "major": "8", "minor": "10",
         "platform": "rhel", "platform_like": "rhel", "arch": "x86_64"},
    ],
    "rpms": [
        {"name": "openssl", "version": "1.1.1k", "release": "12.el8_9", "epoch": "1",
         "arch": "x86_64", "vendor": "Red Hat, Inc."},
    ],
    "mounts": [
        {"device": "/dev/sda1", "path": "/", "type": "xfs", "blocks_size": "4096", "blocks": "1000",
         "blocks_free": "400", "blocks_available": "300", "flags": "rw,relatime"},
        {"device": "proc", "path": "/proc", "type": "proc", "blocks_size": "4096", "blocks": "0",
         "blocks_free": "0", "blocks_available": "0", "flags": "rw"},
    ],
    "disks": [
        {"name": "/dev/sda", "parent": "", "size": "2048", "block_size": "512", "vendor": "VMware",
         "model": "Virtual disk"},
        {"name": "/dev/sda1", "parent": "/dev/sda", "size": "2000", "block_size": "512"},
    ],
    "addresses": [
        {"interface": "eth0", "address": "192.0.2.4", "mask": "255.255.255.0"},
        {"interface": "eth0", "address": "2001:db8::4", "mask": "ffff:ffff:ffff:ffff::"},
    ],
    "cards": [{"interface": "eth0", "mac": "00:50:56:AA:BB:01", "mtu": "1500", "type": "1"}],
    "ports": [
        {"pid": "7", "port": "5432", "protocol": "6", "family": "2", "address": "0.0.0.0"},
        {"pid": "8", "port": "0", "protocol": "0", "family": "1", "address": "", "path": "/run/x"},
    ],
    "processes": [
        {"pid": "7", "name": "postgres", "cmdline": "postgres --password=hunter2 -D /data",
         "parent": "1", "resident_size": "4096"},
    ],
    "units": [
        {"id": "sshd.service", "description": "OpenSSH", "active_state": "active",
         "unit_file_state": "enabled"},
        {"id": "tmp.mount", "description": "/tmp", "active_state": "active"},
    ],
}  # fmt: skip


def _event(name: str, at: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "hostIdentifier": "db-1", "calendarTime": "x", "unixTime": at, **more}


def _facts(events: Iterable[dict[str, Any]]) -> Facts:
    log = "".join(f"{json.dumps(each)}\n" for each in events).encode()
    items = list(IMPORTER.read(open_files([("osqueryd.results.log", log)])))
    (record,) = (each for each in items if isinstance(each, ServerRecord))
    return Facts.from_observations(each.observation for each in record.stated)


def test_each_table_tells_its_facts() -> None:
    """Sizes are in bytes, sockets of processes are no listeners, secrets are left out."""
    facts = _facts(
        _event(name, 10, snapshot=rows, action="snapshot") for name, rows in _ROWS.items()
    )
    told = (facts.value(OS_FAMILY), facts.value(OS_ID), facts.value(OS_VERSION))
    assert told == ("linux", "rhel", "8.10")
    (package,) = facts.value(PACKAGES) or ()
    assert (package.name, package.version) == ("openssl", "1:1.1.1k-12.el8_9")
    assert facts.value(FILESYSTEMS) == (
        Filesystem(
            mount_point="/",
            device="/dev/sda1",
            type="xfs",
            size_bytes=4_096_000,
            used_bytes=600 * 4096,
            free_bytes=300 * 4096,
            options=("rw", "relatime"),
        ),
    )
    assert facts.value(DISKS) == (
        Disk(name="sda", size_bytes=1024 * 1024, model="Virtual disk", vendor="VMware"),
    )
    assert facts.value(INTERFACES) == (
        Interface(
            name="eth0",
            mac="00:50:56:aa:bb:01",
            mtu_bytes=1500,
            addresses=("192.0.2.4/24", "2001:db8::4/64"),
        ),
    )
    assert facts.value(LISTENERS) == (
        Listener(protocol=Protocol.TCP, address="0.0.0.0", port=5432, process="postgres", pid=7),
    )
    (process,) = facts.value(PROCESSES) or ()
    assert "hunter2" not in process.command_line
    assert process.command_line.endswith("-D /data")
    (service,) = facts.value(SERVICES) or ()
    assert (service.name, service.state, service.enabled) == ("sshd", ServiceState.RUNNING, True)


def test_what_was_not_collected_is_not_known() -> None:
    """Fleet and osquery write -1, empty and zero for it."""
    row = {"hostname": "db-1", "uuid": "", "hardware_serial": "-1", "physical_memory": "-1",
           "cpu_logical_cores": "0"}  # fmt: skip
    facts = _facts([_event("system", 1, columns=row, action="added")])
    assert [facts.value(key) for key in (SMBIOS_UUID, SERIAL, CPU_THREADS)] == [None] * 3


def test_the_time_of_the_latest_result_is_the_records() -> None:
    """Not that of the file."""
    log = json.dumps(_event("os", 1_795_165_200, snapshot=_ROWS["os"])).encode()
    (record,) = IMPORTER.read(open_files([("x.log", log)]))
    assert isinstance(record, ServerRecord)
    assert record.at == datetime(2026, 11, 20, 9, tzinfo=UTC)


_VERSIONS = st.lists(st.sampled_from("abc"), min_size=1, max_size=6)


@settings(deadline=None)
@given(versions=_VERSIONS, data=st.data())
def test_the_order_of_events_does_not_matter(versions: list[str], data: st.DataObject) -> None:
    """A package goes from version to version; only the last one is installed."""
    events = []
    for number, version in enumerate(versions):
        row = {"name": "p", "version": version, "maintainer": "m"}
        if number:
            before = {**row, "version": versions[number - 1]}
            events.append(_event("debs", number, columns=before, action="removed"))
        events.append(_event("debs", number, columns=row, action="added"))
    told = _facts(data.draw(st.permutations(events))).value(PACKAGES) or ()
    assert [each.version for each in told] == [versions[-1]]


def test_a_new_epoch_lets_go_of_what_the_old_one_said() -> None:
    """A daemon that starts afresh says everything anew then, and removes nothing."""
    old = {"name": "old", "version": "1", "maintainer": "m"}
    new = {"name": "new", "version": "1", "maintainer": "m"}
    events = [
        _event("debs", 5, columns=old, action="added", epoch=1),
        _event("debs", 6, columns=new, action="added", epoch=2),
    ]
    for each in (events, events[::-1]):
        assert [one.name for one in _facts(each).value(PACKAGES) or ()] == ["new"]


def test_a_snapshot_replaces_what_was_there() -> None:
    """Also when the older one is read later."""
    older = _event("debs", 5, snapshot=[{"name": "old", "version": "1", "maintainer": "m"}])
    newer = _event("debs", 6, snapshot=[{"name": "new", "version": "1", "maintainer": "m"}])
    for each in ([older, newer], [newer, older]):
        assert [one.name for one in _facts(each).value(PACKAGES) or ()] == ["new"]


def test_a_real_log_yields_the_server_that_it_names() -> None:
    """Its other result does not say whose it is; a mount that was removed is not there."""
    content = (_REAL / "osqueryd.results.log").read_bytes()
    told = [json.loads(line) for line in content.splitlines()]
    identifiers = {each["hostIdentifier"] for each in told if "hostIdentifier" in each}
    nameless = sum("hostIdentifier" not in each for each in told)
    items = list(IMPORTER.read(open_files([("osqueryd.results.log", content)])))
    (record,) = (each for each in items if isinstance(each, ServerRecord))
    assert {record.key} == identifiers
    assert sum(isinstance(each, Unread) for each in items) == nameless == 1
    assert record.at == datetime.fromtimestamp(int(told[0]["unixTime"]), UTC)
    facts = Facts.from_observations(each.observation for each in record.stated)
    assert facts.value(FILESYSTEMS) is None


def test_what_fleetctl_prints_yields_its_hosts() -> None:
    """One document a host; ids, times and sizes of zero stand for what nobody told yet."""
    content = (_REAL / "fleetctl-hosts.json").read_bytes()
    names = re.findall(r'"hostname": "([^"]+)"', content.decode())
    export = open_files([("hosts.json", content)])
    assert IMPORTER.recognise(export) == CERTAIN
    records = [each for each in IMPORTER.read(export) if isinstance(each, ServerRecord)]
    assert [each.name for each in records] == names
    assert len({each.key for each in records}) == len(names) == 2
    for each in records:
        facts = Facts.from_observations(one.observation for one in each.stated)
        assert (each.at, facts.value(CPU_THREADS), facts.value(CONFIGURED_MEMORY)) == (None,) * 3


@pytest.mark.parametrize("never", ["1970-01-02T00:00:00Z", "2000-01-01T00:00:00Z"])
def test_fleet_says_never_with_a_moment(never: str) -> None:
    """No time of a record then.

    Shaped like the answer that https://github.com/fleetdm/fleet/pull/223 shows: 16794206208 bytes,
    8 cores, Ubuntu 20.04, seven NULs behind the processor's name, never any details.
    """
    host = {
        "detail_updated_at": never, "id": 7, "hostname": "55d91fc9c303", "uuid": "853a4588-0000",
        "platform": "ubuntu", "osquery_version": "4.6.0", "os_version": "Ubuntu 20.04.0",
        "memory": 16794206208, "cpu_type": "x86_64", "cpu_brand": "Intel(R) Xeon(R)" + 7 * "\0",
        "cpu_logical_cores": 8, "primary_ip": "",
    }  # fmt: skip
    content = json.dumps({"host": host}).encode()
    (record,) = IMPORTER.read(open_files([("host.json", content)]))
    assert isinstance(record, ServerRecord)
    facts = Facts.from_observations(each.observation for each in record.stated)
    assert record.at is None
    assert (facts.value(CPU_MODEL), facts.value(CPU_THREADS)) == ("Intel(R) Xeon(R)", 8)
    assert facts.value(CONFIGURED_MEMORY) == 16794206208
    assert (facts.value(OS_ID), facts.value(OS_VERSION)) == ("ubuntu", "20.04")


@settings(deadline=None)
@given(data=st.data())
def test_a_snapshot_logged_row_by_row_replaces_too(data: st.DataObject) -> None:
    """The rows of one moment belong together; what the snapshot before told is gone.

    Shaped like the results of an osqueryd on Ubuntu of 2022 with --logger_snapshot_event_type,
    whose packages each came with the action "snapshot", one moment and the counter 0.
    """
    rows = [{"name": name, "maintainer": "m", "revision": ""} for name in "abc"]
    events = [
        _event("debs", at, columns={**row, "version": str(at)}, action="snapshot", counter=0)
        for at, row in ((5, rows[0]), (5, rows[1]), (6, rows[1]), (6, rows[2]))
    ]
    packages = _facts(data.draw(st.permutations(events))).value(PACKAGES) or ()
    assert [(each.name, each.version) for each in packages] == [("b", "6"), ("c", "6")]


def test_what_osqueryi_prints_for_every_table_is_one_server() -> None:
    """One list after the other, as a loop over the tables prints them.

    Shaped like the system_info and os_version of osquery 5.0.1 on an Ubuntu 20.04 laptop that
    others published, with no licence seen: 8 threads, 4 cores, 16418652160 bytes, no computer_name.
    """
    system = {
        "board_model": "20Q6", "board_serial": "L1HF", "board_vendor": "LENOVO",
        "board_version": "SDK0J40697 WIN", "computer_name": "", "cpu_logical_cores": "8",
        "cpu_microcode": "0xea", "cpu_physical_cores": "4", "cpu_subtype": "142",
        "cpu_type": "x86_64", "hardware_model": "20Q6", "hardware_serial": "PF2",
        "hardware_vendor": "LENOVO", "hardware_version": "ThinkPad L490", "hostname": "app-2",
        "local_hostname": "app-2", "physical_memory": "16418652160",
        "uuid": "3f0e144c-1f0c-11b2-a85c-ffcce65db30c",
    }  # fmt: skip
    release = {
        "_id": "20.04", "arch": "x86_64", "codename": "focal", "major": "20", "minor": "04",
        "name": "Ubuntu", "patch": "0", "pid_with_namespace": "0", "platform": "ubuntu",
        "platform_like": "debian", "version": "20.04.3 LTS (Focal Fossa)",
    }  # fmt: skip
    content = "\n\n".join(json.dumps([row], indent=2) for row in (release, system)).encode()
    (record,) = IMPORTER.read(open_files([("all.json", content)]))
    assert isinstance(record, ServerRecord)
    assert (record.key, record.name) == ("app-2", "app-2")
    facts = Facts.from_observations(each.observation for each in record.stated)
    assert (facts.value(CPU_THREADS), facts.value(CONFIGURED_MEMORY)) == (8, 16418652160)
    assert (facts.value(OS_ID), facts.value(SERIAL)) == ("ubuntu", "PF2")
    assert (facts.value(OS_VERSION) or "").startswith("20.04")


def test_a_query_may_ask_for_few_columns() -> None:
    """The memory is enough to know whose table it is.

    Shaped like the result of system_info in the tests of https://github.com/kolide/fleet: a
    processor's name, a host name and 17179869184 bytes, and moments as text.
    """
    row = {"cpu_brand": "Intel(R) Xeon(R)", "hostname": "db-7", "physical_memory": "17179869184"}
    event = {**_event("system_info", 0, columns=row, action="added"), "unixTime": "1475258115"}
    (record,) = IMPORTER.read(open_files([("x.log", json.dumps(event).encode())]))
    assert isinstance(record, ServerRecord)
    assert (record.key, record.name) == ("db-1", "db-7")
    assert record.at == datetime(2016, 9, 30, 17, 55, 15, tzinfo=UTC)
    facts = Facts.from_observations(each.observation for each in record.stated)
    assert facts.value(CONFIGURED_MEMORY) == 17179869184

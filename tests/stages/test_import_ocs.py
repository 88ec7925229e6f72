"""Inventories of OCS's agents: told from those of GLPI's, and read by the same rules.

No whole inventory of an OCS agent was found that a licence lets us keep; the example follows the
agent's source, the fixtures what others showed of theirs, and the inventories of its descendants
(``test_import_glpi``) have the same sections.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from inventory.errors import BadInputError
from inventory.importers import glpi
from inventory.importers.ocs import IMPORTER
from inventory.model.fact import Facts
from inventory.model.facts import (
    ARCHITECTURE,
    CPU_CORES,
    CPU_MODEL,
    CPU_THREADS,
    FILESYSTEMS,
    INTERFACES,
    MANUFACTURER,
    OS_ID,
    OS_VERSION,
    PROCESSES,
    SERIAL,
)
from inventory.model.hardware import ASSET_TAG, BOARD_SERIAL, MEMORY_MODULES
from inventory.model.imported import Item, ServerRecord
from inventory.model.importer import CERTAIN
from inventory.model.placement import TAGS, Tag
from inventory.reading.opening import open_files

MADE = Path(__file__).parents[1] / "fixtures/imports/ocs"
(EXAMPLE,) = IMPORTER.examples
HEAD = b'<?xml version="1.0" encoding="UTF-8" ?>\n<REQUEST><CONTENT>'


def read(*files: tuple[str, bytes]) -> list[Item]:
    """Import files."""
    return list(IMPORTER.read(open_files(files)))


def test_what_ocs_names_otherwise_is_understood() -> None:
    """Cores, processors, processes and the system stand under other names than GLPI's."""
    (item,) = read(*EXAMPLE.files)
    assert isinstance(item, ServerRecord)
    known = Facts.from_observations(each.observation for each in item.stated)
    assert (item.source, item.key) == ("ocs", "db-1-2024-02-12-10-11-12")
    assert (known.value(CPU_CORES), known.value(CPU_THREADS)) == (8, 16)
    assert known.value(CPU_MODEL) == "Intel(R) Xeon(R) Silver 4208"
    assert (known.value(OS_ID), known.value(OS_VERSION)) == ("rhel", "8.10")
    assert known.value(SERIAL) == "CZ20110ABC"
    assert known.value(ASSET_TAG) is None
    assert known.value(ARCHITECTURE) == "x86_64"
    (interface,) = known.value(INTERFACES) or ()
    assert (interface.speed_mbps, interface.up) == (10_000, True)
    assert known.value(TAGS) == (Tag(name="TAG", value="hall-2"),)
    (process,) = known.value(PROCESSES) or ()
    assert (process.pid, process.name, process.user) == (901, "sshd", "root")
    (root,) = known.value(FILESYSTEMS) or ()
    assert (root.mount_point, root.size_bytes, root.free_bytes) == ("/", 50000 << 20, 20000 << 20)
    one, empty = known.value(MEMORY_MODULES) or ()
    assert (one.size_bytes, one.speed_mts) == (32768 << 20, 2933)
    assert empty.size_bytes == 0


def test_a_tag_that_was_never_given_is_none() -> None:
    """OCS writes NA in its place."""
    ((name, content),) = EXAMPLE.files
    (item,) = read((name, content.replace(b"hall-2", b"NA")))
    assert isinstance(item, ServerRecord)
    assert TAGS not in [each.observation.key for each in item.stated]


@pytest.mark.parametrize(
    ("inside", "ours"),
    [
        (b"<VERSIONCLIENT>OCS-NG_WINDOWS_AGENT_v2.10.1.0</VERSIONCLIENT>", True),
        (b"<CPUS><LOGICAL_CPUS>4</LOGICAL_CPUS></CPUS>", True),
        (b"<VERSIONCLIENT>FusionInventory-Agent_v2.3.20</VERSIONCLIENT>", False),
        (b"<HARDWARE><NAME>web-1</NAME></HARDWARE>", False),
    ],
)
def test_agents_are_told_apart_by_what_they_write(inside: bytes, *, ours: bool) -> None:
    """By the name of their version; where that stands too far behind, by elements of their own."""
    export = open_files([("a.ocs", HEAD + inside + b"</CONTENT></REQUEST>")])
    assert (IMPORTER.recognise(export) > glpi.IMPORTER.recognise(export)) is ours


def test_what_is_no_inventory_is_an_error() -> None:
    """Other XML is not taken for one."""
    with pytest.raises(BadInputError):
        read(("a.xml", b"<?xml version='1.0'?><report/>"))


def facts_of(name: str) -> tuple[Element, Facts]:
    """Return an inventory as a plain parser reads it, and the facts of the server in it."""
    content = (MADE / name).read_bytes()
    export = open_files([(name, content)])
    assert IMPORTER.recognise(export) == CERTAIN
    (item,) = IMPORTER.read(export)
    assert isinstance(item, ServerRecord)
    root = fromstring(content)  # noqa: S314  # a file of our own
    assert (item.key, item.name) == (root.findtext("DEVICEID"), root.findtext(".//HARDWARE/NAME"))
    return root, Facts.from_observations(each.observation for each in item.stated)


@pytest.mark.parametrize("name", ["made-unix.ocs", "made-windows.ocs"])
def test_processors_are_those_that_agents_showed(name: str) -> None:
    """Cores and threads of both agents: 2 and 2 of a Xeon E5645, 8 and 16 of an i7-11700."""
    root, known = facts_of(name)
    told = [root.findtext(f".//CPUS/{each}") for each in ("CORES", "LOGICAL_CPUS", "TYPE")]
    assert [str(known.value(CPU_CORES)), str(known.value(CPU_THREADS))] == told[:2]
    assert (known.value(CPU_MODEL) or "").split() == (told[2] or "").split()


def test_an_interface_has_an_entry_for_each_address() -> None:
    """Three entries are two interfaces, one with an address of each version; 1 Gbps each."""
    root, known = facts_of("made-unix.ocs")
    entries = root.findall(".//NETWORKS")
    interfaces = known.value(INTERFACES) or ()
    assert len(entries) == 3
    assert [each.name for each in interfaces] == sorted(
        {str(each.findtext("DESCRIPTION")) for each in entries}
    )
    addresses = [one.partition("/")[0] for each in interfaces for one in each.addresses]
    assert addresses == [each.findtext("IPADDRESS") for each in entries]
    assert interfaces[0].addresses[1].endswith("/64")
    assert [each.speed_mbps for each in interfaces] == [1000, 1000]


def test_serial_numbers_of_computer_and_board_are_kept_apart() -> None:
    """The Windows agent writes a state in place of the processor's, which is nobody's."""
    root, known = facts_of("made-windows.ocs")
    told = [root.findtext(f".//BIOS/{each}") for each in ("SSN", "MSN")]
    assert [known.value(SERIAL), known.value(BOARD_SERIAL)] == told
    assert known.value(MANUFACTURER) == root.findtext(".//SMANUFACTURER")

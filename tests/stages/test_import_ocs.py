"""Inventories of OCS's agents: told from those of GLPI's, and read by the same rules.

No inventory of an OCS agent was found that a licence lets us keep; the example follows the agent's
source, and the inventories of its descendants (``test_import_glpi``) have the same sections.
"""

from __future__ import annotations

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
    OS_ID,
    OS_VERSION,
    PROCESSES,
    SERIAL,
)
from inventory.model.hardware import ASSET_TAG, MEMORY_MODULES
from inventory.model.imported import Item, ServerRecord
from inventory.model.placement import TAGS, Tag
from inventory.reading.opening import open_files

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

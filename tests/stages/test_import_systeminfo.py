"""What systeminfo prints is read in every language, form and code page."""

from __future__ import annotations

import csv
import io
import re

import pytest

from inventory.importers.systeminfo import IMPORTER
from inventory.model.fact import Facts
from inventory.model.facts import (
    ARCHITECTURE,
    FQDN,
    HOSTNAME,
    INTERFACES,
    KERNEL,
    MEMORY_TOTAL,
    OS_ID,
    OS_VERSION,
    PACKAGES,
    VIRTUALISATION,
)
from inventory.model.hardware import CPU_SOCKETS
from inventory.model.imported import ServerRecord
from inventory.model.parts import Interface
from inventory.reading.opening import open_files

_LIST = IMPORTER.examples[0].files[0][1].decode("cp437")
_GERMAN = IMPORTER.examples[1].files[0][1].decode("utf-16")


def _records(content: bytes, name: str = "x.txt") -> list[tuple[str, Facts]]:
    items = IMPORTER.read(open_files([(name, content)]))
    return [
        (each.name, Facts.from_observations(one.observation for one in each.stated))
        for each in items
        if isinstance(each, ServerRecord)
    ]


def _as_csv(text: str) -> bytes:
    """Write a list as systeminfo /fo csv does: labels, then values, lines parted by commas."""
    labels, cells = [], []
    for line in text.splitlines():
        told = re.match(r"(\S.*?:)(?:\s+(\S.*))?\Z", line)
        if told:
            labels.append(told[1].rstrip(":"))
            cells.append(told[2] or "")
        elif line.strip():
            cells[-1] += f",{line.strip()}"
    held = io.StringIO()
    writer = csv.writer(held, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows((labels, cells))
    return held.getvalue().encode()


def test_a_list_tells_the_facts() -> None:
    """Memory in bytes, processors counted, addresses by card, hot fixes as packages."""
    ((name, facts),) = _records(_LIST.encode("cp437"))
    assert name == facts.value(HOSTNAME) == "FILES-1"
    assert facts.value(FQDN) == "files-1.example.local"
    assert (facts.value(OS_ID), facts.value(OS_VERSION)) == ("windows-server", "2019")
    assert (facts.value(KERNEL), facts.value(ARCHITECTURE)) == ("10.0.17763", "x86_64")
    assert facts.value(MEMORY_TOTAL) == 16_383 * 1024 * 1024
    assert facts.value(CPU_SOCKETS) == 2
    assert facts.value(VIRTUALISATION) == "vmware"
    assert facts.value(INTERFACES) == (
        Interface(name="Ethernet0", addresses=("192.0.2.7", "fe80::1")),
    )
    assert [each.name for each in facts.value(PACKAGES) or ()] == ["KB4589208", "KB5034127"]


@pytest.mark.parametrize("encoding", ["cp850", "cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_no_label_needs_to_be_known(encoding: str) -> None:
    """Neither the language nor the code page matters; a workgroup is no domain."""
    ((_, facts),) = _records(_GERMAN.encode(encoding))
    assert facts.value(MEMORY_TOTAL) == 65_154 * 1024 * 1024
    assert (facts.value(OS_VERSION), facts.value(FQDN)) == ("2016", None)


def test_narrow_blanks_part_thousands_too() -> None:
    """French Windows writes them; code page 850 has them as 0xFF."""
    text = _LIST.replace("16,383 MB", "16\u00a0383 Mo")
    ((_, facts),) = _records(text.encode("cp850"))
    assert facts.value(MEMORY_TOTAL) == 16_383 * 1024 * 1024


def test_csv_tells_what_the_list_tells() -> None:
    """The columns stand in the same order."""
    ((_, listed),) = _records(_LIST.encode())
    ((_, rows),) = _records(_as_csv(_LIST), "x.csv")
    for key in (HOSTNAME, OS_VERSION, MEMORY_TOTAL, CPU_SOCKETS, PACKAGES, FQDN):
        assert rows.of(key) == listed.of(key)


def test_several_servers_in_one_file_are_several() -> None:
    """Their answers follow each other."""
    other = _LIST.replace("FILES-1", "FILES-2")
    assert [name for name, _ in _records((_LIST + other).encode())] == ["FILES-1", "FILES-2"]


def test_a_server_that_prints_no_memory_is_not_without_memory() -> None:
    """What is not a number is not known."""
    ((_, facts),) = _records(_LIST.replace("16,383 MB", "N/A").encode())
    assert facts.value(MEMORY_TOTAL) is None

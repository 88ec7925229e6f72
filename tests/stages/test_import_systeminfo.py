"""What systeminfo prints is read in every language, form and code page."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

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

_REAL = Path(__file__).parents[1] / "fixtures/imports/systeminfo"
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


def _counted(text: str, pattern: str) -> int:
    (told,) = re.findall(pattern, text)
    return int(told.replace(",", ""))


@pytest.mark.parametrize("name", ["windows-2012r2", "windows-10-hyperv"])
def test_real_answers_yield_what_they_count_themselves(name: str) -> None:
    """Cards, hot fixes, processors and memory, as a search for each label's words finds them."""
    content = (_REAL / f"{name}.txt").read_bytes()
    text = content.decode()
    ((told, facts),) = _records(content)
    assert [told] == re.findall(r"Host Name: +(\S+)", text)
    assert facts.value(CPU_SOCKETS) == _counted(text, r"(\d+) Processor\(s\) Installed")
    memory = _counted(text, r"Total Physical Memory: +([\d,]+) MB")
    assert facts.value(MEMORY_TOTAL) == memory * 1024 * 1024
    assert len(facts.value(PACKAGES) or ()) == _counted(text, r"(\d+) Hotfix\(s\) Installed")
    cards = facts.value(INTERFACES) or ()
    assert len(cards) == _counted(text, r"(\d+) NIC\(s\) Installed")
    assert sorted(each.name for each in cards) == sorted(
        each.strip() for each in re.findall(r"Connection Name: (.+)", text)
    )
    addresses = sorted(address for each in cards for address in each.addresses)
    assert addresses == sorted(re.findall(r"\[\d+\]: (\d+(?:\.\d+){3})", text))


def test_real_answers_tell_guests_and_domains() -> None:
    """A guest of Hyper-V in a workgroup; a member of a domain that runs Hyper-V itself."""
    ((_, guest),) = _records((_REAL / "windows-2012r2.txt").read_bytes())
    ((_, member),) = _records((_REAL / "windows-10-hyperv.txt").read_bytes())
    assert (guest.value(VIRTUALISATION), guest.value(FQDN)) == ("hyperv", None)
    assert (guest.value(OS_ID), guest.value(OS_VERSION)) == ("windows-server", "2012 R2")
    assert (member.value(VIRTUALISATION), member.value(FQDN)) == (None, "testlaptop.test.com")


@pytest.mark.parametrize("encoding", ["cp850", "cp1252", "utf-8", "utf-16"])
def test_french_answers_have_a_blank_before_some_colons(encoding: str) -> None:
    """After the numbers of processors, not of hot fixes.

    Shaped like the answer of a French Windows 10 on VMware that others published, with no
    licence seen: 2 processors, 2895 MiB, 8 hot fixes, no cards, and the domain capsule.corp.
    """
    text = (_REAL / "made-french.txt").read_bytes().decode()
    if encoding == "cp850":
        text = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    ((name, facts),) = _records(text.encode(encoding))
    assert (name, facts.value(FQDN)) == ("APPLI-1", "appli-1.exemple.test")
    assert facts.value(CPU_SOCKETS) == len(re.findall("AMD64 Family", text)) == 2
    assert facts.value(MEMORY_TOTAL) == 2895 * 1024 * 1024
    assert [each.name for each in facts.value(PACKAGES) or ()] == ["KB5015684", "KB5029923"]
    assert facts.value(INTERFACES) == (Interface(name="Ethernet0", addresses=("192.0.2.8",)),)


def test_spanish_answers_tell_what_english_ones_do() -> None:
    """Every field stands where it does in English.

    Shaped like the answer of a Mexican Windows Server 2012 R2 that others published, with no
    licence seen: 1 processor, 8151 MiB, 31 hot fixes, 1 card with 2 addresses, no domain.
    """
    text = (_REAL / "made-spanish.txt").read_bytes().decode()
    ((name, facts),) = _records(text.encode("cp850"))
    assert (name, facts.value(FQDN), facts.value(CPU_SOCKETS)) == ("BASE-1", None, 1)
    assert facts.value(MEMORY_TOTAL) == 8151 * 1024 * 1024
    assert len(facts.value(PACKAGES) or ()) == len(re.findall(r"KB\d+", text))
    addresses = ("192.0.2.122", "fe80::158e:f622:de98:a186")
    assert facts.value(INTERFACES) == (Interface(name="Ethernet", addresses=addresses),)

"""Migration Hub's import template is filled in with what is known, and with nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from inventory.exporters._aws_table import Row, files
from inventory.exporters.aws_discovery import EXPORTER
from inventory.importers.aws_discovery import IMPORTER
from inventory.model.facts import (
    CPU_THREADS,
    FQDN,
    HOSTNAME,
    INTERFACES,
    KERNEL,
    MEMORY_TOTAL,
    OS_FAMILY,
    OS_NAME,
    OS_VERSION,
)
from inventory.model.imported import ServerRecord
from inventory.model.importer import CERTAIN
from inventory.model.parts import Interface
from inventory.model.placement import EXTERNAL_IDS, MANAGED_ID, NAMED_APPLICATIONS, TAGS, Tag
from inventory.model.utilisation import HISTORY, SAMPLED, Utilisation, spread
from inventory.reading.opening import open_files
from tests.stages.aws_exports import NOW, export, facts, imported, lacking, records, rows, server

FIXTURES = Path(__file__).parent.parent / "fixtures" / "imports" / "aws-discovery"
GIB = 1 << 30
DOCUMENTED = (
    *("ExternalId", "SMBiosId", "IPAddress", "MACAddress", "HostName", "VMware.MoRefId"),
    *("VMware.VCenterId", "CPU.NumberOfProcessors", "CPU.NumberOfCores"),
    *("CPU.NumberOfLogicalCores", "OS.Name", "OS.Version", "VMware.VMName", "RAM.TotalSizeInMB"),
    *("RAM.UsedSizeInMB.Avg", "RAM.UsedSizeInMB.Max", "CPU.UsagePct.Avg", "CPU.UsagePct.Max"),
    *("DiskReadsPerSecondInKB.Avg", "DiskWritesPerSecondInKB.Avg"),
    *("DiskReadsPerSecondInKB.Max", "DiskWritesPerSecondInKB.Max"),
    *("DiskReadsOpsPerSecond.Avg", "DiskWritesOpsPerSecond.Avg"),
    *("DiskReadsOpsPerSecond.Max", "DiskWritesOpsPerSecond.Max"),
    *("NetworkReadsPerSecondInKB.Avg", "NetworkWritesPerSecondInKB.Avg"),
    *("NetworkReadsPerSecondInKB.Max", "NetworkWritesPerSecondInKB.Max"),
    *("Applications", "ApplicationWave", "Tags", "ServerId"),
)
"""The fields of the import template, as its description lists them."""


def test_the_columns_are_those_of_the_template() -> None:
    """Each of them, spelled as there, and no other: Migration Hub ignores what it does not know."""
    (written,) = export(EXPORTER, server("web-1"))
    assert not written.content.startswith(b"\xef\xbb\xbf")
    (header,) = csv.reader([written.content.decode().splitlines()[0]])
    assert sorted(header) == sorted(DOCUMENTED)


def test_what_is_known_stands_in_its_column() -> None:
    """Addresses without their prefix, and without those that many servers have."""
    (written,) = export(
        EXPORTER,
        server(
            "web-1",
            FQDN.known("web-1.example.org"),
            HOSTNAME.known("web-1"),
            INTERFACES.known(
                (
                    Interface(name="lo", addresses=("127.0.0.1/8",), kind="loopback"),
                    Interface(
                        name="eth0",
                        mac="00:50:56:aa:bb:01",
                        addresses=("192.0.2.10/24", "fe80::1/64"),
                        kind="physical",
                    ),
                    Interface(name="eth1", addresses=("198.51.100.7/24",)),
                )
            ),
            CPU_THREADS.known(8),
            MEMORY_TOTAL.known(16 * GIB),
            OS_NAME.known("Debian GNU/Linux 12 (bookworm)"),
            OS_VERSION.known("12"),
        ),
    )
    (row,) = rows(written)
    filled = {column: cell for column, cell in row.items() if cell}
    assert filled == {
        "ExternalId": "id-of-web-1",
        "IPAddress": "192.0.2.10, 198.51.100.7",
        "MACAddress": "00:50:56:aa:bb:01",
        "HostName": "web-1.example.org",
        "CPU.NumberOfLogicalCores": "8",
        "RAM.TotalSizeInMB": "16384",
        "OS.Name": "Debian GNU/Linux 12 (bookworm)",
        "OS.Version": "12",
    }
    assert not written.lacking


def test_a_server_of_which_nothing_is_known_has_its_identifier() -> None:
    """One of the identifying columns is mandatory, and no other is filled in."""
    (row,) = rows(export(EXPORTER, server("web-1"))[0])
    assert {column: cell for column, cell in row.items() if cell} == {"ExternalId": "id-of-web-1"}


def test_what_migration_hub_knows_a_server_by_is_kept() -> None:
    """So that it finds its own server again."""
    numbers = (Tag(name="ExternalId", value="A-1"), Tag(name="Migration Hub", value="d-server-1"))
    (row,) = rows(export(EXPORTER, server("web-1", EXTERNAL_IDS.known(numbers)))[0])
    assert (row["ExternalId"], row["ServerId"]) == ("A-1", "d-server-1")


def test_half_a_reference_to_vcenter_is_not_written() -> None:
    """Migration Hub refuses a MoRefId without its vCenter."""
    written = export(
        EXPORTER,
        server("a", MANAGED_ID.known("vm-42")),
        server("b", MANAGED_ID.known("7d5e:vm-43")),
    )
    told = [(row["VMware.MoRefId"], row["VMware.VCenterId"]) for row in rows(written[0])]
    assert told == [("", ""), ("vm-43", "7d5e")]


def test_windows_has_its_kernels_number_for_a_version() -> None:
    """As Migration Hub's own agents write it."""
    (row,) = rows(
        export(
            EXPORTER,
            server(
                "a",
                OS_FAMILY.known("windows"),
                OS_VERSION.known("2016"),
                KERNEL.known("10.0.14393"),
                OS_NAME.known("Microsoft Windows Server 2016 Standard"),
            ),
        )[0]
    )
    assert row["OS.Version"] == "10.0.14393"


def test_load_is_what_was_watched_longest() -> None:
    """Percentages of memory become megabytes of what there is; a sample of a moment comes last."""

    def watched(hours: int, cpu: float) -> Utilisation:
        return Utilisation(
            source="sar",
            since=NOW - timedelta(hours=hours),
            until=NOW,
            samples=2,
            cpu_percent=spread([0, cpu]),
            memory_percent=spread([25, 75]),
            disk_read_bytes_per_second=spread([1024, 3072]) if hours == 1 else None,
        )

    (row,) = rows(
        export(
            EXPORTER,
            server(
                "a",
                MEMORY_TOTAL.known(GIB),
                HISTORY.known((watched(2, 10), watched(24, 40))),
                SAMPLED.known(watched(1, 100)),
            ),
        )[0]
    )
    assert (row["CPU.UsagePct.Avg"], row["CPU.UsagePct.Max"]) == ("20", "40")
    assert (row["RAM.UsedSizeInMB.Avg"], row["RAM.UsedSizeInMB.Max"]) == ("512", "768")
    assert (row["DiskReadsPerSecondInKB.Avg"], row["DiskReadsPerSecondInKB.Max"]) == ("2", "3")
    assert row["DiskWritesPerSecondInKB.Avg"] == ""


def test_what_the_template_would_misread_is_left_out_and_told() -> None:
    """Commas part lists, a colon ends a tag's name, and a spreadsheet runs formulas."""
    written = export(
        EXPORTER,
        server(
            "a",
            OS_NAME.known('=HYPERLINK("http://example.org")'),
            NAMED_APPLICATIONS.known(("Payroll, old", "Intranet")),
            TAGS.known(
                (
                    Tag(name="zone", value="1,2"),
                    Tag(name="a:b", value="1"),
                    Tag(name="url", value="http://x"),
                    Tag(name="password", value="***"),
                    Tag(name="mgn:server:lifecycle-state", value="DISCONNECTED"),
                )
            ),
        ),
    )
    (row,) = rows(written[0])
    assert (row["OS.Name"], row["Applications"], row["Tags"]) == ("", "Intranet", "url:http://x")
    assert lacking(written) == [
        ("a", "OS.Name begins with '=', which a spreadsheet would run: left out"),
        ("a", "Applications: 'Payroll, old' holds ',', which parts them: left out"),
        ("a", "Tags: the name 'a:b' holds ':', which ends a tag's name: left out"),
        ("a", "Tags: 'zone:1,2' holds ',', which parts them: left out"),
    ]


def test_no_server_has_more_tags_than_it_may() -> None:
    """Migration Hub takes 30."""
    tags = tuple(Tag(name=f"t{number}", value="x") for number in range(32))
    written = export(EXPORTER, server("a", TAGS.known(tags)))
    assert rows(written[0])[0]["Tags"].count(":") == 30
    assert lacking(written) == [("a", "Tags: a server has 30 at most; 2 are left out")]


def test_files_are_as_small_as_the_tool_wants_them() -> None:
    """Each has the header; no row is lost, twice there, or torn."""
    made = [Row(server=server(f"web-{number}")) for number in range(10)]
    for row in made:
        row.put("a", row.server.name)
        row.lack("b is not known")
    written = list(files("x.csv", ("a", "b"), made, most_bytes=30))
    assert [each.name for each in written] == ["x.csv", "x-2.csv", "x-3.csv", "x-4.csv"]
    assert all(len(each.content) <= 30 for each in written)
    assert [row["a"] for each in written for row in rows(each)] == [
        each.server.name for each in made
    ]
    assert [len(each.lacking) for each in written] == [3, 3, 3, 1]


def test_a_round_trip_changes_nothing() -> None:
    """What is imported, exported and imported again says the same of each server."""
    content = (FIXTURES / "made-recommendations.csv").read_bytes()
    examples = [each.files for each in IMPORTER.examples]
    for given in [*examples, (("EC2InstanceRecommendations.csv", content),)]:
        first = [
            each for each in IMPORTER.read(open_files(given)) if isinstance(each, ServerRecord)
        ]
        written = export(EXPORTER, *map(imported, first))
        exported = open_files([(each.name, each.content) for each in written])
        assert IMPORTER.recognise(exported) == CERTAIN
        second = records(IMPORTER, written)
        assert len(second) == len(first)
        for before, after in zip(first, second, strict=True):
            _same(before, after)
        again = export(EXPORTER, *(imported(each) for each in second))
        assert rows(again[0]) == rows(written[0])


def _same(before: ServerRecord, after: ServerRecord) -> None:
    lost = {"ownership.target_settings"}  # the template has no column for an instance type
    numbers = "ownership.external_ids"
    told, again = _without_shares(facts(before)), facts(after)
    assert {key: again.get(key) for key in told.keys() - lost - {numbers}} == {
        key: told[key] for key in told.keys() - lost - {numbers}
    }
    assert set(told.get(numbers, ())) <= set(again[numbers])  # type: ignore[call-overload]  # tuples of tags
    assert again.keys() - told.keys() <= {numbers}


def _without_shares(told: Mapping[str, object]) -> Mapping[str, object]:
    """Return facts without the used share of memory, for which the template has no column."""
    return {
        key: tuple(replace(each, memory_percent=None) for each in value)
        if key == "utilisation.told"
        else value  # type: ignore[attr-defined]  # of this key they are tuples
        for key, value in told.items()
    }


def test_writing_twice_gives_the_same_bytes() -> None:
    """Nothing hangs on the clock or on chance."""
    servers = [server("b", CPU_THREADS.known(2)), server("a")]
    assert export(EXPORTER, *servers) == export(EXPORTER, *servers)


def test_a_cell_is_one_line() -> None:
    """What holds line ends or control characters is written without them."""
    (written,) = export(EXPORTER, server("a", OS_NAME.known("Debian\r\n12\x07")))
    assert written.content.count(b"\n") == 2
    assert list(csv.reader(io.StringIO(written.content.decode())))[1].count("Debian 12") == 1

"""What the benchmarks of discovery make of measurements: nothing that failed looks well."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.discovery import compare
from benchmarks.discovery.asked import paths
from benchmarks.discovery.compare import Cover, Row
from benchmarks.discovery.contenders import CONTENDERS, Tally
from benchmarks.discovery.figures import document, ratios, row, table
from benchmarks.discovery.rounds import Held, Measurement, rounds
from benchmarks.discovery.verdicts import Expected, Seen
from benchmarks.discovery.verdicts import judge as verdict_on
from inventory.errors import BadInputError
from inventory.model.fact import Observation, Reason, Unknown
from inventory.model.facts import KERNEL, OS_NAME
from inventory.model.run import Visit

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SERVER = {"facts": {"os.name": {"value": "Debian"}, "os.version": {"unknown": "not told"}}}
DISKS = {"facts": {"storage.disks": {"value": [{"name": "vda", "model": None}]}}}


def run(seconds: float, *, answered: int = 10, status: int = 0) -> Measurement:
    """Return a measurement of ten servers that took so long."""
    return Measurement(
        wall_seconds=seconds,
        client_seconds=seconds / 10,
        server_seconds=seconds / 2,
        wire_bytes=1_000_000,
        tally=Tally(answered=answered, answer_bytes=500_000),
        exit_status=status,
    )


def test_figures_are_medians_with_their_range_for_each_server() -> None:
    """Ten servers, three runs: per server in milliseconds, and how far the runs lay apart."""
    (decant, *_) = CONTENDERS
    made = row(decant, [run(1), run(4), run(2)], Held(peak_bytes=50 * 1024 * 1024), 10)
    assert made.failed is None
    assert (made.wall_seconds.median, made.wall_seconds.lowest, made.wall_seconds.highest) == (
        2,
        1,
        4,
    )
    assert made.client_ms.median == pytest.approx(20)
    assert made.servers_ms.median == pytest.approx(100)
    assert made.total_ms.median == pytest.approx(120)
    assert "| decant | 5.00 (2.50-10.0) | 2.00 (1.00-4.00) | 20.0 (10.0-40.0)" in table([made])


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (run(1, answered=9), "failed: facts from only 9 of 10 servers"),
        (run(1, status=3), "failed: ended with status 3"),
    ],
)
def test_a_contender_that_failed_once_shows_no_figures(bad: Measurement, words: str) -> None:
    """One bad run of many is enough: a row that skipped a server would look fast."""
    decant, ansible = CONTENDERS[0], CONTENDERS[1]
    rows = [
        row(decant, [run(1), run(1)], Held(peak_bytes=1), 10),
        row(ansible, [run(9), bad], Held(peak_bytes=1), 10),
    ]
    told = table(rows)
    assert f"| ansible | {words} |" in told
    assert ratios({each.name: each for each in rows}, 2) == []
    json.dumps(document(rows, [], {}))


def test_rounds_run_forwards_and_backwards_in_turn() -> None:
    """What drifts over time falls on all alike."""
    order = [each.name for _, each, _ in rounds(CONTENDERS[:3], 2, lambda _: run(1))]
    assert order == ["decant", "ansible", "pyinfra", "pyinfra", "ansible", "decant"]


def test_every_part_of_a_document_is_a_path() -> None:
    """Entries of a list share theirs, empty ones are paths without values, dots are no parts."""
    told = paths({"disks": [{"name": "a"}, {"name": "b", "model": ""}], "none": {}, "a.b": 1})
    assert told == {"disks.name": ("a", "b"), "disks.model": (), "none": (), "a_b": ("1",)}


@pytest.mark.parametrize(
    ("claim", "values", "server", "cover"),
    [
        (("os.name",), ("Debian",), SERVER, Cover.COVERED),
        (("os.version",), ("12",), SERVER, Cover.UNPROVED),
        (("os.version",), ("N/A",), SERVER, Cover.SAID_NOTHING),
        (("os.version|os.name",), ("12",), SERVER, Cover.COVERED),
        (("os.no_such_fact",), (), SERVER, Cover.UNPROVED),
        (("storage.disks:name",), ("vda",), DISKS, Cover.COVERED),
        (("storage.disks:model",), ("QEMU",), DISKS, Cover.UNPROVED),
        (("storage.disks:model",), (), DISKS, Cover.SAID_NOTHING),
        ((), ("x",), SERVER, Cover.ABSENT),
    ],
)
def test_what_a_row_claims_must_be_known_on_that_server(
    claim: tuple[str, ...], values: tuple[str, ...], server: object, cover: Cover
) -> None:
    """A fact that exists is not enough where the peer knew it and we did not."""
    rows = [Row(peer="facter", pattern="os.*", ours=claim, reason="because")]
    (judged,) = compare.judge(rows, "bookworm", "facter", {"os.x": values}, server)  # type: ignore[arg-type]
    assert judged.cover is cover


def test_a_path_in_no_row_is_an_error_of_its_own() -> None:
    """What a peer's next version tells is noticed; another peer's rows do not count."""
    rows = [Row(peer="ansible", pattern="*", ours=("os.name",), reason="")]
    (judged,) = compare.judge(rows, "bookworm", "facter", {"new": ("1",)}, SERVER)
    assert judged.cover is Cover.UNJUDGED


def test_the_first_row_that_fits_counts_and_what_no_row_claims_is_ours_alone() -> None:
    """Rows go from the particular to the general; the rest is what peers lack."""
    rows = [
        Row(peer="facter", pattern="os.name", ours=("os.name",), reason=""),
        Row(peer="facter", pattern="os.*", ours=(), reason="no"),
    ]
    (judged,) = compare.judge(rows, "bookworm", "facter", {"os.name": ("Debian",)}, SERVER)
    assert judged.ours == ("os.name",)
    assert compare.unclaimed(rows, [SERVER, DISKS]) == ["storage.disks"]


def test_a_row_says_which_fact_or_why_none(tmp_path: Path) -> None:
    """A row with neither stops the comparison, with its line."""
    file = tmp_path / "rows.csv"
    file.write_text("peer,path,ours,reason\nfacter,a,os.name,\nfacter,b,,\n")
    with pytest.raises(BadInputError, match=r"rows\.csv:3: b: neither"):
        compare.read_rows(file)


def test_the_shipped_rows_name_facts_that_collectors_tell() -> None:
    """A fact that was renamed is noticed without raising any server."""
    from inventory.model.collector import Collector
    from inventory.registry import Registry

    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    told = {key.name for plugin in registry.all().values() for key in plugin.value.tells}
    rows = compare.read_rows(Path(compare.__file__).with_name("coverage.csv"))
    claims = [claim for each in rows for whole in each.ours for claim in whole.split("|")]
    assert len(claims) > 200
    assert [each for each in claims if each.partition(":")[0] not in told] == []


def visit(*facts: Observation, silent: str = "", seconds: float = 1) -> Visit:
    """Return a visit that told these facts, or was in vain."""
    unreachable = Unknown(reason=Reason.UNREACHABLE, detail=silent) if silent else None
    return Visit(target="x", at=NOW, observations=facts, unreachable=unreachable, seconds=seconds)


HEALTHY = visit(OS_NAME.known("Debian"), KERNEL.known("6.1"))
PARTLY = visit(OS_NAME.known("Debian"), KERNEL.unknown(Reason.TIMED_OUT, "its limit"))
SILENT = visit(silent="the connection was refused")


@pytest.mark.parametrize(
    ("seen", "words", "asked", "beside", "is_right"),
    [
        (Seen.NO_ANSWER, "refused", SILENT, [HEALTHY], True),
        (Seen.NO_ANSWER, "timed out", SILENT, [HEALTHY], False),
        (Seen.NO_ANSWER, "refused", HEALTHY, [HEALTHY], False),
        (Seen.ANSWER, "", HEALTHY, [HEALTHY], True),
        (Seen.ANSWER, "", PARTLY, [HEALTHY], False),
        (Seen.ANSWER, "", PARTLY, [PARTLY], True),
        (Seen.ANSWER, "", SILENT, [HEALTHY], False),
        (Seen.PART, "limit", PARTLY, [HEALTHY], True),
        (Seen.PART, "privilege", PARTLY, [HEALTHY], False),
        (Seen.PART, "limit", visit(KERNEL.unknown(Reason.TIMED_OUT, "limit")), [HEALTHY], False),
        (Seen.NO_ANSWER, "refused", SILENT, [HEALTHY, SILENT], False),
        (Seen.NO_ANSWER, "late", visit(silent="late", seconds=99), [HEALTHY], False),
        (Seen.NO_ANSWER, "", None, [HEALTHY], False),
    ],
)
def test_a_fault_is_right_only_with_its_end_its_words_in_time_and_all_others_through(
    seen: Seen, words: str, asked: Visit | None, beside: list[Visit], is_right: object
) -> None:
    """Each of the four alone makes it wrong; what a healthy server does not tell is no fault's."""
    expected = Expected(name="a fault", seen=seen, words=words)
    assert verdict_on(expected, asked, beside, timeout=60).is_right is is_right

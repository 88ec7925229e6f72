"""Promises of the decision table: the first row that holds decides, and unknown holds nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inventory.errors import BadInputError
from inventory.model.application import Confidence
from inventory.model.fact import Known, Reason, Unknown
from migrate.model.plan import Destination
from migrate.model.strategy import Strategy
from migrate.model.verdict import Cloud
from migrate.stages.strategy import RULES
from migrate.strategy.deciding import next_to_find_out, propose
from migrate.strategy.inputs import INPUTS, Inputs
from migrate.strategy.reading import FILE_NAME, read_table, shipped_path
from migrate.strategy.table import Match, Row, decide

RULE_NAMES = tuple(RULES.all())
TABLE = read_table(None, RULE_NAMES)
UNKNOWN = Unknown(reason=Reason.NOT_TOLD)
OPEN_WORDS = {
    "runs": ("database", "web", "cctv", "virtualisation", "lob-housing"),
    "only-runs": ("database", "web", "cctv", "virtualisation", "lob-housing"),
    "software": ("postgresql", "ad-ds", "ms-dhcp", "iworld"),
    "virtualisation": ("vmware", "kvm", "none"),
    "environment": ("production", "test"),
}


def inputs(words: Mapping[str, tuple[str, ...]]) -> Inputs:
    """Return inputs of which these are known, and no other."""
    return {
        name: Known(value=frozenset(words[name])) if name in words else UNKNOWN for name in INPUTS
    }


def decided(words: Mapping[str, tuple[str, ...]]) -> Match:
    """Decide for an application of which this is known, whichever the cloud."""
    return decide(TABLE.rows, dict.fromkeys(Cloud, inputs(words)))


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.id)
def test_each_row_decides_its_example(row: Row) -> None:
    """What a row shows as its example is decided by it, with its strategy and destination."""
    match = decided(row.example)
    assert match.row is row
    assert match.destinations == row.destinations


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.id)
def test_no_row_decides_when_what_it_asks_for_is_unknown(row: Row) -> None:
    """Each condition of a row counts: its example without it is not decided by the row."""
    for name in row.when:
        less = {each: words for each, words in row.example.items() if each != name}
        assert decided(less).row is not row


@some.composite
def known_applications(draw: some.DrawFn) -> dict[str, tuple[str, ...]]:
    """Make everything known of an application."""
    return {
        name: (draw(some.sampled_from(each.values or OPEN_WORDS[name])),)
        for name, each in INPUTS.items()
    }


@given(everything=known_applications(), hidden=some.sets(some.sampled_from(sorted(INPUTS))))
def test_unknown_never_leads_to_retirement(
    everything: dict[str, tuple[str, ...]], hidden: set[str]
) -> None:
    """What is retired with something unknown is retired with everything known, too."""
    less = {name: words for name, words in everything.items() if name not in hidden}
    row = decided(less).row
    if row is not None and row.strategy is Strategy.RETIRE:
        whole = decided(everything).row
        assert whole is not None
        assert whole.strategy is Strategy.RETIRE


def test_of_nothing_known_nothing_is_decided() -> None:
    """An application of which nothing is known is undecided, and the next thing is named."""
    match = decided({})
    made = propose(match, (), Confidence.HIGH)
    assert match.row is None
    assert (made.strategy, made.destinations) == (Strategy.UNDECIDED, ())
    assert {each.row for each in match.open_rows} == {row.id for row in TABLE.rows}
    assert made.find_out == next_to_find_out(match.open_rows)
    assert made.find_out.startswith("fit: ")


def test_a_row_that_keeps_holds_back_one_that_retires(tmp_path: Path) -> None:
    """While a row that would keep an application is open, a later one does not retire it."""
    text = shipped_path().read_text()
    start, end = text.index("  - id: hypervisors"), text.index("  - id: physical-tie")
    (tmp_path / FILE_NAME).write_text(text[:start] + text[end:] + text[start:end].rstrip() + "\n")
    message = "row 'hypervisors': its example fails: no row decides it"
    with pytest.raises(BadInputError, match=message):
        read_table(tmp_path, RULE_NAMES)


def test_either_cloud_is_enough_to_go_there_and_both_are_needed_to_stay() -> None:
    """What fits one cloud goes to that one; only what fits neither stays."""
    fits = inputs({"fit": ("ready",), "move": ("ready",)})
    not_there = inputs({"fit": ("not-ready",), "virtualisation": ("none",)})
    one = decide(TABLE.rows, {Cloud.AWS: not_there, Cloud.AZURE: fits})
    assert one.row is not None
    assert (one.row.id, one.destinations) == ("rehost", (Destination.AZURE,))
    none = decide(TABLE.rows, dict.fromkeys(Cloud, not_there))
    assert none.row is not None
    assert none.row.id == "fits-no-cloud"
    half_known = decide(TABLE.rows, {Cloud.AWS: not_there, Cloud.AZURE: inputs({})})
    assert half_known.row is None


def test_what_is_open_lowers_the_confidence() -> None:
    """A proposal is sure only when nothing unknown could bring about another."""
    everything = {name: each.values[-1:] or ("x",) for name, each in INPUTS.items()}
    sure = decided(
        {**everything, "fit": ("ready",), "move": ("ready",), "usage": ("in-use",)}
        | {"power": ("on",), "told-retired": ("no",), "only-runs": ("web",)}
        | {"runs": ("web",), "software": ("nginx",), "vendor-product": ("no",)}
        | {"system-support-ended": ("no",), "physical-tie": ("no",)}
    )
    assert sure.row is not None
    assert sure.row.id == "rehost"
    assert propose(sure, (), Confidence.HIGH).confidence is Confidence.HIGH
    assert propose(sure, (), Confidence.LOW).confidence is Confidence.LOW
    unsure = decided({"fit": ("ready",), "move": ("ready",)})
    assert propose(unsure, (), Confidence.HIGH).confidence is Confidence.MEDIUM


def test_the_schema_names_every_input() -> None:
    """The published schema and the inputs that are read are the same."""
    text = files("migrate.strategy.data").joinpath("decision-table.schema.json").read_text("utf-8")
    assert set(json.loads(text)["$defs"]["inputs"]["properties"]) == set(INPUTS)


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("usage: zombie", "usage: zombi", "rows[1].when.usage", "row 'zombie': usage is never"),
        ("id: idle", "id: zombie", "rows[2].id", "a second row 'zombie'"),
        ("usage: idle", "use: idle", "rows[2].when", "'use' was unexpected"),
        ("strategy: retain", "strategy: keep", "rows[5].strategy", "'keep' is not one of"),
        ("    system-support-ended: blocker", "    no-such-rule: note",
         "inputs-from-rules.system-support-ended.no-such-rule", "there is no rule"),
        ("example: {runs: cctv}", "example: {runs: web}", "rows[6].example", "its example fails"),
        ("source-date: 2026-11-22", "source-date: soon", "rows[0].source-date", "does not match"),
        ("rows:\n", "rows: [\n", None, "not YAML"),
    ],
)  # fmt: skip
def test_a_fault_in_the_estates_own_table_is_named(
    tmp_path: Path, old: str, new: str, where: str | None, message: str
) -> None:
    """File, line and row of what is wrong are told; nothing is decided by half a table."""
    text = shipped_path().read_text()
    assert old in text
    (tmp_path / FILE_NAME).write_text(text.replace(old, new, 1))
    with pytest.raises(BadInputError, match=message) as caught:
        read_table(tmp_path, RULE_NAMES)
    place = caught.value.place
    assert place is not None
    assert (place.file, place.field) == (tmp_path / FILE_NAME, where)
    assert place.line is not None
    if where:
        line = (tmp_path / FILE_NAME).read_text().splitlines()[place.line - 1]
        assert where.rsplit(".", 1)[-1] in line or where.endswith("]")


def test_an_own_table_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    """Its rows alone decide, and it goes by a version of its own."""
    text = shipped_path().read_text()
    (tmp_path / FILE_NAME).write_text(text[: text.index("  - id: zombie")])
    own = read_table(tmp_path, RULE_NAMES)
    assert [each.id for each in own.rows] == ["told-retired"]
    assert own.version != TABLE.version
    assert own.origin == FILE_NAME

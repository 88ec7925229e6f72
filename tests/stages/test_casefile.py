"""What the gate is given to decide on: freezes by whole days, and a ledger's fault, always."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from inventory.estate import Estate, FreezeSettings
from migrate.casefile import case_of, freezes
from migrate.ledger.book import read_ledger
from migrate.ledger.chain import Verification
from migrate.model.evidence import Fingerprint, Fingerprints
from migrate.stages import plan
from tests.stages.workbenches import scene

_SEEN = Fingerprints(
    source=Fingerprint(parts={"a": "1"}),
    target=Fingerprint(parts={"b": "1"}),
    playbook=Fingerprint(parts={"c": "1"}),
)


@pytest.mark.parametrize(
    ("start", "end", "first", "after"),
    [
        (
            date(2027, 1, 4),
            date(2027, 1, 4),
            datetime(2027, 1, 4, tzinfo=UTC),
            datetime(2027, 1, 5, tzinfo=UTC),
        ),
        (
            date(2027, 3, 25),
            date(2027, 4, 9),
            datetime(2027, 3, 25, tzinfo=UTC),
            datetime(2027, 4, 9, 23, tzinfo=UTC),
        ),
    ],
)
def test_a_freeze_lasts_to_the_end_of_its_last_day(
    start: date, end: date, first: datetime, after: datetime
) -> None:
    """Days are the United Kingdom's: in summer they begin an hour before those of UTC."""
    settings = FreezeSettings(start=start, end=end, why="year end")
    estate = Estate(folder=Path(), name="made", database="", freezes=(settings,))
    (freeze,) = freezes(estate)
    assert (freeze.start, freeze.end, freeze.why) == (first, after, "year end")


@pytest.mark.parametrize("fingerprints", [None, _SEEN])
def test_a_ledger_that_is_not_whole_is_told_the_gate(
    tmp_path: Path, fingerprints: Fingerprints | None
) -> None:
    """With anchors or without, and whether something may be done or it is only looked at."""
    with scene(tmp_path) as made:
        (move,) = plan.run(made.bench).moves
        playbook = made.bench.shelf.read(move.playbook)
        broken = Verification(entries=1, head="0", fault="entry 1 was altered")
        ledger = replace(read_ledger(made.bench.store, made.bench.trust), verification=broken)
        found = case_of(made.bench, move, playbook, ledger=ledger, fingerprints=fingerprints)
        assert found.ledger_fault == "entry 1 was altered"

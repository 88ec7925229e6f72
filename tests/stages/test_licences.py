"""Promises of licence rules: they tell what was recognised, and a guess weighs nothing."""

from __future__ import annotations

from inventory.model.application import Confidence
from inventory.model.fact import Facts
from migrate.catalogue.surroundings import example_surroundings
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import recognised
from migrate.judging.licences import licensed
from migrate.model.rule import Flagged, Judgement
from migrate.model.verdict import Severity


def judged(confidence: Confidence) -> Judgement:
    """Judge a server on which Oracle was recognised with so much confidence."""
    found = recognised("oracle-db", "database", version="19.3", confidence=confidence)
    judge = licensed(frozenset({"oracle-db"}), Severity.CONDITION)
    return judge(Facts.from_observations([APPLICATIONS.known((found,))]), example_surroundings())


def test_what_was_recognised_is_a_condition() -> None:
    """The finding weighs more than the rule does while nothing is known."""
    assert judged(Confidence.HIGH) == Flagged(
        observed="oracle-db 19.3", severity=Severity.CONDITION
    )


def test_a_guess_stays_a_note_and_is_told_as_one() -> None:
    """An open port alone changes no verdict."""
    assert judged(Confidence.LOW) == Flagged(observed="oracle-db 19.3 (guessed)", severity=None)

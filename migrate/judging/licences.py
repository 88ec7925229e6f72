"""What needs a licence of its own wherever it runs: recognised products, and how they are told."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.model.application import Application, Confidence
from migrate.judging.derived import APPLICATIONS
from migrate.judging.reading import Judge, about
from migrate.model.rule import Flagged, Judgement, Passed
from migrate.model.verdict import Severity


def licensed(ids: frozenset[str], severity: Severity | None = None) -> Judge:
    """Flag recognised products by the identifiers of their fingerprints.

    A rule that hangs on what runs is a note, so that a server of which only a hypervisor tells is
    not left unknown for it; ``severity`` is what it weighs once the product was recognised by
    more than a guess.
    """

    def judge(applications: tuple[Application, ...]) -> Judgement:
        found = [each for each in applications if each.id in ids]
        sure = any(each.confidence is not Confidence.LOW for each in found)
        weighs = severity if sure else None
        return Flagged(observed=products(found), severity=weighs) if found else Passed()

    return about(APPLICATIONS, judge)


def products(applications: Iterable[Application]) -> str:
    """Name applications with their versions, and say which are only guessed."""
    return ", ".join(dict.fromkeys(_said(each) for each in applications))


def _said(application: Application) -> str:
    guessed = " (guessed)" if application.confidence is Confidence.LOW else ""
    return f"{application.name} {application.version or ''}".strip() + guessed

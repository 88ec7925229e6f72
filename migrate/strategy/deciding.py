"""What is proposed for each application, how sure that is, and what to find out next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from inventory.model.application import Confidence
from inventory.model.fact import Known, Unknown
from migrate.model.plan import Destination
from migrate.model.strategy import (
    ApplicationVerdict,
    Decision,
    EstateApplication,
    Override,
    Proposal,
    Strategy,
)
from migrate.model.verdict import Cloud
from migrate.strategy.inputs import INPUTS
from migrate.strategy.observing import observe
from migrate.strategy.overriding import changed_since, snapshot
from migrate.strategy.table import Match, decide
from migrate.strategy.worst import WORST_FIRST, worst

if TYPE_CHECKING:
    from migrate.model.strategy import OpenRow
    from migrate.strategy.inputs import Inputs
    from migrate.strategy.seen import Seen

NOTHING_FITS: Final = "No row of the decision table holds."
HELD_BACK: Final = "Row {} would retire it, but what is not known may yet keep it."
BY_HAND: Final = "nothing that the table asks for is open: decide it, or add a row to the table"
_CLOUD_OF: Final = {Destination.AWS: Cloud.AWS, Destination.AZURE: Cloud.AZURE}


def decisions(
    applications: Iterable[EstateApplication], seen: Seen, overrides: Mapping[str, Override]
) -> Iterator[Decision]:
    """Decide on each application in turn; ``overrides`` are those that stand, by key."""
    matches: dict[object, Match] = {}
    for application in applications:
        yield _decision(application, seen, overrides.get(application.key), matches)


def _decision(
    application: EstateApplication,
    seen: Seen,
    override: Override | None,
    matches: dict[object, Match],
) -> Decision:
    verdicts = worst(application.components, seen.verdicts, tuple(Cloud))
    inputs = observe(application, verdicts, seen)
    words = _words(inputs)
    if words not in matches:
        # Most applications are alike in what the table asks: it is asked once for all of them.
        matches[words] = decide(seen.table.rows, inputs)
    proposal = propose(matches[words], verdicts, application.confidence)
    now = snapshot(proposal, verdicts)
    return Decision(
        application=application,
        verdicts=verdicts,
        proposal=proposal,
        known=_in_words(inputs),
        override=override,
        stale=changed_since(override.saw, now) if override else (),
    )


def propose(
    match: Match, verdicts: Sequence[ApplicationVerdict], recognised: Confidence
) -> Proposal:
    """Put what the table decided into a proposal."""
    row = match.row
    find_out = next_to_find_out(match.open_rows)
    if row is None:
        return Proposal(
            strategy=Strategy.UNDECIDED,
            destinations=(),
            row="",
            reason=HELD_BACK.format(match.held_back.id) if match.held_back else NOTHING_FITS,
            confidence=Confidence.LOW,
            open_rows=match.open_rows,
            find_out=find_out or BY_HAND,
        )
    return Proposal(
        strategy=row.strategy,
        destinations=_best(match.destinations, verdicts),
        row=row.id,
        reason=row.reason,
        source=row.source if row.verified else f"{row.source} (unverified)",
        source_date=row.source_date,
        confirm=row.confirm,
        confidence=_confidence(match, recognised),
        open_rows=match.open_rows,
        find_out=find_out,
    )


def next_to_find_out(open_rows: Sequence[OpenRow]) -> str:
    """Return how to find out the input that would settle most; of several, the earliest row's.

    A row that hangs on one input counts wholly for it, one that hangs on two counts half for each.
    """
    weights: dict[str, Fraction] = {}
    for each in open_rows:
        for name in each.inputs:
            weights[name] = weights.get(name, Fraction(0)) + Fraction(1, len(each.inputs))
    if not weights:
        return ""
    name = max(weights, key=lambda each: weights[each])
    return f"{name}: {INPUTS[name].find_out}"


def _confidence(match: Match, recognised: Confidence) -> Confidence:
    """Grade a proposal: high when nothing unknown could bring about another strategy.

    Medium when an earlier row of another strategy is open or the row's source is unsure; low when
    it is not even sure what the application is.
    """
    if recognised is Confidence.LOW or match.row is None:
        return Confidence.LOW
    others = [each for each in match.open_rows if each.strategy is not match.row.strategy]
    unsure = others or not match.row.verified or recognised is Confidence.MEDIUM
    return Confidence.MEDIUM if unsure else Confidence.HIGH


def _best(
    destinations: Sequence[Destination], verdicts: Sequence[ApplicationVerdict]
) -> tuple[Destination, ...]:
    """Keep the clouds with the best verdicts, fit before move before support."""
    by_cloud = {each.cloud: each for each in verdicts}
    clouds = [each for each in destinations if _CLOUD_OF.get(each) in by_cloud]
    ranks = {
        each: tuple(WORST_FIRST.index(axis.readiness) for axis in by_cloud[_CLOUD_OF[each]].axes)
        for each in clouds
    }
    best = max(ranks.values(), default=())
    return tuple(each for each in destinations if ranks.get(each, best) == best)


def _words(by_cloud: Mapping[Cloud, Inputs]) -> tuple[frozenset[str] | None, ...]:
    """Return all that a row looks at: the words of each input, or that it is unknown."""
    return tuple(
        value.value if isinstance(value, Known) else None
        for inputs in by_cloud.values()
        for value in inputs.values()
    )


def _in_words(by_cloud: Mapping[Cloud, Inputs]) -> dict[str, str]:
    """Write each input down; one that differs by cloud as ``fit (aws)``."""
    told: dict[str, str] = {}
    for cloud, inputs in by_cloud.items():
        for name, value in inputs.items():
            text = str(value) if isinstance(value, Unknown) else ", ".join(sorted(value.value))
            told[f"{name} ({cloud.value})" if INPUTS[name].by_cloud else name] = text
    return told

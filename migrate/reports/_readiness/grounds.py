"""Why each rule that found something is a rule: told once for all servers that it was found on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from migrate.model.verdict import Effort, Finding
from migrate.reports._readiness.subjects import Subject


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What is the same wherever a rule found something."""

    rule: str
    title: str
    why: str
    fix: str
    effort: Effort | None
    source: str
    source_date: date


def ground(finding: Finding) -> Ground:
    """Return what a finding has in common with every other of its rule."""
    return Ground(
        rule=finding.rule,
        title=finding.title,
        why=finding.why,
        fix=finding.fix,
        effort=finding.effort,
        source=finding.source,
        source_date=finding.source_date,
    )


def grounds(subjects: Iterable[Subject]) -> Mapping[Ground, str]:
    """Return each ground with the name of its place in the page, by rule.

    Verdicts of different versions may give one rule different grounds: each has a place.
    """
    found = {
        ground(each)
        for subject in subjects
        for verdict in subject.verdicts.values()
        for each in verdict.findings
    }
    places: dict[Ground, str] = {}
    taken: dict[str, int] = {}
    for each in sorted(found, key=lambda one: (one.rule, one.source_date, one.why, one.fix)):
        number = taken[each.rule] = taken.get(each.rule, 0) + 1
        places[each] = f"rule-{each.rule}" + (f"-{number}" if number > 1 else "")
    return places

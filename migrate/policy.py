"""What an estate asks of its servers before CI is content: conditions as data, judged purely.

For a server whose planned destination is a cloud, that cloud alone counts. For one without a
plan, some cloud must do: a cloud that will not is excused as long as another still may. For a
server that goes elsewhere (SaaS, the Hub, retirement) no cloud counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from migrate.model.verdict import Axis, Cloud, Readiness


class Treatment(Enum):
    """What is done with something that is not as it should be."""

    FAIL = "fail"
    """It is a finding: exit code 1."""
    UNKNOWN = "unknown"
    """It is told as not known: exit code 3 when nothing fails."""
    WARN = "warn"
    """It is told, and changes no exit code."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The estate's conditions."""

    fail_on: frozenset[Readiness] = frozenset({Readiness.NOT_READY})
    """The verdicts that fail, on the axes that count; never ``unknown``, which has its own."""
    axes: frozenset[Axis] = frozenset({Axis.FIT, Axis.MOVE})
    """The axes that count; on the others whatever would fail is a warning."""
    unknown: Treatment = Treatment.UNKNOWN
    """What an unknown verdict, or one that is missing, is."""
    unreachable: Treatment = Treatment.UNKNOWN
    """What a server is that did not answer."""
    stale: Treatment = Treatment.UNKNOWN
    """What a server is whose facts are older than ``max_age``, or than its verdicts allow."""
    max_age: timedelta | None = None
    """How old a server's last answer may be; None asks nothing."""
    exception: timedelta = timedelta(days=92)
    """For how long a server may be excepted from a check: a quarter. It is a risk that two people
    took on; for longer than from one meeting of a board to the next nobody looks at it again."""


class Outcome(Enum):
    """What one condition came to."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    WARNING = "warning"
    EXCUSED = "excused"
    """It is not met, but does not count: the server goes elsewhere."""
    MET = "met"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition on one server, and what it came to."""

    server_id: str
    server: str
    cloud: Cloud | None
    """None when it does not hang on a cloud."""
    name: str
    """``answered``, ``fresh``, or an axis: ``fit``, ``move``, ``support``."""
    outcome: Outcome
    why: str
    """One sentence."""
    details: tuple[str, ...] = ()
    """What it rests on, one sentence each."""


def read_policy(table: Mapping[str, Any]) -> Policy:
    """Return the policy of the estate's ``[policy]`` table, whose shape is checked already.

    What the table does not say stays as it is by default.
    """
    given: dict[str, Any] = {}
    if "fail_on" in table:
        given["fail_on"] = frozenset(Readiness(each) for each in table["fail_on"])
    if "axes" in table:
        given["axes"] = frozenset(Axis(each) for each in table["axes"])
    for name in ("unknown", "unreachable", "stale"):
        if name in table:
            given[name] = Treatment(table[name])
    if "max_age_days" in table:
        given["max_age"] = timedelta(days=table["max_age_days"])
    if "exception_days" in table:
        given["exception"] = timedelta(days=table["exception_days"])
    return Policy(**given)


def outcome_of(treatment: Treatment) -> Outcome:
    """Return what a condition comes to that is not met, under this treatment."""
    return {
        Treatment.FAIL: Outcome.FAILED,
        Treatment.UNKNOWN: Outcome.UNKNOWN,
        Treatment.WARN: Outcome.WARNING,
    }[treatment]


def on_axis(policy: Policy, axis: Axis, readiness: Readiness) -> Outcome:
    """Return what a verdict on one axis comes to."""
    if readiness is Readiness.UNKNOWN:
        found = outcome_of(policy.unknown)
    else:
        found = Outcome.FAILED if readiness in policy.fail_on else Outcome.MET
    if axis not in policy.axes and found is not Outcome.MET:
        return Outcome.WARNING
    return found

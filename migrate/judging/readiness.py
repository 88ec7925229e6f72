"""How findings and missing facts come to a verdict on an axis, and how much was known."""

from __future__ import annotations

from migrate.judging.judge import Judged
from migrate.model.verdict import VERDICT_AXES, Axis, Readiness, Severity

_GRADES = (("A", 1.0), ("B", 0.9), ("C", 0.75), ("D", 0.5))


def readiness(judged: Judged) -> dict[Axis, Readiness]:
    """Return the verdict on each axis.

    A blocker that was found decides, whatever else is unknown. Otherwise anything unknown on which
    a blocker or a condition hangs leaves the axis unknown, and so does an axis that no rule judged.
    """
    blocked = {each.axis for each in judged.findings if each.severity is Severity.BLOCKER}
    conditions = {each.axis for each in judged.findings if each.severity is Severity.CONDITION}
    untold = {each.axis for each in judged.missing if each.decides}

    def verdict(axis: Axis) -> Readiness:
        if axis in blocked:
            return Readiness.NOT_READY
        if axis in untold or axis not in judged.axes:
            return Readiness.UNKNOWN
        return Readiness.CONDITIONS if axis in conditions else Readiness.READY

    return {axis: verdict(axis) for axis in VERDICT_AXES}


def coverage(judged: Judged) -> str:
    """Grade how many of the rules that decide could be judged.

    A: all of them; B: nine in ten; C: three in four; D: half; E: fewer, or none apply.
    """
    untold = len([each for each in judged.missing if each.decides])
    share = (judged.deciding - untold) / judged.deciding if judged.deciding else 0.0
    return next((grade for grade, least in _GRADES if share >= least), "E")

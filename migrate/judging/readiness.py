"""How findings and missing facts come to a verdict on an axis, and how much was known."""

from __future__ import annotations

from migrate.judging.judge import Judged, decides
from migrate.model.verdict import Axis, Readiness, Severity

_GRADES = (("A", 1.0), ("B", 0.9), ("C", 0.75), ("D", 0.5))


def readiness(judged: Judged, axis: Axis) -> Readiness:
    """Return the verdict on one axis.

    A blocker that was found decides, whatever else is unknown. Otherwise anything unknown on which
    a blocker or a condition hangs leaves the axis unknown, and so does an axis that no rule judged.
    """
    found = {finding.severity for finding in judged.findings if finding.axis is axis}
    if Severity.BLOCKER in found:
        return Readiness.NOT_READY
    untold = any(each.decides for each in judged.missing if each.axis is axis)
    if untold or not any(each is axis for each, _severity in judged.applied):
        return Readiness.UNKNOWN
    return Readiness.CONDITIONS if Severity.CONDITION in found else Readiness.READY


def coverage(judged: Judged) -> str:
    """Grade how many of the rules that decide could be judged.

    A: all of them; B: nine in ten; C: three in four; D: half; E: fewer, or none apply.
    """
    deciding = sum(decides(axis, severity) for axis, severity in judged.applied)
    untold = sum(each.decides for each in judged.missing)
    share = (deciding - untold) / deciding if deciding else 0.0
    return next((grade for grade, least in _GRADES if share >= least), "E")

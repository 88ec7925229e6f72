"""What changed between two sets of verdicts, and whether rules, the day or facts changed it.

A change is traced through the steps that lead from the one to the other, in which one thing changes
at a time: first the rules with the old facts as of the old day, then the day, then the facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from migrate.model.verdict import VERDICT_AXES, Cloud, Verdict

ABSENT: Final = ""
"""What a finding is where it was not found."""
NOT_JUDGED: Final = "not judged"
_Key = tuple[str, Cloud]


class Cause(Enum):
    """What changed a verdict."""

    RULES = "rules"
    CATALOGUE = "catalogue"
    """Or the estate's own settings: the rules are the same, and say otherwise of the same facts."""
    DAY = "the day"
    """Support ended, or began to end soon."""
    FACTS = "facts"


@dataclass(frozen=True, kw_only=True)
class Step:
    """What the same servers were judged to be once one more thing had changed."""

    cause: Cause
    """What had changed since the step before."""
    verdicts: Mapping[_Key, Verdict]
    """By server and cloud."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is otherwise than before."""

    server: str
    cloud: Cloud
    what: str
    """An axis, or the name of a rule."""
    before: str
    """The verdict on the axis, or the finding's weight and what was observed; empty for none."""
    after: str
    because: tuple[Cause, ...]
    """Every step at which it changed."""


def keyed(verdicts: Iterable[Verdict]) -> dict[_Key, Verdict]:
    """Return verdicts by server and cloud."""
    return {(each.server_id, each.cloud): each for each in verdicts}


def changes(before: Mapping[_Key, Verdict], steps: Sequence[Step]) -> tuple[Change, ...]:
    """Return what differs between the first verdicts and the last step's, by server and cloud.

    A step that does not know a server leaves it as it was.
    """
    after = steps[-1].verdicts
    keys = sorted(before.keys() | after.keys(), key=lambda key: (key[0], key[1].value))
    found = [each for key in keys for each in _of(key, before, steps)]
    return tuple(sorted(found, key=lambda each: (each.server, each.cloud.value)))


def _of(key: _Key, before: Mapping[_Key, Verdict], steps: Sequence[Step]) -> Iterator[Change]:
    path = [before.get(key)]
    for step in steps:
        last = step is steps[-1]
        path.append(step.verdicts.get(key) if last else step.verdicts.get(key, path[-1]))
    named = path[-1] or path[0]
    if named is None:
        return
    causes = [step.cause for step in steps]
    told = [_said(each) for each in path]
    for what in dict.fromkeys(name for each in (told[0], told[-1]) for name in each):
        said = [each.get(what, _absent(what, each)) for each in told]
        if said[0] != said[-1]:
            yield Change(
                server=named.server,
                cloud=key[1],
                what=what,
                before=said[0],
                after=said[-1],
                because=_because(said, causes),
            )


def _absent(what: str, said: Mapping[str, str]) -> str:
    is_axis = what in {axis.value for axis in VERDICT_AXES}
    return NOT_JUDGED if is_axis and not said else ABSENT


def _said(verdict: Verdict | None) -> dict[str, str]:
    if verdict is None:
        return {}
    axes = {axis.value: verdict.on(axis).value for axis in VERDICT_AXES}
    found = {each.rule: f"{each.severity.value}: {each.observed}" for each in verdict.findings}
    return axes | found


def _because(said: Sequence[str], causes: Sequence[Cause]) -> tuple[Cause, ...]:
    steps = zip(said, said[1:], causes, strict=False)
    return tuple(dict.fromkeys(cause for old, new, cause in steps if old != new))

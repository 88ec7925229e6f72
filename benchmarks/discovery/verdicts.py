"""What was seen of a fault → whether it is as it must be, and the table of all. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from inventory.model.fact import Known, Unknown

if TYPE_CHECKING:
    from inventory.model.run import Visit

_GRACE_SECONDS: Final = 15
"""Beyond the limit for a server: the connection comes before it, and a busy machine is late."""


class Seen(Enum):
    """What a fault must come to."""

    NO_ANSWER = "no answer"
    """The server is unknown, for a reason in words."""
    ANSWER = "answered"
    """As a healthy server."""
    PART = "answered in part"
    """What the fault costs is unknown, for a reason; the rest is known."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What must be seen of a fault."""

    name: str
    seen: Seen
    words: str = ""
    """A regular expression that is found in the reason."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What one fault came to."""

    fault: str
    seconds: float | None
    """Until the verdict; None when there is none."""
    words: str
    is_right: bool
    """Whether it is as it must be, in bounded time, and every healthy server came through."""
    healthy: str


def judge(fault: Expected, visit: Visit | None, beside: Sequence[Visit], timeout: int) -> Verdict:
    """Compare what was stored of a server with what its fault must come to."""
    through = [each for each in beside if each.unreachable is None]
    slowest = max((each.seconds for each in through), default=0)
    healthy = f"{len(through)} of {len(beside)}, the slowest in {slowest:.1f} s"
    if visit is None:
        words, is_right, seconds = "nothing was stored of it", False, None
    else:
        words, is_right = _seen(fault, visit, through)
        seconds = visit.seconds
        is_right &= seconds <= timeout + _GRACE_SECONDS and len(through) == len(beside)
    return Verdict(
        fault=fault.name, seconds=seconds, words=words, is_right=is_right, healthy=healthy
    )


def _seen(fault: Expected, visit: Visit, through: Sequence[Visit]) -> tuple[str, bool]:
    """Return the words that a user sees, and whether they are those of this fault."""
    if visit.unreachable is not None:
        said = visit.unreachable.detail
        return said, fault.seen is Seen.NO_ANSWER and bool(re.search(fault.words, said))
    usual = {name for each in through for name in _unknown(each)}
    missing = {name: why for name, why in _unknown(visit).items() if name not in usual}
    known = sum(isinstance(each.fact, Known) for each in visit.observations)
    if not missing:
        return f"answered as the healthy ones: {known} facts", fault.seen is Seen.ANSWER
    reasons = sorted({f"{why.reason.value}: {why.detail}" for why in missing.values()})
    words = f"answered: {known} facts; {len(missing)} more are unknown: {' / '.join(reasons)}"
    is_right = known > 0 and any(re.search(fault.words, each) for each in reasons)
    return words, is_right and fault.seen is Seen.PART


def _unknown(visit: Visit) -> dict[str, Unknown]:
    return {
        each.key.name: each.fact for each in visit.observations if isinstance(each.fact, Unknown)
    }


def table(verdicts: Sequence[Verdict], timeout: int) -> str:
    """Return the verdicts as a Markdown table."""
    head = ("fault", "s to a verdict", "words shown", "healthy servers beside it", "as it must be")
    lines = [f"| {' | '.join(head)} |", "| --- | --- | --- | --- | --- |"]
    for each in verdicts:
        seconds = "-" if each.seconds is None else f"{each.seconds:.1f}"
        words = " ".join(each.words.split()).replace("|", "\\|")
        cells = (each.fault, seconds, words, each.healthy, "yes" if each.is_right else "**no**")
        lines.append(f"| {' | '.join(cells)} |")
    right = sum(each.is_right for each in verdicts)
    lines += ["", f"{right} of {len(verdicts)} as they must be; --timeout {timeout}."]
    return "\n".join(lines)

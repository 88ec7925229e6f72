"""An act of a migration service: looked for first, sent once, and followed for a while.

What became of it is always told by the service's own state. So a run that was cut off anywhere
loses nothing: the next one looks there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from inventory.model.fact import Reason, Unknown
from migrate.model.action import Aftermath, Effect, Task
from migrate.model.replication import Replications

WAITS_SECONDS: Final = 120
"""How long an act is followed unless the move says otherwise: launches take longer."""
SETTLES_SECONDS: Final = 120
"""How long a request may be under way whose sender is gone: far longer than it is waited for."""
_PAUSE_SECONDS: Final = 5
WAIT: Final[Mapping[str, Any]] = {
    "type": "integer",
    "minimum": 0,
    "maximum": 7200,
    "description": "How many seconds the run waits until the service is done; it may go on without "
    f"us, and the next run looks. {WAITS_SECONDS} unless given.",
}
REPLICATED_AS: Final[Mapping[str, Any]] = {
    "type": "string",
    "minLength": 1,
    "description": "What the migration service calls the server: its id there, or its name. It is "
    "found by its names, addresses and cards unless given.",
}


class Reply(Enum):
    """How a service took a request."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """It answered that it will not do it: nothing was begun."""
    NONE = "no answer"
    """None that tells: it may have been begun."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What was answered to a request."""

    reply: Reply
    words: str
    job: str = ""
    """The handle by which the service took it; empty when it gave none."""


def silence(told: Iterable[Replications | Unknown], none: str = "no place is named") -> Unknown:
    """Say why no place told what it replicates; ``none`` where there is no place to ask."""
    silent = [each for each in told if isinstance(each, Unknown)]
    if not silent:
        return Unknown(reason=Reason.NOT_ASKED, detail=none)
    words = dict.fromkeys(f"{each.reason.value}: {each.detail}" for each in silent)
    return Unknown(reason=silent[0].reason, detail="; ".join(words))


def unless_silent(found: Unknown, remedy: str) -> str:
    """Return what helps where nothing fits of all that was told; it does not where nothing was."""
    return remedy if found.reason is Reason.NOT_TOLD else ""


def carry_out(
    task: Task,
    look: Callable[[], Effect],
    send: Callable[[], Sent],
    failed: Callable[[], str] = lambda: "",
) -> Effect:
    """Send a request unless it took effect already or may be at work, and follow it.

    ``failed`` says why the service gave it up, where its own account of the operation tells; empty
    when it does not.
    """
    before = look()
    if before.aftermath is not Aftermath.NOT_DONE:
        return replace(before, detail=f"nothing was sent: {before.detail}")
    sent = send()
    if sent.reply is Reply.REFUSED:
        return _told(sent, look())
    seconds = float(task.parameters.get("wait_seconds", WAITS_SECONDS))
    if seconds:
        task.tell(
            f"{sent.words}; followed for {seconds:g} s at most, and ending this loses nothing"
        )
    deadline = time.monotonic() + seconds
    while True:
        seen, left = look(), deadline - time.monotonic()
        if seen.aftermath is Aftermath.DONE:
            return _told(sent, seen)
        if sent.job and seen.gave_up == sent.job:
            return replace(seen, detail=f"{sent.words}; {seen.detail}")
        why = failed()
        if why:
            detail = f"{sent.words}, and gave it up: {why}; {seen.detail}"
            return replace(seen, detail=detail)
        if left <= 0:
            return _told(sent, seen)
        time.sleep(min(_PAUSE_SECONDS, left))


def _told(sent: Sent, seen: Effect) -> Effect:
    # What was accepted, or had no answer, and is not seen may still be seen later.
    late = sent.reply is not Reply.REFUSED and seen.aftermath is Aftermath.NOT_DONE
    aftermath = Aftermath.UNKNOWN if late else seen.aftermath
    job = seen.job or sent.job if aftermath is Aftermath.UNKNOWN else ""
    return replace(seen, aftermath=aftermath, detail=f"{sent.words}; {seen.detail}", job=job)

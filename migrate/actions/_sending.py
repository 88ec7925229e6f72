"""An act of a migration service: looked for first, sent once, and followed for a while.

What became of it is always told by the service's own state. So a run that was cut off anywhere
loses nothing: the next one looks there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from migrate.model.action import Aftermath, Effect, Task

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


def naming(resource: str | None, key: str) -> str:
    """Say what to write into ``decant.toml`` once something was launched, under ``[[moves]]``.

    What the service names is known without; where it asks by ``key``, people have to name it.
    """
    lines = 'replacement = "ssh://…"' if resource else f'replacement = "ssh://…" and {key} = "…"'
    return f"give its address in decant.toml, {lines}, and run decant plan"


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
    deadline = time.monotonic() + float(task.parameters.get("wait_seconds", WAITS_SECONDS))
    while True:
        seen, left = look(), deadline - time.monotonic()
        if seen.aftermath is Aftermath.DONE:
            return _told(sent, seen)
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
    return replace(
        seen,
        aftermath=Aftermath.UNKNOWN if late else seen.aftermath,
        detail=f"{sent.words}; {seen.detail}",
        job=seen.job or sent.job,
    )

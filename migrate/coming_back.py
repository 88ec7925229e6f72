"""A server that comes back: looked at again until it is as it was, but not for ever.

A service manager says that a service runs as soon as its process does; what it listens on may come
seconds later. What is seen too early would be taken for a change, and void all evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import sleep

from migrate.model.evidence import Fingerprint

PAUSES_SECONDS: tuple[float, ...] = (1, 2, 4, 8, 15, 30)
"""How long is waited before each further look: a minute in all."""


@dataclass(frozen=True, kw_only=True)
class Return:
    """How a server came back."""

    seen: Fingerprint
    """What it was like when it was last looked at."""
    words: str
    """What to say of it; empty when it was as before at the first look."""


def wait_for(
    look: Callable[[], Fingerprint], before: Fingerprint, parts: Collection[str]
) -> Return:
    """Look until those parts are as they were before, a few times, for a minute at most."""
    seen, waited = look(), 0.0
    for pause in PAUSES_SECONDS:
        if not _other(before, seen, parts):
            break
        sleep(pause)
        seen, waited = look(), waited + pause
    other = _other(before, seen, parts)
    if other:
        return Return(
            seen=seen,
            words=f"looked at for {waited:g} s: {other}; what was proved before counts no more",
        )
    return Return(seen=seen, words=f"as before after {waited:g} s" if waited else "")


def _other(before: Fingerprint, seen: Fingerprint, parts: Collection[str]) -> str:
    """Say what is not as it was before; empty when all is, or it is not known what it was like."""
    if not before.parts:
        return ""
    if seen.unknown or not seen.parts:
        return f"not all of it can be seen: {'; '.join(seen.unknown) or 'nothing'}"
    changed = [each for each in before.changes(seen) if each in parts]
    return f"it is not as before: {', '.join(changed)}" if changed else ""

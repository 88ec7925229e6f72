"""One question to a server: its wording, its pure reader, and the proof that the reader works.

A collector's file in ``inventory/collectors``, or in the estate's own ``collectors`` folder, holds
a :class:`Collector` under ``COLLECTOR``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from inventory.model.fact import FactKey, Observation


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one question got."""

    text: str
    """Decoded as UTF-8; bytes that are not are replaced."""
    exit_status: int


@dataclass(frozen=True, kw_only=True)
class Example:
    """An answer that a real system gave, and what the reader makes of it."""

    system: str
    """Which system and release said it: ``debian 12``, ``alpine 3.19 (busybox)``."""
    text: str
    exit_status: int = 0
    expected: tuple[Observation, ...]
    """Observations that must be among those read."""


@dataclass(frozen=True, kw_only=True)
class Collector:
    """One question."""

    script: str
    """POSIX shell, run in a subshell with ``LC_ALL=C`` and a full PATH. It writes no file, reads no
    input and changes nothing. ``$SUDO`` stands before what needs privilege: it is ``sudo -n``
    when the run may use it and the server allows it, and empty otherwise. Its error stream is
    thrown away; what it must say of an error it says in its answer."""
    tells: tuple[FactKey[Any], ...]
    """Every key that the reader may state. Those that it does not state are unknown: not told."""
    read: Callable[[Answer], Sequence[Observation]]
    """Pure. May raise on what it cannot understand: its keys are then unknown: unreadable."""
    examples: tuple[Example, ...]

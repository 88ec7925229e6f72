"""One question to a server: its wording, its pure reader, and the proof that the reader works.

A collector's file in ``inventory/collectors``, or in the estate's own ``collectors`` folder, holds
a :class:`Collector` under ``COLLECTOR``.

The cheapest question is a file: all the files that collectors name are read by one process for all
of them. A script costs a process for each tool that it starts, and one more unless it is ``tidy``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inventory.model.fact import FactKey, Observation


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one question got."""

    text: str = ""
    """What the script said. Decoded as UTF-8; bytes that are not are replaced."""
    exit_status: int = 0
    files: Mapping[str, str] = field(default_factory=dict)
    """The content, by path, of each named file that is there and may be read; at most its first
    20,000 lines. Other collectors' files are not among them."""
    denied: frozenset[str] = frozenset()
    """Those named that are there, and that the account may not read."""
    samples: tuple[str, ...] = ()
    """What ``Collector.sample`` said each time, in order; empty when no window was asked for."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """An answer that a real system gave, and what the reader makes of it."""

    system: str
    """Which system and release said it: ``debian 12``, ``alpine 3.19 (busybox)``."""
    text: str = ""
    exit_status: int = 0
    files: Mapping[str, str] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    samples: tuple[str, ...] = ()
    expected: tuple[Observation, ...]
    """Observations that must be among those read."""

    @property
    def answer(self) -> Answer:
        """Return it as the reader is given it."""
        return Answer(
            text=self.text,
            exit_status=self.exit_status,
            files=self.files,
            denied=self.denied,
            samples=self.samples,
        )


@dataclass(frozen=True, kw_only=True)
class Collector:
    """One question."""

    files: tuple[str, ...] = ()
    """Small files that it wants to read, as absolute paths or shell patterns without blanks:
    ``/etc/fstab``, ``/sys/class/net/*/mtu``. A pattern must not match more than some hundreds."""
    guarded: tuple[str, ...] = ()
    """The same for files that only root may read: whole paths, no patterns, so that ``sudo`` can
    be allowed to read exactly these."""
    script: str = ""
    """POSIX shell, run with ``LC_ALL=C`` and a full PATH. It writes no file, reads no
    input and changes nothing. ``privileged`` stands before what needs root, on a line with nothing
    but literal words after it (``privileged ss -tunap``), so that ``sudo`` can be allowed to run
    exactly that: it runs it through ``sudo -n`` when the run may use it and the server allows it,
    and as it is otherwise. Its error stream is thrown away; what it must say of an error it says
    in its answer."""
    sample: str = ""
    """POSIX shell as ``script``, run again and again while a window of time is sampled. Must be
    cheap: ``/proc`` over tools."""
    tidy: bool = False
    """Whether ``script`` and ``sample`` leave the shell as they found it, so that they need no
    subshell, which costs a server more than most questions. They may set variables and functions,
    the positional parameters, ``IFS`` and ``set -f``, and leave early by ``return``. They use no
    variable that they have not set, and no ``exit``, ``cd``, ``exec``, ``trap``, ``export`` or
    ``umask``; nor do they set PATH and the like, or redirect a special built-in (``:``, ``set``)
    from a file that may be missing, which would end the shell. Names that begin with ``decant``,
    ``ask`` and ``privileged`` are taken."""
    optional: bool = False
    """Whether it is asked only when a run names it (``--with``): it costs the server more than
    others, or is needed seldom."""
    tells: tuple[FactKey[Any], ...]
    """Every key that the reader may state. Those that it does not state are unknown: not told."""
    read: Callable[[Answer], Sequence[Observation]]
    """Pure. May raise on what it cannot understand: its keys are then unknown: unreadable."""
    examples: tuple[Example, ...]

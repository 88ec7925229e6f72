"""A reply → what it says of the server, each fact with its origin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inventory.discovery.answers import answers_of
from inventory.discovery.frames import has_begun
from inventory.discovery.memory import Readers
from inventory.errors import DecantError, PluginError
from inventory.model.asking import Ending, Reply
from inventory.model.collector import Collector
from inventory.model.fact import Known, Observation, Origin, Reason, Unknown
from inventory.model.run import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from inventory.model.collector import Answer
    from inventory.model.target import Target
    from inventory.registry import Plugin

_READERS = Readers()
_NOT_TOLD = Unknown(reason=Reason.NOT_TOLD)
_SAID = 200
"""How many characters of an unexpected greeting are worth repeating."""


def visit_of(
    reply: Reply,
    *,
    target: Target,
    collectors: Mapping[str, Plugin[Collector]],
    at: datetime,
    run: str,
    readers: Readers = _READERS,
) -> Visit:
    """Read a reply into observations, one for each key that a collector tells.

    What was not answered is unknown with its reason; one collector's failure costs only its own
    keys. A reply that broke off before anything was known is no answer. When two collectors state
    the same key, a known value wins over an unknown one, and the first over the second. Answers
    that ``readers`` remember are not read again.

    Raises:
        PluginError: a collector stated a key that it does not declare.

    """
    if not has_begun(reply.stdout):
        return replace(_visit(reply, target, at), unreachable=_silence(reply))
    observations = read_observations(
        reply.stdout,
        collectors,
        source=str(target),
        at=at,
        run=run,
        unfinished=_unfinished(reply),
        readers=readers,
    )
    visit = _visit(reply, target, at)
    if reply.ending is not Ending.FINISHED and not any(_is_known(each) for each in observations):
        return replace(visit, unreachable=_unfinished(reply))
    return replace(visit, observations=observations)


def read_observations(
    data: bytes,
    collectors: Mapping[str, Plugin[Collector]],
    *,
    source: str,
    at: datetime,
    run: str,
    unfinished: Unknown,
    readers: Readers = _READERS,
) -> tuple[Observation, ...]:
    """Return what the bytes that a server said state, whenever they were said; see ``visit_of``.

    Raises:
        PluginError: a collector stated a key that it does not declare.

    """
    answers = answers_of(data, {name: each.value for name, each in collectors.items()}, unfinished)
    merged: dict[str, Observation] = {}
    for name, plugin in collectors.items():
        origin = Origin(source=source, question=name, at=at, run=run)
        for each in _stated(plugin, answers[name], readers):
            key, fact = each.key, each.fact
            older = merged.get(key.name)
            if older is None or (isinstance(fact, Known) and isinstance(older.fact, Unknown)):
                merged[key.name] = Observation(key=key, fact=fact, origin=origin)
    return tuple(merged.values())


def _is_known(observation: Observation) -> bool:
    return isinstance(observation.fact, Known)


def unreached(error: DecantError, *, target: Target, at: datetime, seconds: float) -> Visit:
    """Return the visit of a server that could not be asked, in the error's words and its hint's."""
    detail = f"{error}; {error.hint}" if error.hint else str(error)
    unknown = Unknown(reason=Reason.UNREACHABLE, detail=detail)
    return Visit(target=str(target), at=at, unreachable=unknown, seconds=seconds)


def _visit(reply: Reply, target: Target, at: datetime) -> Visit:
    return Visit(
        target=str(target),
        at=at,
        raw=reply.stdout,
        stderr=reply.stderr,
        seconds=reply.seconds,
    )


def _silence(reply: Reply) -> Unknown:
    if reply.ending is not Ending.FINISHED:
        return _unfinished(reply)
    words = (reply.stdout + b"\n" + reply.stderr).decode("utf-8", "replace").split()
    said = " ".join(words)[:_SAID]
    status = "" if reply.exit_status is None else f" (exit status {reply.exit_status})"
    detail = f"it let us in but did not run the script{status}; it said {said!r}"
    return Unknown(reason=Reason.UNREACHABLE, detail=detail)


def _unfinished(reply: Reply) -> Unknown:
    if reply.ending is Ending.FINISHED:
        return Unknown(reason=Reason.UNREACHABLE, detail="the script ended before it came to this")
    reason = Reason.TIMED_OUT if reply.ending is Ending.TIMED_OUT else Reason.UNREACHABLE
    return Unknown(reason=reason, detail=f"{reply.ending.value} before this was answered")


def _stated(
    plugin: Plugin[Collector], answer: Answer | Unknown, readers: Readers
) -> tuple[Observation, ...]:
    """Return what the answer says, without origin: one fact at least for each declared key."""
    if isinstance(answer, Unknown):
        return _completed(plugin, (), answer)
    try:
        return readers.read(plugin.value, answer, lambda answer: _read(plugin, answer))
    except PluginError:
        raise
    except Exception as error:  # noqa: BLE001  any reader's failure costs only its own keys
        detail = f"{type(error).__name__}: {error}"
        return _completed(plugin, (), Unknown(reason=Reason.UNREADABLE, detail=detail))


def _read(plugin: Plugin[Collector], answer: Answer) -> tuple[Observation, ...]:
    return _completed(plugin, plugin.value.read(answer), _NOT_TOLD)


def _completed(
    plugin: Plugin[Collector], stated: Sequence[Observation], missing: Unknown
) -> tuple[Observation, ...]:
    """Add an unknown for each declared key that was not stated; refuse what is not declared."""
    told = {each.key.name for each in stated}
    declared = plugin.value.tells
    undeclared = told.difference(key.name for key in declared)
    if undeclared:
        raise PluginError(
            f"the collector {plugin.name!r} ({plugin.path}) states {min(undeclared)!r}, "
            "which it does not declare",
            hint="add the key to its tells",
        )
    rest = (Observation(key=key, fact=missing) for key in declared if key.name not in told)
    return (*stated, *rest)

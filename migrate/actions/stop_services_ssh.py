"""Stop the services of the old server's applications over SSH, and keep them from starting again.

Services of systemd, OpenRC and System V. Those by which the server is reached, and those that only
look after it for something central, go on. Data stays as it is.
"""

from __future__ import annotations

import shlex
from functools import cache
from typing import Final

from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.model.fact import Facts
from migrate.actions._services import Chosen, named, of_applications
from migrate.actions._telling import Answer, script, tell
from migrate.model.action import Action, Aftermath, Effect, Prepared, Task

_LOOK_SECONDS: Final = 120
_STOP_SECONDS: Final = 900
"""For all services together: one may take as long as its script says."""
_AT_BOOT: Final = frozenset({"enabled", "enabled-runtime", "generated"})
_NEVER_AT_BOOT: Final = frozenset({
    "-", "disabled", "masked", "masked-runtime", "static", "indirect", "linked", "linked-runtime",
    "alias", "transient",
})  # fmt: skip
_NAME_THEM: Final = (
    "name them in decant.toml, in the server's [[moves]]: "
    'parameters = {STAGE = {services = ["nginx"]}}'
)


def describe(task: Task) -> str:
    """Say what would be done."""
    names = ", ".join(each.split()[0] for each in task.particulars)
    where = f"on {task.move.server} over SSH at {task.move.source}"
    return f"stop {names or 'the services of its applications'} {where}, for good"


def prepare(task: Task) -> Prepared:
    """Find the services: those that the move names, else those of the applications that run."""
    chosen = _chosen(task)
    if chosen.fault:
        return Prepared(refusal=chosen.fault, remedy=_NAME_THEM)
    answer = tell(task, _script("see", *chosen.services), _LOOK_SECONDS)
    missing = [line[1] for line in answer.lines if line[0] == "missing"]
    states = [line[1:] for line in answer.lines if line[0] == "state"]
    unclear = [state[0] for state in states if state[1] == "unknown"]
    if answer.fault or missing or unclear:
        faults = [f"it knows no service {each}" for each in missing]
        faults += [f"whether {each} runs cannot be told" for each in unclear]
        return Prepared(refusal="; ".join([*faults, *([answer.fault] if answer.fault else [])]))
    return Prepared(particulars=tuple(" ".join(state) for state in dict.fromkeys(states)))


def stop(task: Task) -> Effect:
    """Stop them, keep them from starting again, and look."""
    return _told(task, tell(task, _script("stop", *_names(task)), _STOP_SECONDS))


def look(task: Task) -> Effect:
    """Look whether they are stopped, and do not start at boot."""
    return _told(task, tell(task, _script("see", *_names(task)), _LOOK_SECONDS))


def start(task: Task) -> Effect:
    """Make each what it was: started, if it ran; started at boot, if it was."""
    words = [word for each in task.particulars for word in each.split()]
    return _told(task, tell(task, _script("start", *words), _STOP_SECONDS))


def _chosen(task: Task) -> Chosen:
    given = task.parameters.get("services")
    if given:
        return named(tuple(given))
    if not isinstance(task.facts, Facts):
        return Chosen(fault=f"what runs on it is not known: {task.facts}")
    return of_applications(task.facts, _matcher())


@cache
def _matcher() -> Matcher:
    return Matcher(load_fingerprints())


def _names(task: Task) -> tuple[str, ...]:
    return tuple(each.split()[0] for each in task.particulars)


def _script(verb: str, *words: str) -> str:
    return f"verb={verb}\nset -- {shlex.join(words)}\n{script('_services.sh')}"


def _told(task: Task, answer: Answer) -> Effect:
    """Say how the services stand: all stopped for good, all as they were, or something between."""
    states = {line[1]: line[1:] for line in answer.lines if line[0] == "state"}
    before = [tuple(each.split()) for each in task.particulars]
    if not before:
        return Effect(aftermath=Aftermath.UNKNOWN, detail="no service is known of it")
    unseen = [was[0] for was in before if was[0] not in states]
    if unseen:
        why = answer.fault or f"{', '.join(unseen)} is not known there any more"
        return Effect(aftermath=Aftermath.UNKNOWN, detail=f"it cannot be seen: {why}")
    on = [was[0] for was in before if not _is_stopped(states[was[0]])]
    if not on:
        return Effect(aftermath=Aftermath.DONE, detail=f"stopped for good: {_words(before)}")
    if all(_is_as(states[was[0]], was) for was in before):
        return Effect(aftermath=Aftermath.NOT_DONE, detail=f"as they were before: {_words(before)}")
    half = ", ".join(on)
    return Effect(
        aftermath=Aftermath.UNKNOWN,
        detail=f"only in part: {half} still runs or starts at boot; finish it by hand, or take it "
        "back by --undo",
    )


def _is_stopped(state: tuple[str, ...]) -> bool:
    return state[1] == "stopped" and state[2] in _NEVER_AT_BOOT


def _is_as(state: tuple[str, ...], was: tuple[str, ...]) -> bool:
    same_at_boot = state[2] == was[2] or (state[2] in _AT_BOOT) == (was[2] in _AT_BOOT)
    return state[1] == was[1] and same_at_boot


def _words(before: list[tuple[str, ...]]) -> str:
    return ", ".join(was[0] for was in before)


ACTION = Action(
    describe=describe,
    prepare=prepare,
    apply=stop,
    look=look,
    restore=start,
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "services": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string"},
                "description": "Services to stop, as the service manager calls them; those of the "
                "applications that run unless given.",
            }
        },
    },
    changes=("listeners", "configuration"),
    settles_seconds=_STOP_SECONDS,
)

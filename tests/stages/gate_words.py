"""A second small world around the gate: words of people, waits, exceptions, owners and intruders.

Its playbook has two checks of which one is excusable, a third that is for elsewhere, an agreement
of two partners with a role, a watch that has to be waited for, and an act with a window. A state
holds what was said, in order; :func:`may` judges by that history, and knows no case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache

from migrate.gate import decide
from migrate.model.act import Act, Intent, Result
from migrate.model.action import Aftermath
from migrate.model.case import Case, Freeze
from migrate.model.evidence import (
    Approval,
    CheckResult,
    Evidence,
    Fingerprint,
    Fingerprints,
    Outcome,
    Waiver,
)
from migrate.model.plan import Destination
from migrate.model.playbook import About, ApprovalRule, CheckUse, Playbook, Stage, Window

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday."""
TICK = timedelta(hours=1)
COUNTS_TICKS = 3
SHUT_TICK = 1
"""The only tick that lies in no window."""
PEOPLE = {
    "Ann": ("SBC", "key-a", ()),
    "Ben": ("EHDC", "key-b", ("owner",)),
    "Bob": ("EHDC", "key-a", ("owner",)),
    "Tom": ("SBC", "key-tests", ()),
    "Eve": ("Hertford", "key-e", ("owner",)),
}
"""Partner, key and roles. Bob has Ann's key, Tom that of the tests; Eve's partner owns nothing."""
_VALID = COUNTS_TICKS * TICK
PLAYBOOK = Playbook(
    name="p",
    title="words",
    digest="d",
    stages=(
        Stage(
            name="prove",
            help="p",
            needs=(),
            valid_for=_VALID,
            checks=(
                CheckUse(id="tcp", check="tcp", about=About.NEW),
                CheckUse(id="scan", check="scan", about=About.NEW, excusable=True),
                CheckUse(id="far", check="far", about=About.NEW, when_to=("azure",)),
            ),
        ),
        Stage(
            name="agree",
            help="a",
            needs=("prove",),
            valid_for=_VALID,
            approval=ApprovalRule(partners=2, roles=("owner",)),
        ),
        Stage(
            name="watch",
            help="w",
            needs=("agree",),
            wait=TICK,
            valid_for=_VALID,
            checks=(CheckUse(id="quiet", check="quiet", about=About.OLD, excusable=True),),
        ),
        Stage(
            name="off",
            help="o",
            needs=("prove", "agree", "watch"),
            action="off",
            windows=(
                Window(days=(0,), start=time(12), end=time(13), zone="UTC"),
                Window(days=(0,), start=time(14), end=time(23), zone="UTC"),
            ),
        ),
    ),
)
STAGE_OF = {"tcp": "prove", "scan": "prove", "quiet": "watch"}
World = tuple[int, int, int, tuple[str, ...]]
"""Versions of the old server, the new server and the people, and who owns the server."""


@dataclass(frozen=True)
class Word:
    """Something that was said: by a check, or by a person."""

    kind: str
    """``saw``, ``agreed`` or ``excused``."""
    who: str
    """The person; empty for a check."""
    check: str
    tick: int
    world: World
    good: bool = True
    """Whether a check passed, and a person gave their word rather than took it back."""
    signed: bool = True
    names: frozenset[int] = frozenset()
    """What an agreement is to, by the places of what was said."""


@dataclass(frozen=True)
class State:
    """Everything that matters."""

    tick: int = 0
    old: int = 0
    new: int = 0
    people: int = 0
    owners: tuple[str, ...] = ("SBC", "EHDC")
    altered: bool = False
    """Whether the ledger is not whole."""
    frozen: bool = False
    intruder: str = ""
    """An act that nobody trusted began: none, left ``open``, or looked into and ``settled``."""
    said: tuple[Word, ...] = ()
    changes: int = 0

    @property
    def world(self) -> World:
        """Return what the servers, the people and the owners are like now."""
        return (self.old, self.new, self.people, self.owners)


def events(state: State, *, changes: int = 1) -> Iterator[tuple[str, State]]:
    """Return everything that may happen next, by name, and the state that it leads to."""
    yield "clock", replace(state, tick=state.tick + 1)
    if state.changes < changes:
        yield from _changes(replace(state, changes=state.changes + 1))
    if state.intruder == "open":
        yield "a run looks what became of it", replace(state, intruder="settled")
    for word, name in _words(state):
        yield name, replace(state, said=(*state.said, word))


def allowed(state: State) -> bool:
    """Ask the gate."""
    return decide(case(state), PLAYBOOK.stages[-1]).allowed


def may(state: State) -> bool:
    """Say whether the server may be switched off, by what was said and happened."""
    if state.altered or state.frozen or state.tick == SHUT_TICK or state.intruder == "open":
        return False
    told = _last(state, "saw", "tcp")
    if not _passed(state, told) or not (
        _passed(state, _last(state, "saw", "scan")) or _is_excused(state, "scan", 0)
    ):
        return False
    if not all(_agrees(state, person) for person in ("Ann", "Ben")):
        return False
    spoke = [word.tick for word in state.said if word.kind == "agreed"]
    ready = spoke[-1] + 1
    quiet = _last(state, "saw", "quiet")
    watched = _passed(state, quiet) and quiet is not None and state.said[quiet].tick >= ready
    return watched or _is_excused(state, "quiet", ready)


def is_stricter(state: State) -> bool:
    """Tell whether the gate may refuse what could be allowed: one key spoke for two partners."""
    return any(word.kind == "agreed" and word.who == "Bob" for word in state.said)


def told(state: State, *names: str) -> State:
    """Return the state after some events, by name."""
    for name in names:
        state = dict(events(state))[name]
    return state


def _changes(state: State) -> Iterator[tuple[str, State]]:
    yield "old changes", replace(state, old=state.old + 1)
    yield "new changes", replace(state, new=state.new + 1)
    yield "people change", replace(state, people=state.people + 1)
    yield "EHDC leaves", replace(state, owners=("SBC",))
    yield "ledger altered", replace(state, altered=True)
    yield "freeze", replace(state, frozen=True)
    if not state.intruder:
        yield "intruder writes an act", replace(state, intruder="open", old=state.old + 1)


def _words(state: State) -> Iterator[tuple[Word, str]]:
    for check in STAGE_OF:
        saw = Word("saw", "", check, state.tick, state.world)
        yield saw, f"{check} passes"
        yield replace(saw, good=False), f"{check} fails"
        if check == "tcp":
            yield replace(saw, signed=False), "tcp passes, unsigned"
    for person in PEOPLE:
        names = frozenset(_relied_on(state))
        agreed = Word("agreed", person, "", state.tick, state.world, names=names)
        yield agreed, f"{person} agrees"
        if person in {"Ann", "Ben", "Bob"}:
            for check in ("scan", "quiet", "tcp"):
                if check != "tcp" or person != "Bob":
                    word = Word("excused", person, check, state.tick, state.world)
                    yield word, f"{person} excepts {check}"
        if person == "Ben":
            yield replace(agreed, good=False), "Ben withdraws"
            yield replace(agreed, signed=False), "Ben's word is forged"


def _last(state: State, kind: str, check: str, who: str = "") -> int | None:
    """Return the place of the newest such word, or None."""
    for at in reversed(range(len(state.said))):
        word = state.said[at]
        if (word.kind, word.check, word.who) == (kind, check, who):
            return at
    return None


def _passed(state: State, at: int | None) -> bool:
    return at is not None and _holds(state, at)


def _holds(state: State, at: int) -> bool:
    """Tell whether a word is one that counts: signed, fresh, and about what is there now."""
    word = state.said[at]
    fresh = state.tick < word.tick + COUNTS_TICKS
    return word.good and word.signed and fresh and word.world == state.world


def _exceptions(state: State, check: str, ready: int) -> dict[str, int]:
    """Return who excepts the server from a check now, and the places of their words."""
    newest = {who: _last(state, "excused", check, who) for who in ("Ann", "Ben", "Bob")}
    return {
        who: at
        for who, at in newest.items()
        if at is not None
        and _holds(state, at)
        and state.said[at].tick >= ready
        and PEOPLE[who][0] in state.owners
    }


def _is_excused(state: State, check: str, ready: int) -> bool:
    """Tell whether both partners except it: Bob has Ann's key, so Ben has to."""
    return {"Ann", "Ben"} <= _exceptions(state, check, ready).keys()


def _relied_on(state: State) -> set[int]:
    seen = {_last(state, "saw", check) for check in ("tcp", "scan")} - {None}
    excepted = _exceptions(state, "scan", 0) if _is_excused(state, "scan", 0) else {}
    return {at for at in seen if at is not None} | set(excepted.values())


def _agrees(state: State, person: str) -> bool:
    at = _last(state, "agreed", "", person)
    if at is None or PEOPLE[person][0] not in state.owners:
        return False
    return _holds(state, at) and state.said[at].names == _relied_on(state)


def case(state: State) -> Case:
    """Return the state as the gate is given it."""
    said = list(enumerate(state.said))
    return Case(
        server_id="s",
        server="web-1",
        to=Destination.AWS,
        playbook=PLAYBOOK,
        evidence=tuple(_evidence(word, at) for at, word in said if word.kind == "saw"),
        approvals=tuple(_approval(word, at) for at, word in said if word.kind == "agreed"),
        waivers=tuple(_waiver(word, at) for at, word in said if word.kind == "excused"),
        acts=(_intruder(state),) if state.intruder else (),
        ledger_fault="entry 1 was altered" if state.altered else None,
        now=START + state.tick * TICK + timedelta(minutes=50),
        owners=state.owners,
        freezes=(Freeze(start=START, end=START + 9 * TICK, why="f"),) if state.frozen else (),
        fingerprints=_fingerprints(state.world),
    )


def _at(word: Word, at: int) -> datetime:
    return START + word.tick * TICK + timedelta(seconds=at)


@cache
def _fingerprints(world: World) -> Fingerprints:
    old, new, people, owners = world
    decided = {"plan": ",".join(owners), "people": str(people)}
    return Fingerprints(
        source=Fingerprint(parts={"identity": "old", "packages": str(old)}),
        target=Fingerprint(parts={"identity": "new", "packages": str(new)}),
        playbook=Fingerprint(parts=decided),
    )


@cache
def _evidence(word: Word, at: int) -> Evidence:
    return Evidence(
        id=str(at),
        server_id="s",
        playbook="p",
        stage=STAGE_OF[word.check],
        check=word.check,
        result=CheckResult(outcome=Outcome.PASSED if word.good else Outcome.FAILED, detail=""),
        fingerprints=_fingerprints(word.world),
        at=_at(word, at),
        expires=_at(word, at) + _VALID,
        signer="key-tests" if word.signed else "",
    )


@cache
def _approval(word: Word, at: int) -> Approval:
    partner, key, roles = PEOPLE[word.who]
    return Approval(
        id=str(at),
        server_id="s",
        playbook="p",
        stage="agree",
        person=word.who,
        partner=partner,
        evidence=tuple(str(each) for each in word.names),
        fingerprints=_fingerprints(word.world),
        at=_at(word, at),
        expires=_at(word, at) + _VALID,
        withdrawn=not word.good,
        roles=roles,
        signer=key if word.signed else "",
    )


@cache
def _waiver(word: Word, at: int) -> Waiver:
    partner, key, _roles = PEOPLE[word.who]
    return Waiver(
        id=str(at),
        server_id="s",
        playbook="p",
        stage=STAGE_OF[word.check],
        check=word.check,
        reason="r",
        person=word.who,
        partner=partner,
        fingerprints=_fingerprints(word.world),
        at=_at(word, at),
        expires=_at(word, at) + _VALID,
        signer=key,
    )


def _intruder(state: State) -> Act:
    """Return a row that somebody wrote who has no key, and what a later run made of it."""
    now = _fingerprints(state.world).source
    at = START + state.tick * TICK + timedelta(minutes=49)
    intent = Intent(
        id="i",
        server_id="s",
        playbook="p",
        stage="off",
        action="off",
        undo=True,
        what="nothing",
        relied_on=(),
        before=now,
        changes=tuple(now.parts),
        holder="h",
        at=at,
    )
    if state.intruder == "open":
        return Act(intent=intent, result=None)
    result = Result(
        id="r",
        server_id="s",
        intent="i",
        aftermath=Aftermath.NOT_DONE,
        detail="",
        after=now,
        at=at,
        signer="key-tests",
    )
    return Act(intent=intent, result=result)

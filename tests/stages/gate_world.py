"""A small world around the gate: servers that change, a ledger, a clock, and runs that crash.

A state is a plain tuple of everything that matters; an event makes another state of it, or nothing
where it cannot happen. What the gate has to say is worked out a second time in :func:`may`, from
what really happened and not from what the ledger's entries mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache

from migrate.gate import decide
from migrate.model.act import Act, Intent, Result
from migrate.model.action import Aftermath
from migrate.model.case import Case
from migrate.model.evidence import (
    Approval,
    CheckResult,
    Evidence,
    Fingerprint,
    Fingerprints,
    Outcome,
    Revocation,
)
from migrate.model.plan import Destination
from migrate.model.playbook import About, ApprovalRule, CheckUse, Playbook, Stage

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TICK = timedelta(hours=1)
VALID_TICKS = 2
STOP, OFF = "stop", "off"
PEOPLE = {"Ann": "SBC", "Ben": "EHDC"}
PLAYBOOK = Playbook(
    name="p",
    title="small",
    digest="d",
    stages=(
        Stage(
            name="test",
            help="t",
            needs=(),
            valid_for=VALID_TICKS * TICK,
            checks=(CheckUse(id="c", check="c", about=About.NEW),),
        ),
        Stage(
            name="approve",
            help="a",
            needs=("test",),
            valid_for=VALID_TICKS * TICK,
            approval=ApprovalRule(partners=2),
        ),
        Stage(name=STOP, help="s", needs=("test", "approve"), action="stop"),
        Stage(name=OFF, help="o", needs=("test", "approve", STOP), action="off"),
    ),
)
STAGES = {stage.name: stage for stage in PLAYBOOK.stages}


class Mark(Enum):
    """What became of an act, as far as the ledger says."""

    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not done"


@dataclass(frozen=True)
class Tested:
    """One piece of evidence, and what the world really was like when it was taken."""

    outcome: Outcome
    tick: int
    old: int
    new: int
    plan: int
    serving: bool
    power: bool
    signed: bool
    acts: int
    """How many acts had been entered by then."""
    revoked: bool = False


@dataclass(frozen=True)
class Said:
    """One person's word, and which piece of evidence it names."""

    person: str
    tick: int
    about: int
    withdrawn: bool
    own_key: bool
    acts: int
    """How many acts had been entered by then."""
    world: tuple[int, int, int, bool, bool]
    """What the evidence showed, as our own acts since had left it."""


@dataclass(frozen=True)
class Did:
    """One act, or the taking back of one."""

    stage: str
    undo: bool
    mark: Mark
    tick: int
    old: int
    """What the old server was like when it was begun."""
    serving: bool
    left_serving: bool
    """Whether its services ran when it was seen what became of it."""


@dataclass(frozen=True)
class State:
    """Everything that matters."""

    tick: int = 0
    old: int = 0
    new: int = 0
    plan: int = 0
    serving: bool = True
    """Whether the old server's services really run."""
    power: bool = True
    """Whether the old server really has power."""
    tested: tuple[Tested, ...] = ()
    said: tuple[Said, ...] = ()
    did: tuple[Did, ...] = ()
    changes: int = 0
    """How often something changed by itself."""
    crashes: int = 0


@dataclass(frozen=True)
class Bounds:
    """How far the world is explored."""

    events: int
    ticks: int = 3
    tests: int = 2
    words: int = 3
    acts: int = 3
    changes: int = 1
    crashes: int = 1


@cache
def moment(tick: int, step: int = 0) -> datetime:
    """Return the time of a tick; later steps within it come a little later."""
    return START + tick * TICK + timedelta(seconds=step)


def events(state: State, bounds: Bounds) -> Iterator[tuple[str, State]]:
    """Return everything that may happen next, by name, and the state that it leads to."""
    yield from _time(state, bounds)
    if _is_open(state):
        yield from _settling(state)
    yield from _evidence(state, bounds)
    yield from _words(state, bounds)
    yield from _acts(state, bounds)


def next_acts(state: State) -> tuple[str, ...]:
    """Return the acts that a run would try: those that do not stand, or are seen to be undone."""
    undone = state.power and _stands(state, OFF)
    return tuple(
        stage for stage in (STOP, OFF) if not _stands(state, stage) or (stage == OFF and undone)
    )


def allowed(state: State, stage: str) -> bool:
    """Ask the gate."""
    return decide(case(state), STAGES[stage]).allowed


def may(state: State, stage: str) -> bool:
    """Say whether an act may be done, by what really happened."""
    if _is_open(state) or not _can_be_seen(state):
        return False
    if stage == OFF and not _stands(state, STOP):
        return False
    if not state.tested:
        return False
    newest, at = state.tested[-1], len(state.tested) - 1
    if not _counts(state, newest):
        return False
    agreed = set()
    for person in PEOPLE:
        words = [each for each in state.said if each.person == person]
        if words and _agrees(state, words[-1], newest, at):
            agreed.add(person)
    return len(agreed) == len(PEOPLE)


def case(state: State) -> Case:
    """Return the state as the gate is given it."""
    evidence = tuple(_evidence_of(each, at) for at, each in enumerate(state.tested))
    return Case(
        server_id="s",
        server="web-1",
        to=Destination.AWS,
        playbook=PLAYBOOK,
        evidence=evidence,
        approvals=tuple(_approval_of(each, at) for at, each in enumerate(state.said)),
        revocations={
            f"e{at}": Revocation(
                id="r", server_id="s", evidence=f"e{at}", reason="r", person="Ann", at=START
            )
            for at, each in enumerate(state.tested)
            if each.revoked
        },
        acts=tuple(_act_of(each, at) for at, each in enumerate(state.did)),
        ledger_fault=None,
        now=moment(state.tick, 59),
        owners=("SBC", "EHDC"),
        fingerprints=Fingerprints(
            source=_source_now(state), target=_target(state.new), playbook=_plan(state.plan)
        ),
    )


def _time(state: State, bounds: Bounds) -> Iterator[tuple[str, State]]:
    if state.tick < bounds.ticks:
        yield "clock", replace(state, tick=state.tick + 1)
    if state.changes < bounds.changes:
        more = state.changes + 1
        if state.power:
            yield "old changes", replace(state, old=state.old + 1, changes=more)
            yield "services by hand", replace(state, serving=not state.serving, changes=more)
        yield "new changes", replace(state, new=state.new + 1, changes=more)
        yield "plan changes", replace(state, plan=state.plan + 1, changes=more)
        yield "power by hand", replace(state, power=not state.power, changes=more)


def _evidence(state: State, bounds: Bounds) -> Iterator[tuple[str, State]]:
    if len(state.tested) < bounds.tests and _can_be_seen(state):
        taken = Tested(
            Outcome.PASSED,
            state.tick,
            state.old,
            state.new,
            state.plan,
            state.serving,
            state.power,
            signed=True,
            acts=len(state.did),
        )
        for name, each in (
            ("passes", taken),
            ("fails", replace(taken, outcome=Outcome.FAILED)),
            ("cannot tell", replace(taken, outcome=Outcome.UNKNOWN)),
            ("passes, unsigned", replace(taken, signed=False)),
        ):
            yield f"test {name}", replace(state, tested=(*state.tested, each))
    if state.tested and not state.tested[-1].revoked:
        revoked = replace(state.tested[-1], revoked=True)
        yield "revoke", replace(state, tested=(*state.tested[:-1], revoked))


def _words(state: State, bounds: Bounds) -> Iterator[tuple[str, State]]:
    if len(state.said) >= bounds.words or not state.tested or _is_open(state):
        return
    about = len(state.tested) - 1
    for person in PEOPLE:
        word = Said(
            person,
            state.tick,
            about,
            withdrawn=False,
            own_key=True,
            acts=len(state.did),
            world=_left(state, state.tested[about]),
        )
        yield f"{person} agrees", replace(state, said=(*state.said, word))
        if person == "Ben":  # the two are alike: what one of them may do besides is enough
            withdrawn, forged = replace(word, withdrawn=True), replace(word, own_key=False)
            yield "Ben withdraws", replace(state, said=(*state.said, withdrawn))
            yield "Ben's word is forged", replace(state, said=(*state.said, forged))


def _acts(state: State, bounds: Bounds) -> Iterator[tuple[str, State]]:
    """Let a run do each act that the gate allows, to its end or to a crash at either side of it."""
    if len(state.did) >= bounds.acts or _is_open(state):
        return
    for stage in next_acts(state):
        if allowed(state, stage):
            yield from _ends(state, stage, bounds, undo=False)
    if _stands(state, STOP) and state.power and not _stands(state, OFF):
        yield from _ends(state, STOP, bounds, undo=True)


def _ends(state: State, stage: str, bounds: Bounds, *, undo: bool) -> Iterator[tuple[str, State]]:
    done = replace(state, serving=undo) if stage == STOP else replace(state, power=False)
    begun = Did(
        stage,
        undo,
        Mark.OPEN,
        state.tick,
        state.old,
        state.serving,
        left_serving=state.serving,
    )
    mark = Mark.NOT_DONE if undo else Mark.DONE
    entered = replace(begun, mark=mark, left_serving=done.serving)
    name = f"{'undo ' if undo else ''}{stage}"
    yield name, replace(done, did=(*state.did, entered))
    if state.crashes < bounds.crashes:
        more = state.crashes + 1
        yield f"{name}, crash before", replace(state, did=(*state.did, begun), crashes=more)
        yield f"{name}, crash after", replace(done, did=(*state.did, begun), crashes=more)


def _settling(state: State) -> Iterator[tuple[str, State]]:
    """Let the next run look what became of the act that was left open."""
    at = next(at for at, each in enumerate(state.did) if each.mark is Mark.OPEN)
    left = state.did[at]
    stands = not state.power if left.stage == OFF else not state.serving
    if left.stage == STOP and not state.power:
        return  # nothing can be seen of its services: it stays open
    mark = Mark.DONE if stands else Mark.NOT_DONE
    seen = replace(left, mark=mark, left_serving=state.serving)
    yield "settle", replace(state, did=(*state.did[:at], seen, *state.did[at + 1 :]))


def _stands(state: State, stage: str) -> bool:
    mine = [each for each in state.did if each.stage == stage]
    return bool(mine) and mine[-1].mark is Mark.DONE


def _can_be_seen(state: State) -> bool:
    """Tell whether the old server can be looked at: it answers, or is off as it was left."""
    return state.power or bool(state.did and state.did[-1].stage == OFF and _stands(state, OFF))


def _counts(state: State, seen: Tested) -> bool:
    if seen.outcome is not Outcome.PASSED or not seen.signed or seen.revoked:
        return False
    if state.tick - seen.tick >= VALID_TICKS:
        return False
    return _is_as_then(state, seen)


def _is_open(state: State) -> bool:
    return any(each.mark is Mark.OPEN for each in state.did)


def _is_as_then(state: State, seen: Tested) -> bool:
    """Tell whether all is as it was, but for what our own acts have changed since."""
    now = (state.old, state.new, state.plan, state.serving, state.power)
    return _left(state, seen) == now


def _left(state: State, seen: Tested) -> tuple[int, int, int, bool, bool]:
    """Return what the world was like, with what our own acts have changed since."""
    serving, power = seen.serving, seen.power
    for act in state.did[seen.acts :]:
        if act.undo == (act.mark is Mark.NOT_DONE):
            if act.stage == STOP:
                serving = act.left_serving
            else:
                power = False
    return (seen.old, seen.new, seen.plan, serving, power)


def _agrees(state: State, word: Said, newest: Tested, at: int) -> bool:
    fresh = state.tick - word.tick < VALID_TICKS
    return (
        fresh
        and word.own_key
        and not word.withdrawn
        and word.about == at
        and (_is_as_then(state, newest))
    )


@cache
def _target(version: int) -> Fingerprint:
    return Fingerprint(parts={"identity": "new", "packages": f"n{version}"})


@cache
def _plan(version: int) -> Fingerprint:
    return Fingerprint(parts={"plan": f"p{version}"})


@cache
def _source(version: int, *, serving: bool, power: bool) -> Fingerprint:
    parts = {"identity": "old", "packages": f"o{version}", "listeners": str(serving)}
    return Fingerprint(parts=parts if power else {**parts, "power": "off"})


def _source_now(state: State) -> Fingerprint:
    if state.power:
        return _source(state.old, serving=state.serving, power=True)
    if not _can_be_seen(state):
        return Fingerprint(parts={}, unknown=("server: unreachable",))
    left = state.did[-1]
    return _source(left.old, serving=left.serving, power=False)


@cache
def _fingerprints(world: tuple[int, int, int, bool, bool]) -> Fingerprints:
    old, new, plan, serving, power = world
    source = _source(old, serving=serving, power=power)
    return Fingerprints(source=source, target=_target(new), playbook=_plan(plan))


@cache
def _evidence_of(seen: Tested, at: int) -> Evidence:
    taken = moment(seen.tick, 10 * seen.acts + at)
    return Evidence(
        id=f"e{at}",
        server_id="s",
        playbook="p",
        stage="test",
        check="c",
        result=CheckResult(outcome=seen.outcome, detail=""),
        fingerprints=_fingerprints((seen.old, seen.new, seen.plan, seen.serving, seen.power)),
        at=taken,
        expires=moment(seen.tick + VALID_TICKS),
        signer="tests" if seen.signed else "",
    )


@cache
def _approval_of(word: Said, at: int) -> Approval:
    return Approval(
        id=f"a{at}",
        server_id="s",
        playbook="p",
        stage="approve",
        person=word.person,
        partner=PEOPLE[word.person],
        evidence=(f"e{word.about}",),
        fingerprints=_fingerprints(word.world),
        at=moment(word.tick, 10 * word.acts + 5),
        expires=moment(word.tick + VALID_TICKS),
        withdrawn=word.withdrawn,
        signer=word.person if word.own_key else "",
    )


@cache
def _act_of(did: Did, at: int) -> Act:
    parts = ("power",) if did.stage == OFF else ("listeners",)
    intent = Intent(
        id=f"i{at}",
        server_id="s",
        playbook="p",
        stage=did.stage,
        action=did.stage,
        undo=did.undo,
        what=did.stage,
        relied_on=(),
        before=_source(did.old, serving=did.serving, power=True),
        changes=parts,
        holder="h",
        at=moment(did.tick, 10 * at + 9),
        signer="tests",
    )
    if did.mark is Mark.OPEN:
        return Act(intent=intent, result=None)
    after = _source(did.old, serving=did.left_serving, power=did.stage != OFF or did.undo)
    aftermath = Aftermath.DONE if did.mark is Mark.DONE else Aftermath.NOT_DONE
    result = Result(
        id=f"x{at}",
        server_id="s",
        intent=f"i{at}",
        aftermath=aftermath,
        detail="",
        after=after,
        at=moment(did.tick, 10 * at + 9),
        signer="tests",
    )
    return Act(intent=intent, result=result)


def proved() -> State:
    """Return the state in which everything is proved and agreed, and nothing was done yet."""
    state, bounds = State(), Bounds(events=0)
    for name in ("test passes", "Ann agrees", "Ben agrees"):
        state = dict(events(state, bounds))[name]
    return state

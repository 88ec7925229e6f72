"""Except a server from one check, by one person's word; two of different partners make it count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from inventory.errors import RefusedError, UsageError
from inventory.estate import Person
from migrate.beneath import applicable
from migrate.casefile import case_of
from migrate.custody import void
from migrate.ledger.book import enter
from migrate.model.case import Case
from migrate.model.evidence import Evidence, Outcome, Waiver
from migrate.model.plan import Move
from migrate.model.playbook import CheckUse, Stage
from migrate.people import end_of, meant, person_of
from migrate.policy import read_policy
from migrate.reliance import exceptions
from migrate.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable

    from securesystemslib.signer import Signer


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """What is known of one check from which a server may be excepted."""

    stage: str
    check: str
    newest: Evidence | None
    """What the check last came to; None when it was never run."""
    waivers: tuple[Waiver, ...]
    """The newest word of each person, those that count no more left out."""
    counting: tuple[Waiver, ...]
    """Those by which the check need not pass; empty when they are not enough."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """What one person says."""

    reason: str | None
    """None takes the words of those who said it before."""
    until: datetime | None
    """None takes the end of what they said."""


def run(
    bench: Workbench,
    move: Move,
    check: str,
    word: Word,
    *,
    person: str,
    sign: Callable[[Person], Signer],
    stage_name: str | None = None,
) -> tuple[Waiver, Exemption]:
    """Enter one person's exception of what the check came to last; return it, and what counts.

    Raises:
        UsageError: there is no such check, words are lacking, the person may not speak here, or it
            would count for longer than the estate's policy lets an exception count.
        RefusedError: the playbook lets nobody be excepted from it, it was never run, it passed, or
            not all was seen when it was run.
        BadInputError: the person's key cannot be used.

    """
    speaker = person_of(bench.estate, person)
    case, stage, use = _place(bench, move, check, stage_name)
    _may_speak(case, speaker, move)
    seen = _looked(case, stage, use, move)
    others = [each for each in _standing(case, stage, use) if each.person != person]
    reason, until = _words(word, others, move, use)
    _not_too_long(bench, until, case.now)
    waiver = Waiver(
        id="",
        server_id=case.server_id,
        playbook=case.playbook.name,
        stage=stage.name,
        check=use.id,
        reason=reason,
        person=speaker.name,
        partner=speaker.partner,
        fingerprints=seen.fingerprints,
        at=case.now,
        expires=until,
    )
    entered = enter(bench.store, waiver, at=case.now, signer=sign(speaker))
    return entered, _state(replace(case, waivers=(*case.waivers, entered)), stage, use)


def withdraw(
    bench: Workbench,
    move: Move,
    check: str,
    *,
    person: str,
    sign: Callable[[Person], Signer],
    reason: str | None = None,
    stage_name: str | None = None,
) -> tuple[Waiver, Exemption]:
    """Take a person's exception back, by one that ends as it begins; return it, and what counts.

    Raises:
        UsageError: nothing of theirs stands.
        BadInputError: the person's key cannot be used.

    """
    speaker = person_of(bench.estate, person)
    case, stage, use = _place(bench, move, check, stage_name)
    mine = [each for each in _standing(case, stage, use) if each.person == person]
    if not mine:
        raise UsageError(f"no exception by {person} from {stage.name}/{use.id} stands")
    ended = replace(
        mine[0],
        id="",
        reason=reason or mine[0].reason,
        at=case.now,
        expires=case.now,
        signer="",
    )
    entered = enter(bench.store, ended, at=case.now, signer=sign(speaker))
    return entered, _state(replace(case, waivers=(*case.waivers, entered)), stage, use)


def excusable(bench: Workbench, move: Move) -> tuple[Exemption, ...]:
    """Return every check that the playbook calls excusable, and who excepted the server from it."""
    case = case_of(bench, move, bench.shelf.read(move.playbook))
    return tuple(
        _state(case, stage, use)
        for stage in case.playbook.stages
        for use in applicable(stage, case.to)
        if use.excusable
    )


def _place(
    bench: Workbench, move: Move, check: str, stage_name: str | None
) -> tuple[Case, Stage, CheckUse]:
    case = case_of(bench, move, bench.shelf.read(move.playbook))
    if case.ledger_fault:
        raise RefusedError(
            f"the ledger is not whole: {case.ledger_fault}", hint="decant ledger verify"
        )
    uses = [(stage, use) for stage in case.playbook.stages for use in applicable(stage, case.to)]
    found = [
        (stage, use) for stage, use in uses if use.id == check and stage_name in {None, stage.name}
    ]
    if not found:
        may = [f"{stage.name}/{use.id}" for stage, use in uses if use.excusable]
        where = f" in stage {stage_name}" if stage_name else ""
        raise UsageError(
            f"playbook {case.playbook.name} has no check {check!r}{where}",
            hint=f"{meant(check, [use.id for _, use in uses])}excusable are: "
            f"{', '.join(may) or 'none'}",
        )
    if len(found) > 1:
        stages = ", ".join(stage.name for stage, _ in found)
        raise UsageError(f"{len(found)} stages have a check {check}", hint=f"--stage, of: {stages}")
    stage, use = found[0]
    if not use.excusable:
        raise RefusedError(
            f"playbook {case.playbook.name} lets nobody be excepted from {stage.name}/{use.id}",
            hint="put right what it found; or, for all servers, call it excusable in the playbook",
        )
    return case, stage, use


def _may_speak(case: Case, person: Person, move: Move) -> None:
    if person.partner not in case.owners:
        raise UsageError(
            f"{person.partner} does not own {move.server}, so {person.name} cannot except it",
            hint=f"its owners: {', '.join(case.owners) or 'nobody'}",
        )


def _looked(case: Case, stage: Stage, use: CheckUse, move: Move) -> Evidence:
    """Return what the check came to last, where an exception from it could count."""
    newest = _newest(case, stage, use)
    again = f"decant test {move.server} --stage {stage.name}"
    if newest is None:
        raise RefusedError(
            f"{stage.name}/{use.id} was never run: nobody is excepted from what nobody looked at",
            hint=again,
        )
    if newest.result.outcome is Outcome.PASSED:
        raise RefusedError(f"{stage.name}/{use.id} passed: it needs no exception", hint=again)
    never = datetime.max.replace(tzinfo=UTC)
    fault = void(case, newest.fingerprints, newest.at, never, newest.signer)
    if fault:
        raise RefusedError(f"an exception from it would not count: {fault}", hint=again)
    return newest


def _newest(case: Case, stage: Stage, use: CheckUse) -> Evidence | None:
    where = (case.playbook.name, stage.name, use.id)
    mine = [each for each in case.evidence if (each.playbook, each.stage, each.check) == where]
    return mine[-1] if mine else None


def _words(word: Word, others: list[Waiver], move: Move, use: CheckUse) -> tuple[str, datetime]:
    """Return reason and end, from those who spoke before where none are given."""
    reasons = list(dict.fromkeys(each.reason for each in others))
    if word.reason is None and len(reasons) != 1:
        said = "; ".join(f"{each.person}: {each.reason}" for each in others) or "nobody did yet"
        raise UsageError(
            f"it is not clear with whose words to agree: {said}", hint="say why: --because TEXT"
        )
    reason = word.reason if word.reason is not None else reasons[0]
    same = [each.expires for each in others if each.reason == reason]
    until = word.until or min(same, default=None)
    if until is None:
        raise UsageError(
            f"until when {move.server} is excepted from {use.id} was not said",
            hint="--until 2027-01-31",
        )
    return reason, until


def _not_too_long(bench: Workbench, until: datetime, now: datetime) -> None:
    longest = read_policy(bench.estate.policy).exception
    last = (now + longest).date()
    if until > end_of(last, now):
        raise UsageError(
            f"an exception counts for {longest.days} days at the most, and this is for "
            f"{(until - now).days}",
            hint=f"--until {last}, and look again then; or exception_days under [policy] in "
            "decant.toml",
        )


def _standing(case: Case, stage: Stage, use: CheckUse) -> tuple[Waiver, ...]:
    newest: dict[str, Waiver] = {}
    for each in case.waivers:
        if (each.playbook, each.stage, each.check) == (case.playbook.name, stage.name, use.id):
            newest[each.person] = each
    return tuple(
        each
        for each in newest.values()
        if not void(case, each.fingerprints, each.at, each.expires, each.signer)
    )


def _state(case: Case, stage: Stage, use: CheckUse) -> Exemption:
    return Exemption(
        stage=stage.name,
        check=use.id,
        newest=_newest(case, stage, use),
        waivers=_standing(case, stage, use),
        counting=exceptions(case, stage, use),
    )

"""Run a stage's checks on servers and clouds as they are now, and keep the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from inventory.errors import DecantError, UsageError
from migrate.beneath import applicable
from migrate.custody import unseen
from migrate.launched import launched, sure_of
from migrate.ledger.book import enter, read_ledger
from migrate.looking import Look, look
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Evidence, Outcome
from migrate.model.plan import Move
from migrate.model.playbook import CheckUse, Playbook, Stage
from migrate.playbooks import parameters_fault
from migrate.references import NotKnownError, resolved
from migrate.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What running a stage's checks came to."""

    move: Move
    stage: Stage
    evidence: tuple[Evidence, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst of the outcomes; unknown when nothing was checked."""
        outcomes = {each.result.outcome for each in self.evidence}
        if Outcome.FAILED in outcomes:
            return Outcome.FAILED
        if Outcome.UNKNOWN in outcomes or not outcomes:
            return Outcome.UNKNOWN
        return Outcome.PASSED

    @property
    def unseen(self) -> str:
        """What was not seen of the servers, so that even what passed does not count; or nothing."""
        return unseen(self.evidence[-1].fingerprints) if self.evidence else ""


def run(
    bench: Workbench,
    move: Move,
    stage_name: str,
    *,
    on_evidence: Callable[[Evidence], None] = lambda _: None,
) -> Proof:
    """Look, run each check of the stage that is done for the move's destination, enter the result.

    Each result is entered before the next check begins, so that an interruption loses nothing.

    Raises:
        UsageError: the playbook has no such stage, or the stage checks nothing.
        RefusedError: the old server's address now answers as another server, or decant.toml names
            another new one than a migration service launched.
        BadInputError: there is no key to sign with.

    """
    playbook = bench.shelf.read(move.playbook)
    stage = _stage(playbook, stage_name)
    bench.signer()  # what could not be signed need not be looked at
    ledger = read_ledger(bench.store, bench.trust, of=move.server_id)
    command = f"test {move.server} --stage {stage.name}"
    move = sure_of(move, launched(ledger.of(move.server_id).acts, playbook))
    seen = look(bench, move, playbook, ledger, command=command)
    evidence: list[Evidence] = []
    for use in applicable(stage, move.to):
        result = _run(bench.shelf.checks[use.check].value, use, seen)
        entered = _enter(bench, seen, playbook, stage, use, result)
        on_evidence(entered)
        evidence.append(entered)
    return Proof(move=move, stage=stage, evidence=tuple(evidence))


def judged_aspects(bench: Workbench, moves: Iterable[Move], stage_name: str) -> frozenset[type]:
    """Return what of the moves' cloud resources the checks of a stage judge.

    A playbook that cannot be read, or has no such stage, adds nothing: running it says so.
    """
    found: set[type] = set()
    for name, to in {(each.playbook, each.to) for each in moves}:
        try:
            stage = bench.shelf.read(name).stage(stage_name)
        except DecantError:
            continue
        for use in applicable(stage, to) if stage else ():
            plugin = bench.shelf.checks.get(use.check)
            if plugin and plugin.value.of_cloud:
                found.update(plugin.value.of_cloud.always)
    return frozenset(found)


def _stage(playbook: Playbook, name: str) -> Stage:
    stage = playbook.stage(name)
    if stage is None or not stage.checks:
        checking = ", ".join(each.name for each in playbook.stages if each.checks)
        raise UsageError(
            f"playbook {playbook.name} has no stage {name!r} that checks something",
            hint=f"stages that do: {checking}",
        )
    return stage


def _run(check: Check, use: CheckUse, seen: Look) -> CheckResult:
    given = {**use.parameters, **seen.sight.move.parameters.get(use.id, {})}
    try:
        known = resolved(given, seen.sight)
        fault = parameters_fault(check.parameters, known)
        if fault:
            return CheckResult(outcome=Outcome.UNKNOWN, detail=f"a parameter is wrong: {fault}")
        return check.run(replace(seen.sight, use_id=use.id), known)
    except NotKnownError as error:
        return CheckResult(outcome=Outcome.UNKNOWN, detail=str(error))
    except Exception as error:  # noqa: BLE001 - a broken check is unknown, never passed
        detail = f"the check itself broke: {type(error).__name__}: {error}"
        return CheckResult(outcome=Outcome.UNKNOWN, detail=detail)


def _enter(
    bench: Workbench,
    seen: Look,
    playbook: Playbook,
    stage: Stage,
    use: CheckUse,
    result: CheckResult,
) -> Evidence:
    now = bench.clock()
    ends = result.counts_until
    expires = now + stage.valid_for
    evidence = Evidence(
        id="",
        server_id=seen.sight.move.server_id,
        playbook=playbook.name,
        stage=stage.name,
        check=use.id,
        result=result,
        fingerprints=seen.fingerprints,
        at=now,
        expires=min(expires, ends) if ends else expires,
    )
    return enter(bench.store, evidence, at=now, signer=bench.signer())

"""Prove a replacement: run a playbook's checks, and keep the evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from inventory.errors import FINDINGS, FINE, PARTLY_UNKNOWN, DecantError
from inventory.output import format_option, print_rows
from inventory.session import Session, tell_error, tell_warning
from migrate.model.event import Event, Happening
from migrate.model.evidence import Evidence, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from migrate.model.plan import Move
    from migrate.stages.test import Proof
    from migrate.workbench import Workbench

_COLUMNS = ("server", "stage", "check", "outcome", "detail", "counts_until")


@click.command()
@click.argument("servers", nargs=-1, metavar="[SERVER]...")
@click.option("--stage", default="test", show_default=True, help="Stage of the playbook to run.")
@click.option("--wave", type=int, help="Every server of this wave.")
@click.option("--all", "everything", is_flag=True, help="Every server that has a move.")
@format_option()
@click.pass_obj
def test(
    session: Session,
    servers: tuple[str, ...],
    stage: str,
    wave: int | None,
    everything: bool,
    form: str,
) -> int:
    """Prove a replacement: run a playbook's checks, and keep the evidence.

    \b
        decant test web-1
        decant test --wave 1 --stage quiet

    The old server, the new one and its cloud resource are looked at now. Each result goes into
    the ledger, with fingerprints of what it was seen on and the time until which it counts. One
    server's trouble costs only itself.
    Exit code 0 when everything passed, 1 when something failed, 3 when something cannot be told,
    or when so little of a server was seen that nothing of it counts.
    """
    from migrate.notify.telling import notify
    from migrate.selection import chosen_moves
    from migrate.stages.test import judged_aspects
    from migrate.workbench import open_workbench

    heard = _Heard()
    with open_workbench(session) as bench:
        moves = chosen_moves(bench.store, servers, wave=wave, everything=everything)
        bench.clouds.expect(moves, judged_aspects(bench, moves, stage))
        for move in moves:
            try:
                heard.prove(bench, move, stage)
            except DecantError as error:
                if len(moves) == 1:
                    raise
                tell_error(f"{move.server}: {error}", error.hint)
                heard.outcomes.add(Outcome.UNKNOWN)
        notify(bench.estate, heard.events)
    print_rows(heard.rows, _COLUMNS, form, empty="nothing was checked")
    return heard.code()


@dataclass(kw_only=True)
class _Heard:
    """What is to be told of all servers."""

    rows: list[dict[str, str]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    outcomes: set[Outcome] = field(default_factory=set)

    def prove(self, bench: Workbench, move: Move, stage: str) -> None:
        """Run one server's checks; what was seen before an error is told, too."""
        from migrate.stages.test import run

        found: list[Evidence] = []
        try:
            proof = run(bench, move, stage, on_evidence=found.append)
        finally:
            self.rows.extend(_row(move.server, each) for each in found)
        self.outcomes.add(proof.outcome)
        if proof.unseen:
            tell_warning(f"{move.server}: nothing of this counts: {proof.unseen}")
            self.outcomes.add(Outcome.UNKNOWN)
        self.events.append(_event(bench.clock(), move.server, stage, proof))

    def code(self) -> int:
        """Return the exit code of the worst of the outcomes."""
        if Outcome.FAILED in self.outcomes:
            return FINDINGS
        return PARTLY_UNKNOWN if Outcome.UNKNOWN in self.outcomes else FINE


def _event(at: datetime, server: str, stage: str, proof: Proof) -> Event:
    passed = proof.outcome is Outcome.PASSED
    bad = [each for each in proof.evidence if each.result.outcome is not Outcome.PASSED]
    return Event(
        happening=Happening.TESTED if passed else Happening.FAILED,
        server=server,
        stage=stage,
        words=f"{len(proof.evidence) - len(bad)} of {len(proof.evidence)} checks passed",
        details=tuple(f"{each.check} {each.result.outcome.value}" for each in bad),
        at=at,
    )


def _row(server: str, evidence: Evidence) -> dict[str, str]:
    return {
        "server": server,
        "stage": evidence.stage,
        "check": evidence.check,
        "outcome": evidence.result.outcome.value,
        "detail": evidence.result.detail,
        "counts_until": f"{evidence.expires:%Y-%m-%d %H:%M}",
    }


COMMAND = test

"""Except a server from one check, with a reason, by two people of different partners."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from inventory.errors import UsageError
from inventory.output import format_option, print_rows
from inventory.session import Session, tell_warning
from migrate.cli._signing import own_key, signing_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from securesystemslib.signer import Signer

    from inventory.estate import Person
    from migrate.model.evidence import Waiver
    from migrate.stages.except_check import Exemption

_COLUMNS = ("stage", "check", "outcome", "state", "said_by")


@click.command("except")
@click.argument("server")
@click.argument("check", required=False)
@click.option("--stage", help="Stage of the check, where several have it.")
@click.option("--as", "person", metavar="PERSON", help="Who excepts it.")
@click.option("--because", metavar="TEXT", help="Why it may leave without that check.")
@click.option("--agree", is_flag=True, help="Take the words, and the end, of who said it first.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The last day on which it counts: 2027-01-31; 92 days from now at the most, unless "
    "exception_days under [policy] says otherwise.",
)
@click.option("--withdraw", is_flag=True, help="Take back what that person said.")
@signing_options
@format_option()
@click.pass_obj
def except_(
    session: Session,
    server: str,
    check: str | None,
    *,
    stage: str | None,
    person: str | None,
    because: str | None,
    agree: bool,
    until: datetime | None,
    withdraw: bool,
    key: str | None,
    passphrase_from: str | None,
    form: str,
) -> None:
    """Except a server from one check, with a reason, by two people of different partners.

    \b
        decant except web-1
        decant except web-1 kernel-parity --as "Jane Doe" --until 2027-01-31
                --because "the new kernel is managed by the provider"
        decant except web-1 kernel-parity --as "John Roe" --agree

    Only checks that the playbook calls excusable, and only after they were run and did not pass.
    It counts once people of two partners (two people, where one partner owns the server) have
    given the same reason, each by their own key, and dies when a server changes, as evidence does.
    Without CHECK it lists which may be excepted and what stands. Exit code 4 when it is refused.
    """
    if check is None:
        _list(session, server, form)
        return
    if not person:
        raise UsageError("--as PERSON is lacking: who excepts it")
    if not withdraw and bool(because) == agree:
        raise UsageError("say why with --because TEXT, or take the other's words with --agree")
    from migrate.people import in_words

    reason = in_words(because) if because else None
    by = _By(person=person, stage=stage, sign=own_key(key, passphrase_from))
    if withdraw:
        _take_back(session, server, check, by, reason)
    else:
        _say(session, server, check, by, reason, until)


@dataclass(frozen=True, kw_only=True)
class _By:
    """Who speaks, by which key, and of which stage."""

    person: str
    stage: str | None
    sign: Callable[[Person], Signer]


def _say(
    session: Session, server: str, check: str, by: _By, reason: str | None, until: datetime | None
) -> None:
    from migrate.people import end_of
    from migrate.selection import one_move
    from migrate.stages.except_check import Word, run
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        move = one_move(bench.store, server)
        ends = end_of(until.date(), bench.clock()) if until else None
        word = Word(reason=reason, until=ends)
        said, now = run(
            bench, move, check, word, person=by.person, sign=by.sign, stage_name=by.stage
        )
    _tell(said, now, server, withdrawn=False)


def _take_back(session: Session, server: str, check: str, by: _By, reason: str | None) -> None:
    from migrate.selection import one_move
    from migrate.stages.except_check import withdraw
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        move = one_move(bench.store, server)
        said, now = withdraw(
            bench, move, check, person=by.person, sign=by.sign, reason=reason, stage_name=by.stage
        )
    _tell(said, now, server, withdrawn=True)


def _tell(said: Waiver, now: Exemption, server: str, *, withdrawn: bool) -> None:
    who, what = f"{said.person} ({said.partner})", f"{server} from {said.stage}/{said.check}"
    if withdrawn:
        click.echo(f"{who} no longer excepts {what}")
    else:
        click.echo(f"{who} excepts {what} until {said.expires:%Y-%m-%d %H:%M} UTC: {said.reason}")
    click.echo(_counts(now))
    if withdrawn or now.counting:
        return
    for each in now.waivers:
        if each.reason != said.reason:
            tell_warning(f"{each.person} ({each.partner}) gave another reason: {each.reason}")
    names = f"{shlex.quote(server)} {said.check} --stage {said.stage}"
    click.echo(f"for a second person to agree: decant except {names} --as PERSON --agree")


def _counts(now: Exemption) -> str:
    if now.counting:
        return f"it counts, by {_people(now.counting)}"
    return "it does not count yet: people of two partners must give the same reason"


def _people(waivers: Sequence[Waiver]) -> str:
    return " and ".join(f"{each.person} ({each.partner})" for each in waivers)


def _list(session: Session, server: str, form: str) -> None:
    from migrate.selection import one_move
    from migrate.stages.except_check import excusable
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        found = excusable(bench, one_move(bench.store, server))
    rows = [
        {
            "stage": each.stage,
            "check": each.check,
            "outcome": each.newest.result.outcome.value if each.newest else "never run",
            "state": "excepted" if each.counting else ("not enough" if each.waivers else ""),
            "said_by": "; ".join(
                f"{one.person} ({one.partner}) until {one.expires:%Y-%m-%d}: {one.reason}"
                for one in each.waivers
            ),
        }
        for each in found
    ]
    print_rows(rows, _COLUMNS, form, empty=f"the playbook of {server} calls no check excusable")


COMMAND = except_

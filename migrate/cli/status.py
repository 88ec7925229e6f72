"""Show whose turn it is, where every server stands, what blocks it, and what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from inventory.output import console, fits, format_option, print_rows
from inventory.printable import printable
from inventory.session import Session

if TYPE_CHECKING:
    from datetime import datetime

    from migrate.model.standing import Standing

_SHOWN = 10
"""How many servers are shown of each turn, so that all of it is one screen."""
_COLUMNS = ("wave", "server", "to", "state", "blocks", "next")
_NARROWER = (_COLUMNS, ("wave", "server", "state", "blocks", "next"))
_NARROW = ("wave", "server", "state", "next")
"""What is shown on a terminal that is narrower still: a server a line, so that it is one screen."""
_LEFT_OUT = "what blocks them takes a wider terminal: or decant decommission SERVER --explain"
_ALL_COLUMNS = ("turn", "who", "until", "since", *_COLUMNS)


@click.command()
@click.option("--wave", type=click.IntRange(min=1), help="Only this wave.")
@click.option("--all", "every", is_flag=True, help=f"Every server, not only {_SHOWN} a turn.")
@format_option()
@click.pass_obj
def status(session: Session, wave: int | None, every: bool, form: str) -> None:
    """Show whose turn it is, where every server stands, what blocks it, and what comes next.

    \b
        decant status
        decant status --wave 2 --all

    First how many servers wait for whom, then the servers. It tells what the record says and looks
    at no server; whether a server has changed since its tests is seen by decant decommission, which
    looks afresh. Signatures are verified of the servers that are shown; servers of which nothing
    changed are told as they were last time. decant ledger verify and whatever acts verify it all.
    """
    found = _found(session, wave, None if every or form != "table" else _SHOWN)
    if form != "table":
        print_rows([_row(each) for each in found], _ALL_COLUMNS, form, empty="")
    elif not found:
        print_rows([], _COLUMNS, form, empty=_nothing(wave))
    else:
        _tell(found, None if every else _SHOWN)


def _found(session: Session, wave: int | None, few: int | None) -> Sequence[Standing]:
    """Tell again what was told last while nothing changed; judge otherwise."""
    import os

    from migrate.still import open_still

    estate = session.estate()
    with session.store(estate) as store:
        still = open_still(estate, store, os.environ)
    told = still.told_again(session.now(), wave=wave, few=few)
    if told is not None:
        return told

    # All that judges is loaded only where it judges: that takes longer than telling again.
    from migrate.stages.status import run
    from migrate.standings import open_standings
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        remembered = open_standings(bench.estate, os.environ)
        return run(bench, remembered, still=still, wave=wave, few=few)


def _nothing(wave: int | None) -> str:
    if wave is not None:
        return f"there is no server in wave {wave}: decant plan shows the waves"
    return "no server is known yet: run decant discover"


def _tell(found: Sequence[Standing], most: int | None) -> None:
    from migrate.model.standing import Turn

    plural = "server" if len(found) == 1 else "servers"
    click.echo(f"{len(found):,} {plural}")
    by_turn = {turn: [each for each in found if each.turn is turn] for turn in Turn}
    columns = _fitting([_row(each) for mine in by_turn.values() for each in mine[:most]])
    for turn, mine in by_turn.items():
        if mine:
            click.echo(f"{len(mine):7,}  {_heading(turn, mine)}")
    for turn, mine in by_turn.items():
        if not mine:
            continue
        click.echo(f"\n{_heading(turn, mine)}")
        print_rows([_row(each) for each in mine[:most]], columns, "table", empty="")
        if turn is Turn.LOOK and columns is _NARROW:
            _tell_why(mine[:most])
        if most is not None and len(mine) > most:
            click.echo(f"… and {len(mine) - most:,} more: decant status --all", err=True)
    if columns is _NARROW:
        click.echo(f"\n{_LEFT_OUT}", err=True)


def _tell_why(mine: Iterable[Standing]) -> None:
    """Say beneath the table what has to be looked into: it is no matter of a wider terminal."""
    from textwrap import fill

    wide = console().width
    for each in mine:
        click.echo(fill(printable(f"{each.server}: {each.blocks}"), wide, subsequent_indent="  "))


def _fitting(rows: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """Return the columns that fit the terminal without being folded."""
    return next((each for each in _NARROWER if fits(rows, each)), _NARROW)


def _heading(turn: object, mine: Iterable[Standing]) -> str:
    from migrate.model.standing import Turn

    words = {
        Turn.LOOK: "to look into",
        Turn.ACT: "for the operator: the next act",
        Turn.APPROVE: "to approve",
        Turn.TEST: "to test",
        Turn.SERVICE: "at work by a migration service",
        Turn.WAIT: "waiting",
        Turn.PLAN: "not planned",
        Turn.NOBODY: "nothing left to do",
    }[Turn(turn)]
    if turn is Turn.APPROVE:
        partners = Counter(partner for each in mine for partner in each.who)
        words += ": " + ", ".join(f"{name} {count:,}" for name, count in sorted(partners.items()))
    begun = [each.since for each in mine if each.since]
    if begun:
        words += f" since {min(begun):%Y-%m-%d %H:%M} UTC: wait for it"
    untils = [each.until for each in mine if each.until]
    if turn is Turn.WAIT and untils:
        words += f", the first until {min(untils):%Y-%m-%d %H:%M} UTC"
    return words


def _row(standing: Standing) -> dict[str, object]:
    return {
        **vars(standing),
        "turn": standing.turn.value,
        "until": _minute(standing.until),
        "since": _minute(standing.since),
    }


def _minute(at: datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None


COMMAND = status

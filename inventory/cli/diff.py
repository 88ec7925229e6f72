"""Tell what appeared, vanished and changed between two times, or two exports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inventory.errors import UsageError
from inventory.output import format_option, print_json, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from inventory.model.difference import EstateState

_LONGEST = 10
"""How many parts of a list are printed before it is cut."""
_RUNS = ("id", "started", "finished", "asked", "answered", "command")


@click.command()
@click.argument("before", required=False)
@click.argument("after", required=False)
@click.option("--runs", "list_runs", is_flag=True, help="List the runs that can be compared.")
@click.option(
    "--restless",
    is_flag=True,
    help="Also what comes and goes by itself: free memory, process numbers, connections.",
)
@click.option("--server", "only", multiple=True, metavar="NAME", help="Only this server.")
@click.option("--all", "everything", is_flag=True, help="Print long lists to their end.")
@format_option()
@click.pass_obj
def diff(
    session: Session,
    before: str | None,
    after: str | None,
    *,
    list_runs: bool,
    restless: bool,
    only: tuple[str, ...],
    everything: bool,
    form: str,
) -> None:
    """Tell what appeared, vanished and changed between two times, or two exports.

    \b
        decant diff
        decant diff 2026-11-01 now
        decant diff 7d
        decant diff old-vcenter.xlsx new-vcenter.xlsx

    BEFORE and AFTER are runs (an id, last, or last-1 for the one before), days, times, how long
    ago (7d, 12h), now, or the files of two exports of one format. Without them the last
    run is compared with the one before it; without AFTER, with now. A server that is silent keeps
    its facts and is said to be silent; one that its source's later export leaves out vanished.
    """
    from inventory.cli._differences import COLUMNS, as_document, as_rows, as_text
    from inventory.history.compare import compare

    if list_runs:
        _print_runs(session, form)
        return
    states = _states(session, before, after)
    difference = compare(*(_only(each, only) for each in states), restless=restless)
    if form == "json":
        print_json(as_document(difference))
    elif form == "csv":
        print_rows(list(as_rows(difference)), COLUMNS, form, empty="")
    else:
        for line in as_text(difference, longest=None if everything else _LONGEST):
            click.echo(line)


def _states(
    session: Session, before: str | None, after: str | None
) -> tuple[EstateState, EstateState]:
    files = [each for each in (before, after) if each and Path(each).exists()]
    if not files:
        return _of_history(session, before, after)
    if before is None or after is None or len(files) == 1:
        raise UsageError(
            f"{files[0]} is an export, which is compared with another export",
            hint="give both files; decant import takes one into the inventory",
        )
    from inventory.intake.states import states_of_exports

    own = _own_importers(session)
    return states_of_exports(Path(before), Path(after), own)


def _own_importers(session: Session) -> Path | None:
    """Return the estate's own importers; two files can be compared without an estate."""
    try:
        return session.estate().own("importers")
    except UsageError:
        return None


def _of_history(
    session: Session, before: str | None, after: str | None
) -> tuple[EstateState, EstateState]:
    from inventory.history.points import point
    from inventory.store.history import state_at
    from inventory.store.runs import runs

    with session.store(session.estate()) as store:
        listed = runs(store)
        if before is None and len(listed) < 2:  # noqa: PLR2004  before and after
            raise UsageError(
                "there is nothing to compare yet: there were fewer than two runs",
                hint="decant discover or decant import makes one",
            )
        now = session.now()
        first = point(before or "last-1", listed, now)
        second = point(after or ("now" if before else "last"), listed, now)
        return state_at(store, first), state_at(store, second)


def _only(state: EstateState, names: tuple[str, ...]) -> EstateState:
    from dataclasses import replace

    if not names:
        return state
    wanted = {name.casefold() for name in names}
    kept = {
        key: each
        for key, each in state.servers.items()
        if each.name.casefold() in wanted or each.id in names
    }
    return replace(state, servers=kept)


def _print_runs(session: Session, form: str) -> None:
    from inventory.store.runs import runs

    with session.store(session.estate()) as store:
        rows = [
            {
                "id": each.id,
                "started": each.started.isoformat(timespec="seconds"),
                "finished": each.finished.isoformat(timespec="seconds") if each.finished else None,
                "asked": each.asked,
                "answered": each.answered,
                "command": each.command,
            }
            for each in runs(store)
        ]
    print_rows(rows, _RUNS, form, empty="there was no run yet: decant discover or decant import")


COMMAND = diff

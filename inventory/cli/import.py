"""Read exports of other tools into the inventory."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inventory.errors import FINE, PARTLY_UNKNOWN, UsageError
from inventory.output import format_option, print_json, print_rows
from inventory.session import Session, tell_warning

if TYPE_CHECKING:
    from inventory.intake.keep import Keeper
    from inventory.intake.opened import Opened
    from inventory.intake.take import Taken

_LONGEST = 20
"""How many rows that could not be read, and conflicts, are told before it is cut."""
_FORMATS = ("name", "title", "files")


@click.command("import")
@click.argument("what", nargs=-1, metavar="[FORMAT] FILE...")
@click.option("--formats", is_flag=True, help="List the formats.")
@click.option(
    "--template",
    type=click.Choice(["csv", "json"]),
    help="Print an empty list of servers to fill in, with each column explained.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    metavar="TIME",
    help="When the export was made, in UTC: 2026-11-01 or 2026-11-01T09:00; when the newest file "
    "was written, unless given.",
)
@click.option(
    "--whole/--part",
    default=None,
    help="Whether the export tells of all that its source knows, so that what it leaves out is "
    "gone; unless given, only a list of a vCenter's virtual machines by RVTools is.",
)
@click.option("--dry-run", is_flag=True, help="Only say what is in it; keep nothing.")
@click.option("--all", "everything", is_flag=True, help="Tell every row that could not be read.")
@format_option()
@click.pass_obj
def import_(
    session: Session,
    what: tuple[str, ...],
    *,
    formats: bool,
    template: str | None,
    as_of: datetime | None,
    whole: bool | None,
    dry_run: bool,
    everything: bool,
    form: str,
) -> int:
    """Read exports of other tools into the inventory.

    \b
        decant import vcenter.xlsx
        decant import rvtools RVTools_tab*.csv
        decant import --template csv > servers.csv

    The files are one export: a file, several that belong together, a folder, or a zip. The format
    is recognised; name it where it is not. What was imported before changes nothing, and what an
    export leaves out is never deleted: of a whole one it is said to be gone. Rows that cannot be
    read are told with file, sheet and row, and the rest is imported; exit code 3 when there were
    some.
    """
    if template:
        from inventory.importers.plain import template as template_of

        click.echo(template_of("csv" if template == "csv" else "json"), nl=False)
        return FINE
    if formats:
        _list(session, form)
        return FINE
    if not what:
        raise UsageError("no file was given", hint="decant import FILE, or --formats, --template")
    export, files = _opened(session, what)
    made = _made(files, as_of, session.now())
    if whole is None:
        whole = export.importer.value.whole(export.export)
    taken, kept = _take(session, export, files, made, whole=whole, dry_run=dry_run)
    _tell(session, export, taken, kept, form=form, longest=None if everything else _LONGEST)
    return PARTLY_UNKNOWN if taken.unread_count else FINE


def _opened(session: Session, what: tuple[str, ...]) -> tuple[Opened, list[Path]]:
    from inventory.intake.opened import importers, opened

    known = importers(*_own(session))
    first = what[0].replace("_", "-").lower()
    is_named = first in known and not Path(what[0]).exists()
    if is_named and len(what) == 1:
        raise UsageError("no file was given", hint=f"decant import {what[0]} FILE")
    files = [Path(each) for each in (what[1:] if is_named else what)]
    return opened(files, known, first if is_named else None), files


def _own(session: Session) -> list[Path]:
    """Return the estate's own importers; the formats can be listed without an estate."""
    try:
        return [session.estate().own("importers")]
    except UsageError:
        return []


def _made(files: list[Path], as_of: datetime | None, now: datetime) -> datetime:
    if as_of:
        made = as_of.replace(tzinfo=UTC)
        if made > now:
            raise UsageError(f"--as-of {as_of:%Y-%m-%d} is in the future")
        return made
    newest = max(path.stat().st_mtime for path in files)
    return min(datetime.fromtimestamp(newest, UTC), now)


def _take(
    session: Session,
    export: Opened,
    files: list[Path],
    made: datetime,
    *,
    whole: bool,
    dry_run: bool,
) -> tuple[Taken, Keeper | None]:
    from inventory.intake.take import take

    if dry_run:
        items = export.items()
        return take(items, at=made, run="", keep_server=_drop, keep_connection=_drop), None
    from inventory.intake.keep import Keeper
    from inventory.store.runs import begin_run, finish_run
    from inventory.store.settling import settle

    with session.store(session.estate()) as store:
        names = " ".join(path.name for path in files)
        command = f"import {export.importer.name} {names}"
        run = begin_run(store, command=command, at=session.now())
        keeper = Keeper(
            store=store,
            run_id=run.id,
            nearness=export.importer.value.nearness,
            whole=whole,
            at=made,
            now=session.now(),
            step=lambda _: None,
        )
        taken = take(
            export.items(),
            at=made,
            run=run.id,
            keep_server=keeper.server,
            keep_connection=keeper.connection,
        )
        keeper.finish()
        settle(store)
        told = sum(keeper.servers.values())
        finish_run(store, run.id, session.now(), taken.servers + taken.unread_count, told)
    return taken, keeper


def _drop(_record: object) -> None:
    """Keep nothing."""


def _tell(
    session: Session,
    export: Opened,
    taken: Taken,
    kept: Keeper | None,
    *,
    form: str,
    longest: int | None,
) -> None:
    if form == "json":
        print_json(_document(export, taken, kept))
        return
    for each in taken.unread[:longest]:
        tell_warning(f"{each.where}: {each.why}")
    _more(taken.unread_count, longest, "rows or cells that could not be read")
    for record, first in taken.twice[:longest]:
        tell_warning(f"{record.where}: {record.name} again, which is in {first} already")
    _more(len(taken.twice), longest, "servers that are there twice")
    for conflict in taken.conflicts[:longest]:
        tell_warning(_conflict(conflict))
    _more(taken.conflict_count, longest, "conflicts")
    rows = list(_rows(taken, kept))
    print_rows(rows, ("what", "count", "of which"), form, empty="")
    if kept is None:
        session.say(f"read as {export.importer.value.title}; nothing was kept (--dry-run)")
    else:
        session.say(f"read as {export.importer.value.title}; see decant servers, decant identity")


def _conflict(conflict: Any) -> str:
    from inventory.cli._words import fact_in_words

    name = conflict.fact
    said = (
        f"{fact_in_words(name, each.fact)} ({each.origin.question})"
        for each in (conflict.first, conflict.second)
    )
    return f"{conflict.server}: {name}: {' but '.join(said)}"


def _more(count: int, longest: int | None, what: str) -> None:
    if longest is not None and count > longest:
        tell_warning(f"and {count - longest} more {what} (--all)")


def _rows(taken: Taken, kept: Keeper | None) -> Any:
    yield _row("servers", taken.servers, kept.servers if kept else {})
    if taken.connections:
        yield _row("uses of services", taken.connections, kept.uses if kept else {})
    for what, count in sorted(taken.left_out.items()):
        yield {"what": f"left out: {what}", "count": count}
    if taken.unread_count:
        yield {"what": "could not be read", "count": taken.unread_count}


def _row(what: str, count: int, changes: Any) -> dict[str, Any]:
    told = ", ".join(f"{number} {change.value}" for change, number in changes.items() if number)
    return {"what": what, "count": count, "of which": told}


def _document(export: Opened, taken: Taken, kept: Keeper | None) -> dict[str, Any]:
    def counted(changes: Any) -> dict[str, int]:
        return {change.name.lower(): number for change, number in changes.items()}

    return {
        "format": export.importer.name,
        "kept": kept is not None,
        "servers": {"count": taken.servers, **counted(kept.servers if kept else {})},
        "uses": {"count": taken.connections, **counted(kept.uses if kept else {})},
        "left_out": dict(taken.left_out),
        "unread": [{"where": str(each.where), "why": each.why} for each in taken.unread],
        "unread_count": taken.unread_count,
        "twice": [
            {"name": record.name, "where": str(record.where), "first": str(first)}
            for record, first in taken.twice
        ],
        "conflicts": [_conflict(each) for each in taken.conflicts],
        "conflict_count": taken.conflict_count,
    }


def _list(session: Session, form: str) -> None:
    from inventory.intake.opened import importers

    rows = [
        {"name": name, "title": each.value.title, "files": each.value.files}
        for name, each in importers(*_own(session)).items()
    ]
    print_rows(rows, _FORMATS, form, empty="")


COMMAND = import_

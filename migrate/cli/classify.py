"""Judge servers for each cloud: will they run, can they move, are they maintained, at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import click

from inventory.errors import UsageError
from inventory.output import format_option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from pathlib import Path
    from typing import Unpack

    from inventory.session import Session
    from migrate.cli._verdicts_told import Told
    from migrate.model.verdict import Cloud


class _Chosen(TypedDict):
    """Which servers are judged, for what, and by how many processes."""

    names: Sequence[str]
    clouds: Sequence[Cloud]
    jobs: int | None


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option(
    "--target",
    type=click.Choice(["aws", "azure"]),
    multiple=True,
    help="Judge for this cloud only.  [default: both]",
)
@click.option("--explain", is_flag=True, help="Print what was found and what is missing, too.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Judge support as of that day; kept only when that is today.",
)
@click.option(
    "--compare",
    "before",
    metavar="BEFORE",
    help="Say what changed since a day, a version of the rules, or by a folder of rules; keep "
    "nothing.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Judge in that many processes.  [default: one for each processor where that pays]",
)
@format_option()
@click.pass_obj
def classify(
    session: Session,
    names: tuple[str, ...],
    target: tuple[str, ...],
    *,
    explain: bool,
    as_of: datetime | None,
    before: str | None,
    jobs: int | None,
    form: str,
) -> None:
    """Judge servers, all unless named, and keep the verdicts.

    \b
        decant classify
        decant classify web-1 --target azure --explain
        decant classify --as-of 2027-10-12
        decant classify --compare 2026-11-01

    The three axes are never blended: fit (will it run there), move (can it be moved there) and
    support (are its system and software maintained). What decides but is not known makes an axis
    unknown. Coverage grades how much of what decides was known, from A (all) to E. Costs are
    pounds a month, without VAT, as it is today; "over" means that something has no price.
    Findings do not change the exit code: decant validate does that.

    --compare judges anew and traces each change: the facts of then are judged by the rules of now,
    then as of today, then with the facts of now; "because" names the steps that changed it.

    An estate of some thousand servers is judged by one process for each processor, each of which
    needs about as much memory as --jobs 1 needs in all. The verdicts are the same.
    """
    from migrate.model.verdict import Cloud

    clouds = tuple(Cloud(each) for each in dict.fromkeys(target)) or tuple(Cloud)
    day = as_of.date() if as_of else None
    if before and day:
        raise UsageError("--compare and --as-of do not go together", hint="give one of them")
    if before:
        _compare(session, before, form, names=names, clouds=clouds, jobs=jobs)
    else:
        from migrate.cli._verdicts_told import Told

        with Told(form, explain=explain) as told:
            _judge(session, told, names=names, clouds=clouds, as_of=day, jobs=jobs)


def _compare(session: Session, before: str, form: str, **chosen: Unpack[_Chosen]) -> None:
    from migrate.cli._compared import print_changes, summary
    from migrate.stages.classify import compare

    estate = session.estate()
    with session.store(estate) as store:
        found = compare(store, estate, before, at=session.now(), **chosen)
    print_changes(found, form)
    session.say(summary(found))


def _judge(session: Session, told: Told, *, as_of: date | None, **chosen: Unpack[_Chosen]) -> None:
    from migrate.stages.classify import run_telling

    estate, now = session.estate(), session.now()
    with session.store(estate) as store:
        run_telling(store, estate, told.add, at=now, as_of=as_of, **chosen)
    told.print()
    for line in told.summary():
        session.say(line)
    if as_of and as_of != now.date():
        session.say(f"as of {as_of}: these verdicts are not kept")
    _say_what_is_stale(session, estate.folder, now.date())


def _say_what_is_stale(session: Session, folder: Path, today: date) -> None:
    from migrate.catalogue.datasets import datasets
    from migrate.catalogue.overlay import catalogue_of
    from migrate.catalogue.staleness import in_a_line, staleness

    stale = in_a_line(staleness(datasets(catalogue_of(folder)), today))
    if stale:
        session.say(stale)


COMMAND = classify

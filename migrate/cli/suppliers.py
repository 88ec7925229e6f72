"""Keep what suppliers were asked and answered: is it offered as a service, when does it end."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inventory.output import format_option

if TYPE_CHECKING:
    from datetime import date, datetime

    from inventory.session import Session
    from migrate.model.supplier import SupplierEntry, SupplierEvent

COLUMNS = ("product", "supplier", "saas", "cloud", "contract_end", "asked", "answered", "waits")
MORE_COLUMNS = (*COLUMNS, "remind_on", "answer", "typically_saas", "typically_why", "key")
OFFERS = click.Choice(["yes", "no", "unknown"])
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="List every system known in general, too.")
@click.option("--due", is_flag=True, help="List only those that are to be reminded by now.")
@format_option("markdown")
@click.pass_context
def suppliers(ctx: click.Context, /, everything: bool, due: bool, form: str) -> None:
    """Keep what suppliers were asked and answered; entries are added and never changed.

    \b
        decant suppliers
        decant suppliers ask "NEC Housing" --by "Jane Doe" --says "Is it offered as a service?"
        decant suppliers answer "NEC Housing" --saas yes --says "from 2027" --by "Jane Doe"

    Listed are the products that were recognised in the estate or have an entry. "typically" is
    what is said of a product in general: unverified, and never taken for its supplier's answer.
    A question that has no answer waits, and is to be asked again on its day.
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, form, everything=everything, due=due)


def _entering(command: Any) -> Any:
    """Give a command the product, and who enters what, as of when."""
    for decorate in (
        click.pass_obj,
        click.option("--supplier", default="", help="Who supplies it, where that has changed."),
        click.option("--on", type=DAY, help="The day on which it happened.  [default: today]"),
        click.option("--by", default=getpass.getuser, show_default="you", help="Who did it."),
        click.argument("product", metavar="PRODUCT"),
    ):
        command = decorate(command)
    return command


@suppliers.command()
@_entering
@click.option("--says", default="", help="What was asked.")
@click.option("--remind", type=DAY, help="When to ask again.  [default: four weeks later]")
def ask(
    session: Session,
    product: str,
    by: str,
    on: datetime | None,
    supplier: str,
    says: str,
    remind: datetime | None,
) -> None:
    """Enter that a supplier was asked.

    \b
        decant suppliers ask "NEC Housing" --on 2026-11-02 --by "Jane Doe"
    """
    from migrate.model.supplier import Step
    from migrate.strategy.register import REMIND_AFTER

    day = _day(session, on)
    when = remind.date() if remind else day + REMIND_AFTER
    _enter(
        session,
        product=product,
        step=Step.ASKED,
        on=day,
        by=by,
        supplier=supplier,
        says=says,
        remind_on=when,
    )
    session.say(f"to be asked again on {when} if no answer has come")


@suppliers.command()
@_entering
@click.option("--saas", type=OFFERS, default="unknown", help="Is it offered as a service?")
@click.option("--cloud", type=OFFERS, default="unknown", help="Supported in a public cloud?")
@click.option("--contract-end", type=DAY, help="When the contract ends.")
@click.option("--says", required=True, help="The answer, in the supplier's words.")
def answer(
    session: Session,
    product: str,
    by: str,
    on: datetime | None,
    supplier: str,
    saas: str,
    cloud: str,
    contract_end: datetime | None,
    says: str,
) -> None:
    """Enter what a supplier answered.

    \b
        decant suppliers answer "NEC Housing" --saas no --cloud yes --says "not before 2029"
    """
    from migrate.model.supplier import Offer, Step

    _enter(
        session,
        product=product,
        step=Step.ANSWERED,
        on=_day(session, on),
        by=by,
        supplier=supplier,
        saas=Offer(saas),
        cloud=Offer(cloud),
        contract_end=contract_end.date() if contract_end else None,
        says=says,
    )


@suppliers.command()
@_entering
@click.option("--contract-end", type=DAY, help="When the contract ends.")
@click.option("--says", default="", help="What is to be known.")
def note(
    session: Session,
    product: str,
    by: str,
    on: datetime | None,
    supplier: str,
    contract_end: datetime | None,
    says: str,
) -> None:
    """Enter a supplier's name, a contract's end or anything else that nobody was asked for.

    \b
        decant suppliers note Payroll --supplier "Example Ltd" --contract-end 2028-03-31
    """
    from migrate.model.supplier import Step

    _enter(
        session,
        product=product,
        step=Step.NOTED,
        on=_day(session, on),
        by=by,
        supplier=supplier,
        contract_end=contract_end.date() if contract_end else None,
        says=says,
    )


@suppliers.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def take(session: Session, file: Path) -> None:
    """Enter the rows of a CSV file or a workbook, as decant suppliers export writes them.

    \b
        decant suppliers import answers.csv

    Each row is an entry. One that is there already is passed over, so a file may be imported
    again. When one row is wrong, none is entered.
    """
    from migrate.strategy.keeping import add_events
    from migrate.strategy.register_files import read_events

    events = read_events(file, at=session.now())
    with session.store(session.estate()) as store:
        new = add_events(store, events, _systems())
    session.say(f"{len(new)} entered, {len(events) - len(new)} known already")


@suppliers.command()
@click.argument("product", required=False, metavar="[PRODUCT]")
@format_option("markdown")
@click.pass_obj
def export(session: Session, product: str | None, form: str) -> None:
    """Print every entry, oldest first; of all products, or of one.

    \b
        decant suppliers export --format csv > register.csv
    """
    from migrate.cli._markdown import print_any
    from migrate.strategy.keeping import events_of, every_event
    from migrate.strategy.register import in_order, product_key
    from migrate.strategy.register_files import COLUMNS as EVENT_COLUMNS
    from migrate.strategy.register_files import rows_of

    with session.store(session.estate()) as store:
        if product:
            events: tuple[SupplierEvent, ...] = events_of(store, product_key(product, _systems()))
        else:
            events = tuple(each for told in every_event(store).values() for each in told)
    rows = list(rows_of(in_order(events)))
    print_any(rows, EVENT_COLUMNS, form, empty="nothing was entered yet")


def _enter(session: Session, **told: Any) -> None:
    from inventory.errors import UsageError
    from migrate.model.supplier import SupplierEvent
    from migrate.strategy.keeping import add_events

    event = SupplierEvent(**told, recorded_at=session.now())
    if not event.by.strip():
        raise UsageError("an entry needs a name", hint="--by NAME")
    with session.store(session.estate()) as store:
        new = add_events(store, [event], _systems())
    said = "entered" if new else "known already"
    session.say(f"{said}: {event.product} {event.step.value} on {event.on} by {event.by}")


def _day(session: Session, given: datetime | None) -> date:
    return (given or session.now()).date()


def _systems() -> Any:
    from inventory.applications.local_government import SYSTEMS_OF_COUNCILS, councils_systems

    return councils_systems(SYSTEMS_OF_COUNCILS)


def _list(session: Session, form: str, *, everything: bool, due: bool) -> None:
    from migrate.cli._markdown import print_any
    from migrate.stages.strategy import run

    estate = session.estate()
    with session.store(estate) as store:
        decided = run(store, estate, at=session.now())
    there = {each.application.software_id for each in decided.decisions}
    today = session.now().date()
    entries = {each.key: each for each in decided.seen.suppliers.values()}
    rows = [
        _row(each)
        for each in sorted(entries.values(), key=lambda each: (each.product.casefold(), each.key))
        if (each.reminder_due(today) if due else each.events or everything or each.key in there)
    ]
    columns = COLUMNS if form in {"table", "markdown"} else MORE_COLUMNS
    empty = "none is to be reminded" if due else "no product of a supplier is known here"
    print_any(rows, columns, form, empty=empty)
    overdue = sum(each.reminder_due(today) for each in entries.values())
    if overdue and not due:
        session.say(f"{overdue} to be reminded by now: decant suppliers --due")


def _row(entry: SupplierEntry) -> dict[str, object]:
    asked, answered, typical = entry.asked, entry.answered, entry.typical
    saas = entry.saas.value
    hint = f" (typically {typical.saas}, unverified)" if typical and saas == "unknown" else ""
    return {
        "product": entry.product,
        "supplier": entry.supplier,
        "saas": f"{saas}{hint}",
        "cloud": entry.cloud.value,
        "contract_end": entry.contract_end,
        "asked": f"{asked.on} by {asked.by}" if asked else "",
        "answered": answered.on if answered else None,
        "waits": f"since {entry.waits_since}" if entry.waits_since else "",
        "remind_on": asked.remind_on if asked and entry.waits_since else None,
        "answer": answered.says if answered else "",
        "typically_saas": typical.saas if typical else "",
        "typically_why": typical.evidence if typical else "",
        "key": entry.key,
    }


COMMAND = suppliers

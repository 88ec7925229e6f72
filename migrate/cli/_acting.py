"""What the commands that act on a server's way share: their options, and how they tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from inventory.amount import amount
from inventory.cli._durations import DURATION
from inventory.errors import FINE, PARTLY_UNKNOWN, REFUSED, RefusedError
from inventory.output import print_json
from inventory.session import Session
from migrate.cli._interruption import ending_as_interruption
from migrate.cli._leaving_told import cut_off, events
from migrate.model.action import Aftermath, Effect
from migrate.model.case import Condition
from migrate.stages.decommission import Departure

_OPTIONS = (
    click.argument("server"),
    click.option("--apply", is_flag=True, help="Do it; otherwise only say what would be done."),
    click.option("--undo", is_flag=True, help="Take the last act that was done back."),
    click.option("--explain", is_flag=True, help="Show every condition, also those that are met."),
    click.option(
        "--wait",
        "wait_seconds",
        type=DURATION,
        default=0,
        metavar="LENGTH",
        help="How long to wait for another run that is at work, such as 5m; it is refused at once "
        "unless given.",
    ),
    click.option(
        "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
    ),
    click.pass_obj,
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of those that act."""
    for each in reversed(_OPTIONS):
        command = each(command)
    return command


def carry_on(
    session: Session,
    server: str,
    *,
    apply: bool,
    undo: bool,
    explain: bool,
    wait_seconds: int,
    form: str,
    migrating: bool,
) -> int:
    """Try the next act, or take the last one back; tell it, and return the exit code.

    ``migrating`` says whether acts of migration services are meant, or all others.
    """
    from migrate.notify.telling import notify
    from migrate.selection import one_move
    from migrate.stages.decommission import run
    from migrate.stages.decommission import undo as take_back
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench, ending_as_interruption():
        act = take_back if undo else run
        move = one_move(bench.store, server)
        try:
            departure = act(
                bench, move, apply=apply, wait_seconds=wait_seconds, migrating=migrating
            )
        except (KeyboardInterrupt, RefusedError) as error:
            if apply:
                notify(bench.estate, cut_off(bench.clock(), move, error))
            raise
        if apply:
            notify(bench.estate, events(bench.clock(), move, departure, undo=undo))
    if form == "json":
        _tell_json(departure)
    else:
        _tell(departure, apply=apply, explain=explain, undo=undo)
    return _code(departure, apply=apply, undo=undo)


def _code(departure: Departure, *, apply: bool, undo: bool) -> int:
    if departure.refused:
        return REFUSED
    if departure.effect is not None and departure.effect.job:
        return PARTLY_UNKNOWN  # a migration service is still at work
    if not apply or departure.effect is None:
        return FINE
    wanted = Aftermath.NOT_DONE if undo else Aftermath.DONE
    return FINE if departure.effect.aftermath is wanted else PARTLY_UNKNOWN


def _tell(departure: Departure, *, apply: bool, explain: bool, undo: bool) -> None:
    if departure.found is not None:
        click.echo(departure.found.words)
        if departure.effect is departure.found.effect:
            _tell_next(departure.effect, undo=undo)
            return
    click.echo(departure.what if apply else f"would {departure.what}")
    decision, effect = departure.decision, departure.effect
    if decision is not None:
        for each in decision.conditions if explain else decision.refusals:
            _tell_condition(each)
        if decision.allowed:
            click.echo(f"permitted: all {len(decision.conditions)} conditions are met")
            if not apply:
                click.echo("nothing was changed: give --apply to do it")
        else:
            count = len(decision.refusals)
            of_all = f"{count} of {amount(len(decision.conditions), 'condition')}"
            click.echo(
                f"refused: {of_all} {'is' if count == 1 else 'are'} not met; nothing was changed"
            )
            if departure.found is not None and not apply:
                click.echo("what was found of the earlier run is entered by --apply, before this")
    if effect is not None:
        prefix = "" if decision is not None or undo else "already "
        word = effect.taken_back if undo else effect.word
        click.echo(f"{prefix}{word}: {effect.detail}")
        _tell_next(effect, undo=undo)


def _tell_next(effect: Effect, *, undo: bool) -> None:
    """Say what to do next where a migration service is at work, or has launched something."""
    if effect.job:
        click.echo("nothing need be done meanwhile: run this again to see what came of it")
    elif undo or effect.launched is None:
        return
    elif effect.launched:
        click.echo(
            'next: give its address in decant.toml, replacement = "ssh://…", then decant plan'
        )
    else:
        click.echo("next: take its replacement and vm out of decant.toml, then decant plan")


def _tell_condition(condition: Condition) -> None:
    mark = click.style("met    ", fg="green") if condition.met else click.style("not met", fg="red")
    click.echo(f"  {mark}  {condition.stage} / {condition.name}: {condition.why}")
    if condition.remedy:
        click.echo(f"           → {condition.remedy}")


def _plain(effect: Effect) -> dict[str, Any]:
    return {
        "aftermath": effect.aftermath.value,
        "detail": effect.detail,
        "job": effect.job,
        "launched": effect.launched,
    }


def _tell_json(departure: Departure) -> None:
    decision, effect = departure.decision, departure.effect
    print_json(
        {
            "stage": departure.stage,
            "what": departure.what,
            "found": departure.found.words if departure.found else None,
            "allowed": decision.allowed if decision else None,
            "conditions": [vars(each) for each in decision.conditions] if decision else [],
            "effect": _plain(effect) if effect else None,
        }
    )

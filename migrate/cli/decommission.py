"""Switch an old server off, when the gate allows it."""

from __future__ import annotations

import click

from inventory.errors import FINE, PARTLY_UNKNOWN, REFUSED
from inventory.output import print_json
from inventory.session import Session
from migrate.gate import Condition
from migrate.model.action import Aftermath
from migrate.stages.decommission import Departure


@click.command()
@click.argument("server")
@click.option("--apply", is_flag=True, help="Do it; otherwise only say what would be done.")
@click.option("--explain", is_flag=True, help="Show every condition, also those that are met.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.pass_obj
def decommission(session: Session, server: str, apply: bool, explain: bool, form: str) -> int:
    """Switch an old server off, when the gate allows it.

    \b
        decant decommission web-1
        decant decommission web-1 --apply

    Both servers and the cloud resource are looked at now. Only when every condition of the
    playbook is met by fresh, passed evidence for exactly what stands there, agreed to by the
    partners, is the old server switched off; there is no flag that skips this. Without --apply
    nothing is changed. Exit code 4 when it is refused, 3 when what became of it cannot be told.
    """
    from migrate.selection import one_move
    from migrate.stages.decommission import run
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        departure = run(bench, one_move(bench.store, server), apply=apply)
    if form == "json":
        _tell_json(departure)
    else:
        _tell(departure, apply=apply, explain=explain)
    return _code(departure, apply=apply)


def _code(departure: Departure, *, apply: bool) -> int:
    if departure.refused:
        return REFUSED
    if not apply or departure.effect is None:
        return FINE
    return FINE if departure.effect.aftermath is Aftermath.DONE else PARTLY_UNKNOWN


def _tell(departure: Departure, *, apply: bool, explain: bool) -> None:
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
            click.echo(
                f"refused: {len(decision.refusals)} of {len(decision.conditions)} conditions are "
                "not met; nothing was changed"
            )
    if effect is not None:
        prefix = "" if decision is not None else "already "
        click.echo(f"{prefix}{effect.aftermath.value}: {effect.detail}")


def _tell_condition(condition: Condition) -> None:
    mark = click.style("met    ", fg="green") if condition.met else click.style("not met", fg="red")
    click.echo(f"  {mark}  {condition.stage} / {condition.name}: {condition.why}")
    if condition.remedy:
        click.echo(f"           → {condition.remedy}")


def _tell_json(departure: Departure) -> None:
    decision, effect = departure.decision, departure.effect
    print_json(
        {
            "what": departure.what,
            "allowed": decision.allowed if decision else None,
            "conditions": [vars(each) for each in decision.conditions] if decision else [],
            "effect": {"aftermath": effect.aftermath.value, "detail": effect.detail}
            if effect
            else None,
        }
    )


COMMAND = decommission

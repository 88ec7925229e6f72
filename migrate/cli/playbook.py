"""Look into playbooks: find what is weak in them, show their stages, draw them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inventory.amount import amount
from inventory.errors import FINDINGS, FINE, UsageError
from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from datetime import timedelta

    from migrate.model.playbook import Playbook, Stage
    from migrate.playbooks import Shelf

_LISTED = ("playbook", "title", "replaced_by", "stages", "yours")
_REMARKS = ("playbook", "stage", "is", "what")
_STAGES = ("stage", "does", "needs", "wait", "counts_for", "reaches")


@click.group()
def playbook() -> None:
    """Look into playbooks: find what is weak in them, show their stages, draw them.

    \b
        decant playbook list
        decant playbook lint
        decant playbook show rehost-aws
        decant playbook graph rehost-aws > rehost.mmd

    Yours lie in the folder playbooks of the estate and come before shipped ones of the same name.
    """


@playbook.command("list")
@format_option()
@click.pass_obj
def list_(session: Session, form: str) -> None:
    """List the playbooks that a move may name: yours, and the shipped ones.

    \b
        decant playbook list
    """
    shelf = _shelf(session)[0]
    rows = [
        {
            "playbook": found.name,
            "title": found.title,
            "replaced_by": found.replacement.value,
            "stages": len(found.stages),
            "yours": shelf.is_own(found.name),
        }
        for found in map(shelf.read, shelf.names())
    ]
    print_rows(rows, _LISTED, form, empty="there is no playbook")


@playbook.command()
@click.argument("names", nargs=-1, metavar="[NAME|FILE]...")
@format_option()
@click.pass_obj
def lint(session: Session, names: tuple[str, ...], form: str) -> int:
    """Read playbooks, all of them unless some are named, and say what is wrong or odd in them.

    \b
        decant playbook lint
        decant playbook lint drafts/own.yaml

    Wrong is what the gate would never let through. Exit code 1 when something is wrong, 5 when a
    playbook cannot be read.
    """
    from migrate.linting import lint as look

    shelf, owners, roles = _shelf(session)
    rows = [
        {
            "playbook": found.name,
            "stage": each.stage,
            "is": "wrong" if each.wrong else "odd",
            "what": each.what,
        }
        for name in names or shelf.names()
        for found in [_read(shelf, name)]
        for each in look(found, owners=owners, roles=roles)
    ]
    print_rows(rows, _REMARKS, form, empty="nothing is wrong with them")
    return FINDINGS if any(each["is"] == "wrong" for each in rows) else FINE


@playbook.command()
@click.argument("name")
@format_option()
@click.pass_obj
def show(session: Session, name: str, form: str) -> None:
    """Show a playbook's stages: what each does, needs and waits for, and how long it counts.

    \b
        decant playbook show retire
    """
    found = _read(_shelf(session)[0], name)
    if form == "table":
        click.echo(f"{found.title} (replaced by: {found.replacement.value})\n")
    print_rows([_row(each) for each in found.stages], _STAGES, form, empty="it has no stage")


@playbook.command()
@click.argument("name")
@click.pass_obj
def graph(session: Session, name: str) -> None:
    """Print a playbook as a Mermaid flow chart: stages, and what each rests on.

    \b
        decant playbook graph rehost-aws > rehost.mmd
    """
    click.echo("\n".join(_mermaid(_read(_shelf(session)[0], name))))


def _shelf(session: Session) -> tuple[Shelf, tuple[str, ...], set[str] | None]:
    from migrate.playbooks import Shelf
    from migrate.workbench import ACTIONS, CHECKS

    try:
        estate = session.estate()
    except UsageError:
        # Outside an estate the shipped ones can still be looked into.
        shelf = Shelf(checks=CHECKS.all(), actions=ACTIONS.all())
        return shelf, ("one partner", "another partner"), None
    shelf = Shelf(
        checks=CHECKS.all(estate.own("checks")),
        actions=ACTIONS.all(),
        own=estate.own("playbooks"),
    )
    partners = tuple(each.name for each in estate.partners)
    roles = {role for each in estate.people for role in each.roles}
    return shelf, partners or ("one partner", "another partner"), roles if estate.people else None


def _read(shelf: Shelf, name: str) -> Playbook:
    from migrate.playbooks import read_playbook

    if name.endswith((".yaml", ".yml")):
        return read_playbook(Path(name), checks=shelf.checks, actions=shelf.actions)
    return shelf.read(name)


def _row(stage: Stage) -> dict[str, str]:
    return {
        "stage": stage.name,
        "does": "; ".join(_does(stage)),
        "needs": ", ".join(stage.needs),
        "wait": _length(stage.wait),
        "counts_for": _length(stage.valid_for),
        "reaches": stage.reaches.value if stage.reaches else "",
    }


def _does(stage: Stage) -> list[str]:
    if stage.action:
        return [f"acts: {stage.action}"]
    if stage.approval:
        rule = stage.approval
        people = f", {rule.people} people" if rule.people > 1 else ""
        roles = f", among them: {', '.join(rule.roles)}" if rule.roles else ""
        return [f"asks {amount(rule.partners, 'partner')}{people}{roles}"]
    return [each.id for each in stage.checks]


def _length(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    if not hours:
        return ""
    return f"{hours / 24:g} d" if hours >= 24 else f"{hours:g} h"  # noqa: PLR2004


def _mermaid(found: Playbook) -> list[str]:
    lines = ["flowchart TD"]
    for stage in found.stages:
        name = stage.name.replace("-", "_")
        words = f"{stage.name}<br/>{stage.help}".replace('"', "'")
        opening, closing = ('[["', '"]]') if stage.action else ('(["', '"])')
        opening, closing = ('["', '"]') if stage.checks else (opening, closing)
        lines.append(f"    {name}{opening}{words}{closing}")
        wait = f"|wait {_length(stage.wait)}|" if stage.wait else ""
        lines += [f"    {need.replace('-', '_')} -->{wait} {name}" for need in stage.needs]
    return lines


COMMAND = playbook

"""List the rules, show one with its source and examples, and test rules of your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inventory.amount import amount
from inventory.errors import FINDINGS
from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.registry import Plugin
    from migrate.model.rule import Rule

COLUMNS = ("name", "axis", "severity", "effort", "clouds", "title")
MORE_COLUMNS = (*COLUMNS, "why", "fix", "source", "source_date", "verified", "file")


@click.group()
def rules() -> None:
    """List the rules, show one, and test rules of your own.

    \b
        decant rules list
        decant rules show azure-memory
        decant rules test

    A rule is one Python file; yours lie in the folder rules of the estate, beside decant.toml.
    """


@rules.command(name="list")
@format_option()
@click.pass_obj
def list_(session: Session, form: str) -> None:
    """List every rule that judges, the estate's own among them.

    \b
        decant rules list --format csv
    """
    rows = [_row(each) for each in _rules(session).values()]
    print_rows(rows, COLUMNS if form == "table" else MORE_COLUMNS, form, empty="there is no rule")


@rules.command()
@click.argument("name")
@click.pass_obj
def show(session: Session, name: str) -> None:
    """Show one rule: what it asks, why, what to do, who says so, and its examples.

    \b
        decant rules show azure-memory
    """
    from inventory.errors import UsageError

    known = _rules(session)
    if name not in known:
        raise UsageError(f"there is no rule {name!r}", hint="see decant rules list")
    click.echo("\n".join(_shown(known[name])))


@rules.command()
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.pass_obj
@click.pass_context
def test(ctx: click.Context, session: Session, folder: Path | None) -> None:
    """Test the rules of a folder, the estate's own unless one is given, by their examples.

    \b
        decant rules test
        decant rules test drafts/

    Each rule must say of its examples what they expect, and keep what all rules keep: no fact can
    be taken from an example so that it passes on what it does not know, and of a server of which
    nothing is known it cannot tell. Where one fact settles what another would have, the rule names
    that other in settled_otherwise, and shows it by an example. Exit code 1 when a rule fails, 5
    when a file cannot be loaded.
    """
    from inventory.errors import UsageError
    from migrate.catalogue.surroundings import example_surroundings
    from migrate.judging.proving import prove

    own = folder or session.estate().own("rules")
    if not own.is_dir():
        raise UsageError(f"{own} is not there", hint="put rules into it, or give another folder")
    from migrate.stages.classify import RULES

    ours = set(RULES.names())
    tested = {name: each for name, each in RULES.all(own).items() if name not in ours}
    around, today = example_surroundings(), session.now().date()
    broken = [each for plugin in tested.values() for each in prove(plugin, around, today=today)]
    for each in broken:
        click.echo(f"{each.rule}: {each.promise}: {each.detail}")
    failed = len({each.rule for each in broken})
    session.say(f"{amount(len(tested), 'rule')} tested, {failed} failed")
    if failed:
        ctx.exit(FINDINGS)


def _rules(session: Session) -> dict[str, Plugin[Rule]]:
    from inventory.errors import UsageError
    from migrate.stages.classify import RULES

    try:
        own = session.estate().own("rules")
    except UsageError:
        return RULES.all()
    return RULES.all(own)


def _row(plugin: Plugin[Rule]) -> dict[str, object]:
    rule = plugin.value
    return {
        "name": plugin.name,
        "axis": rule.axis.value,
        "severity": rule.severity.value,
        "effort": rule.effort.value,
        "clouds": [each.value for each in rule.clouds],
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "source": rule.source,
        "source_date": rule.source_date,
        "verified": rule.verified,
        "file": str(plugin.path),
    }


def _shown(plugin: Plugin[Rule]) -> Iterator[str]:
    rule = plugin.value
    yield f"{plugin.name}: {plugin.help}"
    clouds = ", ".join(each.value for each in rule.clouds)
    yield f"  {rule.severity.value} ({rule.axis.value}) on {clouds}: {rule.title}"
    yield f"  why: {rule.why}"
    yield f"  fix: {rule.fix}"
    yield f"  effort: {rule.effort.value}"
    unsure = "" if rule.verified else " (unverified)"
    yield f"  source: {rule.source}{unsure}, {rule.source_date}"
    yield f"  file: {plugin.path}"
    for example in rule.examples:
        yield f"  example: {example.name}: {example.expected.__name__}"


COMMAND = rules

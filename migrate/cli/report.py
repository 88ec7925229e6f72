"""Tell what was found and judged, as a file to read, to keep or to load elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inventory.errors import UsageError
from inventory.session import Session

if TYPE_CHECKING:
    from inventory.registry import Plugin
    from migrate.model.report import Report


@click.command()
@click.argument("name", required=False, metavar="[REPORT]")
@click.option("--format", "form", help="One of the report's formats; its first unless given.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="File to write; - for standard output. Otherwise REPORT.FORMAT in the estate folder.",
)
@click.option("--list", "listing", is_flag=True, help="Say which reports there are, and stop.")
@click.pass_obj
def report(
    session: Session, name: str | None, form: str | None, output: Path | None, *, listing: bool
) -> None:
    """Write a report from what the store holds; no server is asked.

    \b
        decant report readiness
        decant report readiness --format csv --output - | head

    Prints the path of the file that it wrote. The HTML report is one file that asks nothing of
    any network: keep it, send it, print it.
    """
    from migrate.stages.report import reports

    if listing:
        _list(reports(*_own(session)))
    else:
        _write(session, name, form, output)


def _own(session: Session) -> tuple[Path, ...]:
    try:
        return (session.estate().own("reports"),)
    except UsageError:
        return ()


def _list(found: dict[str, Plugin[Report]]) -> None:
    for name, plugin in found.items():
        click.echo(f"{name}  {plugin.help} ({', '.join(plugin.value.formats)})")


def _write(session: Session, name: str | None, form: str | None, output: Path | None) -> None:
    from dataclasses import replace

    from migrate.material import gather
    from migrate.publish import publish
    from migrate.stages.report import choose, reports
    from migrate.stages.strategy import run as decide

    estate = session.estate()
    chosen, ending, write = choose(reports(estate.own("reports")), name, form)
    with session.store(estate) as store:
        material = gather(estate, store, session.now())
        text = write(replace(material, decisions=decide(store, estate, at=material.at).decisions))
    if output == Path("-"):
        click.echo(text, nl=False)
        return
    path = publish(output or estate.folder / f"{chosen}.{ending}", text)
    session.say(f"wrote the {chosen} report of {estate.name}; open it from here:")
    click.echo(path)


COMMAND = report

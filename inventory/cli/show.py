"""Show everything that is known of one server, and what is not, with sources."""

from __future__ import annotations

import click

from inventory.output import as_csv, format_option, print_json
from inventory.session import Session

_CSV = ("fact", "value", "source", "question", "at", "run", "preferred", "why")
_LONGEST = 10
"""How many lines of a list are printed before it is cut."""


@click.command()
@click.argument("name")
@click.option(
    "--history", is_flag=True, help="Show when it was asked or told of, and what changed."
)
@click.option("--all", "everything", is_flag=True, help="Print long lists to their end.")
@format_option()
@click.pass_obj
def show(session: Session, name: str, *, history: bool, everything: bool, form: str) -> None:
    """Show everything that is known of one server, and what is not, with sources.

    \b
        decant show web-1
        decant show web-1 --history
        decant show web-1 --format json

    NAME is its name, its full name, its target, or its id, of which the beginning is enough.
    Resources of clouds that may be it already, or that it uses, stand last. What is unknown is
    shown with the reason. Where several sources tell one thing, the preferred
    value stands first, with why it is, then what the others say. CSV holds the facts alone.
    --history leaves out what comes and goes by itself, such as free memory; --all tells that too.
    """
    from inventory.cli._in_clouds import as_lines, as_rows, in_clouds
    from inventory.cli._landscape import Landscape
    from inventory.cli._portrait import as_document, as_text, fact_rows
    from inventory.store.resources import resources
    from inventory.store.servers import find_server, servers
    from inventory.store.sightings import sightings

    if history:
        _show_history(session, name, everything=everything, form=form)
        return
    estate = session.estate()
    with session.store(estate) as store:
        server = find_server(store, name)
        landscape = Landscape(estate, servers(store), sightings(store))
        known = resources(store)
    seen = landscape.sightings.get(server.id, ())
    counterparts = in_clouds(server, estate.moves, known, seen)
    if form == "csv":
        click.echo(as_csv(fact_rows(server), _CSV), nl=False)
    elif form == "json":
        print_json(as_document(server, landscape) | {"resources": as_rows(counterparts)})
    else:
        longest = None if everything else _LONGEST
        for line in as_text(server, landscape, now=session.now(), longest=longest):
            click.echo(line)
        for line in as_lines(counterparts):
            click.echo(line)


def _show_history(session: Session, name: str, *, everything: bool, form: str) -> None:
    from inventory.cli._differences import LIFE, life_as_document, life_as_rows, life_as_text
    from inventory.store.history import life_of
    from inventory.store.servers import find_server

    with session.store(session.estate()) as store:
        moments = life_of(store, find_server(store, name).id, restless=everything)
    if form == "csv":
        click.echo(as_csv(list(life_as_rows(moments)), LIFE), nl=False)
    elif form == "json":
        print_json(life_as_document(moments))
    else:
        for line in life_as_text(moments, longest=None if everything else _LONGEST):
            click.echo(line)


COMMAND = show

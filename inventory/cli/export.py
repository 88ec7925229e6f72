"""Write the inventory as a file that another tool reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inventory.errors import BadInputError, UsageError
from inventory.output import format_option, print_rows
from inventory.session import Session, tell_warning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.model.exporter import Exportable, Exporter, Written
    from inventory.model.server import Server
    from inventory.registry import Plugin
    from inventory.store.store import Store

_SHOWN = 10
"""How many lacking values are told one by one."""


@click.command()
@click.argument("into", metavar="FORMAT", required=False)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--formats", is_flag=True, help="List the formats.")
@click.option(
    "--to",
    "folder",
    default=".",
    show_default=True,
    metavar="FOLDER",
    help="Where to write; - prints it, when it is one file.",
)
@click.option("--overwrite", is_flag=True, help="Replace files that are there.")
@format_option()
@click.pass_obj
def export(
    session: Session,
    into: str | None,
    names: tuple[str, ...],
    *,
    formats: bool,
    folder: str,
    overwrite: bool,
    form: str,
) -> None:
    """Write the inventory as a file that another tool reads.

    \b
        decant export azure-migrate
        decant export netbox web-1 web-2 --to exported/
        decant export --formats

    All servers, or those named. What the format must have and nobody knows is told for each
    server on standard error, and never made up. --format is how --formats lists them.
    """
    from inventory.model.exporter import Exporter
    from inventory.registry import Registry

    registry = Registry(package="inventory.exporters", attribute="EXPORTER", kind=Exporter)
    if formats:
        _list(registry.all(), form)
        return
    if into is None:
        raise UsageError("no format was given", hint="decant export --formats lists them")
    estate = session.estate()
    exporter = _named(into, registry.all(estate.own("exporters")))
    with session.store(estate) as store:
        what = _exportable(session, store, names)
    written = list(exporter.value.write(what))
    _tell_lacking(written)
    _write(session, written, folder, overwrite=overwrite)


def _named(form: str, exporters: Mapping[str, Plugin[Exporter]]) -> Plugin[Exporter]:
    found = exporters.get(form.replace("_", "-").lower())
    if found is None:
        known = ", ".join(sorted(exporters))
        raise UsageError(f"there is no format {form!r}", hint=f"the formats are {known}")
    return found


def _list(exporters: Mapping[str, Plugin[Exporter]], form: str) -> None:
    rows = [
        {"name": name, "title": each.value.title, "what": each.help, "source": each.value.source}
        for name, each in exporters.items()
    ]
    columns = ("name", "title", "what") if form == "table" else ("name", "title", "what", "source")
    print_rows(rows, columns, form, empty="")


def _exportable(session: Session, store: Store, names: Sequence[str]) -> Exportable:
    from inventory.cli._landscape import Landscape
    from inventory.model.exporter import Exportable
    from inventory.store.servers import find_server, servers
    from inventory.store.sightings import sightings

    everyone = servers(store)
    chosen: Sequence[Server] = everyone
    if names:
        ids = {find_server(store, name).id for name in names}
        chosen = [each for each in everyone if each.id in ids]
    if not chosen:
        raise BadInputError(
            "there is no server to write", hint="decant discover or decant import brings some"
        )
    seen = sightings(store)
    landscape = Landscape(session.estate(), everyone, seen)
    return Exportable(
        servers=chosen,
        sightings={each.id: seen.get(each.id, ()) for each in chosen},
        applications={
            each.id: tuple(dict.fromkeys(app.name for app in landscape.applications(each)))
            for each in chosen
        },
        at=session.now(),
    )


def _tell_lacking(written: Sequence[Written]) -> None:
    lacking = [(each.name, one) for each in written for one in each.lacking]
    for name, one in lacking[:_SHOWN]:
        tell_warning(f"{name}: {one.server}: {one.what}")
    if len(lacking) > _SHOWN:
        tell_warning(f"and {len(lacking) - _SHOWN} more like these")


def _write(session: Session, written: Sequence[Written], folder: str, *, overwrite: bool) -> None:
    if folder == "-":
        if len(written) != 1:
            listed = ", ".join(each.name for each in written)
            raise UsageError(f"it is {len(written)} files: {listed}", hint="give --to a folder")
        click.echo(written[0].content, nl=False)
        return
    place = Path(folder)
    taken = [each.name for each in written if (place / each.name).exists()]
    if taken and not overwrite:
        raise UsageError(
            f"already there: {', '.join(taken)}", hint="give --overwrite, or another --to FOLDER"
        )
    try:
        place.mkdir(parents=True, exist_ok=True)
        for each in written:
            (place / each.name).write_bytes(each.content)
            if each.executable:
                mode = (place / each.name).stat().st_mode
                (place / each.name).chmod(mode | (mode & 0o444) >> 2)
    except OSError as error:
        raise BadInputError(f"{error.filename}: {error.strerror}", hint="give --to") from error
    session.say(f"written to {place}: {', '.join(each.name for each in written)}")


COMMAND = export

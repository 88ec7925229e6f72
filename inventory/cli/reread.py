"""Derive all facts again from the answers that were kept, without asking any server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from inventory.model.collector import Collector
    from inventory.model.server import Server
    from inventory.registry import Plugin
    from inventory.store.rereading import ReadAgain
    from inventory.store.store import Store

_COLUMNS = ("server", "answers", "changed")
_EXACT = ("server_id", *_COLUMNS)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@format_option()
@click.pass_obj
def reread(session: Session, names: tuple[str, ...], *, dry_run: bool, form: str) -> None:
    """Derive all facts again from the answers that were kept, without asking any server.

    \b
        decant reread
        decant reread web-1 --dry-run

    For when a reader has improved, or one of your own was mended. Every server, or those named;
    each answer keeps its own time. Listed are the facts that came out otherwise. What an old
    answer does not hold, because the question was worded otherwise then, stays as it was.
    """
    from inventory.model.collector import Collector
    from inventory.registry import Registry
    from inventory.store.rereading import reread as read_again

    estate = session.estate()
    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    read = _reader(registry.all(estate.own("collectors")))
    rows = []
    with session.store(estate) as store:
        for server in _servers(store, names):
            done = read_again(store, server.id, read, keeping=not dry_run)
            changed = list(done.changes)
            rows.append(
                {
                    "server_id": server.id,
                    "server": server.name,
                    "answers": done.visits,
                    "changed": changed if form == "json" else ", ".join(changed) or "nothing",
                }
            )
    print_rows(rows, _COLUMNS if form == "table" else _EXACT, form, empty="no server is known yet")


def _servers(store: Store, names: Sequence[str]) -> Sequence[Server]:
    from inventory.store.servers import find_server, servers

    found = [find_server(store, name) for name in names] if names else servers(store, only=())
    return list({each.id: each for each in found}.values())


def _reader(
    plugins: Mapping[str, Plugin[Collector]],
) -> Callable[[bytes, str, datetime, str], ReadAgain]:
    from inventory.discovery.answers import asked_as_today
    from inventory.discovery.read import read_observations
    from inventory.model.fact import Reason, Unknown
    from inventory.store.rereading import ReadAgain

    collectors = {name: each.value for name, each in plugins.items()}
    absent = Unknown(reason=Reason.NOT_ASKED, detail="the answer that was kept does not hold it")

    def read(raw: bytes, source: str, at: datetime, run: str) -> ReadAgain:
        return ReadAgain(
            observations=read_observations(
                raw, plugins, source=source, at=at, run=run, unfinished=absent
            ),
            as_today=asked_as_today(raw, collectors),
        )

    return read


COMMAND = reread

"""Servers for exporters, and what exporters write, for tests of Amazon's formats."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from inventory.intake.stated import observations_of
from inventory.model.exporter import Exportable, Exporter, Written
from inventory.model.fact import FactKey, Facts, Known, Observation
from inventory.model.imported import ServerRecord
from inventory.model.importer import Importer
from inventory.model.server import Server
from inventory.reading.opening import open_files

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def server(name: str, *observations: Observation, id: str | None = None) -> Server:  # noqa: A002  # as the field is called
    """Return a server of which this is known."""
    return Server(
        id=id or f"id-of-{name}",
        name=name,
        target=f"import:{name}",
        facts=Facts.from_observations(observations),
        first_seen=NOW,
        last_asked=NOW,
    )


def imported(record: ServerRecord) -> Server:
    """Return the server that a record makes when nothing else is known of it."""
    told = observations_of(record, at=NOW, run="run")
    return server(record.name, *told, id=f"decant-{record.key}")


def export(exporter: Exporter, *servers: Server) -> list[Written]:
    """Write servers."""
    return list(exporter.write(Exportable(servers=servers, at=NOW)))


def rows(written: Written) -> list[dict[str, str]]:
    """Read a file again as anybody would."""
    return list(csv.DictReader(io.StringIO(written.content.decode("utf-8-sig"))))


def lacking(written: Sequence[Written]) -> list[tuple[str, str]]:
    """Return what was said to be lacking."""
    return [(each.server, each.what) for one in written for each in one.lacking]


def records(importer: Importer, files: Sequence[Written]) -> list[ServerRecord]:
    """Import what was written."""
    export = open_files([(each.name, each.content) for each in files])
    return [each for each in importer.read(export) if isinstance(each, ServerRecord)]


def facts(record: ServerRecord) -> Mapping[str, object]:
    """Return what a record knows, by the fact's name."""
    told = (each.observation for each in record.stated)
    return {each.key.name: each.fact.value for each in told if isinstance(each.fact, Known)}


def known(record: ServerRecord, key: FactKey[T]) -> list[T]:
    """Return what a record knows of one fact, each statement by itself."""
    told = (each.observation for each in record.stated)
    return [each.fact.value for each in told if each.key is key and isinstance(each.fact, Known)]

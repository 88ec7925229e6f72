"""List what clouds run and keep beside servers: databases, file shares, buckets, load balancers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inventory.output import fits, format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.model.resource import KnownResource, Looked

_NARROW = ("name", "kind", "engine", "region", "size", "status")
_WIDE = (*_NARROW, "last_seen", "id")
_EXACT = (
    *("id", "kind", "type", "name", "source", "region", "engine", "version", "endpoints", "holds"),
    *("part_of", "size_bytes", "status", "tags", "question", "first_seen", "last_seen"),
    *("gone_since", "doubt"),
)


@click.command()
@click.option("--gone", is_flag=True, help="Only those that are gone, which are left out else.")
@format_option()
@click.pass_obj
def resources(session: Session, *, gone: bool, form: str) -> None:
    """List what clouds run and keep beside servers.

    \b
        decant resources
        decant resources --gone
        decant resources --format json

    Databases, file systems and shares, buckets, storage accounts, load balancers and scaling groups
    are told by decant discover aws: azure:, with the servers there. A narrow table leaves out when
    they were seen, and their ids; JSON and CSV have every field. What could not be asked when it
    was last tried is said below the list: of that, nothing new is known, and nothing to be gone.
    """
    from inventory.store.resources import questions
    from inventory.store.resources import resources as read

    with session.store(session.estate()) as store:
        known, asked = read(store), questions(store)
    found = [each for each in known if (each.gone_since is not None) is gone]
    rows = [_row(each, form) for each in found]
    columns: Sequence[str] = _EXACT
    if form == "table":
        columns = _WIDE if fits(rows, _WIDE) else _NARROW
    print_rows(rows, columns, form, empty=_empty(known, asked, gone=gone))
    for each in asked:
        if each.why:
            session.say(f"not told: {_doubt(each)}")


def _empty(known: Sequence[KnownResource], asked: Sequence[Looked], *, gone: bool) -> str:
    if not asked:
        return "no cloud was asked yet: run decant discover aws: or azure:"
    if gone:
        return "no resource is gone"
    return "every resource is gone" if known else "the clouds told of no resource"


def _row(each: KnownResource, form: str) -> dict[str, Any]:
    from inventory.cli._parts import size
    from inventory.cli._words import moment
    from inventory.model.codec import to_plain

    found = each.resource
    exact: dict[str, Any] = {
        "id": found.id,
        "kind": found.kind.value,
        "type": found.type,
        "name": found.name,
        "source": found.source,
        "region": found.region,
        "engine": _engine(each) if form == "table" else found.engine,
        "version": found.version,
        "endpoints": list(found.endpoints),
        "holds": list(found.holds),
        "part_of": found.part_of,
        "size_bytes": found.size_bytes,
        "status": found.state,
        "tags": _tags(each, form),
        "question": each.question,
        "first_seen": each.first_seen.isoformat(),
        "last_seen": each.last_seen.isoformat(),
        "gone_since": each.gone_since.isoformat() if each.gone_since else None,
        "doubt": to_plain(each.doubt) if form == "json" else str(each.doubt or ""),
    }
    if form != "table":
        return exact
    exact["size"] = None if found.size_bytes is None else size(found.size_bytes)
    return exact | {"last_seen": moment(each.last_seen)}


def _engine(each: KnownResource) -> str:
    return " ".join(part for part in (each.resource.engine, each.resource.version) if part)


def _tags(each: KnownResource, form: str) -> Any:
    tags = each.resource.tags
    if form == "json":
        return None if tags is None else {tag.name: tag.value for tag in tags}
    return [f"{tag.name}={tag.value}" for tag in tags or ()]


def _doubt(each: Looked) -> str:
    part = f" of {each.of.rpartition('/')[2]}" if each.of else ""
    why = each.why.detail if each.why else ""
    last = f"told last on {each.told_at:%Y-%m-%d %H:%M} UTC" if each.told_at else "never told"
    return f"{each.source} {each.question}{part} ({last}): {why}"


COMMAND = resources

"""Sources asked as a whole: each place kept as it answers, and those that do not, listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from inventory.amount import amount
from inventory.discovery.resources import Brought, ask_resources
from inventory.discovery.schemes import SOURCES
from inventory.errors import AccessRefusedError, BadInputError, PartlyUnknownError, UsageError
from inventory.intake.keep import Keeper
from inventory.intake.take import Taken, take
from inventory.model.cloud_calls import Tally
from inventory.model.source import Place, Source
from inventory.registry import Plugin
from inventory.store.resources import ResourceKeeper
from inventory.store.rolls import keep_roll

if TYPE_CHECKING:
    from inventory.estate import Estate
    from inventory.model.imported import Item
    from inventory.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A place to ask, and of which source it is."""

    source: Source
    place: Place


@dataclass(kw_only=True)
class Told:
    """What became of asking."""

    servers: int = 0
    resources: int = 0
    gone: int = 0
    """Resources that were told of before, and are not any more."""
    left_out: dict[str, int] = field(default_factory=dict)
    unread: int = 0
    silent: list[tuple[str, str]] = field(default_factory=list)
    """Places that did not tell, or what of them was not told, and why."""


def wanted(estate: Estate, texts: Sequence[str], tally: Tally) -> tuple[Wanted, ...]:
    """Return every place that targets name, each once, in their order.

    A target whose source is not configured is a place that does not answer: the others are asked.

    Raises:
        UsageError: a target names nothing that the estate allows.

    """
    found: dict[str, Wanted] = {}
    loaded: dict[str, Plugin[Source]] = {}
    for text in texts:
        scheme, _, rest = text.partition(":")
        plugin = loaded.setdefault(scheme, SOURCES.one(scheme))
        try:
            places = tuple(plugin.value.places(estate, rest, tally))
        except BadInputError as error:
            places = (Place(name=text.rstrip(":"), ask=partial(_is_not_configured, error)),)
        for place in places:
            found.setdefault(place.name, Wanted(source=plugin.value, place=place))
    if texts and not found:
        raise UsageError(f"{', '.join(texts)}: there is nothing to ask")
    return tuple(found.values())


def _is_not_configured(why: BadInputError) -> NoReturn:
    raise PartlyUnknownError(f"{why}: {why.hint}" if why.hint else str(why)) from why


def ask_sources(
    store: Store,
    places: Sequence[Wanted],
    *,
    run_id: str,
    clock: Callable[[], datetime],
    step: Callable[[str], None],
) -> Told:
    """Ask each place and keep what it tells; one that does not costs only itself.

    One that does not let us see its servers is asked for the rest all the same; one that does not
    answer is not. What a place does not tell of any more is gone from it. Two places that turn out
    to be one (an account that is listed, and is the credentials' own) are kept once.

    Raises:
        StoreError: the database cannot be written; what was kept before stays.

    """
    told, kept, already = Told(), set[str](), set[tuple[str, ...]]()
    with ExitStack() as opened:
        for each in places:
            opened.callback(each.place.close)
        for each in places:
            if not _servers(store, each, told, kept, run_id=run_id, clock=clock, step=step):
                continue
            keeper = ResourceKeeper(store=store, run_id=run_id, at=clock())
            brought = ask_resources(keeper, each.place, already)
            _add(told, brought)
            if brought.resources or not brought.silent:
                step(f"{each.place.name} told of {amount(brought.resources, 'other resource')}")
    return told


def _servers(
    store: Store,
    wanted: Wanted,
    told: Told,
    kept: set[str],
    *,
    run_id: str,
    clock: Callable[[], datetime],
    step: Callable[[str], None],
) -> bool:
    """Ask a place for its servers and keep them; tell whether it can be asked for more."""
    try:
        name, items = wanted.place.ask()
    except PartlyUnknownError as error:
        told.silent.append((wanted.place.name, str(error)))
        step(f"{wanted.place.name} did not tell")
        return isinstance(error, AccessRefusedError)
    if name not in kept:
        kept.add(name)
        taken = _kept(store, wanted.source, name, items, run_id=run_id, at=clock())
        _count(told, taken)
        step(f"{wanted.place.name} told of {amount(taken.servers, 'server')}")
    return True


def _kept(
    store: Store, source: Source, name: str, items: Sequence[Item], *, run_id: str, at: datetime
) -> Taken:
    """Keep what a place tells, and that it tells of nothing else."""
    keeper = Keeper(
        store=store,
        run_id=run_id,
        nearness=source.nearness,
        whole=True,
        at=at,
        now=at,
        step=lambda _: None,
    )
    taken = take(
        items,
        at=at,
        run=run_id,
        keep_server=keeper.server,
        keep_connection=keeper.connection,
        may_be_empty=True,
    )
    keeper.finish()
    if not taken.servers:
        keep_roll(store, run_id, name, (), at=at)
    return taken


def _add(told: Told, brought: Brought) -> None:
    told.resources += brought.resources
    told.gone += brought.gone
    told.silent += [each for each in brought.silent if each not in told.silent]


def _count(told: Told, taken: Taken) -> None:
    told.servers += taken.servers
    told.unread += taken.unread_count
    for what, count in taken.left_out.items():
        told.left_out[what] = told.left_out.get(what, 0) + count

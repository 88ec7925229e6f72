"""All servers of a store, read and judged: in this process, or in several at once.

Reading, judging and writing down as JSON are shared out; one process takes what comes of it, in the
order of the servers. What each learns of its servers (what rules said, what tells nothing) is its
own, so several hold that several times.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import Final, NamedTuple

from inventory.model.server import Server
from inventory.store.servers import AT_ONCE, ids_by_name, some_servers
from inventory.store.store import Store
from migrate.judging.derived import ESTATEWIDE, Estatewide, Shown, shown
from migrate.model.verdict import Verdict
from migrate.records import Body, body_of
from migrate.streaming import in_order, processors

Classify = Callable[[Iterable[Server]], Iterator[Verdict]]
_PAYS_FROM: Final = 2_000
"""Servers from which on several processes are sooner done than one: each has to meet by itself what
servers have in common."""
_LEAST: Final = 20
"""How many servers are worth handing over together."""
_PARTS_OF_EACH: Final = 4
"""How many parts each process has at least, where there are enough servers."""
_SELDOM: Final = 50_000
"""After how many new objects those in cycles are looked for. Judging makes few of those."""


class Given(NamedTuple):
    """A verdict, and how it is kept."""

    verdict: Verdict
    body: Body


@contextmanager
def each_verdict(
    store: Store, classify: Classify, jobs: int | None = None
) -> Iterator[Iterator[Given]]:
    """Give the verdicts on every server as they are taken, by the servers' names.

    ``jobs`` is how many processes work on it; unless given, one for each processor where that
    pays. One holds a verdict at a time and a few hundred servers; of several, each holds those
    servers with all their verdicts.

    Raises:
        BadInputError: while verdicts are taken, one of several processes ended before its time.

    """
    ids = ids_by_name(store)
    several = _several(len(ids), jobs)
    servers = some_servers(store)
    with seldom_collected():
        if several == 1:
            yield with_bodies(classify(chain.from_iterable(map(servers, _parts(ids, several)))))
            return
        store.close()  # its connections are this process's; every process opens new ones
        work = partial(_some, servers, classify)
        with in_order(work, _parts(ids, several), several) as taken:
            yield chain.from_iterable(taken)


def with_bodies(verdicts: Iterable[Verdict]) -> Iterator[Given]:
    """Yield each verdict with how it is kept."""
    return (Given(each, body_of(each)) for each in verdicts)


def estatewide(store: Store, jobs: int | None = None) -> Estatewide:
    """Return what all servers of the store show together; ``jobs`` as in :func:`each_verdict`."""
    ids = ids_by_name(store)
    several = _several(len(ids), jobs)
    look = partial(_shown, some_servers(store, ESTATEWIDE))
    if several > 1:
        store.close()  # its connections are this process's; every process opens new ones
    with seldom_collected(), in_order(look, _parts(ids, several), several) as looks:
        return Estatewide.together(chain.from_iterable(looks))


def _several(count: int, jobs: int | None) -> int:
    """Return how many processes are to work on so many servers."""
    if jobs is None:
        jobs = processors() if count >= _PAYS_FROM else 1
    return max(1, min(jobs, count // _LEAST))


def _parts(ids: Sequence[str], several: int) -> list[Sequence[str]]:
    """Part the servers so that each process has some parts, and they end at about one time."""
    size = AT_ONCE
    if several > 1:
        size = min(AT_ONCE, max(_LEAST, len(ids) // (several * _PARTS_OF_EACH)))
    return [ids[begin : begin + size] for begin in range(0, len(ids), size)]


def _shown(servers: Callable[[Sequence[str]], list[Server]], part: Sequence[str]) -> list[Shown]:
    return [shown(each) for each in servers(part)]


def _some(
    servers: Callable[[Sequence[str]], list[Server]], classify: Classify, part: Sequence[str]
) -> list[Given]:
    # Pickled together, verdicts take a tenth of what they take as JSON, and are back in a seventh
    # of the time: most of what they say is the same objects.
    return list(with_bodies(classify(servers(part))))


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles seldom meanwhile, and not among what there is already.

    Looking through what rules and remembered values hold took a quarter of the time.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

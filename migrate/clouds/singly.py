"""Asking about each thing by a call of its own, where a provider has no listing: some at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from inventory.model.cloud_calls import Call
from inventory.model.fact import Unknown
from migrate.clouds.asking import AwsAsked, AzureAsked
from migrate.clouds.readers import unless_failed

T = TypeVar("T")


def singly(
    asked: AwsAsked | AzureAsked,
    things: Collection[str],
    ask: Callable[[str], T | Unknown],
    calls: Collection[Call],
) -> Mapping[str, T | Unknown]:
    """Return what is told of each thing; one that fails is unknown, and costs only itself.

    ``calls`` are those that asking makes, to name what must be allowed when it is denied.
    """
    with ThreadPoolExecutor(max_workers=asked.at_once) as threads:
        told = threads.map(lambda each: unless_failed(asked, calls, lambda: ask(each)), things)
        return dict(zip(things, told, strict=True))


def ahead(work: Iterable[Callable[[], object]], most: int) -> None:
    """Do all of it, so many at the same time; once interrupted, nothing more of it is begun.

    What work comes to is for itself to remember, and what it raises is raised again when that is
    wanted.
    """
    with ThreadPoolExecutor(max_workers=most) as threads:
        try:
            wait([threads.submit(each) for each in work])
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise

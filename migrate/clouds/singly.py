"""Asking about each thing by a call of its own, where a provider has no listing: some at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
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

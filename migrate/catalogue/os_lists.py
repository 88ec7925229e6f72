"""Which operating systems a provider or a migration tool lists as supported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from migrate.catalogue.datasets import datasets, read_json
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.catalogue.versions import between, within

CURRENT = "current"
"""Stands in a list for whichever releases the publisher still supports."""


def listed(
    name: str,
    product: str,
    version: str,
    *,
    maintained: bool | None,
    catalogue: Catalogue = SHIPPED,
) -> bool | None:
    """Tell what the list called ``name`` says of a product's release.

    ``maintained`` is whether its publisher still supports it, for lists that say no more than
    "current releases".

    Returns:
        True when it is listed as supported, False as not supported, None when it is not listed.

    """
    content = _lists(catalogue)[name]
    if _names(content.get("not_supported", ()), product, version, maintained=maintained):
        return False
    if _names(content["supported"], product, version, maintained=maintained):
        return True
    return None


def _names(
    entries: Iterable[Mapping[str, Any]], product: str, version: str, *, maintained: bool | None
) -> bool:
    return any(
        _covers(each, version, maintained=maintained)
        for entry in entries
        if entry["os"] == product
        for each in entry["versions"]
    )


def _covers(pattern: str, version: str, *, maintained: bool | None) -> bool:
    if pattern == CURRENT:
        return maintained is True
    first, dash, last = pattern.partition("-")
    if dash and "." in first and "." in last:
        return between(version, first, last)
    return pattern == "*" or within(version, pattern) or within(pattern, version)


@cache
def _lists(catalogue: Catalogue) -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_json(datasets(catalogue)["os-support"].file, catalogue)
    return content

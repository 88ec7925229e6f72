"""Finds what is unknown, wherever it stands in what was told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from inventory.model.fact import Reason, Unknown


def unknowns_in(told: object) -> Iterator[Unknown]:
    """Yield every unknown that something is, or has in it."""
    if isinstance(told, Unknown):
        yield told
    elif is_dataclass(told):
        for each in fields(told):
            yield from unknowns_in(getattr(told, each.name))
    elif isinstance(told, list | tuple | set | frozenset):
        for each in told:
            yield from unknowns_in(each)
    elif isinstance(told, dict):
        for each in told.values():
            yield from unknowns_in(each)


def reasons_in(told: object) -> frozenset[Reason]:
    """Return why whatever is unknown in what was told is so."""
    return frozenset(each.reason for each in unknowns_in(told))

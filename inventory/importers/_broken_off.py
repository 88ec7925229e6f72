"""Exports of several files, or of many parts: one that is damaged costs no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from inventory.errors import BadInputError
from inventory.model.imported import Unread, Where
from inventory.reading.export import File

T = TypeVar("T")


def until_broken(file: File, parts: Iterator[T]) -> Iterator[T | Unread]:
    """Yield the parts of a file that are whole; where it breaks off, say so instead of raising."""
    try:
        yield from parts
    except BadInputError as error:
        yield Unread(why=str(error).removeprefix(f"{file.name}: "), where=Where(file=file.name))

"""An object store in a cloud, as checks may look at it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """One object, as its store lists it."""

    size: int
    """Bytes."""
    mark: str
    """Another one after every change of its content."""


@dataclass(frozen=True, kw_only=True)
class Checksums:
    """What a store itself says of the content of one object."""

    sha256: str | None = None
    """Hexadecimal."""
    md5: str | None = None
    """Hexadecimal."""
    why_none: str = ""
    """Why it says nothing that can be compared; empty when it does."""


class ObjectStore(Protocol):
    """The objects under one prefix. Each call may raise PartlyUnknownError, which says why."""

    def listed(self) -> Mapping[str, StoredObject]:
        """List the objects, by their keys below the prefix; marks of folders are left out."""
        ...

    def checksums(self, keys: Sequence[str]) -> Mapping[str, Checksums]:
        """Return what the store says of some objects' content."""
        ...

    def read_whole(self, key: str) -> Checksums:
        """Read an object whole, as it is stored, and return all of its checksums."""
        ...


def checksums_of(chunks: Iterable[bytes]) -> Checksums:
    """Return all checksums of content that comes in chunks; only one of them is held at a time."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    for chunk in chunks:
        sha256.update(chunk)
        md5.update(chunk)
    return Checksums(sha256=sha256.hexdigest(), md5=md5.hexdigest())

"""An object store in a cloud, as checks may look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    def read_sha256(self, key: str) -> str:
        """Read an object whole, and return its SHA-256, hexadecimal."""
        ...

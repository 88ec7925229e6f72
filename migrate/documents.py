"""Files that people attach to what they declare: their digests are kept, never they themselves."""

from __future__ import annotations

import hashlib
from pathlib import Path

from inventory.errors import BadInputError, Place, UsageError
from migrate.model.evidence import Document

_MOST_FILES = 20
_MOST_BYTES = 256 * 2**20
_PIECE = 2**20


def documents_of(paths: tuple[Path, ...]) -> tuple[Document, ...]:
    """Return the name, size and SHA-256 of each file.

    Raises:
        UsageError: there are too many, or two of one name.
        BadInputError: one cannot be read, is empty or too large.

    """
    if len(paths) > _MOST_FILES:
        raise UsageError(f"{len(paths)} files are too many: {_MOST_FILES} at the most")
    names = [path.name for path in paths]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two files are named {name}", hint="rename one of them")
    return tuple(_document(path) for path in paths)


def _document(path: Path) -> Document:
    place = Place(file=path)
    if not path.name.isprintable():
        raise BadInputError(f"{path.name!r} is no name that can be printed", hint="rename it")
    if not path.is_file():
        raise BadInputError("there is no such file", place=place)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > _MOST_BYTES:
                    raise BadInputError(
                        f"it is larger than {_MOST_BYTES // 2**20} MiB",
                        hint="attach what it is about, not the data itself",
                        place=place,
                    )
                digest.update(piece)
    except OSError as error:
        raise BadInputError(f"cannot be read: {error.strerror}", place=place) from error
    if size == 0:
        raise BadInputError("it is empty", place=place)
    return Document(name=path.name, sha256=digest.hexdigest(), size_bytes=size)

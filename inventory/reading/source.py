"""Where a file's bytes come from: the disk, an archive, or memory."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import BadInputError


@dataclass(frozen=True, kw_only=True)
class Source:
    """The bytes of one file, which can be read from their beginning any number of times."""

    name: str
    open: Callable[[], io.BufferedIOBase]
    """Begin anew. Raises BadInputError when they cannot be had."""


def from_bytes(name: str, content: bytes) -> Source:
    """Return a source that lies in memory."""
    return Source(name=name, open=lambda: io.BytesIO(content))


def from_path(name: str, path: Path) -> Source:
    """Return a source that lies on the disk."""
    return Source(name=name, open=lambda: regular(path))


def regular(path: Path) -> io.BufferedReader:
    """Open a regular file, and nothing else: a pipe would hang, a device might do anything.

    Raises:
        BadInputError: it is not there, may not be read, or is no regular file.

    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise BadInputError(f"{path}: it cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise BadInputError(
            f"{path}: it is neither a file nor a folder",
            hint="save what it holds to a file, and import that",
        )
    return io.BufferedReader(io.FileIO(handle, closefd=True), 1 << 20)


def unzipped(name: str, packed: Source) -> Source:
    """Return what a gzip file holds."""
    return Source(
        name=name, open=lambda: io.BufferedReader(gzip.GzipFile(fileobj=packed.open()), 1 << 20)
    )


@contextmanager
def damage_named(name: str) -> Iterator[None]:
    """Say of whatever goes wrong with a file's bytes which file it is.

    Raises:
        BadInputError: it ends too early, or is damaged.

    """
    try:
        yield
    except EOFError as error:
        raise BadInputError(
            f"{name}: it ends too early", hint="it may still be being written, or copied"
        ) from error
    except (OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError) as error:
        raise BadInputError(f"{name}: it is damaged: {error}") from error
    except NotImplementedError as error:
        raise BadInputError(
            f"{name}: it is packed in an unusual way: {error}",
            hint="unpack it first, and import the files",
        ) from error

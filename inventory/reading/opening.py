"""Paths → the files of one export, opened."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from inventory.errors import BadInputError
from inventory.reading.archives import (
    MOST_IN_MEMORY,
    MOST_MEMBERS,
    is_junk,
    is_packed,
    is_tar,
    is_zip,
    names_in_zip,
    tar_members,
    unpacked,
    zip_members,
)
from inventory.reading.encodings import SAMPLE
from inventory.reading.export import Export, Kind
from inventory.reading.opened import OpenedFile, kind_at_once
from inventory.reading.source import Source, damage_named, from_bytes, from_path
from inventory.reading.workbook import ODS, OLE

_WORKBOOK_PARTS: Final = ("workbook.xml", "workbook.bin")


def open_export(paths: Sequence[Path]) -> Export:
    """Open the files of one export: files, folders with all that is in them, archives.

    An archive within an archive is opened too, but none within that. Hidden files are passed over.

    Raises:
        BadInputError: one cannot be read, is neither a file nor a folder, or is a dangerous
            archive; the tables of the only one cannot be read; or there is none.

    """
    return _export(each for path in paths for each in _on_disk(path))


def open_files(files: Sequence[tuple[str, bytes]]) -> Export:
    """Open files that lie in memory, given by name and content.

    Raises:
        BadInputError: as for :func:`open_export`.

    """
    return _export(from_bytes(name, content) for name, content in files)


def _export(sources: Iterator[Source]) -> Export:
    files = tuple(each for source in sources for each in _opened(source, depth=0))
    if not files:
        raise BadInputError("there is no file to import")
    if len(files) == 1:
        # What stands in the way of reading it is told now: to whoever looks only whether it is of
        # a format, a workbook with a password is of none.
        tuple(files[0].tables())
    return Export(files=files)


def _on_disk(path: Path) -> Iterator[Source]:
    if str(path) == "-":
        raise BadInputError(
            "exports are not read from a pipe", hint="save it to a file, and import that"
        )
    if not path.is_dir():
        yield from_path(path.name, path)
        return
    found = 0
    for folder, folders, names in os.walk(path, onerror=_unreadable):
        folders.sort()
        for name in sorted(names):
            whole = Path(folder, name)
            own = whole.relative_to(path).as_posix()
            if is_junk(own):
                continue
            found += 1
            if found > MOST_MEMBERS:
                raise BadInputError(f"{path}: it holds more than {MOST_MEMBERS} files")
            if whole.is_symlink():
                raise BadInputError(f"{whole}: it is a link", hint="import what it points to")
            yield from_path(own, whole)


def _unreadable(error: OSError) -> None:
    raise BadInputError(f"{error.filename}: it cannot be read: {error.strerror}") from error


def _opened(source: Source, *, depth: int, unpacked_once: bool = False) -> Iterator[OpenedFile]:
    with damage_named(source.name), source.open() as raw:
        beginning = raw.read(SAMPLE)
    if is_packed(beginning):
        if unpacked_once:
            raise _nested(source)
        yield from _opened(unpacked(source, beginning), depth=depth, unpacked_once=True)
    elif beginning.startswith(OLE) or (is_zip(beginning) and _is_workbook(source, beginning)):
        yield OpenedFile(source=source, told=Kind.WORKBOOK)
    elif is_zip(beginning) or is_tar(beginning):
        if depth > 1:
            raise _nested(source)
        # One cannot go back and forth within what is packed without unpacking it each time.
        plain = is_tar(beginning) or not (depth or unpacked_once)
        held = source if plain else _in_memory(source)
        for member in (zip_members if is_zip(beginning) else tar_members)(held):
            yield from _opened(member, depth=depth + 1)
    else:
        yield OpenedFile(source=source, told=kind_at_once(beginning))


def _nested(source: Source) -> BadInputError:
    return BadInputError(f"{source.name}: archives are nested too deeply")


def _is_workbook(source: Source, beginning: bytes) -> bool:
    if ODS in beginning[:200]:
        return True
    names = names_in_zip(_in_memory(source) if not _seekable(source) else source)
    return "[Content_Types].xml" in names and any(
        name.replace("\\", "/").rpartition("/")[2] in _WORKBOOK_PARTS for name in names
    )


def _seekable(source: Source) -> bool:
    with source.open() as raw:
        return raw.seekable()


def _in_memory(source: Source) -> Source:
    with damage_named(source.name), source.open() as raw:
        content = raw.read(MOST_IN_MEMORY + 1)
    if len(content) > MOST_IN_MEMORY:
        raise BadInputError(f"{source.name}: an archive in an archive is too large")
    return from_bytes(source.name, content)

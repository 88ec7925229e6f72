"""A new set put in place: written beside, made to last, and counted from one instant on.

Before the small file ``current`` is replaced nothing counts; after it the whole new set does. A
crash at any instant leaves one or the other. What a crash leaves lying is cleared away next time.
"""

from __future__ import annotations

import fcntl
import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from inventory.errors import BadInputError, UsageError
from migrate.catalogue.overlay import FOLDER, INDEX, POINTER, SETS, Catalogue
from migrate.catalogue.refreshing.files import sync_folder, write_synced, write_whole
from migrate.catalogue.refreshing.texts import as_json

_LOCK = ".lock"
_UNFINISHED = ".unfinished-"


@contextmanager
def alone(estate_folder: Path) -> Iterator[Path]:
    """Let one refresh at a time be at work on an estate; give its folder of the catalogue.

    Raises:
        UsageError: another is at work.
        BadInputError: the folder cannot be written to.

    """
    folder = estate_folder / FOLDER
    try:
        (folder / SETS).mkdir(parents=True, exist_ok=True)
        lock = (folder / _LOCK).open("w")
    except OSError as error:
        raise _unwritable(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                "another refresh of this estate's catalogue is at work", hint="wait until it ends"
            ) from error
        yield folder


def apply(
    folder: Path,
    before: Catalogue,
    files: Mapping[str, str],
    entries: Mapping[str, object],
    *,
    now: datetime,
) -> Catalogue:
    """Put new files, with their entries in the index, in the place of the old ones.

    What an earlier refresh renewed and this one did not stays as it was.

    Raises:
        BadInputError: the disk is full, or the folder cannot be written to.

    """
    name = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    unfinished = folder / SETS / f"{_UNFINISHED}{name}"
    try:
        unfinished.mkdir()
        _fill(unfinished, before, files, entries)
        unfinished.rename(folder / SETS / name)
        sync_folder(folder / SETS)
        write_whole(folder / POINTER, f"{name}\n")
        _clear(folder / SETS, keep={name, before.folder.name})
    except OSError as error:
        raise _unwritable(folder, error) from error
    return Catalogue(overlay=(folder / SETS / name).resolve())


def _fill(
    unfinished: Path,
    before: Catalogue,
    files: Mapping[str, str],
    entries: Mapping[str, object],
) -> None:
    index: dict[str, object] = {}
    if before.overlay is not None:
        index = json.loads((before.overlay / INDEX).read_text(encoding="utf-8"))
        for old in before.overlay.iterdir():
            if old.name not in files and old.name != INDEX:
                write_synced(unfinished / old.name, old.read_text(encoding="utf-8"))
    for file, text in files.items():
        write_synced(unfinished / file, text)
    write_synced(unfinished / INDEX, as_json({**index, **entries}))
    sync_folder(unfinished)


def _clear(sets: Path, *, keep: set[str]) -> None:
    """Remove older sets but the one before, which a reader that has just begun may still read."""
    for each in sets.iterdir():
        if each.name not in keep:
            shutil.rmtree(each, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> BadInputError:
    return BadInputError(
        f"{folder} cannot be written to: {error.strerror or error}",
        hint="the catalogue is as it was; mend that and run decant catalogue refresh again: "
        "what was fetched is kept",
    )

"""Puts a text into a file whole or not at all: a reader never sees half of it."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from inventory.errors import BadInputError, UsageError


def publish(path: Path, text: str) -> Path:
    """Write ``text`` as UTF-8 in place of whatever file is at ``path``, and return its full path.

    The text is written beside the file first and then moved over it, so that an interruption, a
    full disk or a second run leaves either the old file or the new one.

    Raises:
        UsageError: the path is a folder, is something else than a file, or its folder is missing.
        BadInputError: it cannot be written.

    """
    path = path.expanduser().resolve()
    _must_be_writable(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("x", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise BadInputError(f"cannot write {path}: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return path


def _must_be_writable(path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder", hint=f"name a file in it: {path / 'report.html'}")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is not a file", hint="write to - for standard output")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", hint=f"mkdir -p {path.parent}")

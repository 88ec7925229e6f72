"""Runs a command on a terminal of its own, so that it writes as it does for a person."""

from __future__ import annotations

import codecs
import os
import pty
import subprocess
import termios
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

_ROWS: Final = 50
_CHUNK: Final = 1 << 16


def run_on_terminal(
    command: Sequence[str],
    *,
    columns: int,
    folder: Path,
    environment: Mapping[str, str],
    on_text: Callable[[str], None],
) -> int:
    """Run a command, hand over what it writes as it comes, and return its exit code."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (_ROWS, columns))
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=its,
            stderr=its,
        )
    finally:
        os.close(its)
    try:
        for text in _texts(ours):
            on_text(text)
    except BaseException:
        process.terminate()
        raise
    finally:
        os.close(ours)
        process.wait()
    return process.returncode


def _texts(terminal: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while said := _read(terminal):
        yield decoder.decode(said).replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, _CHUNK)
    except OSError:  # how Linux says that nobody writes to the terminal any more
        return b""

"""Replies that were recorded earlier: ``recorded://web-1.txt``, a file or a folder.

A file holds the raw standard output of a server, as it is kept with a run. A folder holds it in a
file named ``stdout``, and may hold the error stream in one named ``stderr``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.errors import UnreachableError
from inventory.model.asking import Access, Ending, Reply, Transport

if TYPE_CHECKING:
    from inventory.model.asking import Limits
    from inventory.model.target import Target


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Answers with what was recorded, whatever is asked."""

    def ask(self, target: Target, script: str, limits: Limits) -> Reply:  # noqa: ARG002
        """Return the recorded reply, within the limits on its size.

        Raises:
            UnreachableError: there is no recording, or it cannot be read.

        """
        path = Path(target.host).expanduser()
        stdout = _read(path / "stdout" if path.is_dir() else path)
        beside = path / "stderr"
        stderr = _read(beside) if beside.is_file() else b""
        return Reply(
            stdout=stdout[: limits.answer_bytes],
            stderr=stderr[: limits.stderr_bytes],
            exit_status=None,
            ending=Ending.TOO_LARGE if len(stdout) > limits.answer_bytes else Ending.FINISHED,
            seconds=0,
        )

    def close(self) -> None:
        """Hold nothing, so let go of nothing."""


def _open(access: Access) -> Recorded:  # noqa: ARG001  every transport is given it
    return Recorded()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreachableError(
            f"the recording {path} cannot be read: {error.strerror}",
            hint="give the path of a file that holds a server's recorded answer",
        ) from error


TRANSPORT = Transport(open=_open)

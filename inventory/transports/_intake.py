"""What a server says, gathered up to the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.model.asking import Ending, Reply

if TYPE_CHECKING:
    from inventory.model.asking import Limits


class Intake:
    """Keeps the answer, and the beginning of the error stream; lets the rest go."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._stdout: list[bytes] = []
        self._size = 0
        self._stderr = bytearray()

    @property
    def is_full(self) -> bool:
        """Whether more was answered than is allowed."""
        return self._size > self._limits.answer_bytes

    def stdout(self, data: bytes) -> None:
        """Take more of the answer."""
        self._stdout.append(data)
        self._size += len(data)

    def stderr(self, data: bytes) -> None:
        """Take more of the error stream, as far as it is kept."""
        self._stderr += data[: max(0, self._limits.stderr_bytes - len(self._stderr))]

    def reply(self, ending: Ending, *, exit_status: int | None, seconds: float) -> Reply:
        """Return all of it as a reply."""
        return Reply(
            stdout=b"".join(self._stdout)[: self._limits.answer_bytes],
            stderr=bytes(self._stderr),
            exit_status=exit_status,
            ending=ending,
            seconds=seconds,
        )

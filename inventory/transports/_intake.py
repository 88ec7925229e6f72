"""What a server says, gathered up to the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.asking import MEBIBYTE, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from inventory.model.asking import Ending, Limits

_ASIDE_BYTES: Final = 16 * MEBIBYTE
"""How much may come on the error stream: nothing that we ask says anything there."""


class Intake:
    """Keeps the answer, and the beginning of the error stream; lets the rest go.

    ``full`` is called as soon as more was said than is allowed.
    """

    def __init__(self, limits: Limits, full: Callable[[], None] = lambda: None) -> None:
        self._limits = limits
        self._full = full
        self._stdout: list[bytes] = []
        self._size = 0
        self._stderr = bytearray()
        self._aside = 0

    @property
    def is_full(self) -> bool:
        """Whether more was said than is allowed."""
        return self._size > self._limits.answer_bytes or self._aside > _ASIDE_BYTES

    @property
    def most_bytes(self) -> int:
        """How much can be said in all before it is full."""
        return self._limits.answer_bytes + _ASIDE_BYTES + 1

    def stdout(self, data: bytes) -> None:
        """Take more of the answer."""
        self._stdout.append(data)
        self._size += len(data)
        if self.is_full:
            self._full()

    def stderr(self, data: bytes) -> None:
        """Take more of the error stream, as far as it is kept."""
        self._stderr += data[: max(0, self._limits.stderr_bytes - len(self._stderr))]
        self._aside += len(data)
        if self.is_full:
            self._full()

    def reply(self, ending: Ending, *, exit_status: int | None, seconds: float) -> Reply:
        """Return all of it as a reply, and keep nothing: whoever fed this may live on."""
        pieces, self._stdout = self._stdout, []
        return Reply(
            stdout=b"".join(pieces)[: self._limits.answer_bytes],
            stderr=bytes(self._stderr),
            exit_status=exit_status,
            ending=ending,
            seconds=seconds,
        )

"""Bytes that a server said → the answer to each question. The other half of ``compose``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from inventory.model.collector import Answer
from inventory.model.fact import Reason, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEADER = re.compile(rb"^DECANT 1 ([0-9a-f]{16,64})\n", re.MULTILINE)
_STATUS = re.compile(rb"([0-9]{1,3})\n")
_STOPPED = {124, 137, 143}
"""What a question that met its limit ends with: by ``timeout``, by SIGKILL, by SIGTERM."""


def has_begun(data: bytes) -> bool:
    """Tell whether the script ran at all."""
    return _HEADER.search(data) is not None


def read_answers(
    data: bytes, questions: Iterable[str], *, unfinished: Unknown
) -> dict[str, Answer | Unknown]:
    """Return what each question got; never raises, whatever the bytes.

    What comes before the first frame (a login's greeting) is passed over. An answer counts only
    when its end was seen: a question that was not reached, or was cut in the middle, gets
    ``unfinished``. One that its limit stopped is unknown: timed out.
    """
    answers = frames(data)
    return {name: answers.get(name, unfinished) for name in questions}


def frames(data: bytes) -> dict[str, Answer | Unknown]:
    """Return everything that came framed and whole, by name, in the order in which it came."""
    answers: dict[str, Answer | Unknown] = {}
    header = _HEADER.search(data)
    if header:
        for name, answer in _frames(data, header.group(1), header.end()):
            answers.setdefault(name, answer)
    return answers


def _frames(data: bytes, boundary: bytes, position: int) -> Iterator[tuple[str, Answer | Unknown]]:
    opening = b"\n@" + boundary + b" begin "
    while (begin := data.find(opening, position)) >= 0:
        name, _, _ = data[begin + len(opening) : begin + len(opening) + 1024].partition(b"\n")
        start = begin + len(opening) + len(name) + 1
        closing = b"\n@" + boundary + b" end " + name + b" "
        end = data.find(closing, start)
        status = _STATUS.match(data, end + len(closing)) if end >= 0 else None
        if status is None:
            return
        # A question that was begun again says so; what it said at first is no part of its answer.
        again = data.rfind(opening + name + b"\n", start, end)
        if again >= 0:
            start = again + len(opening) + len(name) + 1
        yield name.decode("ascii", "replace"), _answer(data[start:end], int(status.group(1)))
        # The status line's own line feed may not begin the next frame, which brings its own.
        position = status.end()


def _answer(said: bytes, status: int) -> Answer | Unknown:
    if status in _STOPPED:
        return Unknown(reason=Reason.TIMED_OUT, detail="the question took longer than its limit")
    return Answer(text=said.decode("utf-8", "replace"), exit_status=status)

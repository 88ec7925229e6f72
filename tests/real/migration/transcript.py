"""What was typed and said, as a document, and as it compares with one of another day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

_CHANGING: Final = (
    (re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?"), "DATE"),
    (re.compile(r"[0-9a-f]{12,}…?"), "DIGEST"),
    (re.compile(r"SHA256:[\w+/]{43}|ssh-ed25519 [\w+/]+"), "KEY"),
    (re.compile(r"\b\d+ packages, \d+ in"), "SOME packages, SOME in"),
    (re.compile(r"\bin \d+ looks at most [\d.]+ hours"), "in SOME looks at most SOME hours"),
    (re.compile(r"\b\d+(?:\.\d+)? (?:s|ms|seconds)\b"), "SOME SECONDS"),
    (re.compile(r", \d+ of them as an earlier run saw at this very moment"), ""),
    (re.compile(r"twice in a row \([^()]*\)"), "twice in a row"),
    (re.compile(r"(no answer from \S+): .*"), r"\1"),
    (re.compile(r"[ ]+"), " "),
    (re.compile(r"[─━-]{3,}"), "---"),
)
"""What is otherwise on another day, and what it is replaced by."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command."""

    command: str
    code: int
    """What it ended with."""
    said: str


@dataclass
class Transcript:
    """All of it, in order."""

    parts: list[Step | str] = field(default_factory=list)

    def add(self, step: Step) -> None:
        """Take a command in."""
        self.parts.append(step)

    def tell(self, text: str) -> None:
        """Take a paragraph in; Markdown."""
        self.parts.append(text)

    @property
    def steps(self) -> list[Step]:
        """The commands alone."""
        return [each for each in self.parts if isinstance(each, Step)]

    def markdown(self) -> str:
        """Write it as a document."""
        return "\n\n".join(_markdown(each) for each in self.parts) + "\n"


def same_on_any_day(text: str) -> list[str]:
    """Return the lines of a document without what differs from one day to the next."""
    for pattern, instead in _CHANGING:
        text = pattern.sub(instead, text)
    lines = [line.rstrip() for line in text.splitlines()]
    return [each for _, run in groupby(lines, _is_answer) for each in _in_order(run)]


def _is_answer(line: str) -> bool:
    return " answered in SOME SECONDS" in line or line.endswith(" did not answer")


def _in_order(lines: Iterable[str]) -> list[str]:
    """Sort the servers that answered: the fastest is another one on each day."""
    found = list(lines)
    return sorted(found) if _is_answer(found[0]) else found


def _markdown(part: Step | str) -> str:
    if isinstance(part, str):
        return part.strip()
    ended = f"\n# exit code {part.code}" if part.code else ""
    lines = "\n".join(line.rstrip() for line in part.said.strip().splitlines())
    said = f"\n{lines}" if lines else ""
    return f"```console\n$ {part.command}{said}{ended}\n```"

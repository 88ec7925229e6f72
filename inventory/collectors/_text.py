"""How answers are laid out, and how they are taken apart.

Two layouts serve every collector: ``path:line``, as ``grep -Has '' FILE…`` writes it, and parts
that each begin with a line ``@@ NAME``.
"""

from __future__ import annotations

from typing import Final

PART: Final = "@@ "
_LONGEST: Final = 40
"""How many digits a number has at most: 128 bits take 39, and Python reads no more than 4,300."""


def by_file(text: str) -> dict[str, list[str]]:
    """Take ``path:line`` apart: the lines of each file, in order. Other lines are passed over."""
    files: dict[str, list[str]] = {}
    for line in text.splitlines():
        path, colon, content = line.partition(":")
        if colon and path.startswith("/"):
            files.setdefault(path, []).append(content)
    return files


def first_lines(text: str) -> dict[str, str]:
    """Take ``path:line`` apart: the first line of each file, without blanks and NULs around it."""
    return {path: lines[0].strip(" \t\0") for path, lines in by_file(text).items()}


def parts(text: str) -> dict[str, str]:
    """Take an answer apart at its ``@@ NAME`` lines. What stands before the first is ``""``."""
    found: dict[str, str] = {}
    for part in f"\n{PART}\n{text}".split(f"\n{PART}")[1:]:
        name, _, said = part.partition("\n")
        name = name.strip()
        said = said.removesuffix("\n")
        found[name] = f"{found[name]}\n{said}" if found.get(name) else said
    return found


def number(text: str | None) -> int | None:
    """Read a whole number that is not negative; None when it is none, or one that nobody counts."""
    digits = (text or "").strip()
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST
    return int(digits) if is_number else None

"""Text from servers made fit for a terminal: what it cannot show is spelt out, and does nothing."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return text with control characters, line ends too, written as visible escapes."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")

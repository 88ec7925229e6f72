"""Those who may speak for a partner, as ``decant.toml`` names them."""

from __future__ import annotations

import difflib
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inventory.errors import UsageError

if TYPE_CHECKING:
    from inventory.estate import Estate, Person
    from migrate.model.plan import Move

_MOST_CHARACTERS = 4000
_ZONE = ZoneInfo("Europe/London")


def person_of(estate: Estate, name: str) -> Person:
    """Return somebody whom the estate names.

    Raises:
        UsageError: it names nobody of that name.

    """
    for each in estate.people:
        if each.name == name:
            return each
    known = ", ".join(f"{each.name} ({each.partner})" for each in estate.people) or "nobody yet"
    raise UsageError(
        f"{name!r} speaks for nobody here", hint=f"those who do, in decant.toml: {known}"
    )


def owners(estate: Estate, move: Move) -> tuple[str, ...]:
    """Return the partners that own a server: those that its move names, else all of the estate."""
    return move.partners or tuple(each.name for each in estate.partners)


def in_words(text: str) -> str:
    """Return what somebody says as one line, as it is signed: the same words are the same text.

    Raises:
        UsageError: it is empty, too long, or holds what cannot be printed.

    """
    line = " ".join(text.split())
    if not line:
        raise UsageError("nothing was said", hint="say why: --because TEXT")
    if len(line) > _MOST_CHARACTERS:
        raise UsageError(
            f"{len(line)} characters are too many: {_MOST_CHARACTERS} at the most",
            hint="attach a file where there is more to say",
        )
    if not line.isprintable():
        raise UsageError("what is said holds characters that cannot be printed")
    return line


def end_of(day: date, now: datetime) -> datetime:
    """Return the first moment after a day in the United Kingdom.

    Raises:
        UsageError: it is over already.

    """
    end = datetime.combine(day + timedelta(days=1), time.min, _ZONE).astimezone(UTC)
    if end <= now:
        raise UsageError(f"{day} is over")
    return end


def meant(word: str, known: list[str]) -> str:
    """Return ``did you mean …? `` for a word that is unknown; empty when nothing is like it."""
    near = difflib.get_close_matches(word, known)
    return f"did you mean {' or '.join(near)}? " if near else ""

"""One question to a cloud at a time: what it brings, or why that is not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from inventory.errors import DecantError
from inventory.model.fact import Reason, Unknown

T = TypeVar("T")
_MISREAD: Final = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def unless_failed(
    ask: Callable[[], T],
    failures: tuple[type[Exception], ...],
    unknown_of: Callable[[Exception], Unknown],
) -> T | Unknown:
    """Return what a question brings; when any of it cannot be had or read, why."""
    try:
        return ask()
    except failures as error:
        return unknown_of(error)
    except _MISREAD as error:
        why = f"its answer could not be read: {error!r}"
        return Unknown(reason=Reason.UNREADABLE, detail=why)
    except DecantError as error:
        return Unknown(reason=Reason.NOT_ASKED, detail=str(error))

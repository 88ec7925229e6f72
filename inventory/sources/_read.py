"""What sources of clouds share: statements with their column, and failures in one voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from inventory.collectors._secrets import without_secrets
from inventory.errors import AccessRefusedError, DecantError, PartlyUnknownError, UnreachableError
from inventory.model.fact import FactKey, Observation, Reason, Unknown
from inventory.model.imported import Stated
from inventory.model.placement import Tag

T = TypeVar("T")
_MISREAD = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class Statements:
    """What is stated of one server, each with the words of the provider that say it."""

    def __init__(self) -> None:
        self.made: list[Stated] = []

    def say(self, column: str, key: FactKey[T], value: T | None) -> None:
        """State a fact; what is None is not stated."""
        if value is not None:
            self.add(column, key.known(value))

    def add(self, column: str, observation: Observation) -> None:
        """State an observation."""
        self.made.append(Stated(column=column, observation=observation))


def tag(name: str, value: str | None) -> Tag:
    """Return a tag without what may be secret in it: people do write passwords there."""
    whole = without_secrets(f"{name}={value or ''}")
    return Tag(name=name, value=whole[len(name) + 1 :])


@contextmanager
def told_by(
    place: str, failures: tuple[type[Exception], ...], unknown_of: Callable[[Exception], Unknown]
) -> Iterator[None]:
    """Turn what asking a place may raise into one of our errors.

    Raises:
        PartlyUnknownError: it does not answer, refuses, or says what cannot be read.

    """
    try:
        yield
    except failures as error:
        why = unknown_of(error)
        kind = AccessRefusedError if why.reason is Reason.NEEDS_PRIVILEGE else UnreachableError
        raise kind(f"{place}: {why.detail}") from error
    except _MISREAD as error:
        raise PartlyUnknownError(f"{place}: its answer could not be read: {error!r}") from error
    except DecantError as error:
        raise PartlyUnknownError(f"{place}: {error}", hint=error.hint) from error

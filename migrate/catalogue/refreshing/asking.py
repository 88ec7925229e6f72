"""Asking a service page by page, and never for a page that is kept already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

from inventory.errors import UnreachableError
from migrate.catalogue.refreshing.journal import Journal, Kept
from migrate.catalogue.refreshing.shapes import check_shape

MOST_PAGES = 2_000
"""Of one question; the longest real answer, all prices of a large region, has some hundred."""


class Source(Enum):
    """A service that is asked, by the name people know it by."""

    EC2 = "Amazon EC2"
    AWS_PRICES = "the AWS price list"
    AZURE_PRICES = "the Azure retail price service"
    AZURE_SKUS = "the Azure SKU list"
    LIFECYCLE = "endoflife.date"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, whose answer may come in many pages."""

    source: Source
    about: str
    """What is asked for, one word: ``types``, ``products``."""
    region: str = ""
    """Empty when the answer is the same everywhere."""
    terms: tuple[tuple[str, str], ...] = ()
    """Filters, by the names the service gives them."""

    def __str__(self) -> str:
        """Name the question for people."""
        place = f" in {self.region}" if self.region else ""
        terms = ", ".join(value for _, value in self.terms)
        return f"{self.source.value}, {self.about}{place}{f' ({terms})' if terms else ''}"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of an answer."""

    content: Any
    """JSON as the service gave it, with fractions as text so that no digit is lost."""
    next: str | None
    """What leads to the next page; None on the last one."""


class Service(Protocol):
    """A service that can be asked."""

    def page(self, question: Question, token: str | None) -> Page:
        """Return one page: the first, or the one that ``token`` leads to.

        Raises:
            PartlyUnknownError: it did not answer, refused, or answered what cannot be read, even
                after some patience; the hint says what to do.
            BadInputError: it cannot be asked as the estate is set up.

        """

    def close(self) -> None:
        """Let go of connections."""


Services = Mapping[Source, Callable[[], Service]]
"""How each service is opened, when it is first needed."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """All pages of an answer."""

    pages: tuple[Any, ...]
    asked: date
    """When the oldest of its pages was asked for."""


def ask(question: Question, service: Service, journal: Journal, now: datetime) -> Answer:
    """Return the whole answer to a question; pages that the journal holds are not asked for again.

    Raises:
        UnreachableError: a page is not what the service documents, or they lead round in a circle.

    """
    kept = tuple(_pages(question, service, journal, now))
    return Answer(
        pages=tuple(each.content for each in kept), asked=min(each.at for each in kept).date()
    )


def _pages(question: Question, service: Service, journal: Journal, now: datetime) -> Iterator[Kept]:
    token: str | None = None
    led: set[str] = set()
    for number in range(MOST_PAGES):
        kept = journal.find(str(question), number, now)
        if kept is None:
            page = service.page(question, token)
            check_shape(question.source.value, question.about, page.content)
            kept = Kept(content=page.content, next=page.next, at=now)
            journal.keep(str(question), number, kept)
        yield kept
        if not kept.next:
            return
        if kept.next in led:
            raise _endless(question, number, "leads back to a page that was there before")
        led.add(kept.next)
        token = kept.next
    raise _endless(question, MOST_PAGES, "is not the last one, and no answer is that long")


def _endless(question: Question, number: int, why: str) -> UnreachableError:
    return UnreachableError(
        f"{question}: page {number + 1} {why}",
        hint="nothing was applied; run decant catalogue refresh --afresh later, "
        "and check any proxy or mirror on the way",
    )

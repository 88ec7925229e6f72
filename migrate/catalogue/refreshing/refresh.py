"""A refresh from end to end: ask, make, check each data set, and apply them as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from migrate.catalogue.datasets import read_text
from migrate.catalogue.overlay import Catalogue, catalogue_of
from migrate.catalogue.refreshing.applying import alone, apply
from migrate.catalogue.refreshing.asking import Service, Services, Source, ask
from migrate.catalogue.refreshing.checks import check_part
from migrate.catalogue.refreshing.feeds import Feed, Group
from migrate.catalogue.refreshing.journal import Journal
from migrate.catalogue.refreshing.made import Fetched, Made, Present

JOURNAL = "journal"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be refreshed, and how."""

    feeds: tuple[Feed, ...]
    regions: Mapping[Group, tuple[str, ...]]
    """Of each cloud, one at least; those not named stay as they are."""
    afresh: bool = False
    """Whether pages kept from a refresh that was cut off are forgotten first."""
    accept_losses: bool = False


@dataclass(frozen=True, kw_only=True)
class Renewed:
    """One data set that has been renewed."""

    dataset: str
    date: date
    entries_before: int
    entries: int


def refresh(
    estate_folder: Path,
    services: Services,
    order: Order,
    *,
    now: datetime,
    tell: Callable[[str], None],
) -> tuple[Renewed, ...]:
    """Renew data sets of an estate's catalogue: all that the order names, or none of them.

    Raises:
        PartlyUnknownError: a service did not answer as it should; pages so far are kept.
        RefusedError: what came cannot be believed.
        UsageError: another refresh is at work.
        BadInputError: a service cannot be asked as the estate is set up, or the disk is full.

    """
    with alone(estate_folder) as folder, ExitStack() as stack:
        before = catalogue_of(estate_folder)
        journal = Journal(folder=folder / JOURNAL)
        if order.afresh:
            journal.clear()
        asking = _Asking(services=services, journal=journal, now=now, stack=stack, opened={})
        made: list[_New] = []
        for feed in order.feeds:
            tell(f"asking for {feed.dataset}")
            made.append(_new(feed, before, asking, order))
        files = {each.file: each.made.text for each in made}
        entries = {each.renewed.dataset: each.entry for each in made}
        apply(folder, before, files, entries, now=now)
        journal.clear()
    return tuple(each.renewed for each in made)


@dataclass(frozen=True, kw_only=True)
class _New:
    file: str
    made: Made
    entry: Mapping[str, object]
    renewed: Renewed


@dataclass(frozen=True, kw_only=True)
class _Asking:
    services: Services
    journal: Journal
    now: datetime
    stack: ExitStack
    opened: dict[Source, Service]

    def fetch(self, feed: Feed, region: str) -> Fetched:
        answers = [
            ask(question, self._service(question.source), self.journal, self.now)
            for question in feed.questions(region)
        ]
        return Fetched(
            region=region,
            pages=tuple(page for answer in answers for page in answer.pages),
            asked=min(answer.asked for answer in answers),
        )

    def _service(self, source: Source) -> Service:
        if source not in self.opened:
            self.opened[source] = self.stack.enter_context(closing(self.services[source]()))
        return self.opened[source]


def _new(feed: Feed, before: Catalogue, asking: _Asking, order: Order) -> _New:
    present = Present(name=feed.dataset, catalogue=before)
    fetched = [asking.fetch(feed, region) for region in order.regions.get(feed.group, ("",))]
    made = feed.make(present, fetched)
    old = feed.figures(read_text(present.dataset.file, before))
    new = feed.figures(made.text)
    for each in fetched:
        what = f"{feed.dataset} of {each.region}" if each.region else feed.dataset
        check_part(
            what,
            old.get(each.region, {}),
            new.get(each.region, {}),
            feed.anchors,
            accept_losses=order.accept_losses,
        )
    asked = min(each.asked for each in fetched)
    return _New(
        file=present.dataset.file,
        made=made,
        entry=_entry(feed, present, made, asked),
        renewed=Renewed(
            dataset=feed.dataset,
            date=min(made.parts.values(), default=asked),
            entries_before=sum(map(len, old.values())),
            entries=sum(map(len, new.values())),
        ),
    )


def _entry(feed: Feed, present: Present, made: Made, asked: date) -> Mapping[str, object]:
    oldest = min(made.parts.values(), default=asked)
    older = sorted(part for part, day in made.parts.items() if day < asked)
    said = f"{feed.source}, asked {asked}"
    kept = f"; as before: {', '.join(older)}" if older else ""
    parts = {part: str(day) for part, day in sorted(made.parts.items())} if older else {}
    return {
        "file": present.dataset.file,
        "holds": feed.holds,
        "date": str(oldest),
        "source": said + kept,
        "licence": feed.licence,
        **({"parts": parts} if parts else {}),
    }


def regions_of(catalogue: Catalogue, own: Mapping[Group, str]) -> Mapping[Group, Sequence[str]]:
    """Return the regions that a catalogue has prices for, and the estate's own one, by cloud."""
    names = {Group.AWS: "aws-instance-prices", Group.AZURE: "azure-size-prices"}
    found: dict[Group, Sequence[str]] = {}
    for group, name in names.items():
        rows = Present(name=name, catalogue=catalogue).rows()
        found[group] = sorted({row["region"] for row in rows} | {own[group]})
    return found

"""Show how the size of a server came about: decant show NAME --why-size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inventory.errors import UsageError
from inventory.output import print_json, print_rows
from migrate.cli._addition import Addition

if TYPE_CHECKING:
    from inventory.session import Session
    from migrate.model.verdict import Cloud
    from migrate.sizing.shelf import Priced
    from migrate.sizing.sizer import Sized, Sizer

COLUMNS = ("cloud", "size", "usd_an_hour", "vcpus", "memory_gib", "outcome")


def why_size(session: Session, *, name: str, history: bool, everything: bool, form: str) -> None:
    """Print the size for each cloud, and every cheaper one with why it was not chosen.

    It is reckoned anew, with today's facts, options and catalogue.

    Raises:
        UsageError: the name is that of no server, or of several; or other options are given.

    """
    from inventory.store.servers import find_server
    from migrate.judging.standing_in import standing_in
    from migrate.model.verdict import Cloud
    from migrate.stages.classify import classifier

    if history or everything:
        raise UsageError("--why-size goes with neither --history nor --all")
    estate = session.estate()
    with session.store(estate) as store:
        facts = standing_in(find_server(store, name).facts)
    sizers = classifier(estate, clouds=tuple(Cloud), at=session.now()).sizers
    told = {cloud: (sizer, sizer.explain(facts)) for cloud, sizer in sizers.items()}
    if form == "json":
        print_json([_document(cloud, *each) for cloud, each in told.items()])
        return
    for cloud, (_, sized) in told.items():
        for line in _said(cloud, sized):
            session.say(line)
    rows = [row for cloud, (_, sized) in told.items() for row in _rows(cloud, sized)]
    print_rows(rows, COLUMNS, form, empty="no size can be chosen")


def _said(cloud: Cloud, sized: Sized | str) -> Iterator[str]:
    if isinstance(sized, str):
        yield f"{cloud.value}: no size: {sized}"
        return
    yield f"{cloud.value}: needs {sized.need}"
    yield from (f"  {each}" for each in sized.need.because)
    if sized.choice is None:
        yield "  no size fits"
    elif sized.choice.doubts:
        yield f"  {sized.choice.doubts}"


def _rows(cloud: Cloud, sized: Sized | str) -> Iterator[dict[str, object]]:
    if isinstance(sized, str):
        return
    for each, why in sized.rejected:
        yield {"cloud": cloud.value, **_size(each), "outcome": why}
    if sized.choice:
        yield {"cloud": cloud.value, **_size(sized.choice.chosen), "outcome": "chosen"}
    if sized.choice and sized.choice.runner_up:
        yield {"cloud": cloud.value, **_size(sized.choice.runner_up), "outcome": "runner-up"}


def _document(cloud: Cloud, sizer: Sizer, sized: Sized | str) -> dict[str, object]:
    where = {"cloud": cloud.value, "region": sizer.market.region, "date": sizer.market.date}
    if isinstance(sized, str):
        return {**where, "no_size": sized}
    choice = sized.choice
    return {
        **where,
        "need": str(sized.need),
        "because": sized.need.because,
        "chosen": _size(choice.chosen) if choice else None,
        "doubts": choice.doubts if choice else "",
        "runner_up": _size(choice.runner_up) if choice and choice.runner_up else None,
        "cheaper": [{**_size(each), "why_not": why} for each, why in sized.rejected],
    }


def _size(each: Priced) -> dict[str, object]:
    from migrate.catalogue.offer import GIBIBYTE

    return {
        "size": each.offer.name,
        "usd_an_hour": f"{each.price.usd:f}",
        "vcpus": each.offer.vcpus,
        "memory_gib": f"{each.offer.memory_bytes / GIBIBYTE:g}",
    }


ADDITION = Addition(
    flag="--why-size",
    help="Show which cloud sizes were looked at, and why no cheaper one does.",
    run=why_size,
)

"""Why applications stay, as a listing, as JSON, or as a record in Markdown to file away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from inventory.output import print_json, print_rows
from migrate.cli._markdown import escaped

if TYPE_CHECKING:
    from inventory.estate import Estate
    from inventory.store.store import Store
    from migrate.model.cost import Costs
    from migrate.model.strategy import WhyNotCloud
    from migrate.stages.strategy import Decided

YEARS = 5
"""How long both sides are reckoned for, as decant costs does unless told otherwise."""
COLUMNS = ("application", "strategy", "reason", "evidence", "gaps")


def print_records(decided: Decided, costs: Costs, form: str) -> None:
    """Print the record of each application that stays."""
    from inventory.model.codec import to_plain
    from migrate.strategy.staying import staying

    records = staying(decided.decisions, decided.seen, costs)
    if form == "json":
        print_json([to_plain(each) for each in records])
    elif form == "markdown":
        click.echo(
            "\n".join(line for each in records for line in _record(each)) or "No application stays."
        )
    else:
        print_rows(list(map(_row, records)), COLUMNS, form, empty="no application stays")


def costs_of(store: Store, estate: Estate, decided: Decided) -> Costs:
    """Return what every server costs over five years, on premise and on demand in each cloud."""
    from inventory.model.fact import Known
    from inventory.store.servers import servers
    from migrate.catalogue.overlay import catalogue_of
    from migrate.costing.bills import costing
    from migrate.model.cost import Purchase

    reckoned = costing(
        estate,
        since=decided.seen.at.date(),
        years=YEARS,
        purchase=Purchase.ON_DEMAND,
        catalogue=catalogue_of(estate.folder),
    )
    runs = {
        part.server_id: frozenset(each.id for each in part.software.value)
        for decision in decided.decisions
        for part in decision.application.components
        if isinstance(part.software, Known)
    }
    return reckoned.costs(servers(store), tuple(decided.seen.verdicts.values()), runs)


def _row(record: WhyNotCloud) -> dict[str, object]:
    return {
        "application": record.name,
        "strategy": record.strategy.value,
        "reason": record.reason,
        "evidence": [f"{each.what}: {each.says} ({each.source})" for each in record.evidence],
        "gaps": record.gaps,
    }


def _record(record: WhyNotCloud) -> Iterator[str]:
    to = " or ".join(each.value for each in record.destinations)
    yield f"## {escaped(record.name)}"
    yield ""
    strategy = record.strategy.value.capitalize()
    yield f"{strategy}{f', to the {to}' if to else ''}: {escaped(record.reason)}"
    yield ""
    yield "What shows it:"
    yield ""
    for each in record.evidence:
        yield f"- {each.what}: {escaped(each.says)} ({escaped(each.source)})"
    if not record.evidence:
        yield "- nothing"
    yield ""
    yield "What is wanting:"
    yield ""
    yield from (f"- {escaped(gap)}" for gap in record.gaps)
    yield ""

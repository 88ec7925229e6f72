"""Show how old the sizes, prices and lifecycle dates are, and where they come from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from inventory.output import format_option, print_rows

if TYPE_CHECKING:
    from inventory.session import Session
    from migrate.catalogue.datasets import Dataset

COLUMNS = ("name", "date", "age_days", "entries", "holds")
MORE_COLUMNS = (*COLUMNS, "source", "licence", "file")


@click.command()
@click.option("--sources", is_flag=True, help="Print each data set's source and licence, too.")
@format_option()
@click.pass_obj
def catalogue(session: Session, sources: bool, form: str) -> None:
    """Show the data sets that verdicts, sizes and costs rest on.

    \b
        decant catalogue
        decant catalogue --format json

    The date is that of the source, the oldest one where a data set has several.
    """
    from migrate.catalogue.datasets import datasets

    rows = [_row(each, session.now().date()) for each in datasets().values()]
    columns = COLUMNS if form == "table" and not sources else MORE_COLUMNS
    print_rows(rows, columns, form, empty="the catalogue is empty")


def _row(dataset: Dataset, today: date) -> dict[str, object]:
    from migrate.catalogue.datasets import count

    return {
        "name": dataset.name,
        "date": dataset.date,
        "age_days": (today - dataset.date).days,
        "entries": count(dataset),
        "holds": dataset.holds,
        "source": dataset.source,
        "licence": dataset.licence,
        "file": dataset.file,
    }


COMMAND = catalogue

"""Show how old the sizes, prices and lifecycle dates are, and renew them."""

from __future__ import annotations

import os
import re
from datetime import date
from typing import TYPE_CHECKING

import click

from inventory.errors import UsageError
from inventory.output import format_option, print_rows
from inventory.session import Session, tell_warning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.estate import Estate
    from migrate.catalogue.datasets import Dataset
    from migrate.catalogue.overlay import Catalogue
    from migrate.catalogue.refreshing.feeds import Feed, Group

COLUMNS = ("name", "date", "age_days", "entries", "holds")
MORE_COLUMNS = (*COLUMNS, "refreshed", "parts", "source", "licence", "file")
RENEWED_COLUMNS = ("name", "date", "entries_before", "entries")
_OF_AWS = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]+")
_OF_AZURE = re.compile(r"[a-z]+[0-9]*")


@click.group(invoke_without_command=True)
@click.option("--sources", is_flag=True, help="Print each data set's source and licence, too.")
@format_option()
@click.pass_context
def catalogue(ctx: click.Context, /, sources: bool, form: str) -> None:
    """Show the data sets that verdicts, sizes and costs rest on, and which of them are old.

    \b
        decant catalogue
        decant catalogue --format json
        decant catalogue refresh

    The date is that of the source, the oldest one where a data set has several. An estate's
    refreshed data sets stand in place of those that Decant came with, unless these are newer.
    """
    if ctx.invoked_subcommand is None:
        _show(ctx.obj, form, sources=sources)


@catalogue.command()
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Renew these: aws, azure, lifecycle, or the name of a data set; repeatable.",
)
@click.option(
    "--region",
    "regions",
    multiple=True,
    help="Ask for these regions; repeatable.  [default: all that the catalogue has, and your own]",
)
@click.option("--afresh", is_flag=True, help="Forget pages kept from a refresh that was cut off.")
@click.option(
    "--accept-losses", is_flag=True, help="Apply it though much is gone, or prices leapt."
)
@format_option()
@click.pass_obj
def refresh(
    session: Session,
    only: tuple[str, ...],
    regions: tuple[str, ...],
    afresh: bool,
    accept_losses: bool,
    form: str,
) -> None:
    """Ask the services themselves for sizes, prices and support dates, and keep them in the estate.

    \b
        decant catalogue refresh
        decant catalogue refresh --only lifecycle --only azure-size-prices
        decant catalogue refresh --only aws --region eu-west-2

    All that is asked for is renewed, or nothing is: the new set is checked against the one before
    and takes its place in one step. A refresh that is cut off goes on where it was, within a day.
    AWS needs ec2:DescribeInstanceTypes, ec2:DescribeInstanceTypeOfferings and pricing:GetProducts;
    Azure's sizes need the role Reader on the subscription; the rest is public. Nothing of the
    estate is sent but the names of regions.
    """
    from inventory.clouds.configured import aws_settings, azure_settings
    from migrate.catalogue.overlay import catalogue_of
    from migrate.catalogue.refreshing.refresh import Order, refresh, regions_of
    from migrate.clouds.catalogue_services import catalogue_services

    estate = session.estate()
    feeds = _feeds(only)
    known = regions_of(catalogue_of(estate.folder), _own(estate))
    renewed = refresh(
        estate.folder,
        catalogue_services(aws_settings(estate), azure_settings(estate), os.environ),
        Order(
            feeds=feeds,
            regions=_regions(regions, known),
            afresh=afresh,
            accept_losses=accept_losses,
        ),
        now=session.now(),
        tell=session.say,
    )
    rows = [{"name": each.dataset, **vars(each)} for each in renewed]
    print_rows(rows, RENEWED_COLUMNS, form, empty="nothing was renewed")
    session.say("renewed as one; decant classify judges by it from now on")


def _feeds(only: tuple[str, ...]) -> tuple[Feed, ...]:
    from migrate.catalogue.refreshing.feeds import FEEDS, Group, chosen

    known = [each.value for each in Group] + [each.dataset for each in FEEDS]
    for name in only:
        if name not in known:
            raise UsageError(f"{name!r} cannot be refreshed", hint=f"one of {', '.join(known)}")
    return chosen(only)


def _own(estate: Estate) -> Mapping[Group, str]:
    from migrate.catalogue.market import DEFAULT_REGIONS
    from migrate.catalogue.refreshing.feeds import Group
    from migrate.model.verdict import Cloud

    return {
        Group.AWS: estate.clouds.aws.get("region", DEFAULT_REGIONS[Cloud.AWS]),
        Group.AZURE: estate.clouds.azure.get("region", DEFAULT_REGIONS[Cloud.AZURE]),
    }


def _regions(
    given: tuple[str, ...], known: Mapping[Group, Sequence[str]]
) -> Mapping[Group, tuple[str, ...]]:
    """Return the regions to ask for: those given of a cloud, or all known ones of it."""
    from migrate.catalogue.refreshing.feeds import Group

    shapes = {Group.AWS: _OF_AWS, Group.AZURE: _OF_AZURE}
    for name in given:
        if not any(shape.fullmatch(name) for shape in shapes.values()):
            raise UsageError(
                f"{name!r} is no region", hint="AWS has eu-west-2, Azure uksouth, for instance"
            )
    named = {
        group: tuple(name for name in given if shape.fullmatch(name))
        for group, shape in shapes.items()
    }
    return {group: named[group] or tuple(known[group]) for group in shapes}


def _show(session: Session, form: str, *, sources: bool) -> None:
    from migrate.catalogue.datasets import datasets
    from migrate.catalogue.staleness import staleness

    what, today = _catalogue(session), session.now().date()
    found = datasets(what)
    columns = COLUMNS if form == "table" and not sources else MORE_COLUMNS
    rows = [_row(each, what, today) for each in found.values()]
    print_rows(rows, columns, form, empty="the catalogue is empty")
    for each in staleness(found, today):
        tell_warning(str(each))


def _catalogue(session: Session) -> Catalogue:
    """Return the estate's catalogue; the shipped one where there is no estate."""
    from migrate.catalogue.overlay import SHIPPED, catalogue_of

    try:
        return catalogue_of(session.estate().folder)
    except UsageError:
        if session.estate_folder is not None:
            raise
        return SHIPPED


def _row(dataset: Dataset, what: Catalogue, today: date) -> dict[str, object]:
    from migrate.catalogue.datasets import count, is_refreshed

    return {
        "name": dataset.name,
        "date": dataset.date,
        "age_days": (today - dataset.date).days,
        "entries": count(dataset, what),
        "holds": dataset.holds,
        "refreshed": is_refreshed(dataset.name, what),
        "parts": [f"{part} {day}" for part, day in dataset.parts.items()],
        "source": dataset.source,
        "licence": dataset.licence,
        "file": dataset.file,
    }


COMMAND = catalogue

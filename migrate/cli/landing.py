"""See whether the landing zones in the clouds are ready, before anything is moved there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.errors import FINDINGS, FINE, PARTLY_UNKNOWN
from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from migrate.stages.landing import Found

_COLUMNS = ("zone", "condition", "standing", "detail")
_ALL_COLUMNS = ("zone", "cloud", "account", "region", "condition", "standing", "detail", "observed")


@click.command()
@click.argument("zones", nargs=-1, metavar="[ZONE]...")
@click.option("--wave", type=click.IntRange(min=1), help="Only what this wave needs.")
@format_option()
@click.pass_obj
def landing(session: Session, zones: tuple[str, ...], wave: int | None, form: str) -> int:
    """See whether the landing zones in the clouds are ready, before anything is moved there.

    \b
        decant landing
        decant landing uk-prod --wave 2

    Zones are described by [[landing_zones]] in decant.toml. Each is asked for quotas, sizes,
    addresses, routes, names, security groups, tags, policies, backups, monitoring, keys, licences
    and connections, against what the planned servers need; their sizes are those of decant
    classify. Looking changes nothing, and nothing is kept. What cannot be told is not ready.
    Exit code 0 when every zone is ready, 1 when something is not, 3 when something cannot be told.
    """
    from migrate.stages.landing import Standing, run
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        found = list(run(bench.landing, zones, wave=wave))
    if form == "table":
        print_rows([_row(each) for each in found], _COLUMNS, form, empty="")
    else:
        print_rows([_row(each) for each in found], _ALL_COLUMNS, form, empty="")
    standings = {each.standing for each in found}
    if Standing.NOT_READY in standings:
        return FINDINGS
    return PARTLY_UNKNOWN if Standing.UNKNOWN in standings else FINE


def _row(found: Found) -> dict[str, object]:
    return {
        "zone": found.zone.name,
        "cloud": found.zone.cloud,
        "account": found.zone.account,
        "region": found.zone.region,
        "condition": found.condition,
        "standing": found.standing.value,
        "detail": found.detail,
        "observed": dict(found.observed),
    }


COMMAND = landing

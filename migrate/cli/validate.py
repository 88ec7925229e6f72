"""Check the inventory against the estate's policy, for CI."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from inventory.amount import amount
from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrate.model.report import Material
    from migrate.policy import Condition

COLUMNS: Final = ("server", "cloud", "condition", "outcome", "why", "details")


@click.command()
@click.option("--all", "everything", is_flag=True, help="Show what is met and excused, too.")
@click.option(
    "--junit", type=click.Path(path_type=Path), help="Also write every condition as JUnit XML."
)
@format_option()
@click.pass_obj
@click.pass_context
def validate(
    ctx: click.Context, session: Session, *, everything: bool, junit: Path | None, form: str
) -> None:
    """Ask of every server what the [policy] table of decant.toml asks; no server is asked anew.

    \b
        decant validate
        decant validate --junit readiness.xml

    A server that is planned for a cloud must be able to go there; one without a plan must be able
    to go to some cloud. Unless the policy says otherwise, "not ready" fails on fit and move, and
    is a warning on support; what is not known, does not answer or is out of date is unknown.

    Ends with 0 when every condition that counts is met, with 1 when one failed, and with 3 when
    none failed but some are unknown. decant classify comes first.
    """
    from migrate.material import gather
    from migrate.policy import read_policy
    from migrate.stages.validate import exit_code
    from migrate.stages.validate import validate as judge

    estate = session.estate()
    with session.store(estate) as store:
        material = gather(estate, store, session.now())
    conditions = judge(material, read_policy(estate.policy))
    if junit is not None:
        _write_junit(session, material, conditions, junit)
    shown = [each for each in conditions if everything or _matters(each)]
    if form == "table":
        rows = [_row(each) | {"why": _brief(each)} for each in shown]
        print_rows(rows, COLUMNS[:-1], form, empty="every condition that counts is met")
    else:
        print_rows([_row(each) for each in shown], COLUMNS, form, empty="")
    session.say(_summary(conditions))
    ctx.exit(exit_code(conditions))


def _write_junit(
    session: Session, material: Material, conditions: Sequence[Condition], path: Path
) -> None:
    from migrate.publish import publish
    from migrate.reports._junit import as_junit

    session.say(f"wrote {publish(path, as_junit(material, conditions))}")


def _matters(condition: Condition) -> bool:
    return condition.outcome.value not in {"met", "excused"}


def _row(condition: Condition) -> dict[str, Any]:
    return {
        "server": condition.server,
        "cloud": condition.cloud.value if condition.cloud else None,
        "condition": condition.name,
        "outcome": condition.outcome.value,
        "why": condition.why,
        "details": list(condition.details),
    }


def _brief(condition: Condition) -> str:
    """Say in one cell why: the first reason, when there are any, and how many more there are."""
    if not condition.details:
        return condition.why
    first, *rest = condition.details
    excuse = f"{condition.why}: " if condition.outcome.value == "excused" else ""
    more = f" (and {len(rest)} more: --format json)" if rest else ""
    return f"{excuse}{first}{more}"


def _summary(conditions: Sequence[Condition]) -> str:
    from migrate.policy import Outcome

    counts = Counter(condition.outcome for condition in conditions)
    told = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome)
    return f"{amount(len(conditions), 'condition')} on {_servers(conditions)}: {told}"


def _servers(conditions: Sequence[Condition]) -> str:
    return amount(len({condition.server_id for condition in conditions}), "server")


COMMAND = validate

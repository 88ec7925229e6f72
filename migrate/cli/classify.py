"""Judge servers for each cloud: will they run, can they move, are they maintained, at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.output import format_option, print_json, print_rows

if TYPE_CHECKING:
    from inventory.session import Session
    from migrate.model.verdict import Verdict

AXES = ("fit", "move", "support")
COLUMNS = ("server", "cloud", *AXES, "size", "gbp_a_month", "coverage")
MORE_COLUMNS = ("left_out", "blockers", "conditions", "unknown", "no_size", "rules", "catalogue")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option(
    "--target",
    type=click.Choice(["aws", "azure"]),
    multiple=True,
    help="Judge for this cloud only.  [default: both]",
)
@click.option("--explain", is_flag=True, help="Print what was found and what is missing, too.")
@format_option()
@click.pass_obj
def classify(
    session: Session, names: tuple[str, ...], target: tuple[str, ...], explain: bool, form: str
) -> None:
    """Judge servers, all unless named, and keep the verdicts.

    \b
        decant classify
        decant classify web-1 --target azure --explain

    The three axes are never blended: fit (will it run there), move (can it be moved there) and
    support (are its system and software maintained). What decides but is not known makes an axis
    unknown. Coverage grades how much of what decides was known, from A (all) to E. Costs are
    pounds a month, without VAT, as it is today; "over" means that something has no price.
    Findings do not change the exit code: decant validate does that.
    """
    from migrate.model.verdict import Cloud
    from migrate.stages.classify import run

    clouds = tuple(Cloud(each) for each in dict.fromkeys(target)) or tuple(Cloud)
    estate = session.estate()
    with session.store(estate) as store:
        verdicts = run(store, estate, at=session.now(), names=names, clouds=clouds)
    _print(verdicts, form, explain=explain)
    if verdicts:
        session.say(_summary(verdicts))


def _print(verdicts: tuple[Verdict, ...], form: str, *, explain: bool) -> None:
    if form == "json":
        from inventory.model.codec import to_plain

        print_json([to_plain(verdict) for verdict in verdicts])
        return
    columns = (*COLUMNS, *MORE_COLUMNS) if form == "csv" else COLUMNS
    empty = "no servers yet; run decant discover first"
    print_rows([_row(each, form) for each in verdicts], columns, form, empty=empty)
    if explain and form == "table":
        from migrate.cli._explain import explained

        for verdict in verdicts:
            click.echo("\n" + "\n".join(explained(verdict)))


def _row(verdict: Verdict, form: str) -> dict[str, object]:
    from migrate.model.verdict import Severity

    rules = {
        severity: [each.rule for each in verdict.findings if each.severity is severity]
        for severity in Severity
    }
    return {
        "server": verdict.server,
        "cloud": verdict.cloud.value,
        **{axis: getattr(verdict, axis).value for axis in AXES},
        "size": verdict.size.name if verdict.size else "unknown",
        "gbp_a_month": _cost(verdict, form),
        "coverage": verdict.coverage,
        "left_out": verdict.size.incomplete if verdict.size else (),
        "blockers": rules[Severity.BLOCKER],
        "conditions": rules[Severity.CONDITION],
        "unknown": [each.rule for each in verdict.missing if each.decides],
        "no_size": verdict.no_size,
        "rules": verdict.rules_version,
        "catalogue": verdict.catalogue_date,
    }


def _cost(verdict: Verdict, form: str) -> str:
    size = verdict.size
    if size is None or size.monthly_cost_pence is None:
        return "" if form == "csv" else "unknown"
    pounds = f"{size.monthly_cost_pence // 100}.{size.monthly_cost_pence % 100:02}"
    return f"over {pounds}" if size.incomplete and form != "csv" else pounds


def _summary(verdicts: tuple[Verdict, ...]) -> str:
    servers = len({verdict.server_id for verdict in verdicts})
    rateless = any(
        each.size is not None and each.size.monthly_cost_pence is None for each in verdicts
    )
    words = (
        f"{servers} server{'' if servers == 1 else 's'}, rules {verdicts[0].rules_version}, "
        f"catalogue of {min(each.catalogue_date for each in verdicts)}"
    )
    return f"{words}; set usd_to_gbp in decant.toml to see costs" if rateless else words


COMMAND = classify

"""Judge servers for each cloud: will they run, can they move, are they maintained, at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.errors import UsageError
from inventory.output import format_option, print_json, print_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

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
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Judge support as of that day; kept only when that is today.",
)
@click.option(
    "--compare",
    "before",
    metavar="BEFORE",
    help="Say what changed since a day, a version of the rules, or by a folder of rules; keep "
    "nothing.",
)
@format_option()
@click.pass_obj
def classify(
    session: Session,
    names: tuple[str, ...],
    target: tuple[str, ...],
    *,
    explain: bool,
    as_of: datetime | None,
    before: str | None,
    form: str,
) -> None:
    """Judge servers, all unless named, and keep the verdicts.

    \b
        decant classify
        decant classify web-1 --target azure --explain
        decant classify --as-of 2027-10-12
        decant classify --compare 2026-11-01

    The three axes are never blended: fit (will it run there), move (can it be moved there) and
    support (are its system and software maintained). What decides but is not known makes an axis
    unknown. Coverage grades how much of what decides was known, from A (all) to E. Costs are
    pounds a month, without VAT, as it is today; "over" means that something has no price.
    Findings do not change the exit code: decant validate does that.

    --compare judges anew and traces each change: the facts of then are judged by the rules of now,
    then as of today, then with the facts of now; "because" names the steps that changed it.
    """
    from migrate.catalogue.datasets import datasets
    from migrate.catalogue.overlay import catalogue_of
    from migrate.catalogue.staleness import in_a_line, staleness
    from migrate.model.verdict import Cloud
    from migrate.stages.classify import compare, run

    clouds = tuple(Cloud(each) for each in dict.fromkeys(target)) or tuple(Cloud)
    if before and as_of:
        raise UsageError("--compare and --as-of do not go together", hint="give one of them")
    estate, now = session.estate(), session.now()
    if before:
        from migrate.cli._compared import print_changes, summary

        with session.store(estate) as store:
            found = compare(store, estate, before, at=now, names=names, clouds=clouds)
        print_changes(found, form)
        session.say(summary(found))
        return
    day = as_of.date() if as_of else None
    with session.store(estate) as store:
        verdicts = run(store, estate, at=now, names=names, clouds=clouds, as_of=day)
    _print(verdicts, form, explain=explain)
    if verdicts:
        for line in _summary(verdicts):
            session.say(line)
    if day and day != now.date():
        session.say(f"as of {day}: these verdicts are not kept")
    stale = in_a_line(staleness(datasets(catalogue_of(estate.folder)), now.date()))
    if stale:
        session.say(stale)


def _print(verdicts: tuple[Verdict, ...], form: str, *, explain: bool) -> None:
    if form == "json":
        print_json([_document(verdict) for verdict in verdicts])
        return
    columns = (*COLUMNS, *MORE_COLUMNS) if form == "csv" else COLUMNS
    empty = "no servers yet; run decant discover first"
    print_rows([_row(each, form) for each in verdicts], columns, form, empty=empty)
    if explain and form == "table":
        from migrate.cli._explain import explained

        for verdict in verdicts:
            click.echo("\n" + "\n".join(explained(verdict)))


def _document(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as JSON, with what to collect next that would settle most of it."""
    from inventory.model.codec import to_plain
    from migrate.judging.collecting import collect_next

    following = collect_next([verdict])
    plain: dict[str, object] = to_plain(verdict)
    return plain | {"collect_next": following.document() if following else None}


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


def _summary(verdicts: tuple[Verdict, ...]) -> Iterator[str]:
    from migrate.judging.collecting import collect_next

    servers = len({verdict.server_id for verdict in verdicts})
    rateless = any(
        each.size is not None and each.size.monthly_cost_pence is None for each in verdicts
    )
    words = (
        f"{servers} server{'' if servers == 1 else 's'}, rules {verdicts[0].rules_version}, "
        f"catalogue of {min(each.catalogue_date for each in verdicts)}"
    )
    following = collect_next(verdicts)
    yield f"{words}; set usd_to_gbp in decant.toml to see costs" if rateless else words
    if following:
        yield f"collect next: {following}"


COMMAND = classify

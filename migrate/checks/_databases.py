"""The ground that checks of databases share: how they compare, and say what was found."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from inventory.amount import amount
from inventory.model.target import Target
from migrate.checks._say import failed, listed, passed, unknown
from migrate.data.addresses import Address, address
from migrate.data.comparing import Scope
from migrate.data.databases import Comparing, compare_databases
from migrate.data.model import CannotTellError, RowDifference, TableResult
from migrate.data.pace import Load
from migrate.data.side import Side
from migrate.model.check import Sight
from migrate.model.evidence import CheckResult

Opener = Callable[[Address, float, float], Side]
"""Opens a database: where it is, seconds for connecting, seconds for one statement."""

_MOST_NAMED = 50


def compare(
    sight: Sight,
    given: Mapping[str, Any],
    *,
    schemes: frozenset[str],
    options: frozenset[str],
    open_side: Opener,
) -> CheckResult:
    """Compare the two databases that the parameters name."""
    if "old" not in given or "new" not in given:
        return unknown("name both databases in this check's parameters: old and new")
    sides: list[Side] = []
    try:
        for name, host in (("old", _host(sight.move.source)), ("new", sight.new_address)):
            where = address(
                given[name], schemes=schemes, options=options, host=host, fetch=sight.fetch
            )
            seconds = given.get("statement_seconds", 300)
            sides.append(_opened(name, open_side, where, sight.timeout_seconds, seconds))
        return _say(_compared(sight, given, sides[0], sides[1]), given)
    except CannotTellError as error:
        return unknown(str(error))
    finally:
        for side in sides:
            side.close()


def _host(source: str | None) -> str | None:
    return Target.parse(source).host if source else None


def _opened(name: str, open_side: Opener, where: Address, connect: float, seconds: float) -> Side:
    try:
        return open_side(where, connect, seconds)
    except CannotTellError as error:
        raise CannotTellError(f"the {name} database: {error}") from error


def _compared(sight: Sight, given: Mapping[str, Any], old: Side, new: Side) -> Comparing:
    named = f"{given['old']['url']} {given['new']['url']}"
    return compare_databases(
        old,
        new,
        scope=Scope(
            leave_out=tuple(given.get("leave_out", ())),
            expected_new=tuple(given.get("expected_new", ())),
        ),
        load=Load(
            part_seconds=given.get("part_seconds", 1),
            pause_seconds=given.get("pause_seconds", 0),
            until=time.monotonic() + given.get("minutes", 120) * 60,
        ),
        memory=sight.memory if given.get("resume", True) else _Forgetful(),
        key=f"data {hashlib.sha256(named.encode()).hexdigest()[:16]}",
    )


class _Forgetful:
    """A memory that keeps nothing."""

    def recall(self, key: str) -> None:
        """Return nothing."""
        del key

    def keep(self, key: str, text: str) -> None:
        """Keep nothing."""


def _say(found: Comparing, given: Mapping[str, Any]) -> CheckResult:
    observed = _observed(found, given)
    wrong = [
        *(f"table {each} is missing" for each in found.missing),
        *(f"table {each} is not in the old one" for each in found.extra),
        *found.wrong,
        *(words for each in found.tables for words in _wrong(each, given)),
    ]
    untold = [
        *(f"{each.name}: {each.untold}" for each in found.tables if each.untold),
        *found.untold,
        *_moved(found, given),
        *_not_looked_into(found, given),
    ]
    if wrong:
        aside = f"; and it cannot be told: {listed(untold, 3)}" if untold else ""
        return failed(listed(wrong) + aside, **observed)
    if not found.tables and not untold:
        return unknown("neither database holds a table to compare", **observed)
    if untold:
        return unknown(listed(untold), **observed)
    return passed(_words(found, given), **observed)


def _words(found: Comparing, given: Mapping[str, Any]) -> str:
    rows = sum(each.old_rows or 0 for each in found.tables)
    remembered = sum(each.remembered for each in found.tables)
    tables, all_rows = amount(len(found.tables), "table"), amount(rows, "row")
    are = "is" if len(found.tables) == 1 else "are"
    said = f"{tables} with {all_rows} {are} the same in both databases"
    changed = sum(each.differing for each in found.tables)
    if changed:
        since = amount(changed, "was added or changed since", "were added or changed since")
        said = f"{tables}: none of {all_rows} is missing in the new database, where {since}"
    said += (
        f", {remembered} of them as an earlier run saw at this very moment" if remembered else ""
    )
    said += f"; {len(found.aside)} not compared" if found.aside else ""
    if found.written and given.get("live"):
        said += "; as of when it began: the old one was written to meanwhile"
    return said


def _moved(found: Comparing, given: Mapping[str, Any]) -> list[str]:
    if not found.written or given.get("live"):
        return []
    names = listed(list(found.written), 5)
    said = f"the old database was written to while it was compared ({names})"
    return [f"{said}: stop what writes, or say live: true"]


def _not_looked_into(found: Comparing, given: Mapping[str, Any]) -> list[str]:
    if not given.get("used"):
        return []
    return [
        f"{each.name}: more rows differ than were looked into, so some may be missing"
        for each in found.tables
        if each.differing and not each.counted and not each.missing
    ]


def _wrong(table: TableResult, given: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{table.name}: {each}" for each in table.structure)
    if not table.differing or (given.get("used") and not table.missing):
        return
    least = "" if table.counted else "at least "
    old = "rows not counted" if table.old_rows is None else amount(table.old_rows, "row")
    new = "rows not counted" if table.new_rows is None else f"{table.new_rows:,}"
    counts = f"{old} in the old one, {new} in the new"
    differ = amount(table.differing, "row differs", "rows differ")
    named = listed([_row(each, given) for each in table.differences], 5)
    yield f"{table.name}: {least}{differ} ({counts}): {named}"


def _row(each: RowDifference, given: Mapping[str, Any]) -> str:
    key = _key(each, given)
    name = " ".join(f"{column}={value}" for column, value in key.items()) or "a row"
    columns = f" in {', '.join(each.columns)}" if each.columns else ""
    return f"{name}: {each.fault.value}{columns}"


def _key(each: RowDifference, given: Mapping[str, Any]) -> dict[str, str]:
    if not given.get("hide_keys"):
        return dict(each.key)
    return {
        column: f"sha256:{hashlib.sha256(value.encode()).hexdigest()[:16]}"
        for column, value in each.key.items()
    }


def _observed(found: Comparing, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "old": _side(found, "old"),
        "new": _side(found, "new"),
        "method": found.method,
        "tables": len(found.tables),
        "rows": sum(each.old_rows or 0 for each in found.tables),
        "remembered": [each.name for each in found.tables if each.remembered][:_MOST_NAMED],
        "without_key": [each.name for each in found.tables if not each.keyed][:_MOST_NAMED],
        "missing": list(found.missing)[:_MOST_NAMED],
        "extra": list(found.extra)[:_MOST_NAMED],
        "wrong": list(found.wrong)[:_MOST_NAMED],
        "untold": list(found.untold)[:_MOST_NAMED],
        "aside": list(found.aside)[:_MOST_NAMED],
        "written_meanwhile": list(found.written)[:_MOST_NAMED],
        "differing": [
            {
                "table": each.name,
                "old_rows": each.old_rows,
                "new_rows": each.new_rows,
                "rows": each.differing,
                "at_least": not each.counted,
                "structure": list(each.structure),
                "first": [
                    {"key": _key(row, given), "fault": row.fault.value, "columns": row.columns}
                    for row in each.differences
                ],
            }
            for each in found.tables
            if each.differing or each.structure
        ][:_MOST_NAMED],
    }


def _side(found: Comparing, name: str) -> dict[str, str | None]:
    described = found.old if name == "old" else found.new
    return {
        "engine": described.engine,
        "database": described.database,
        "moment": described.moment,
    }

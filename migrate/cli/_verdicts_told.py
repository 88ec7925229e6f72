"""Verdicts as the command classify prints them: taken one by one, none of them held."""

from __future__ import annotations

import json
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Final, Self

import click

from inventory.amount import amount
from inventory.model.codec import to_plain
from inventory.output import as_csv, print_rows
from migrate.cli._explain import explained
from migrate.judging.collecting import Collecting, collect_next
from migrate.model.verdict import Severity, Verdict

AXES: Final = ("fit", "move", "support")
COLUMNS: Final = ("server", "cloud", *AXES, "size", "gbp_a_month", "coverage")
MORE_COLUMNS: Final = (
    "left_out", "blockers", "conditions", "unknown", "no_size", "rules", "catalogue",
)  # fmt: skip
_IN_MEMORY: Final = 1 << 24
"""Up to how many bytes of text are held; more waits in a temporary file."""
_AT_ONCE: Final = 1 << 16


class Told:
    """What is to be printed of verdicts, once all of them are kept.

    A table needs its rows together, to be as wide as they are; everything else is written as it
    comes and waits in a temporary file where it is long. Use it as a context manager.
    """

    def __init__(self, form: str, *, explain: bool) -> None:
        """Take verdicts for a format; ``explain`` tells in words what a table only counts."""
        self._form = form
        self._explain = explain and form == "table"
        self._rows: list[dict[str, object]] = []
        self._text = SpooledTemporaryFile(_IN_MEMORY, mode="w+", encoding="utf-8", newline="")  # noqa: SIM115 - it is read after the last verdict
        self._servers: set[str] = set()
        self._rules = ""
        self._catalogue = ""
        self._rateless = False
        self._collecting = Collecting()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what waits, printed or not."""
        self._text.close()

    def add(self, verdict: Verdict) -> None:
        """Take the next verdict."""
        if self._form == "json":
            self._text.write(f"{',' if self._servers else '['}\n  {_document(verdict)}")
        elif self._form == "csv":
            heading, _, row = as_csv([_row(verdict, "csv")], (*COLUMNS, *MORE_COLUMNS)).partition(
                "\n"
            )
            self._text.write(row if self._servers else f"{heading}\n{row}")
        else:
            cells = _row(verdict, "table")
            self._rows.append({column: cells[column] for column in COLUMNS})
        if self._explain:
            self._text.write("\n" + "\n".join(explained(verdict)) + "\n")
        self._count(verdict)

    def print(self) -> None:
        """Print everything."""
        if self._form == "table":
            print_rows(
                self._rows, COLUMNS, "table", empty="no servers yet; run decant discover first"
            )
        elif not self._servers:
            print_rows((), (*COLUMNS, *MORE_COLUMNS), self._form, empty="")
        elif self._form == "json":
            self._text.write("\n]\n")
        self._text.seek(0)
        while some := self._text.read(_AT_ONCE):
            click.echo(some, nl=False)

    def summary(self) -> Iterator[str]:
        """Say in a few lines what was judged by what, and what to collect next."""
        count = len(self._servers)
        if not count:
            return
        words = f"{amount(count, 'server')}, rules {self._rules}, catalogue of {self._catalogue}"
        yield f"{words}; set usd_to_gbp in decant.toml to see costs" if self._rateless else words
        following = next(iter(self._collecting.told()), None)
        if following:
            yield f"collect next: {following}"

    def _count(self, verdict: Verdict) -> None:
        date = str(verdict.catalogue_date)
        self._servers.add(verdict.server_id)
        self._rules = self._rules or verdict.rules_version
        self._catalogue = min(self._catalogue or date, date)
        size = verdict.size
        self._rateless = self._rateless or (size is not None and size.monthly_cost_pence is None)
        self._collecting.add(verdict)


def _document(verdict: Verdict) -> str:
    """Return a verdict as JSON, with what to collect next that would settle most of it."""
    following = collect_next([verdict])
    plain: dict[str, object] = to_plain(verdict)
    whole = plain | {"collect_next": following.document() if following else None}
    text = json.dumps(whole, indent=2, ensure_ascii=False, default=str)
    return text.replace("\n", "\n  ")


def _row(verdict: Verdict, form: str) -> dict[str, object]:
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

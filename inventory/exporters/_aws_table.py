"""Tables that Amazon's migration tools read: rows cell by cell, and the files that hold them.

The tools take every cell as it is written, so that nothing may be put before it to keep a
spreadsheet from running it. What a spreadsheet would run is therefore left out, and told.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from inventory.model.exporter import Lacking, Written
from inventory.model.server import Server

_RUN: Final = ("=", "+", "-", "@")
"""What a cell begins with that a spreadsheet takes for a formula."""
_DECIMALS: Final = 9


@dataclass(kw_only=True)
class Row:
    """What is written of one server."""

    server: Server
    cells: dict[str, str] = field(default_factory=dict)
    lacking: list[Lacking] = field(default_factory=list)
    left_out: bool = False

    def put(self, column: str, value: str | float | None) -> None:
        """Fill a cell, unless nothing is known or a spreadsheet would run it."""
        text = _written(value)
        if text.startswith(_RUN):
            self.lack(f"{column} begins with {text[0]!r}, which a spreadsheet would run: left out")
        elif text:
            self.cells[column] = text

    def lack(self, what: str) -> None:
        """Tell what is lacking."""
        self.lacking.append(Lacking(server=self.server.name, what=what))

    def leave_out(self, why: str) -> None:
        """Do not write this server at all."""
        self.left_out = True
        self.lacking = [Lacking(server=self.server.name, what=f"{why}: left out")]


def files(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    most_bytes: int | None = None,
    begin: bytes = b"",
) -> Iterator[Written]:
    """Write rows as comma-separated UTF-8, in as many files as ``most_bytes`` wants.

    What is lacking goes with the file that the row is in, or would be in.
    """
    header = begin + _line(columns)
    lines, held, lacking, number = [header], len(header), list[Lacking](), 1
    for row in rows:
        line = b"" if row.left_out else _line([row.cells.get(each, "") for each in columns])
        if most_bytes and len(lines) > 1 and held + len(line) > most_bytes:
            yield Written(
                name=_numbered(name, number), content=b"".join(lines), lacking=tuple(lacking)
            )
            lines, held, lacking, number = [header], len(header), [], number + 1
        lines += [line] if line else []
        held += len(line)
        lacking += row.lacking
    yield Written(name=_numbered(name, number), content=b"".join(lines), lacking=tuple(lacking))


def _numbered(name: str, number: int) -> str:
    path = PurePath(name)
    return name if number == 1 else f"{path.stem}-{number}{path.suffix}"


def _line(cells: Sequence[str]) -> bytes:
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow(cells)
    return held.getvalue().encode()


def _written(value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join("".join(each if each.isprintable() else " " for each in value).split())
    fixed = f"{value:.{_DECIMALS}f}"
    return fixed.rstrip("0").rstrip(".")

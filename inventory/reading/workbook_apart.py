"""An unusual workbook read in a process of its own, which may run out of memory without harm.

Old formats (xls, xlsb, ods) and sheets that reach far cannot be judged from outside before they
are read. So they are read where a limit on memory and time holds, and their rows are handed over.
"""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, cast

from inventory.errors import BadInputError
from inventory.reading.header import LOOKED_AT
from inventory.reading.table import Row
from inventory.reading.workbook_calamine import Faults, open_workbook, rows_of, sheet_of, sheets_of

MOST_MEMORY: Final = 3 << 30
"""Bytes of address space."""
MOST_SECONDS: Final = 900
"""Of processor time, for one sheet."""
_AT_ONCE: Final = 500
"""Rows handed over together."""
_ROOT: Final = Path(__file__).parents[2]


def rows_apart(name: str, path: Path, sheet: str, faults: Faults) -> Generator[Row, None, None]:
    """Yield the rows of one sheet that hold anything.

    Raises:
        BadInputError: it cannot be read, or not within the limits.

    """
    with closing(_answers(name, path, ("rows", sheet, dict(faults)))) as answers:
        for batch in answers:
            yield from batch


def first_rows_apart(name: str, path: Path) -> Generator[tuple[str, list[Row]], None, None]:
    """Yield each sheet's name and its first rows that hold anything.

    Raises:
        BadInputError: it cannot be read, or not within the limits.

    """
    with closing(_answers(name, path, ("first rows",))) as answers:
        yield from answers


def _answers(name: str, path: Path, question: tuple[Any, ...]) -> Generator[Any, None, None]:
    """Yield what the process of its own says until it says that this was all."""
    with subprocess.Popen(
        [sys.executable, "-m", __name__, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
    ) as process:
        try:
            yield from _conversation(name, process, question)
        finally:
            process.kill()


def _conversation(
    name: str, process: subprocess.Popen[bytes], question: tuple[Any, ...]
) -> Generator[Any, None, None]:
    asked, told = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    with asked:
        asked.write(pickle.dumps((name, *question)))
    while True:
        try:
            said, what = pickle.load(told)  # noqa: S301  # our own process wrote it
        except (EOFError, pickle.UnpicklingError) as error:
            raise BadInputError(
                f"{name}: reading it takes more memory or time than an export should",
                hint="a cell far from all others makes a sheet huge: delete the rows and columns "
                "that look empty, or save the sheet as CSV",
            ) from error
        if said == "failed":
            message, hint = what
            raise BadInputError(message, hint=hint)
        if said == "end":
            return
        yield what


def main() -> None:
    """Answer one question about the workbook at the path that was given."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    name, question, *rest = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own process wrote it
    try:
        workbook = open_workbook(name, sys.argv[1])
        if question == "first rows":
            for each in sheets_of(workbook):
                first = islice(rows_of(sheet_of(name, workbook, each), {}), LOOKED_AT)
                _say("part", (each, list(first)))
        else:
            title, faults = rest
            rows = rows_of(sheet_of(name, workbook, title), faults)
            while batch := list(islice(rows, _AT_ONCE)):
                _say("part", batch)
        _say("end", None)
    except BadInputError as error:
        _say("failed", (error.message, error.hint))


def _say(what: str, content: object) -> None:
    sys.stdout.buffer.write(pickle.dumps((what, content), protocol=pickle.HIGHEST_PROTOCOL))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

"""Which tests reach which line, as one run of them under coverage tells."""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from coverage import CoverageData

from benchmarks.mutation.imports import ROOT


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What each line is reached by."""

    contexts: Mapping[str, Mapping[int, Sequence[str]]]
    """File → line → the tests that ran it; an empty name where importing did."""
    tests: Sequence[Path]

    @classmethod
    def of(cls, area: Path, tests: Sequence[Path]) -> Self:
        """Run the tests once, watching the modules of a folder.

        Raises:
            CalledProcessError: a test fails without any fault.

        """
        with tempfile.TemporaryDirectory() as folder:
            kept = Path(folder, "data")
            coverage = [
                *(sys.executable, "-m", "coverage", "run", "--rcfile=", f"--source={area}"),
                *(f"--data-file={kept}", "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                *("-p", "benchmarks.mutation.contexts"),
            ]
            subprocess.run([*coverage, *tests], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            data = CoverageData(str(kept))
            data.read()
            found = {each: data.contexts_by_lineno(each) for each in data.measured_files()}
            return cls(contexts=found, tests=tests)

    def tests_of(self, path: Path, line: int) -> list[str]:
        """Return the tests that reach the statement of a line, as pytest is asked for them.

        All of them for what runs as the module is imported.
        """
        contexts = self.contexts.get(str(path), {})
        near = [name for each in _statement(path, line) for name in contexts.get(each, [])]
        if "" in near or not near:
            return [str(each) for each in self.tests]
        return sorted(set(near), key=self._place)

    def _place(self, test: str) -> int:
        file, _colons, _name = test.partition("::")
        return self.tests.index(ROOT / file)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _statement(path: Path, line: int) -> range:
    """Return the lines of the smallest statement around a line, without those in its body."""
    found = range(line, line + 1)
    for each in ast.walk(_tree(path)):
        if isinstance(each, ast.stmt) and each.lineno <= line <= (each.end_lineno or each.lineno):
            body = getattr(each, "body", None)
            last = body[0].lineno - 1 if body else each.end_lineno or each.lineno
            found = range(each.lineno, max(last, each.lineno) + 1)
    return found

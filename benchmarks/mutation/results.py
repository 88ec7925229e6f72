"""What became of which mutant, kept in a file of one line each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Self

from benchmarks.mutation.imports import module_of
from benchmarks.mutation.killing import Outcome
from benchmarks.mutation.mutants import Mutant


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one mutant."""

    module: str
    line: int
    operator: str
    change: str
    outcome: Outcome
    seconds: float


def key_of(mutant: Mutant) -> str:
    """Return what a mutant is known by: its module and its whole source."""
    return sha256(f"{module_of(mutant.path)}\n{mutant.source}".encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Results:
    """All that was tried, the latest of each mutant."""

    path: Path
    told: dict[str, Result] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read what a file holds already; nothing when there is none."""
        found = cls(path=path)
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            row = json.loads(line)
            key, outcome = row.pop("key"), Outcome(row.pop("outcome"))
            found.told[key] = Result(outcome=outcome, **row)
        return found

    def outcome(self, mutant: Mutant) -> Outcome | None:
        """Return what became of a mutant; None when it was not tried."""
        known = self.told.get(key_of(mutant))
        return known.outcome if known else None

    def of_mutant(self, mutant: Mutant) -> Result:
        """Return the result of a mutant that was tried."""
        return self.told[key_of(mutant)]

    def add(self, mutant: Mutant, outcome: Outcome, seconds: float) -> None:
        """Keep what became of a mutant."""
        row = {
            "module": module_of(mutant.path),
            "line": mutant.line,
            "operator": mutant.operator,
            "change": mutant.change,
            "seconds": round(seconds, 2),
        }
        self.told[key_of(mutant)] = Result(outcome=outcome, **row)
        with self.path.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps({"key": key_of(mutant), "outcome": outcome.value, **row}) + "\n")

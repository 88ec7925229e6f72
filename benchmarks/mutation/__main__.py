"""Mutates rules, judging, sizing, the gate or the ledger in memory, and tells what no test kills.

    python -m benchmarks.mutation rules --results rules.jsonl
    python -m benchmarks.mutation rules --results rules.jsonl --again

What was tried is kept in the file of results and is not tried again while its source is the same;
``--again`` tries those anew that were not killed, as after a test was added.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.mutation.imports import ROOT, module_of
from benchmarks.mutation.killing import Bench, Outcome, settled_otherwise
from benchmarks.mutation.mutants import Mutant, mutants
from benchmarks.mutation.operators import PERMITTING
from benchmarks.mutation.reach import Reach
from benchmarks.mutation.results import Result, Results

_AREAS: Final = {
    "rules": ("rules/*.py",),
    "judging": ("judging/*.py",),
    "sizing": ("sizing/*.py",),
    "gate": (
        *("gate.py", "reliance.py", "custody.py", "agreement.py"),
        *("floor.py", "launching.py", "beneath.py", "moment.py"),
    ),
    "acts": ("casefile.py", "journal.py", "looking.py", "stages/decommission.py"),
    "ledger": tuple(
        f"ledger/{each}.py"
        for each in ("book", "chain", "examining", "keys", "signers", "statements", "trust")
    ),
}
"""The files of each area, in ``migrate``."""
_PERMITTING: Final = {"gate", "acts", "ledger"}
"""Where a fault may let an act through. Their tests are called directly: see ``direct.py``."""
_NO_PRODUCT: Final = {"__init__", "examples", "use_examples", "sources"}
"""What only makes examples, or only cites."""
_TESTS: Final = {
    "rules": ("rule_findings", "aws_replication_os", "hardware_rules", "managed", "marks"),
    "judging": (
        *("judging_verdicts", "judging_shared", "judging_edges", "judging_places", "releases"),
        *("rule_findings", "licences", "managed", "hardware_rules", "estatewide", "collecting"),
        *("proving", "marks", "comparing"),
    ),
    "sizing": (
        *("sizing_volumes", "sizing_managed", "sizing_reasons", "sizing_use", "costs", "sizing"),
    ),
    "gate": ("gate", "gate_launching", "gate_edges"),
    "acts": ("casefile", "flow", "journal", "gate_estate"),
    "ledger": ("ledger", "ledger_tampering", "ledger_book", "overview"),
}
"""The tests of stages that can kill, the quickest first. The search of all sizes by brute force is
not among them: whether it meets a fault is left to chance."""


def main() -> int:
    """Try the mutants of an area; print the survivors, and how many came to which end."""
    asked = _asked()
    tests = [ROOT / "tests/stages" / f"test_{name}.py" for name in _TESTS[asked.area]]
    bench = _bench(asked, tests)
    bench.warm()
    results = Results.of(asked.results)
    tried = []
    for mutant in _chosen(asked):
        known = results.outcome(mutant)
        if known is None or (asked.again and known in {Outcome.SURVIVED, Outcome.TIME}):
            started = time.monotonic()
            outcome = bench.outcome(mutant)
            results.add(mutant, outcome, time.monotonic() - started)
        tried.append(results.of_mutant(mutant))
    _print(tried)
    return 0


def _chosen(asked: argparse.Namespace) -> Iterator[Mutant]:
    more = PERMITTING if asked.area in _PERMITTING else ()
    found = (mutant for path in _paths(asked.area, asked.only) for mutant in mutants(path, more))
    if asked.sample is None:
        return found
    every = list(found)
    return iter(random.Random(asked.seed).sample(every, min(asked.sample, len(every))))


def _paths(area: str, only: Sequence[str]) -> Iterable[Path]:
    paths = sorted(path for pattern in _AREAS[area] for path in (ROOT / "migrate").glob(pattern))
    return (
        each for each in paths if each.stem not in _NO_PRODUCT and (not only or each.stem in only)
    )


def _bench(asked: argparse.Namespace, tests: Sequence[Path]) -> Bench:
    if asked.area in _PERMITTING:
        return Bench(reach=None, direct=tuple(module_of(each) for each in tests))
    reach = None if asked.examples_only else Reach.of(ROOT / "migrate" / asked.area, tests)
    return Bench(reach=reach, settled=settled_otherwise())


def _print(results: Sequence[Result]) -> None:
    for each in results:
        if each.outcome in {Outcome.SURVIVED, Outcome.TIME}:
            change = each.change.replace("\n", "\n    ")
            print(f"{each.module}:{each.line} {each.operator} {each.outcome.value}\n    {change}")
    ends = Counter(each.outcome for each in results)
    print(f"{len(results)} mutants")
    for outcome in Outcome:
        print(f"{ends[outcome]:>6} {outcome.value}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("area", choices=tuple(_AREAS))
    parser.add_argument("--only", nargs="*", default=(), help="names of files, without .py")
    parser.add_argument("--results", type=Path, required=True, help="file of results")
    parser.add_argument("--again", action="store_true", help="try anew what was not killed")
    parser.add_argument("--examples-only", action="store_true", help="leave the tests out")
    parser.add_argument("--sample", type=int, help="so many mutants at random")
    parser.add_argument("--seed", type=int, default=20261123)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())

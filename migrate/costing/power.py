"""What a physical server with a given processor draws, by SPECpower_ssj2008's results.

The results are published by SPEC (spec.org). They are of whole servers, their memory and fans
among them, so that what is read off them holds the memory already.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from statistics import median

from migrate.catalogue.datasets import datasets, read_rows
from migrate.catalogue.overlay import SHIPPED, Catalogue

_NOISE = re.compile(r"(?<=\d) 0\b|\(r\)|\(tm\)|@.*|\b\d+-core\b|\b(intel|amd|cpu|processor)\b|,")


@dataclass(frozen=True, kw_only=True)
class Draw:
    """Watts that a server draws for each of its threads."""

    idle_watts: Decimal
    full_watts: Decimal
    results: int
    """How many results it is the median of."""


def draw(cpu_model: str, catalogue: Catalogue = SHIPPED) -> Draw | None:
    """Return what servers with a processor draw a thread; None when no result is of it."""
    return _draws(catalogue).get(_plain(cpu_model))


def _plain(cpu_model: str) -> str:
    return " ".join(_NOISE.sub(" ", cpu_model.lower()).split())


@cache
def _draws(catalogue: Catalogue) -> Mapping[str, Draw]:
    found: dict[str, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for row in read_rows(datasets(catalogue)["server-power"].file, catalogue):
        name, threads = _plain(row["cpu"]), row["threads"]
        watts = row["watts_idle"], row["watts_100"]
        if re.search(r"[a-z]", name) and threads.isdigit() and int(threads) and all(watts):
            idle, full = (Decimal(each) / int(threads) for each in watts)
            found[name].append((idle, full))
    return {
        name: Draw(
            idle_watts=median(idle for idle, _ in each),
            full_watts=median(full for _, full in each),
            results=len(each),
        )
        for name, each in found.items()
    }

"""How long a workbook of RVTools takes to import, beside merely reading all its cells."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.imports.measure import measure, table
from benchmarks.imports.rvtools_estate import tabs
from benchmarks.imports.xlsx import write


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate the workbook, measure, and print; 1 when an aim is missed that was asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.imports.workbook", description=__doc__)
    parser.add_argument("--servers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--at-most", type=float, help="ratio above which to fail")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "RVTools_export_all.xlsx")
        cells = write(path, tabs(chosen.servers))
        size = path.stat().st_size
        figures = measure(("calamine", "decant"), path, rounds=chosen.rounds)
    print(f"{chosen.servers:,} servers, {cells:,} cells that hold something, {size / 1e6:.0f} MB")
    print(table(figures))
    if chosen.json:
        chosen.json.write_text(json.dumps({way: asdict(each) for way, each in figures.items()}))
    ratio = figures["decant"].seconds / figures["calamine"].seconds
    return int(chosen.at_most is not None and ratio > chosen.at_most)


if __name__ == "__main__":
    sys.exit(main())

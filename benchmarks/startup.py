"""Start-up: ``decant --help`` beside ``python -c "import click"``, in turn, as whole processes.

Run it with ``.venv/bin/python benchmarks/startup.py [RUNS]``. The ratio travels between machines;
the seconds do not.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

DECANT = [str(Path(sys.executable).with_name("decant")), "--help"]
CLICK = [sys.executable, "-c", "import click"]


def seconds(command: list[str]) -> float:
    """Run a command to its end and return how long it took, in seconds."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main(runs: int) -> None:
    """Print the medians and the median of the ratios, pair by pair."""
    seconds(DECANT)
    seconds(CLICK)
    pairs = [(seconds(DECANT), seconds(CLICK)) for _ in range(runs)]
    ours, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(mine / other for mine, other in pairs)
    print(
        f"decant --help {ours:.3f} s, import click {theirs:.3f} s, ratio {ratio:.2f} ({runs} runs)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)

"""A decommission that is killed at any point does nothing twice, loses nothing, and says so.

Here every fourth point (SQLite), or every twelfth (PostgreSQL) is killed at;
``tests/real/crashes.py`` tells how all of them are, and pairs of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.crashes import ACTS, Count, prepared, single
from tests.real.store import postgresql


@pytest.mark.parametrize(
    ("engine", "every"),
    [
        ("sqlite", 4),
        pytest.param("postgresql", 12, marks=pytest.mark.postgresql),
    ],
)
def test_a_run_that_is_killed_is_carried_on_truly(engine: str, every: int, tmp_path: Path) -> None:
    """After SIGKILL the next run says what became of the act, and never repeats it blindly."""
    if engine == "postgresql" and postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    count = Count()
    with prepared(engine, tmp_path) as ground:
        lengths = single(ground, count, every)

    assert len(lengths) == len(ACTS)
    assert count.kills == count.trials >= sum(lengths) // every
    assert count.open >= count.effective > 0

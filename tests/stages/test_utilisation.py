"""How busy a server was is the same whoever kept the records, and a percentile was measured."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.collectors._rates import is_outward, whole_disks
from inventory.collectors.usage_history import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Known
from inventory.model.utilisation import Utilisation, spread

CAPTURE = Path(__file__).parents[1] / "fixtures" / "debian-12" / "usage_history.txt"


def kept() -> dict[str, Utilisation]:
    """Read what sar, atop and pcp kept of one real server in the same minutes."""
    (told,) = COLLECTOR.read(Answer(text=CAPTURE.read_text()))
    assert isinstance(told.fact, Known)
    return {each.source: each for each in told.fact.value}


def test_each_keepers_records_are_read() -> None:
    """All three are told, each with its window and the number of its intervals."""
    found = kept()
    assert {name: each.samples for name, each in found.items()} == {"sar": 5, "pcp": 9, "atop": 3}
    assert found["sar"].since == datetime(2026, 11, 23, 4, 23, 41, tzinfo=UTC)
    assert found["atop"].until == datetime(2026, 11, 23, 4, 23, 48, tzinfo=UTC)
    assert found["pcp"].since.second == 30


def test_figures_of_a_real_server_are_as_its_own_tools_say() -> None:
    """Busy is all but idle and waiting: 100 - 50.00 - 1.52 in sar's first line, and so on."""
    found = kept()
    assert found["sar"].cpu_percent is not None
    assert found["sar"].cpu_percent.p50 == pytest.approx(100 - 48.22 - 0.51, abs=0.01)
    assert found["sar"].disk_operations_per_second is not None
    assert found["sar"].disk_operations_per_second.maximum == 228.0
    assert found["atop"].cpu_percent is not None
    assert found["atop"].cpu_percent.maximum == pytest.approx(100 * (1 - 164 / 197), abs=0.01)
    assert found["atop"].disk_read_bytes_per_second is not None
    assert found["atop"].disk_read_bytes_per_second.maximum == 120 * 512


@given(st.lists(st.floats(min_value=0, max_value=1e12), min_size=1, max_size=300))
def test_percentiles_are_measured_values_in_order(values: list[float]) -> None:
    """Each is one of the values, none exceeds the next, and enough values do not exceed it."""
    found = spread(values)
    assert found is not None
    ranks = (found.p50, found.p90, found.p95, found.p99, found.maximum)
    rounded = [round(each, 2) for each in values]
    assert list(ranks) == sorted(ranks)
    assert set(ranks) <= set(rounded)
    for share, rank in zip((50, 90, 95, 99), ranks, strict=False):
        assert 100 * sum(each <= rank for each in rounded) >= share * len(values)


def test_no_values_have_no_spread() -> None:
    """Nothing measured is not zero."""
    assert spread([]) is None


def test_disks_are_counted_once() -> None:
    """Partitions and layers are not added to the disks that they lie on."""
    names = ["sda", "sda1", "dm-0", "md0", "loop1", "nvme0n1", "nvme0n1p2", "xvda1", "vdb"]
    assert whole_disks(names) == {"sda", "nvme0n1", "xvda1", "vdb"}


@pytest.mark.parametrize(
    ("name", "outward"),
    [("eth0", True), ("ens192", True), ("lo", False), ("bond0", False), ("eth0.10", False)],
)
def test_traffic_is_counted_where_it_leaves(name: str, outward: bool) -> None:  # noqa: FBT001
    """What stays within the server, or is counted by another interface, is left out."""
    assert is_outward(name) is outward

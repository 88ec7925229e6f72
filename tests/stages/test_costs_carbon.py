"""Promises of carbon: Cloud Carbon Footprint's method by hand, always called an estimate."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from cost_samples import costing, server, verdict

from inventory.estate_costs import CostSettings
from inventory.model.fact import Observation, Reason
from inventory.model.facts import CPU_MODEL, CPU_THREADS, DISKS, VIRTUALISATION
from inventory.model.utilisation import UTILISATION_TOLD, Level, ToldUtilisation
from migrate.costing.power import draw
from migrate.model.cost import Basis, Emission, Where
from migrate.model.verdict import Cloud

GOLD = "Intel(R) Xeon(R) Platinum 8180 CPU @ 2.50GHz"
PLAIN = CostSettings(grid_grams_per_kwh=Decimal(100), pue=Decimal(2))


def emissions(
    *facts: Observation, where: Where, settings: CostSettings | None = None
) -> dict[str, Emission]:
    """Return a server's emissions at a place, by what they are of."""
    web = server("web-1", *facts)
    verdicts = [verdict(web, cloud) for cloud in Cloud]
    found = costing(settings).costs([web], verdicts, {})
    bill = next(each for each in found.bills if each.where is where)
    return {each.what: each for each in bill.emissions}


def told(percent: float) -> Observation:
    """Say how busy the processors were on average."""
    use = ToldUtilisation(
        source="vrops",
        until=datetime(2026, 11, 1, tzinfo=UTC),
        cpu_percent=Level(mean=percent),
    )
    return UTILISATION_TOLD.known((use,))


def test_a_server_in_a_cloud_by_hand() -> None:
    """Four threads 40 % busy on m6a.xlarge in London, 100 g/kWh, PUE 1.135, 730 hours.

    The median of AWS's sixteen x86 processors in the catalogue draws 0.7904 W idle (0.7668 and
    0.8140 are the middle ones) and 4.0837 W at full load a vCPU (4.0632 and 4.1042):
    (0.7904 + 0.4 x 3.2933) x 4 = 8.43088 W, 0.699 kg. Memory 16 GiB x 0.392 W = 6.272 W, 0.520 kg.
    A disk of 40 GiB, 0.04295 TB x 1.2 W = 0.0515 W, 4 g. Making: (1,100 + 768 x 1.388) kg x 4 of
    192 vCPUs over 48 months = 0.940 kg.
    """
    settings = CostSettings(grid_grams_per_kwh=Decimal(100))
    found = emissions(told(40), where=Where.AWS, settings=settings)
    assert {what: each.monthly_grams for what, each in found.items()} == {
        "processors": 699,
        "memory": 520,
        "disks": 4,
        "making of the server": 940,
    }
    assert {each.basis for each in found.values()} == {Basis.ESTIMATE}
    assert "40% busy by vrops until 2026-11-01" in found["processors"].why


def test_use_that_nobody_measured_is_assumed_and_said() -> None:
    """Half busy, as the method has it; the age of the grid factor is said beside it."""
    found = emissions(where=Where.AWS)
    assert "50% busy is assumed: nobody measured it" in found["processors"].why
    assert "grid 228 g/kWh, of 2021" in found["processors"].why


def test_a_server_on_premise_by_hand() -> None:
    """Four threads of a Platinum 8180, idle, PUE 2 and 100 g/kWh as the estate says.

    Idle watts a thread are SPECpower's median of that processor; 730 hours of them.
    """
    drawn = draw(GOLD)
    assert drawn is not None
    assert drawn.results > 30
    assert Decimal("0.2") < drawn.idle_watts < drawn.full_watts < Decimal(6)
    found = emissions(CPU_MODEL.known(GOLD), told(0), where=Where.ON_PREMISE, settings=PLAIN)
    exact = drawn.idle_watts * 4 * Decimal("0.73") * 2 * 100
    assert found["processors and memory"].monthly_grams == int(exact + Decimal("0.5"))
    assert "PUE 2, the estate's; grid 100 g/kWh, the estate's" in found["disks"].why


def test_a_virtual_server_bears_its_part_of_the_physical_one() -> None:
    """By its threads, and that is said."""
    facts = CPU_MODEL.known(GOLD), told(0), VIRTUALISATION.known("vmware")
    found = emissions(*facts, where=Where.ON_PREMISE, settings=PLAIN)
    assert found["processors and memory"].why.startswith("its part of a server with")


@pytest.mark.parametrize(
    "facts",
    [
        (),
        (CPU_MODEL.known("AMD EPYC"),),
        (CPU_MODEL.known(GOLD), CPU_THREADS.unknown(Reason.NOT_TOLD)),
    ],
)
def test_a_processor_without_a_result_makes_carbon_unknown(facts: tuple[Observation, ...]) -> None:
    """No other processor's watts are taken for it, and nothing is counted as nought."""
    (found,) = emissions(*facts, where=Where.ON_PREMISE).values()
    assert (found.monthly_grams, found.basis) == (None, Basis.UNKNOWN)


def test_a_processor_is_found_however_it_is_written() -> None:
    """As the kernel writes it and as SPEC does; another version of it is another processor."""
    assert draw("Intel Xeon Platinum 8180") == draw(GOLD)
    assert draw("Intel(R) Xeon(R) CPU E5-2660 0 @ 2.20GHz") == draw("Intel Xeon E5-2660")
    assert draw("Intel(R) Xeon(R) CPU E5-2660 v9 @ 2.00GHz") is None


def test_disks_that_are_not_known_cause_an_unknown() -> None:
    """And the sum is still of what is known."""
    found = emissions(DISKS.unknown(Reason.NEEDS_PRIVILEGE), where=Where.AWS)
    assert found["disks"].monthly_grams is None
    assert found["memory"].monthly_grams == 1185

"""Why an application stays is told with what it costs on both sides, or with what is not known."""

from __future__ import annotations

from cost_samples import costing, line, server, verdict
from report_samples import decision, override

from inventory.model.server import Server
from migrate.model.cost import Costs
from migrate.model.plan import Destination
from migrate.model.strategy import Decision, Strategy
from migrate.model.verdict import Cloud
from migrate.strategy.both_sides import cost_evidence, cost_gaps

ONE, OTHER = server("pay-1"), server("pay-2")


def staying(*servers: Server, to: Destination = Destination.HUB) -> Decision:
    """Make an application that people decided to keep."""
    return decision("payroll", *servers, made=override(Strategy.RETAIN, to))


def costs(*judged: Server, pounds: str | None = "1200") -> Costs:
    """Reckon both servers, those judged in AWS, with a bill of so much a year that all share."""
    lines = (line(pounds=pounds),) if pounds else ()
    verdicts = tuple(verdict(each, Cloud.AWS) for each in judged)
    return costing(lines=lines).costs((ONE, OTHER), verdicts, {})


def test_both_sides_are_told_over_the_same_years() -> None:
    """What the servers bear of the bills, and what their sizes cost in the cloud."""
    home, cloud = cost_evidence(staying(ONE, OTHER), costs(ONE, OTHER))
    assert home.says.startswith("where it stands it costs ")
    assert "6,000.00 GBP in 5 years from 2026-11-23" in home.says
    assert home.source == "the estate's own figures, decant.toml"
    assert cloud.says.startswith("in aws it costs ")
    assert cloud.source.startswith("prices of 2026-08-01; ")
    assert not any(
        "not known: decant classify" in gap
        for gap in cost_gaps(staying(ONE, OTHER), costs(ONE, OTHER))
    )


def test_half_a_sum_is_no_comparison() -> None:
    """Where one server has no known cost, that side is not told, and is a gap."""
    told = tuple(cost_evidence(staying(ONE, OTHER), costs(ONE)))
    assert [each.says.split(" it costs")[0] for each in told] == ["where it stands"]
    assert "what it would cost in a cloud is not known: decant classify" in tuple(
        cost_gaps(staying(ONE, OTHER), costs(ONE))
    )
    assert len(tuple(cost_evidence(staying(ONE), costs(ONE)))) == 2


def test_what_a_sum_leaves_out_is_named() -> None:
    """Over means that something has no price, and the evidence says what."""
    (*_, cloud) = cost_evidence(staying(ONE), costs(ONE))
    assert "it costs over " in cloud.says
    assert "; without " in cloud.says


def test_nothing_on_premise_is_not_nothing_to_pay() -> None:
    """An estate that gives no bills has no cost where it stands: it is a gap, not nought."""
    without = costs(ONE, OTHER, pounds=None)
    assert all("where it stands" not in each.says for each in cost_evidence(staying(ONE), without))
    assert any("[[on_premise]]" in gap for gap in cost_gaps(staying(ONE), without))


def test_the_hub_is_not_the_building_of_today() -> None:
    """What is paid today says nothing of the Hub's price; and the way out is never priced."""
    to_hub = tuple(cost_gaps(staying(ONE), costs(ONE)))
    assert any("in the Hub is not known" in gap for gap in to_hub)
    assert any(gap.startswith("the way out") for gap in to_hub)

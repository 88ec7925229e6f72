"""Evidence rests on everything that a fingerprint looks at, whatever a discovery leaves out."""

from __future__ import annotations

from inventory.model.collector import Collector
from inventory.registry import Registry
from migrate.fingerprint import _PARTS, is_asked_for_evidence

COLLECTORS = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector).all()


def test_every_part_of_a_fingerprint_is_asked_for() -> None:
    """No fact that a fingerprint is made of is left to a question that is not asked."""
    asked = [each.value for each in COLLECTORS.values() if is_asked_for_evidence(each.value)]
    told = {key.name for collector in asked for key in collector.tells}
    assert {key.name for keys in _PARTS.values() for key in keys} <= told
    assert "software.configuration" in told


def test_what_evidence_does_not_rest_on_is_left_out() -> None:
    """Weeks of a server's own records are no part of it."""
    assert not is_asked_for_evidence(COLLECTORS["usage-history"].value)

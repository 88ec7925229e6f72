"""How tests of what surrounds a machine look: at clouds that tell what the test gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sights import NOW, SaidClouds, sight

from inventory.model.fact import Reason, Unknown
from migrate.model.check import Check
from migrate.model.evidence import Attestation, CheckResult
from migrate.model.planned import Planned

UNTOLD = Unknown(reason=Reason.NOT_TOLD, detail="made by a test")


def look(
    check: Check,
    told: object,
    parameters: Mapping[str, Any] | None = None,
    *,
    attestations: tuple[Attestation, ...] = (),
    planned: Planned | Unknown = UNTOLD,
) -> CheckResult:
    """Return what a check comes to where the clouds tell one aspect."""
    seen = replace(
        sight(attestations=attestations),
        clouds=SaidClouds(aspects={type(told): told}),
        planned=planned,
    )
    return check.run(seen, parameters or {})


def at(text: str) -> datetime:
    """Return a moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def declared(about: str, **more: Any) -> Attestation:
    """Return what somebody declared today, with a document."""
    return Attestation(
        id="a1",
        server_id="s1",
        about=about,
        statement="It came back, and its owner looked at it.",
        person="Jo",
        partner="Stevenage",
        at=NOW,
        signer="key",
        **more,
    )


def chosen(monthly_pence: int | None, *, incomplete: tuple[str, ...] = ()) -> Planned:
    """Return what classification chose, for so much a month."""
    return Planned(
        size="t3.medium",
        region="eu-west-2",
        vcpus=2,
        memory_bytes=4 * 2**30,
        monthly_cost_pence=monthly_pence,
        incomplete=incomplete,
        catalogue_date=date(2026, 10, 15),
        at=NOW,
    )

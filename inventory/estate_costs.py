"""What an estate says of its own costs: ``[costs]`` and ``[[on_premise]]`` of ``decant.toml``.

Nothing here has a vendor's default: what nobody gave stays None, or is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from inventory.estate_faults import wrong

_WHOLE = 100


@dataclass(frozen=True, kw_only=True)
class CostSettings:
    """What the costs in a cloud, and carbon, are reckoned with."""

    licences: frozenset[str] = frozenset()
    """Licences that the estate owns and may bring: ``windows``, ``sql``, ``rhel``, ``sles``."""
    backup_percent: Decimal | None = None
    """What is kept of backups, in percent of the disks' size."""
    egress_percent: Decimal | None = None
    """How much of what servers send leaves the cloud."""
    support_percent: Mapping[str, Decimal] = field(default_factory=dict)
    """Cloud → its support plan, in percent of the bill."""
    support_pounds: Mapping[str, Decimal] = field(default_factory=dict)
    """Cloud → its support plan, in pounds a month for the whole estate."""
    grid_grams_per_kwh: Decimal | None = None
    """Grams of CO2e for a kilowatt-hour, on premise and in the cloud."""
    pue: Decimal | None = None
    """Power that the data centre draws for each watt of its servers."""


@dataclass(frozen=True, kw_only=True)
class OnPremiseLine:
    """One cost of the servers where they stand, as somebody read it off a bill."""

    what: str
    kind: str
    """``hardware``, ``power``, ``licence``, ``support``, ``space`` …"""
    yearly_pounds: Decimal | None = None
    once_pounds: Decimal | None = None
    """What is paid once, on the day ``since``. One of the two is given."""
    account: str = "revenue"
    """``revenue`` or ``capital``."""
    fund: str | None = None
    """``general`` or ``hra``; None when nobody says."""
    servers: tuple[str, ...] = ()
    """Patterns of names. Without servers, sites and applications, every server bears a part."""
    sites: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    """Identifiers of what runs on the servers that bear it."""
    shared: str = "by server"
    """``by server``, ``by vCPU`` or ``by memory``."""
    since: date | None = None
    """First day that it is paid for; None when it always was."""
    until: date | None = None
    """Last day; None when no end is known."""
    partners: Mapping[str, Decimal] = field(default_factory=dict)
    """Partner → percent, where it is not shared as everything else is."""


def cost_settings(table: Mapping[str, Any]) -> CostSettings:
    """Return what the ``[costs]`` table says."""
    clouds = ("aws", "azure")
    return CostSettings(
        licences=frozenset(table.get("licences", ())),
        backup_percent=_decimal(table, "backup_percent"),
        egress_percent=_decimal(table, "egress_percent"),
        support_percent=_given(table, {cloud: f"{cloud}_support_percent" for cloud in clouds}),
        support_pounds=_given(table, {cloud: f"{cloud}_support_pounds" for cloud in clouds}),
        grid_grams_per_kwh=_decimal(table, "grid_grams_per_kwh"),
        pue=_decimal(table, "pue"),
    )


def on_premise(table: Mapping[str, Any], path: Path, text: str) -> tuple[OnPremiseLine, ...]:
    """Return the lines of ``[[on_premise]]``.

    Raises:
        BadInputError: a bill is paid neither by the year nor once, or both; a date is none; a
            partner or a site is not the estate's; or the partners' parts do not add up to 100. The
            place names the line.

    """
    known = {
        "partners": {each["name"] for each in table.get("partners", ())},
        "sites": {each["name"] for each in table.get("sites", ())},
    }
    lines = []
    for index, entry in enumerate(table.get("on_premise", ())):
        for name, names in known.items():
            for each in entry.get(name, ()):
                if each not in names:
                    where = ("on_premise", index, name)
                    raise wrong(path, text, where, f"{each!r} is not among the estate's {name}")
        _paid_one_way(entry, index, path, text)
        parts = {name: Decimal(str(part)) for name, part in entry.get("partners", {}).items()}
        if parts and sum(parts.values()) != _WHOLE:
            where = ("on_premise", index, "partners")
            message = f"the partners' parts add up to {sum(parts.values())}, not 100"
            raise wrong(path, text, where, message, "mend the parts")
        lines.append(
            OnPremiseLine(
                what=entry["what"],
                kind=entry["kind"],
                yearly_pounds=_decimal(entry, "yearly_pounds"),
                once_pounds=_decimal(entry, "once_pounds"),
                account=entry.get("account", "revenue"),
                fund=entry.get("fund"),
                servers=tuple(entry.get("servers", ())),
                sites=tuple(entry.get("sites", ())),
                applications=tuple(entry.get("applications", ())),
                shared=entry.get("shared", "by server"),
                since=_day(entry, index, "from", path, text),
                until=_day(entry, index, "until", path, text),
                partners=parts,
            )
        )
    return tuple(lines)


def _paid_one_way(entry: Mapping[str, Any], index: int, path: Path, text: str) -> None:
    where, hint = ("on_premise", index), "give yearly_pounds, or once_pounds with its day in from"
    if ("yearly_pounds" in entry) is ("once_pounds" in entry):
        how_many = "both" if "once_pounds" in entry else "neither"
        message = f"{entry['what']!r} has {how_many} of yearly_pounds and once_pounds"
        raise wrong(path, text, where, message, hint)
    if "once_pounds" in entry and "from" not in entry:
        message = f"{entry['what']!r} is paid once, but not said when"
        raise wrong(path, text, where, message, hint)


def _decimal(table: Mapping[str, Any], name: str) -> Decimal | None:
    value = table.get(name)
    return None if value is None else Decimal(str(value))


def _given(table: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Decimal]:
    return {
        key: value for key, name in names.items() if (value := _decimal(table, name)) is not None
    }


def _day(entry: Mapping[str, Any], index: int, name: str, path: Path, text: str) -> date | None:
    value = entry.get(name)
    if value is None or type(value) is date:
        return value
    hint = "write it without quotes: 2027-09-01"
    raise wrong(path, text, ("on_premise", index, name), f"{value!r} is no date", hint)

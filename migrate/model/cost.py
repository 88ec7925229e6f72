"""What a server costs over some years, there and here: charges, their basis, and what is left out.

Money is whole pence. Not knowing a charge is a value: it is None, it is named, and no sum counts
it as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

MONTHS_A_YEAR: Final = 12


class Basis(Enum):
    """How a number is known."""

    OBSERVED = "observed"
    """Read at its source: a price list, a bill."""
    DERIVED = "derived"
    """Reckoned from observed ones by a stated rule."""
    ESTIMATE = "estimate"
    """A stand-in: another region's, another year's, or general knowledge."""
    UNKNOWN = "unknown"


class Where(Enum):
    """Where a server costs what it costs."""

    ON_PREMISE = "on premise"
    AWS = "aws"
    AZURE = "azure"


class Kind(Enum):
    """What is paid for."""

    COMPUTE = "compute"
    DISKS = "disks"
    BACKUP = "backup"
    EGRESS = "egress"
    LICENCE = "licence"
    SUPPORT = "support"
    HARDWARE = "hardware"
    POWER = "power"
    SPACE = "space"
    NETWORK = "network"
    STAFF = "staff"
    OTHER = "other"


class Purchase(Enum):
    """How compute is bought in a cloud; commitments are without payment in advance."""

    ON_DEMAND = "on-demand"
    SAVINGS_1Y = "savings-1y"
    SAVINGS_3Y = "savings-3y"
    RESERVED_1Y = "reserved-1y"
    RESERVED_3Y = "reserved-3y"


class Account(Enum):
    """Which budget pays."""

    REVENUE = "revenue"
    CAPITAL = "capital"


class Fund(Enum):
    """Whose money it is: a council's General Fund, or its Housing Revenue Account."""

    GENERAL = "general"
    HRA = "hra"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One partner's part of a charge."""

    partner: str
    percent: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """One line of what a server costs."""

    what: str
    kind: Kind
    monthly_pence: int | None
    """On average over the period; None when it is not known."""
    period_pence: int | None
    """Over the whole period; None when it is not known."""
    basis: Basis
    why: str
    """Where the number is from and of when, or why there is none."""
    account: Account = Account.REVENUE
    fund: Fund | None = None
    """None when nobody says."""
    parts: tuple[Part, ...] = ()
    """Who bears it; empty when the estate names no partners."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """A sum of charges, and what it does not hold."""

    monthly_pence: int | None
    """None when nothing in it is known."""
    period_pence: int | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Emission:
    """One line of a server's carbon."""

    what: str
    monthly_grams: int | None
    """CO2 equivalent in an average month; None when it is not known."""
    basis: Basis
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bill:
    """What one server costs at one place."""

    server_id: str
    server: str
    where: Where
    size: str
    """The size that it would run on; empty on premise, and where there is none."""
    charges: tuple[Charge, ...]
    emissions: tuple[Emission, ...] = ()

    @property
    def total(self) -> Total:
        """Return the sum of what is known, and the names of what is not."""
        return total_of(self.charges)

    @property
    def monthly_grams(self) -> int | None:
        """Return the known grams of CO2 equivalent in a month; None when none are known."""
        return _sum(each.monthly_grams for each in self.emissions)


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What servers cost where they stand and in each cloud, over one period."""

    since: date
    years: int
    purchase: Purchase
    rate: str
    """The exchange rate and its date, for people."""
    catalogue_date: date | None
    """The oldest of the prices that were used; None when none was."""
    bills: tuple[Bill, ...]
    unallocated: tuple[Charge, ...]
    """What the estate pays on premise that no server bears."""
    assumptions: tuple[str, ...]


def total_of(charges: Iterable[Charge]) -> Total:
    """Add charges up: what is not known is named, never counted as nothing."""
    charges = tuple(charges)
    return Total(
        monthly_pence=_sum(each.monthly_pence for each in charges),
        period_pence=_sum(each.period_pence for each in charges),
        left_out=tuple(f"{each.what}: {each.why}" for each in charges if each.period_pence is None),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [each for each in numbers if each is not None]
    return sum(known) if known else None

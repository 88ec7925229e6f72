"""How a line of a cloud's bill is written: pence a month and over the period, basis and parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from migrate.model.cost import MONTHS_A_YEAR, Basis, Charge, Kind, Part
from migrate.sizing.money import Rate, pence

_WORDS = {basis.value: basis for basis in Basis}


def basis_of(words: str) -> tuple[Basis, str]:
    """Part the catalogue's words into the basis and what is said of it.

    A word that is none of the four is an estimate, never an observation.
    """
    word, _, why = words.partition(" ")
    return _WORDS.get(word, Basis.ESTIMATE), why


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Writes charges of one estate over one period."""

    rate: Rate
    years: int
    parts: tuple[Part, ...]
    """How the partners share what nothing else is agreed for."""
    _unknown: dict[tuple[str, str], Charge] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What was said to be unknown already: of most servers the same is."""

    def priced(self, what: str, kind: Kind, usd_a_month: Decimal, basis: str) -> Charge:
        """Return a charge in dollars a month; unknown when there is no exchange rate.

        ``basis`` is one of the four words, and what is to be said of it.
        """
        monthly = pence(usd_a_month, self.rate)
        if monthly is None:
            return self.unknown(what, kind, str(self.rate))
        return self.charge(what, kind, monthly, *basis_of(basis))

    def charge(self, what: str, kind: Kind, monthly: int, basis: Basis, why: str) -> Charge:
        """Return a charge of pence a month that stays the same over the period."""
        return Charge(
            what=what,
            kind=kind,
            monthly_pence=monthly,
            period_pence=monthly * MONTHS_A_YEAR * self.years,
            basis=basis,
            why=why,
            parts=self.parts,
        )

    def unknown(self, what: str, kind: Kind, why: str) -> Charge:
        """Return a charge that is not known, and why."""
        if (what, why) not in self._unknown:
            self._unknown[what, why] = Charge(
                what=what,
                kind=kind,
                monthly_pence=None,
                period_pence=None,
                basis=Basis.UNKNOWN,
                why=why,
                parts=self.parts,
            )
        return self._unknown[what, why]

    def because(self, charge: Charge, why: str) -> Charge:
        """Return a charge with something more to be said of it."""
        return replace(charge, why=f"{charge.why}; {why}" if charge.why else why)

    def pounds(self, usd: Decimal) -> str:
        """Say dollars in pounds."""
        amount = pence(usd, self.rate)
        return "unknown" if amount is None else f"£{amount // 100:,}.{amount % 100:02}"

"""What suppliers of software were asked and what they answered: a register that only grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


class Offer(Enum):
    """Whether a supplier offers something. What nobody asked is unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Step(Enum):
    """What happened with a supplier."""

    ASKED = "asked"
    ANSWERED = "answered"
    NOTED = "noted"
    """A contract's end or a supplier's name was written down; nobody asked or answered."""


@dataclass(frozen=True, kw_only=True)
class SupplierEvent:
    """One entry of the register. None of them is ever changed: a correction is another entry."""

    product: str
    """As people call it."""
    step: Step
    on: date
    """The day on which it happened."""
    by: str
    """Who asked, was answered, or wrote it down."""
    supplier: str = ""
    saas: Offer = Offer.UNKNOWN
    """Whether software as a service is offered."""
    cloud: Offer = Offer.UNKNOWN
    """Whether the product is supported on servers in a public cloud."""
    contract_end: date | None = None
    says: str = ""
    """What was asked, or the supplier's answer, in words."""
    remind_on: date | None = None
    """When to ask again if no answer has come."""
    recorded_at: datetime
    """When it was entered here."""


@dataclass(frozen=True, kw_only=True)
class Typical:
    """What is said of a product in general: unverified, and no answer of its supplier."""

    supplier: str
    saas: str
    """``yes``, ``no``, ``likely``, ``self-host`` or ``unknown``."""
    evidence: str


@dataclass(frozen=True, kw_only=True)
class SupplierEntry:
    """What the register says of one product today."""

    key: str
    product: str
    supplier: str
    software_id: str
    """The recognised software that it is; empty when none."""
    saas: Offer
    """As the supplier last answered."""
    cloud: Offer
    contract_end: date | None
    events: tuple[SupplierEvent, ...]
    """The oldest first."""
    typical: Typical | None = None
    also: tuple[str, ...] = ()
    """Other keys that it goes by: its name, and other names of it."""

    @property
    def asked(self) -> SupplierEvent | None:
        """The last time that the supplier was asked."""
        return next((each for each in reversed(self.events) if each.step is Step.ASKED), None)

    @property
    def answered(self) -> SupplierEvent | None:
        """The supplier's last answer."""
        return next((each for each in reversed(self.events) if each.step is Step.ANSWERED), None)

    @property
    def waits_since(self) -> date | None:
        """The day of the first question that no answer has followed; None when none waits."""
        waiting = None
        for each in self.events:
            if each.step is Step.ANSWERED:
                waiting = None
            elif each.step is Step.ASKED:
                waiting = waiting or each.on
        return waiting

    def reminder_due(self, today: date) -> bool:
        """Tell whether the supplier is to be asked again by now."""
        asked = self.asked
        due = asked.remind_on if asked and self.waits_since else None
        return due is not None and due <= today

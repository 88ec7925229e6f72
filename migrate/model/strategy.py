"""What becomes of each application: its verdicts, one of seven strategies, and who decided it.

The strategies are the seven Rs, as AWS Prescriptive Guidance and the Cloud Adoption Framework name
them. What the decision table proposes is a proposal; what people decide goes before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from inventory.model.application import Application, Confidence
from inventory.model.fact import Fact
from migrate.model.plan import Destination
from migrate.model.verdict import Axis, Cloud, Readiness


class Strategy(Enum):
    """One of the seven Rs, or that none is settled."""

    RETIRE = "retire"
    """It is switched off and nothing takes its place."""
    RETAIN = "retain"
    """It stays on-premise: it goes to the Hub."""
    REHOST = "rehost"
    """Its servers are copied as they are."""
    RELOCATE = "relocate"
    """Its virtual machines move with their hypervisor's format to a service that runs it."""
    REPLATFORM = "replatform"
    """It moves onto a managed service, or onto a newly installed system."""
    REPURCHASE = "repurchase"
    """Software as a service takes its place."""
    REFACTOR = "refactor"
    """It is built anew at the destination."""
    UNDECIDED = "undecided"
    """Nothing that is known settles it."""


class Grouping(Enum):
    """Why servers count as one application."""

    ESTATE = "estate file"
    """``decant.toml`` says so."""
    INVENTORY = "inventory"
    """An imported inventory names the application on each of them."""
    RECOGNISED = "recognised"
    """The same line-of-business software was recognised on each of them."""
    SERVER = "server"
    """What a single server does that belongs to nothing else."""


@dataclass(frozen=True, kw_only=True)
class Component:
    """One server of an application."""

    server_id: str
    server: str
    software: Fact[tuple[Application, ...]]
    """What was recognised on the server, but for what looks after it."""


@dataclass(frozen=True, kw_only=True)
class EstateApplication:
    """An application of the estate: what is moved, bought anew or switched off as one."""

    key: str
    """Stable while its name or server stays: ``app:payroll``, ``server:ID``."""
    name: str
    grouping: Grouping
    components: tuple[Component, ...]
    software_id: str = ""
    """The recognised software that it is; empty where it is told by a name or a server."""
    purpose: str = ""
    confidence: Confidence
    """How sure it is that there is such an application on these servers."""


@dataclass(frozen=True, kw_only=True)
class AxisVerdict:
    """The verdict on one axis: that of the worst component, with its reason."""

    axis: Axis
    readiness: Readiness
    server: str = ""
    """The component that decides; empty where all are ready."""
    because: str = ""
    """What was found on it, or what is not known of it."""


@dataclass(frozen=True, kw_only=True)
class ApplicationVerdict:
    """The verdicts of one application for one cloud."""

    cloud: Cloud
    fit: AxisVerdict
    move: AxisVerdict
    support: AxisVerdict

    @property
    def axes(self) -> tuple[AxisVerdict, ...]:
        """The verdict on each axis."""
        return self.fit, self.move, self.support


@dataclass(frozen=True, kw_only=True)
class OpenRow:
    """A row of the table that would decide if something more were known."""

    row: str
    strategy: Strategy
    inputs: tuple[str, ...]
    """What is not known; all else that the row asks for holds."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the decision table proposes for an application."""

    strategy: Strategy
    destinations: tuple[Destination, ...]
    """Where to; several when nothing tells them apart, none when undecided."""
    row: str
    """Identifier of the row; empty when none matched."""
    reason: str
    source: str = ""
    source_date: date | None = None
    confirm: str = ""
    """What a person makes sure of before it is done."""
    confidence: Confidence
    open_rows: tuple[OpenRow, ...] = ()
    """Earlier rows that what is not known may still bring about."""
    find_out: str = ""
    """The one thing to find out next; empty when nothing is open."""


@dataclass(frozen=True, kw_only=True)
class Override:
    """What somebody decided about an application, or that it was taken back."""

    application: str
    """Its key."""
    name: str
    """Its name when it was decided."""
    strategy: Strategy
    destination: Destination | None
    because: str
    by: str
    at: datetime
    saw: Mapping[str, str]
    """What the proposal and the verdicts were then, by what they are about."""
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What becomes of one application, and everything needed to defend it."""

    application: EstateApplication
    verdicts: tuple[ApplicationVerdict, ...]
    proposal: Proposal
    known: Mapping[str, str]
    """Each input of the decision table as it was read, in words."""
    override: Override | None = None
    stale: tuple[str, ...] = ()
    """What has changed since somebody decided otherwise than the table."""

    @property
    def strategy(self) -> Strategy:
        """What holds: what people decided, or what the table proposes."""
        return self.override.strategy if self.override else self.proposal.strategy

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Where to, by what holds."""
        if self.override is None:
            return self.proposal.destinations
        return (self.override.destination,) if self.override.destination else ()


@dataclass(frozen=True, kw_only=True)
class ServerStrategy:
    """What becomes of one server, as its applications decide."""

    server_id: str
    server: str
    strategy: Strategy
    because: str
    """Which application decides it."""
    confirm: str = ""
    """What a person makes sure of before it is done."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One reason why an application does not go to a public cloud, and what shows it."""

    what: str
    """``decision``, ``finding``, ``supplier`` or ``cost``."""
    says: str
    source: str
    """Who or what says so, and as of when."""


@dataclass(frozen=True, kw_only=True)
class WhyNotCloud:
    """Why one application stays: what shows it, and what does not."""

    application: str
    """Its key."""
    name: str
    strategy: Strategy
    destinations: tuple[Destination, ...]
    reason: str
    evidence: tuple[Evidence, ...]
    gaps: tuple[str, ...]
    """What an auditor would ask for and nobody can show yet."""

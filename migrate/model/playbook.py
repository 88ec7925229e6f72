"""A playbook: the stages by which a server is left behind, and what each one must prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import Enum
from functools import cached_property
from typing import Any

from migrate.model.life import Step
from migrate.model.plan import Destination


class About(Enum):
    """What a check proves something about."""

    OLD = "old"
    """The server that is left behind."""
    NEW = "new"
    """What stands in its place."""
    BOTH = "both"
    """The two, compared."""
    RECORD = "record"
    """What people declared: documents, acceptances, explanations."""
    PLACE = "place"
    """Where the replacement is to stand, before it stands there."""

    @property
    def proves_replacement(self) -> bool:
        """Whether such a check looks at what stands in the old server's place."""
        return self in {About.NEW, About.BOTH}


class Builds(Enum):
    """What an act brings into being, so that nothing of it can stand before."""

    NOTHING = "nothing"
    COPY = "a copy to test"
    """It stands beside the old server and serves nobody: old server and users go on as they are."""
    REPLACEMENT = "what replaces it"
    """From the old server's newest data: another server than the copy that was tested."""


class Replacement(Enum):
    """What stands in the old server's place."""

    SERVER = "server"
    """Another server, which can be asked."""
    SERVICE = "service"
    """A service (managed database, file service, SaaS): checked from outside, not asked."""
    SAME = "same"
    """The very same server, carried to another place."""
    NONE = "none"
    """Nothing: its work has ended."""

    def fits(self, to: Destination) -> bool:
        """Tell whether a server that goes there may be replaced by this."""
        return to in _DESTINATIONS[self]


_DESTINATIONS = {
    Replacement.SERVER: {Destination.AWS, Destination.AZURE, Destination.HUB},
    Replacement.SERVICE: {Destination.AWS, Destination.AZURE, Destination.SAAS},
    Replacement.SAME: {Destination.HUB},
    Replacement.NONE: {Destination.RETIRE},
}


@dataclass(frozen=True, kw_only=True)
class CheckUse:
    """A check as a playbook uses it."""

    id: str
    """Unique within the stage; the check's name unless given."""
    check: str
    """Name of the check."""
    about: About
    """What the check proves something about, as its file says."""
    parameters: dict[str, Any] = field(default_factory=dict)
    when_to: tuple[str, ...] = ()
    """Destinations for which it is done; empty means all."""
    excusable: bool = False
    """Whether people of different partners may except a server from it, with their reason."""


@dataclass(frozen=True, kw_only=True)
class ApprovalRule:
    """Who must agree."""

    partners: int
    """How many different partners of those that own the server, each by a different person; all
    of them when fewer own it."""
    people: int = 1
    """How many different people at the least."""
    roles: tuple[str, ...] = ()
    """Roles that must be among those who agreed."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """When an act may be done, week by week."""

    days: tuple[int, ...]
    """0 is Monday."""
    start: time
    end: time
    """The first moment outside; later than ``start``."""
    zone: str
    """IANA time zone, such as ``Europe/London``."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step. It is of one kind: it checks, it asks for approval, or it acts."""

    name: str
    help: str
    needs: tuple[str, ...]
    """Stages that must be satisfied, freshly, before this one."""
    reaches: Step | None = None
    """The step of the life that a server has reached once this stage is satisfied."""
    wait: timedelta = timedelta(0)
    """How long to wait after everything that it needs: checks are taken, approvals given and acts
    done only then."""
    checks: tuple[CheckUse, ...] = ()
    approval: ApprovalRule | None = None
    action: str | None = None
    """Name of the action."""
    builds: Builds = Builds.NOTHING
    """What the action brings into being, as its file says."""
    moves: bool = False
    """Whether the action is one of a migration service, as its file says."""
    windows: tuple[Window, ...] = ()
    """When the act may be done; empty means at any time outside the estate's freezes."""
    valid_for: timedelta = timedelta(0)
    """How long its evidence or approval counts."""
    rollback: str = ""
    """How to go back from here, for people."""

    @property
    def command(self) -> str:
        """The command by which its act is done."""
        return "migrate" if self.moves else "decommission"


@dataclass(frozen=True, kw_only=True)
class Playbook:
    """The stages, in order."""

    name: str
    title: str
    stages: tuple[Stage, ...]
    digest: str
    """SHA-256 of the file's bytes, hexadecimal; part of every fingerprint."""
    replacement: Replacement = Replacement.SERVER

    def stage(self, name: str) -> Stage | None:
        """Return the stage of that name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, Stage]:
        # The gate asks for stages by their names dozens of times a server.
        return {each.name: each for each in reversed(self.stages)}

    def acts(self) -> tuple[Stage, ...]:
        """Return the stages that act, in order."""
        return tuple(stage for stage in self.stages if stage.action)

    @property
    def builds_its_own(self) -> bool:
        """Whether its own acts launch what replaces the server: before, there is nothing to see."""
        return self.replacement is Replacement.SERVER and any(
            stage.builds is not Builds.NOTHING for stage in self.stages
        )

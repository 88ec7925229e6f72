"""The estate folder: ``decant.toml``, the database beside it, and the user's own plug-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inventory.estate_costs import CostSettings, OnPremiseLine
    from inventory.estate_zones import LandingZone
    from inventory.model.mark import MarkSettings
    from inventory.model.site import Site
    from inventory.secret import Reference

FILE_NAME = "decant.toml"
DATABASE_NAME = "decant.db"


@dataclass(frozen=True, kw_only=True)
class Partner:
    """One of those who own the estate together."""

    name: str
    share: Decimal
    """Percent of the costs, where nothing else is agreed."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who may speak for a partner, by their own key."""

    name: str
    partner: str
    key: str
    """Their public key, as ``ssh-keygen`` writes it: ``ssh-ed25519 AAAA…``."""
    roles: tuple[str, ...] = ()
    """What they are asked as, such as ``service owner``."""


@dataclass(frozen=True, kw_only=True)
class SigningSettings:
    """Which keys sign what the tool itself sees and does."""

    key: str | None = None
    """Where the private key is that signs evidence here; never the key itself."""
    passphrase: Reference | None = None
    """Where its passphrase is."""
    trusted: tuple[str, ...] = ()
    """Public keys whose evidence counts, as ``ssh-keygen`` writes them."""


@dataclass(frozen=True, kw_only=True)
class FreezeSettings:
    """A time in which nothing is switched off."""

    start: date
    end: date
    """The last day of it."""
    why: str


@dataclass(frozen=True, kw_only=True)
class DiscoverySettings:
    """How servers are reached."""

    targets: tuple[str, ...] = ()
    identity: tuple[Path, ...] = ()
    known_hosts: tuple[Path, ...] = ()
    """Empty means those of ssh_config, or the user's and the system's own."""
    ssh_config: tuple[Path, ...] | None = None
    """Empty means no file; None the user's and the system's own."""
    passphrase: Reference | None = None
    """Where the passphrase of locked keys is."""
    password: Reference | None = None
    """Where the password is, for servers that want one."""
    sudo: bool = False
    at_once: int = 32
    rate: float | None = None
    """Most new connections a second; None sets no limit."""


@dataclass(frozen=True, kw_only=True)
class CloudTables:
    """The ``[aws]`` and ``[azure]`` tables as they stand."""

    aws: Mapping[str, Any] = field(default_factory=dict)
    azure: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MoveSettings:
    """Where one server goes, as ``decant.toml`` says."""

    server: str
    to: str
    replacement: str | None = None
    resource: str | None = None
    """The ``instance``, the ``vm`` or the ``resource``."""
    playbook: str | None = None
    """None means the shipped one for that destination."""
    wave: int | None = None
    owner: str | None = None
    partners: tuple[str, ...] = ()
    """Partners that own the server; empty means all of them share it."""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Estate:
    """An estate, as its folder describes it."""

    folder: Path
    name: str
    database: str
    """URL of its database; a path in it is absolute."""
    hub_opens: date | None = None
    usd_to_gbp: Decimal | None = None
    """Pounds for one US dollar; None when the estate does not say."""
    usd_to_gbp_date: date | None = None
    partners: tuple[Partner, ...] = ()
    people: tuple[Person, ...] = ()
    signing: SigningSettings = field(default_factory=SigningSettings)
    freezes: tuple[FreezeSettings, ...] = ()
    anchors: tuple[str, ...] = ()
    """Where the ledger's head is kept outside: ``file:``, ``s3://``, ``azblob://``."""
    notify: tuple[Mapping[str, Any], ...] = ()
    """The ``[[notify]]`` tables as they stand."""
    discovery: DiscoverySettings = field(default_factory=DiscoverySettings)
    sites: tuple[Site, ...] = ()
    clouds: CloudTables = field(default_factory=CloudTables)
    policy: Mapping[str, Any] = field(default_factory=dict)
    """The ``[policy]`` table as it stands."""
    sizing: Mapping[str, Any] = field(default_factory=dict)
    """The ``[sizing]`` table as it stands."""
    landing_zones: tuple[LandingZone, ...] = ()
    """Where in the clouds servers are to stand."""
    moves: tuple[MoveSettings, ...] = ()
    applications: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Application → patterns of its servers' names, as ``[[applications]]`` group them."""
    marks: tuple[MarkSettings, ...] = ()
    """What servers and applications are marked with; empty when the estate marks nothing."""
    costs: CostSettings | None = None
    """The ``[costs]`` table; None when there is none."""
    on_premise: tuple[OnPremiseLine, ...] = ()
    """What the servers cost where they stand."""

    @property
    def file(self) -> Path:
        """Return the path of its ``decant.toml``."""
        return self.folder / FILE_NAME

    def own(self, kind: str) -> Path:
        """Return the folder of the user's own plug-ins of one kind; it need not exist."""
        return self.folder / kind

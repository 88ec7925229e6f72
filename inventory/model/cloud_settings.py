"""How the clouds are reached: regions, endpoints and limits. Never a credential.

Credentials come from each provider's own chain: environment, profile, role, managed identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path


class AzureCredential(Enum):
    """Where the Azure credential is looked for."""

    DEFAULT = "default"
    """The whole default chain: environment, workload and managed identity, the command line."""
    ENVIRONMENT = "environment"
    """Only the ``AZURE_…`` environment variables; nothing else is tried or waited for."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a cloud is waited for."""

    connect_seconds: float = 5
    answer_seconds: float = 15
    attempts: int = 3
    """How often one question is put in all, the first time included."""
    at_once: int = 8
    """Most questions at the same time."""
    longest_pause_seconds: float = 10
    """A cloud that asks for a longer pause than this is not waited for."""


UK_OF_AWS = ("eu-west-2",)
UK_OF_AZURE = ("uksouth", "ukwest")


@dataclass(frozen=True, kw_only=True)
class AwsAccount:
    """An account beside the one that the credentials belong to."""

    name: str
    """The estate's word for it."""
    id: str
    """Its twelve digits."""
    role: str | None = None
    """ARN of the role that is assumed in it; None when the profile leads there."""
    external_id: str | None = None
    """What the role's trust asks for, against confused deputies; it is no secret."""
    profile: str | None = None
    """Profile of the AWS configuration that leads there, in place of the settings' own."""


@dataclass(frozen=True, kw_only=True)
class AwsSettings:
    """How AWS is reached."""

    region: str | None = None
    """Where things are unless they say otherwise; None leaves it to ``AWS_REGION`` or the
    profile."""
    regions: tuple[str, ...] = ()
    """The only regions that may be asked; empty means the United Kingdom's and ``region``."""
    endpoint_url: str | None = None
    """None leaves it to ``AWS_ENDPOINT_URL`` or the region's own endpoint."""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Endpoints of single services, by the client's name, before ``endpoint_url``."""
    profile: str | None = None
    accounts: tuple[AwsAccount, ...] = ()
    patience: Patience = Patience()

    @property
    def allowed_regions(self) -> tuple[str, ...]:
        """The only regions that may be asked."""
        own = (self.region,) if self.region else ()
        return self.regions or tuple(dict.fromkeys((*own, *UK_OF_AWS)))


@dataclass(frozen=True, kw_only=True)
class AzureSubscription:
    """A subscription beside the estate's first."""

    name: str
    """The estate's word for it."""
    id: str


@dataclass(frozen=True, kw_only=True)
class AzureSettings:
    """How Azure is reached."""

    subscription: str | None = None
    """The estate's subscription; a resource id that names another one is followed all the same."""
    subscriptions: tuple[AzureSubscription, ...] = ()
    """Others that are asked, too."""
    region: str | None = None
    regions: tuple[str, ...] = ()
    """The only regions that count; empty means the United Kingdom's and ``region``."""
    base_url: str | None = None
    """Resource Manager's endpoint; None is the public cloud's."""
    authority: str | None = None
    """Where tokens come from, ``https://host``; None is the public cloud's."""
    ca_file: Path | None = None
    """Certificates to trust in place of the system's, for both of them."""
    scopes: tuple[str, ...] = ()
    """What tokens are asked for; empty derives it from ``base_url``."""
    credential: AzureCredential = AzureCredential.DEFAULT
    patience: Patience = Patience()

    @property
    def allowed_regions(self) -> tuple[str, ...]:
        """The only regions that count, in the short form: ``uksouth``."""
        own = (self.region,) if self.region else ()
        return self.regions or tuple(dict.fromkeys((*own, *UK_OF_AZURE)))

    @property
    def all_subscriptions(self) -> tuple[str, ...]:
        """The ids of every subscription that is asked."""
        own = (self.subscription,) if self.subscription else ()
        return tuple(dict.fromkeys((*own, *(each.id for each in self.subscriptions))))

    def with_environment(self, environment: Mapping[str, str]) -> AzureSettings:
        """Lay ``DECANT_AZURE_ENDPOINT``, ``_AUTHORITY`` and ``_CA_FILE`` over these settings."""
        ca_file = environment.get("DECANT_AZURE_CA_FILE")
        return replace(
            self,
            base_url=environment.get("DECANT_AZURE_ENDPOINT") or self.base_url,
            authority=environment.get("DECANT_AZURE_AUTHORITY") or self.authority,
            ca_file=Path(ca_file) if ca_file else self.ca_file,
        )

"""How the clouds are reached: regions, endpoints and limits. Never a credential.

Credentials come from each provider's own chain: environment, profile, role, managed identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Final


class AzureCredential(Enum):
    """Where the Azure credential is looked for."""

    DEFAULT = "default"
    """The whole default chain: environment, workload and managed identity, the command line."""
    ENVIRONMENT = "environment"
    """Only the ``AZURE_…`` environment variables; nothing else is tried or waited for."""


class AzureCloud(Enum):
    """Which of Microsoft's clouds, apart from each other in network, identity and law."""

    PUBLIC = "public"
    GOVERNMENT = "government"
    """Of the United States."""
    CHINA = "china"


@dataclass(frozen=True, kw_only=True)
class AzureAddresses:
    """Where one of Microsoft's clouds is."""

    resource_manager: str
    scope: str
    """What tokens for Resource Manager are asked for."""
    authority: str
    """Where tokens come from."""
    blobs: str
    """How names of storage accounts end."""


AZURE_ADDRESSES: Final[Mapping[AzureCloud, AzureAddresses]] = {
    AzureCloud.PUBLIC: AzureAddresses(
        resource_manager="https://management.azure.com",
        scope="https://management.azure.com/.default",
        authority="https://login.microsoftonline.com",
        blobs="blob.core.windows.net",
    ),
    AzureCloud.GOVERNMENT: AzureAddresses(
        resource_manager="https://management.usgovcloudapi.net",
        scope="https://management.core.usgovcloudapi.net/.default",
        authority="https://login.microsoftonline.us",
        blobs="blob.core.usgovcloudapi.net",
    ),
    AzureCloud.CHINA: AzureAddresses(
        resource_manager="https://management.chinacloudapi.cn",
        scope="https://management.chinacloudapi.cn/.default",
        authority="https://login.chinacloudapi.cn",
        blobs="blob.core.chinacloudapi.cn",
    ),
}
"""As azure-mgmt-core and azure-identity have them, which a test compares."""


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

    def with_environment(self, environment: Mapping[str, str]) -> AwsSettings:
        """Lay ``DECANT_AWS_REGION`` and ``_REGIONS`` over these settings.

        Everything else has a variable of AWS's own, such as ``AWS_PROFILE``.
        """
        return replace(
            self,
            region=environment.get("DECANT_AWS_REGION") or self.region,
            regions=_parted(environment.get("DECANT_AWS_REGIONS")) or self.regions,
        )


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
    cloud: AzureCloud = AzureCloud.PUBLIC
    base_url: str | None = None
    """Resource Manager's endpoint; None is the cloud's own."""
    authority: str | None = None
    """Where tokens come from, ``https://host``; None is the cloud's own."""
    ca_file: Path | None = None
    """Certificates to trust in place of the system's, for both of them."""
    scopes: tuple[str, ...] = ()
    """What tokens are asked for; empty leaves it to the cloud, or to ``base_url``."""
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

    @property
    def resource_manager(self) -> str:
        """Resource Manager's address, without a slash at its end."""
        return (self.base_url or AZURE_ADDRESSES[self.cloud].resource_manager).rstrip("/")

    @property
    def resource_manager_scopes(self) -> tuple[str, ...]:
        """What tokens for Resource Manager are asked for."""
        if self.scopes:
            return self.scopes
        own = AZURE_ADDRESSES[self.cloud].scope
        return (f"{self.resource_manager}/.default" if self.base_url else own,)

    def with_environment(self, environment: Mapping[str, str]) -> AzureSettings:
        """Lay what the environment says over these settings.

        ``DECANT_AZURE_ENDPOINT``, ``_AUTHORITY``, ``_CA_FILE``, ``_CLOUD``, ``_CREDENTIAL``,
        ``_SUBSCRIPTION``, ``_REGION`` and ``_REGIONS``.

        Raises:
            ValueError: there is no such cloud, or no such credential.

        """
        ca_file = environment.get("DECANT_AZURE_CA_FILE")
        return replace(
            self,
            subscription=environment.get("DECANT_AZURE_SUBSCRIPTION") or self.subscription,
            region=environment.get("DECANT_AZURE_REGION") or self.region,
            regions=_parted(environment.get("DECANT_AZURE_REGIONS")) or self.regions,
            cloud=AzureCloud(environment.get("DECANT_AZURE_CLOUD") or self.cloud),
            credential=AzureCredential(
                environment.get("DECANT_AZURE_CREDENTIAL") or self.credential
            ),
            base_url=environment.get("DECANT_AZURE_ENDPOINT") or self.base_url,
            authority=environment.get("DECANT_AZURE_AUTHORITY") or self.authority,
            ca_file=Path(ca_file) if ca_file else self.ca_file,
        )


def _parted(text: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (text or "").split(",") if each.strip())

"""How the clouds are reached: regions, endpoints and limits. Never a credential.

Credentials come from each provider's own chain: environment, profile, role, managed identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    longest_pause_seconds: float = 10
    """A cloud that asks for a longer pause than this is not waited for."""


@dataclass(frozen=True, kw_only=True)
class AwsSettings:
    """How AWS is reached."""

    region: str | None = None
    """None leaves it to ``AWS_REGION`` or the profile."""
    endpoint_url: str | None = None
    """None leaves it to ``AWS_ENDPOINT_URL`` or the region's own endpoint."""
    profile: str | None = None
    patience: Patience = Patience()


@dataclass(frozen=True, kw_only=True)
class AzureSettings:
    """How Azure is reached."""

    subscription: str | None = None
    """The estate's subscription; a resource id that names another one is followed all the same."""
    region: str | None = None
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

    def with_environment(self, environment: Mapping[str, str]) -> AzureSettings:
        """Lay ``DECANT_AZURE_ENDPOINT``, ``_AUTHORITY`` and ``_CA_FILE`` over these settings."""
        ca_file = environment.get("DECANT_AZURE_CA_FILE")
        return replace(
            self,
            base_url=environment.get("DECANT_AZURE_ENDPOINT") or self.base_url,
            authority=environment.get("DECANT_AZURE_AUTHORITY") or self.authority,
            ca_file=Path(ca_file) if ca_file else self.ca_file,
        )

"""As whom the clouds would be asked: one identity for each account and subscription."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model.cloud_calls import Provider
from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Identity:
    """As whom one account or subscription is asked. It holds no secret."""

    provider: Provider
    place: str
    """The account's or subscription's id; empty where it could not be learnt."""
    name: str
    """The estate's word for it, or the provider's."""
    who: str | Unknown
    """The ARN, or the application and its tenant; or why nobody can be asked."""
    source: str
    """Where the credential comes from: environment, profile, role, managed identity …"""
    endpoint: str
    state: str = ""
    """The provider's word on a subscription: ``Enabled``, ``Warned``, ``Disabled`` …"""
    regions: tuple[str, ...] = ()
    """Where the estate allows it to be asked."""

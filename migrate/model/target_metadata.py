"""How a cloud server may ask for its own metadata, and with it for its role's credentials."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MetadataService:
    """The settings of the metadata service, in the provider's own words."""

    endpoint: str
    """``enabled`` or ``disabled``."""
    tokens: str
    """``required``: only requests with a session token are answered (IMDSv2); ``optional``."""
    hop_limit: int | None = None
    """How many hops an answer may take; None when it is not told."""
    state: str | None = None
    """``applied``, or ``pending`` while a change takes effect."""

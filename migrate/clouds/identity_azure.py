"""As whom each Azure subscription would be asked: what the token claims, and what it can see.

The token itself stays here; of its claims only those that name an identity are read. They are not
verified: Azure does that, and here they only tell a person which credential was found.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from inventory.errors import DecantError
from inventory.model.cloud_calls import Provider, azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.identity import Identity

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import AzureReach

CALLS = (azure_call("GET Microsoft.Resources/subscriptions"),)
_VERSION: Final = "2022-12-01"
_SOURCES: Final = {
    "EnvironmentCredential": "environment",
    "WorkloadIdentityCredential": "workload identity",
    "ManagedIdentityCredential": "managed identity",
    "SharedTokenCacheCredential": "shared token cache",
    "VisualStudioCodeCredential": "Visual Studio Code",
    "AzureCliCredential": "az login",
    "AzurePowerShellCredential": "Connect-AzAccount",
    "AzureDeveloperCliCredential": "azd auth login",
}
"""The kinds of azure-identity's credentials, in our words."""
_NAMED: Final = (
    ("appid", "application"),
    ("azp", "application"),
    ("oid", "object"),
    ("tid", "tenant"),
)


def identities(reach: AzureReach) -> tuple[Identity, ...]:
    """Return as whom each subscription is asked; where none is named, each that can be seen."""
    from inventory.clouds import azure_failures

    try:
        who = _who(reach)
        seen = {
            str(each["subscriptionId"]).lower(): each
            for each in reach.arm(CALLS).pages("/subscriptions", _VERSION)
        }
    except azure_failures.FAILURES as error:
        return _all_unknown(reach, azure_failures.unknown_of(error, allow=CALLS[0].permissions[0]))
    except DecantError as error:
        why = Unknown(reason=Reason.NOT_ASKED, detail=f"{error}; {error.hint}")
        return _all_unknown(reach, why)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        detail = f"the answer could not be read: {error!r}"
        return _all_unknown(reach, Unknown(reason=Reason.UNREADABLE, detail=detail))
    asked = reach.settings.all_subscriptions or tuple(seen)
    if not asked:
        why = Unknown(reason=Reason.NOT_TOLD, detail=f"{who} sees no subscription: give it a role")
        return _all_unknown(reach, why)
    return tuple(_identity(reach, each, who, seen.get(each.lower())) for each in asked)


def named(token: str) -> str:
    """Say whom a token names by its claims, without anything of the token itself."""
    claims = _claims(token)
    said = dict.fromkeys(
        f"{word} {claims[claim]}" for claim, word in _NAMED if isinstance(claims.get(claim), str)
    )
    return ", ".join(said) or "a token that does not say whose it is"


def _claims(token: str) -> Mapping[str, Any]:
    parts = token.split(".")
    try:
        middle = parts[1] + "=" * (-len(parts[1]) % 4)
        found = json.loads(base64.urlsafe_b64decode(middle))
    except (IndexError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _who(reach: AzureReach) -> str:
    scopes = reach.settings.resource_manager_scopes
    return named(reach.credential().get_token(*scopes).token)


def _source(reach: AzureReach) -> str:
    """Say which of the chain's credentials answered; empty before one did."""
    chain = reach.credential()
    # azure-identity tells it in its log only, and keeps it here.
    found = getattr(chain, "_successful_credential", None) or chain
    kind = type(found).__name__
    return _SOURCES.get(kind, "" if found is chain else kind)


def _identity(
    reach: AzureReach, subscription: str, who: str, said: Mapping[str, Any] | None
) -> Identity:
    own = {each.id.lower(): each.name for each in reach.settings.subscriptions}
    detail = f"{who} does not see this subscription: give it a role there, or mend decant.toml"
    return Identity(
        provider=Provider.AZURE,
        place=subscription,
        name=own.get(subscription.lower()) or str((said or {}).get("displayName") or ""),
        who=who if said else Unknown(reason=Reason.NEEDS_PRIVILEGE, detail=detail),
        source=_source(reach),
        endpoint=reach.settings.resource_manager,
        state=str((said or {}).get("state") or ""),
        regions=reach.settings.allowed_regions,
    )


def _all_unknown(reach: AzureReach, why: Unknown) -> tuple[Identity, ...]:
    own = {each.id: each.name for each in reach.settings.subscriptions}
    return tuple(
        Identity(
            provider=Provider.AZURE,
            place=each,
            name=own.get(each, ""),
            who=why,
            source="",
            endpoint=reach.settings.resource_manager,
            regions=reach.settings.allowed_regions,
        )
        for each in reach.settings.all_subscriptions or ("",)
    )

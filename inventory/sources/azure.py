"""What runs in Azure, in every subscription that the estate names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from inventory.clouds.configured import azure_settings
from inventory.errors import BadInputError, UsageError
from inventory.model.cloud_calls import Tally, azure_call
from inventory.model.cloud_settings import AzureSettings
from inventory.model.imported import Item
from inventory.model.source import Place, Source
from inventory.sources import _azure_listings
from inventory.sources._azure_machine import Around, item
from inventory.sources._read import told_by

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import Arm
    from inventory.estate import Estate

CALLS: Final = (
    azure_call("GET Microsoft.Compute/virtualMachines"),
    azure_call("GET Microsoft.Compute/locations/vmSizes"),
    azure_call("GET Microsoft.Network/networkInterfaces"),
)
_COMPUTE: Final = "2024-07-01"
_NETWORK: Final = "2024-05-01"


def _places(estate: Estate, text: str, tally: Tally) -> Iterator[Place]:
    settings = azure_settings(estate)
    named = {each.name: each.id for each in settings.subscriptions}
    wanted = named.get(text, text)
    if wanted and wanted not in settings.all_subscriptions:
        allowed = ", ".join((*named, *settings.all_subscriptions)) or "none"
        raise UsageError(
            f"malformed target 'azure:{text}': the estate names {allowed}",
            hint="write azure: or azure:SUBSCRIPTION, and list it under [azure] in decant.toml",
        )
    if not settings.all_subscriptions:
        raise BadInputError(
            "the estate names no subscription",
            hint="set subscription under [azure] in decant.toml",
        )
    for each in (wanted,) if wanted else settings.all_subscriptions:
        yield Place(
            name=f"azure {each}",
            ask=partial(_ask, settings, each, tally),
            resources=partial(_azure_listings.azure_resources, settings, each, tally),
        )


def _ask(settings: AzureSettings, subscription: str, tally: Tally) -> tuple[str, Sequence[Item]]:
    from inventory.clouds import azure_failures
    from inventory.clouds.azure_reach import AzureReach

    place = f"azure {subscription}"
    with (
        told_by(place, azure_failures.FAILURES, azure_failures.unknown_of),
        AzureReach(settings=settings, tally=tally) as reach,
    ):
        arm, here = reach.arm(CALLS), f"/subscriptions/{subscription}/providers"
        machines = list(arm.pages(f"{here}/Microsoft.Compute/virtualMachines", _COMPUTE))
        states = arm.pages(f"{here}/Microsoft.Compute/virtualMachines", _COMPUTE, statusOnly="true")
        cards = arm.pages(f"{here}/Microsoft.Network/networkInterfaces", _NETWORK)
        locations = {each["location"].lower() for each in machines}
        allowed = tuple(each.lower() for each in settings.allowed_regions)
        around = Around(
            subscription=subscription,
            regions=allowed,
            states=_by_id(states if machines else ()),
            cards=_by_id(cards if machines else ()),
            sizes=dict(_sizes(arm, here, sorted(locations & set(allowed)))),
        )
        return around.source, [item(each, around) for each in machines]


def _by_id(found: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["id"].lower(): each for each in found}


def _sizes(arm: Arm, here: str, locations: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for location in locations:
        path = f"{here}/Microsoft.Compute/locations/{location}/vmSizes"
        for each in arm.pages(path, _COMPUTE):
            yield f"{location}/{each['name'].lower()}", each


SOURCE = Source(
    title="Azure",
    targets=(
        ("azure:", "every subscription that decant.toml names"),
        ("azure:SUBSCRIPTION", "that subscription, by its id or your word for it"),
    ),
    calls=(*CALLS, *_azure_listings.CALLS),
    places=_places,
)

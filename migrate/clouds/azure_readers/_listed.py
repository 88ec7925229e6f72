"""Listings of a subscription that several readers need: by id in lower case, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from inventory.model.cloud_calls import azure_call
from migrate.clouds.asking import AzureAsked

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import Arm

_MACHINE: Final = "/providers/microsoft.compute/virtualmachines/"
MACHINES: Final = azure_call("GET Microsoft.Compute/virtualMachines")
COMPUTE: Final = "2024-07-01"
NETWORK: Final = "2024-05-01"
_MOST_ROWS: Final = 1_000
"""The longest page of Resource Graph."""
_MOST_PAGES: Final = 1_000

Said = Mapping[str, Any]


def listed(
    arm: Arm, asked: AzureAsked, kind: str, version: str, **query: str
) -> dict[str, dict[str, Any]]:
    """Return every resource of a type that the subscription has, by its id in lower case.

    Readers that ask for the same within a minute share one answer.
    """
    path = f"/subscriptions/{asked.place}/providers/{kind}"
    key = (path, version, *sorted(query.items()))
    return asked.shared.once(key, lambda: by_id(arm.pages(path, version, **query)))


def servers(asked: AzureAsked) -> tuple[str, ...]:
    """Return the ids that are virtual machines': a wave has databases and stores as well."""
    return tuple(each for each in asked.ids if _MACHINE in each)


def machines(arm: Arm, asked: AzureAsked) -> dict[str, dict[str, Any]]:
    """Return the virtual machines that are asked about, by id; what is not there is left out."""
    found = listed(arm, asked, "Microsoft.Compute/virtualMachines", COMPUTE)
    return {each: found[each] for each in asked.ids if each in found}


def by_id(found: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return resources by their ids in lower case."""
    return {each["id"].lower(): each for each in found}


def properties(said: Said) -> Said:
    """Return a resource's properties; none when it has none."""
    return said.get("properties") or {}


def graph(arm: Arm, asked: AzureAsked, query: str) -> Iterator[dict[str, Any]]:
    """Yield the rows that a query of Resource Graph finds in the subscription.

    Raises:
        ValueError: its pages have no end.

    """
    token: str | None = None
    for _ in range(_MOST_PAGES):
        options = {"resultFormat": "objectArray", "$top": _MOST_ROWS}
        page = arm.post(
            "/providers/Microsoft.ResourceGraph/resources",
            "2022-10-01",
            {
                "subscriptions": [asked.place],
                "query": query,
                "options": {**options, "$skipToken": token} if token else options,
            },
        )
        yield from page["data"]
        token = page.get("$skipToken")
        if not token:
            return
    raise ValueError(f"Resource Graph has more than {_MOST_PAGES} pages")

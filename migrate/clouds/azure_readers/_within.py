"""Ids of Azure's resources taken apart as readers need it: their type, and what they are within."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.model.azure_id import AzureId


def type_of(resource_id: str) -> str:
    """Return a resource's type in lower case: ``microsoft.sql/servers/databases``; empty if none.

    >>> type_of("/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/a/databases/b")
    'microsoft.sql/servers/databases'
    """
    parsed = AzureId.parse(resource_id)
    return f"{parsed.namespace}/{parsed.type}".lower() if parsed else ""


def parent_of(resource_id: str, levels: int = 1) -> str:
    """Return the id of what a resource is within, so many levels up.

    >>> parent_of("/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/a/databases/b")
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/a'
    """
    return resource_id.rsplit("/", 2 * levels)[0]


def of_type(ids: Iterable[str], *types: str) -> list[str]:
    """Return the ids whose type is one of those, given in lower case."""
    return [each for each in ids if type_of(each) in types]

"""Objects of NetBox in one shape, whether they come from its API or from its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from inventory.collectors._secrets import without_secrets
from inventory.model.imported import Unread, Where
from inventory.model.placement import Tag
from inventory.reading import values
from inventory.reading.table import Cell


class Sort(Enum):
    """What an object is; the value is its place in the API."""

    DEVICE = "dcim/devices"
    MACHINE = "virtualization/virtual-machines"
    PORT = "dcim/interfaces"
    MACHINE_PORT = "virtualization/interfaces"
    ADDRESS = "ipam/ip-addresses"
    MAC = "dcim/mac-addresses"
    SERVICE = "ipam/services"
    DISK = "virtualization/virtual-disks"
    CLUSTER = "virtualization/clusters"


UNASSIGNED = "To be assigned"
"""What our own export writes where NetBox insists on something that nobody knows."""
SERVERS = (Sort.DEVICE, Sort.MACHINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """The server that an object belongs to, as far as the export tells."""

    sort: Sort | None = None
    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One object, with its fields under the names that the API gives them."""

    sort: Sort
    source: str
    """``netbox``, with the server's name where addresses of the API tell it."""
    fields: Mapping[str, Cell]
    """Of an object within it the name; empty ones are not there."""
    tags: tuple[Tag, ...] = ()
    """Tags and custom fields."""
    of: Reference = field(default_factory=Reference)
    titles: Mapping[str, str] = field(default_factory=dict)
    """What a table calls the fields."""
    where: Where

    def text(self, name: str) -> str | None:
        """Return a field as text; None when it is empty."""
        return values.text(self.fields.get(name))

    def title(self, name: str) -> str:
        """Return what the export calls a field."""
        return self.titles.get(name, name)


def sound(told: Told) -> Iterator[Told | Unread]:
    """Yield an object without the fields that hold a spreadsheet's error, and tell of those."""
    wrong, rest = {}, {}
    for name, value in told.fields.items():
        try:
            if not str(values.text(value)).startswith(UNASSIGNED):
                rest[name] = value
        except ValueError as error:
            wrong[name] = str(error)
    if len(rest) < len(told.fields):
        told = replace(told, fields=rest)
    yield from (
        Unread(why=f"{told.title(name)}: {why}", where=told.where) for name, why in wrong.items()
    )
    yield told


def tag(name: str, value: Cell = None) -> Tag:
    """Return a tag, or a custom field with its value, without what may be secret."""
    try:
        said = values.text(value) or ""
    except ValueError:
        said = ""
    return Tag(name=name, value=without_secrets(f"{name}={said}")[len(name) + 1 :] if said else "")

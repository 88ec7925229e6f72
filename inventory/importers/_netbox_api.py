"""Answers of NetBox's API → objects: pages, lists of pages, lists of objects, single objects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from inventory.importers._netbox_objects import Reference, Sort, Told, tag
from inventory.model.imported import Unread, Where
from inventory.model.placement import Tag
from inventory.reading.table import Cell

_PLACE: Final = re.compile(
    r"\Ahttps?://(?P<server>[^/]+)(?:/.*)?/api/(?P<place>\w+/[\w-]+)/(?P<id>\d+)/\Z"
)
_SORTS: Final = {each.value: each for each in Sort}
_SHOWN: Final = ("name", "label", "model", "address", "mac_address", "display", "value")
"""By which of its fields an object within another is shown: the first that it has."""
_FOUR_ONE: Final = "display_url"
"""A field that NetBox's answers have since 4.1, when disks began to be counted in MB."""
_SIGNS: Final = (
    (Sort.DEVICE, {"device_type"}),
    (Sort.MACHINE, {"vcpus"}),
    (Sort.ADDRESS, {"address", "family"}),
)
"""Objects of old releases lack their own address; these fields tell what they are."""


def objects_of(document: Any, where: Where) -> Iterator[Told | Unread]:
    """Yield the objects of a document."""
    for number, each in enumerate(_flat(document), 1):
        place = Where(file=where.file, sheet=where.sheet, row=number)
        if isinstance(each, dict):
            told = _object(each, place)
            if told:
                yield told
        else:
            yield Unread(why="it is no object", where=place)


def _flat(document: Any) -> Iterator[Any]:
    if isinstance(document, dict) and isinstance(document.get("results"), list):
        yield from document["results"]
    elif isinstance(document, list):
        for each in document:
            yield from _flat(each) if isinstance(each, (dict, list)) else (each,)
    else:
        yield document


def _object(held: dict[str, Any], where: Where) -> Told | None:
    """Return what an object is; None for what tells nothing of servers, such as a site."""
    found = _PLACE.match(str(held.get("url", "")))
    sort = _SORTS.get(found["place"]) if found else _by_its_fields(held)
    if sort is None:
        return None
    fields = {name: shown for name, value in held.items() if (shown := _shown(value)) is not None}
    kind = held.get("device_type")
    if isinstance(kind, dict) and (maker := _shown(kind.get("manufacturer"))):
        fields["manufacturer"] = maker
    if sort is Sort.MACHINE and "disk" in fields and _FOUR_ONE not in held:
        fields["disk_gb"] = fields.pop("disk")
    address = _address_of_any(held)
    return Told(
        sort=sort,
        source=f"netbox:{address}" if address else "netbox",
        fields=fields,
        tags=tuple(_tags(held)),
        of=_owner(held),
        titles={"disk_gb": "disk"},
        where=where,
    )


def _by_its_fields(held: Mapping[str, Any]) -> Sort | None:
    return next((sort for sort, needed in _SIGNS if needed <= held.keys()), None)


def _address_of_any(held: Mapping[str, Any]) -> str | None:
    """Return the name of the server that the API is on, from any address in an object."""
    urls = [held.get("url")]
    urls += [each.get("url") for each in held.values() if isinstance(each, dict)]
    found = (_PLACE.match(str(each)) for each in urls if each)
    return next((each["server"] for each in found if each), None)


def _shown(value: Any) -> Cell:
    if isinstance(value, dict):
        return next((_shown(value[each]) for each in _SHOWN if value.get(each) is not None), None)
    if isinstance(value, list):
        parts = [str(shown) for each in value if (shown := _shown(each)) is not None]
        return ",".join(parts) or None
    return value if isinstance(value, (str, int, float)) and value != "" else None


def _owner(held: Mapping[str, Any]) -> Reference:
    """Return the server that an interface, an address or a service belongs to."""
    place = held
    for name in ("assigned_object", "interface"):
        if isinstance(held.get(name), dict):
            place = held[name]
    for name, sort in (("device", Sort.DEVICE), ("virtual_machine", Sort.MACHINE)):
        if isinstance(place.get(name), dict):
            return _reference(place[name], sort)
    parent = held.get("parent")
    if isinstance(parent, dict):
        found = _PLACE.match(str(parent.get("url", "")))
        return _reference(parent, _SORTS.get(found["place"]) if found else None)
    return Reference()


def _reference(held: Mapping[str, Any], sort: Sort | None) -> Reference:
    number, name = held.get("id"), held.get("name")
    return Reference(
        sort=sort,
        id=None if number is None else str(number),
        name=name if isinstance(name, str) else None,
    )


def _tags(held: Mapping[str, Any]) -> Iterator[Tag]:
    tags, custom = held.get("tags"), held.get("custom_fields")
    for each in tags if isinstance(tags, list) else ():
        if (name := _shown(each)) is not None:
            yield tag(str(name))
    for name, value in custom.items() if isinstance(custom, dict) else ():
        if (shown := _shown(value)) is not None:
            yield tag(name, shown)

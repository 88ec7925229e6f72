"""Inventories of the agents of GLPI, FusionInventory and OCS in one shape, from JSON and XML.

All three have the same sections (``hardware``, ``bios``, ``networks`` …), which the later agents
took over from the earlier. What may hold secrets (``envs``, keys of licences) is never looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element

from inventory.model.imported import Where
from inventory.reading import values
from inventory.reading.table import Cell

_READ: Final = frozenset((
    "accesslog", "accountinfo", "bios", "cpus", "device", "drives", "hardware", "memories",
    "networks", "operatingsystem", "processes", "running_processes", "softwares", "storages",
    "virtualmachines", "versionclient",
))  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One entry of a section: a disk, an address, a program; names of fields in lower case."""

    cells: Mapping[str, tuple[Cell, ...]]

    def all(self, *names: str) -> tuple[str, ...]:
        """Return every value of the first of these fields that holds any.

        Raises:
            ValueError: it holds a spreadsheet's error.

        """
        for name in names:
            if found := tuple(
                said for each in self.cells.get(name, ()) if (said := values.text(each))
            ):
                return found
        return ()

    def text(self, *names: str) -> str | None:
        """Return the first value of the first of these fields that holds any."""
        return next(iter(self.all(*names)), None)

    def word(self, *names: str) -> str | None:
        """Return the same; None too for what cannot be read."""
        try:
            return self.text(*names)
        except ValueError:
            return None

    def whole(self, *names: str) -> int | None:
        """Return a count; None where it is not told.

        Raises:
            ValueError: it is no count.

        """
        said = self.text(*names)
        try:
            return values.whole(said)
        except ValueError as error:
            raise ValueError(f"{names[0]}: {error}") from error

    def truth(self, *names: str) -> bool | None:
        """Return yes or no; None where it is not told."""
        return values.truth(self.text(*names))


_NONE: Final = Row(cells={})


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """What an agent tells of one server."""

    device_id: str | None
    """What it calls itself, from when it was installed on."""
    item_type: str
    """``Computer``, ``Printer``, ``NetworkEquipment``, ``Phone`` …"""
    tag: str | None
    sections: Mapping[str, tuple[Row, ...]]
    where: Where

    def rows(self, section: str) -> tuple[Row, ...]:
        """Return the entries of a section."""
        return self.sections.get(section, ())

    def one(self, section: str) -> Row:
        """Return the only entry of a section; an empty one when there is none."""
        return next(iter(self.rows(section)), _NONE)


def from_json(document: Any, where: Where) -> Inventory | None:
    """Return the inventory that a document holds; None when it is something else."""
    content = document.get("content") if isinstance(document, dict) else None
    if not isinstance(content, dict):
        return None
    sections = {
        name.lower(): tuple(_json_rows(value))
        for name, value in content.items()
        if name.lower() in _READ
    }
    head = _json_row({k: v for k, v in document.items() if k != "content"})
    return Inventory(
        device_id=head.word("deviceid"),
        item_type=head.word("itemtype") or "Computer",
        tag=_tag(head.word("tag")),
        sections=sections,
        where=where,
    )


def _tag(said: str | None) -> str | None:
    """Return the tag that the agent was set up with; OCS writes NA where there is none."""
    return None if said is None or said.upper() == "NA" else said


def _json_rows(value: Any) -> Iterator[Row]:
    if isinstance(value, list):
        yield from (_json_row(each) for each in value if isinstance(each, dict))
    elif isinstance(value, dict):
        yield _json_row(value)
    elif isinstance(value, str):
        yield Row(cells={"": (value,)})


def _json_row(held: Mapping[str, Any]) -> Row:
    cells: dict[str, tuple[Cell, ...]] = {}
    for name, value in held.items():
        if isinstance(value, list):
            cells[name.lower()] = tuple(each for each in value if _is_cell(each))
        elif isinstance(value, dict):
            inner = _json_row(value).cells
            cells.update((f"{name.lower()}.{field}", each) for field, each in inner.items())
        elif _is_cell(value):
            cells[name.lower()] = (value,)
    return Row(cells=cells)


def _is_cell(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def from_xml(request: Element, where: Where) -> Inventory | None:
    """Return the inventory that a ``REQUEST`` holds; None when it is something else."""
    content = request.find("CONTENT")
    if content is None:
        return None
    sections: dict[str, list[Row]] = {}
    for each in content:
        if each.tag.lower() in _READ:
            sections.setdefault(each.tag.lower(), []).append(_xml_row(each))
    head = _xml_row(request)
    account = [each for each in sections.get("accountinfo", []) if each.word("keyname") == "TAG"]
    return Inventory(
        device_id=head.word("deviceid"),
        item_type=head.word("itemtype") or "Computer",
        tag=_tag(account[0].word("keyvalue")) if account else None,
        sections={name: tuple(rows) for name, rows in sections.items()},
        where=where,
    )


def _xml_row(element: Element) -> Row:
    """Return the fields of an element; of one within it ``outer.inner``."""
    cells: dict[str, tuple[Cell, ...]] = {}
    for each in element:
        name = each.tag.lower()
        if name == "content":
            continue
        cells[name] = (*cells.get(name, ()), each.text)
        for inner in each:
            cells[f"{name}.{inner.tag.lower()}"] = (inner.text,)
    return Row(cells=cells or {"": (element.text,)})

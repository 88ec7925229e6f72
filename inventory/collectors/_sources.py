"""The lines by which apt, yum, dnf, zypper, apk and FreeBSD's pkg name their repositories.

Lines of all managers may follow each other: each begins in a way of its own. What belongs to one
repository stands together; the next one's first line ends it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.software import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEB: Final = re.compile(r"deb +(?:\[[^\]]*\] *)?(?P<address>\S+) +(?P<name>\S.*)")
_SECTION: Final = re.compile(r"\[(?P<name>[^\]]+)\]")
_PKG: Final = re.compile(r"(?P<name>[\w-]+): *\{")
_PLAIN: Final = re.compile(r"(?:(?P<name>@\S+) +)?(?P<address>https?:\S+)")
_FIELD: Final = re.compile(r"\s*(?P<name>[A-Za-z]+)\s*[:=]\s*(?P<value>.*)")
_NO: Final = frozenset({"no", "0", "false", "off"})
_CREDENTIALS: Final = re.compile(r"//\S*@")
_ADDRESSES: Final = ("uris", "baseurl", "mirrorlist", "metalink", "url")


def read_sources(text: str) -> Iterator[Repository]:
    """Read every repository that has an address; one with several gives several."""
    told: dict[str, str] = {}
    for line in [*map(_clean, text.splitlines()), ""]:
        whole = _whole(line)
        head = _head(line)
        field = None if whole or head else _FIELD.match(line)
        name = field["name"].lower() if field else ""
        if not field or (name in told and name in {"types", *_ADDRESSES}):
            yield from _made(told)
            told = head
        if whole:
            yield whole
        elif field:
            told[name] = field["value"].strip().strip("\",' ")


def _clean(line: str) -> str:
    return _CREDENTIALS.sub("//", line)


def _whole(line: str) -> Repository | None:
    """Read a repository that is one line: of apt's old kind, or of apk."""
    deb = _DEB.match(line)
    if deb:
        return Repository(manager="apt", address=deb["address"], name=deb["name"].strip())
    plain = _PLAIN.match(line)
    if plain:
        return Repository(manager="apk", address=plain["address"], name=plain["name"])
    return None


def _head(line: str) -> dict[str, str]:
    section = _SECTION.match(line)
    if section:
        return {"manager": "yum", "name": section["name"]}
    pkg = _PKG.match(line)
    return {"manager": "pkg", "name": pkg["name"]} if pkg else {}


def _made(told: dict[str, str]) -> Iterator[Repository]:
    found = next((told[each] for each in _ADDRESSES if told.get(each)), "")
    suites = f"{told.get('suites', '')} {told.get('components', '')}".strip()
    for address in found.split():
        yield Repository(
            manager=told.get("manager", "apt"),
            address=address,
            name=told.get("name", suites) or None,
            enabled=told.get("enabled", "yes").lower() not in _NO,
        )

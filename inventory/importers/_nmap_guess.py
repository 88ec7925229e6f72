"""What nmap guesses of a target from how it answers: which system, and whether a server at all.

A guess counts from :data:`SURE` on. nmap prints the likeliest with its accuracy, where 100 is a
perfect match of the fingerprint (https://nmap.org/book/osdetect-usage.html); what is below is "the
closest match", which is often another thing altogether.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from inventory.importers._os_name import read_os_name
from inventory.model.fact import Observation, Reason
from inventory.model.facts import OS_FAMILY, OS_ID, OS_NAME, OS_VERSION
from inventory.reading.texts import text_of

SURE: Final = 95
"""Per cent of accuracy from which a guess is a fact; nmap itself stops printing most at 85."""
_PERFECT: Final = 100
_SERVERS: Final = frozenset(("general purpose", "specialized", "proxy server", "terminal server"))
"""Kinds of device (https://nmap.org/book/osdetect-device-types.html) that may be servers;
``specialized`` is what nmap calls hypervisors."""
_FAMILIES: Final = {
    "linux": "linux",
    "windows": "windows",
    "freebsd": "freebsd",
    "openbsd": "openbsd",
    "netbsd": "netbsd",
    "solaris": "sunos",
    "opensolaris": "sunos",
    "sunos": "sunos",
    "aix": "aix",
    "hp-ux": "hp-ux",
    "mac os x": "darwin",
    "macos": "darwin",
}
_SEVERAL: Final = (" or ", " - ", ", ", " / ")
"""What parts several systems in the name of one match: ``Linux 3.7 - 3.15``."""


def kind_of_device(server: Element) -> str | None:
    """Return what a target is when it is no server: ``printer``, ``switch``; None when it may be.

    All classes of sure guesses must agree that it is none; without them, all services that tell.
    """
    kinds = [each.get("type", "") for each in _classes(server)]
    if not kinds:
        kinds = [
            each.get("devicetype", "")
            for each in server.iterfind("ports/port/service")
            if each.get("devicetype") and each.get("method") == "probed"
        ]
    if not kinds or not all(kinds) or any(each in _SERVERS for each in kinds):
        return None
    return text_of(kinds[0])


def system_of(server: Element) -> Iterator[tuple[str, Observation]]:
    """Yield where nmap says so, and what is sure of the operating system."""
    matches = list(server.iterfind("os/osmatch"))
    if not matches:
        return
    families = {_FAMILIES.get(each.get("osfamily", "").lower()) for each in _classes(server)}
    if len(families) == 1 and None not in families:
        yield "osclass osfamily", OS_FAMILY.known(families.pop() or "")
    else:
        yield "osclass osfamily", OS_FAMILY.unknown(Reason.NOT_TOLD, _why_unsure(matches))
    perfect = [each.get("name", "") for each in matches if _accuracy(each) == _PERFECT]
    name = text_of(perfect[0]) if len(perfect) == 1 else None
    if name:
        yield from (("osmatch name", each) for each in _of_name(name))


def _of_name(name: str) -> Iterator[Observation]:
    """State the name; what it means only where it stands for one system."""
    yield OS_NAME.known(name)
    if any(each in name for each in _SEVERAL):
        return
    told = read_os_name(name)
    if told.product:
        yield OS_ID.known(told.product)
    if told.version:
        yield OS_VERSION.known(told.version)


def _why_unsure(matches: list[Element]) -> str:
    best = max(map(_accuracy, matches))
    if best < SURE:
        return f"nmap's best guess is {best} % accurate, and {SURE} % are asked for"
    return "nmap's likeliest guesses do not agree, or are of no system that servers have"


def _classes(server: Element) -> list[Element]:
    """Return the classes of sure guesses; up to nmap 6.25 they stand beside the matches."""
    found = [*server.iterfind("os/osmatch/osclass"), *server.iterfind("os/osclass")]
    return [each for each in found if _accuracy(each) >= SURE]


def _accuracy(element: Element) -> int:
    said = element.get("accuracy", "")
    return int(said) if said.isascii() and said.isdigit() else 0

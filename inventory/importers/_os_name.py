"""What people and tools call an operating system → its family, product and release.

``Red Hat Enterprise Linux 8 (64-bit)``, ``Microsoft Windows Server 2012 R2 Standard`` and such.
What a name does not tell is not stated: ``Red Hat Enterprise Linux 4 or later`` has no release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inventory.model.fact import Observation
from inventory.model.facts import OS_FAMILY, OS_ID, OS_NAME, OS_VERSION

_RELEASE: Final = re.compile(r"(?<![\d.])(\d+(?:\.\d+)*)(?![\d.]*x\b)")
_SERVICE_PACK: Final = re.compile(r"\bSP\s?(\d)\b", re.IGNORECASE)
_BITS: Final = re.compile(r"\(?\b(?:32|64)[ -]?bits?\b\)?|\bx(?:64|86)(?:_64)?\b", re.IGNORECASE)
_WINDOWS_SERVER: Final = re.compile(r"(?<!\d)(20\d\d(?:\s*R2)?|NT)\b", re.IGNORECASE)
_SERVER_YEARS: Final = re.compile(r"(?<!\d)(?:2000|2003|2008|2012|2016|2019|2022|2025)\b")
_WINDOWS_CLIENT: Final = re.compile(r"\b(XP|Vista|7|8\.1|8|10|11)\b", re.IGNORECASE)
_OPEN: Final = re.compile(r"\bor (?:later|higher|newer|above)\b|\bet ultérieures?\b", re.IGNORECASE)
_RANGE: Final = re.compile(r"\d\s*/\s*\d")
_LINUX: Final = (
    (r"red ?hat enterprise|\brhel", "rhel"),
    (r"centos stream", "centos"),
    (r"centos", "centos"),
    (r"rocky", "rocky"),
    (r"alma ?linux", "almalinux"),
    (r"oracle (?:enterprise )?linux|\bol ?\d", "ol"),
    (r"suse linux enterprise|\bsles", "sles"),
    (r"opensuse", "opensuse-leap"),
    (r"amazon linux", "amzn"),
    (r"ubuntu", "ubuntu"),
    (r"debian", "debian"),
    (r"fedora", "fedora"),
    (r"photon", "photon"),
    (r"alpine", "alpine"),
    (r"linux", None),
)
_OTHER: Final = (
    (r"freebsd", "freebsd"),
    (r"openbsd", "openbsd"),
    (r"solaris|sunos", "sunos"),
    (r"\baix\b", "aix"),
    (r"hp-ux", "hp-ux"),
    (r"mac ?os|os x|darwin", "darwin"),
)


@dataclass(frozen=True, kw_only=True)
class OsName:
    """What a name tells. None is what it does not."""

    family: str | None = None
    product: str | None = None
    """As os-release names it, and ``windows-server``, ``windows``."""
    version: str | None = None


def read_os_name(name: str) -> OsName:
    """Read what a name of an operating system tells."""
    bare = _BITS.sub(" ", name)
    if re.search(r"\bwindows|\bwin(?:20|nt|xp)|\bmicrosoft .*server", bare, re.IGNORECASE):
        return _windows(bare)
    for pattern, product in _LINUX:
        if found := re.search(pattern, bare, re.IGNORECASE):
            version = _release(bare[found.start() :], product)
            return OsName(family="linux", product=product, version=version)
    for pattern, family in _OTHER:
        if re.search(pattern, bare, re.IGNORECASE):
            return OsName(family=family, product=None, version=None)
    return OsName()


def os_observations(name: str, version: str | None = None) -> Iterator[Observation]:
    """Yield what a name tells as facts; a ``version`` that is told beside it goes before."""
    told = read_os_name(name)
    yield OS_NAME.known(name)
    if told.family:
        yield OS_FAMILY.known(told.family)
    if told.product:
        yield OS_ID.known(told.product)
    if version or told.version:
        yield OS_VERSION.known(version or told.version or "")


def _windows(name: str) -> OsName:
    if "server" in name.lower() or _SERVER_YEARS.search(name):
        found = _WINDOWS_SERVER.search(name)
        version = re.sub(r"\s*R2", " R2", found[1].upper()) if found else None
        return OsName(family="windows", product="windows-server", version=_if_one(name, version))
    found = _WINDOWS_CLIENT.search(name)
    version = found[1] if found else None
    return OsName(
        family="windows", product="windows" if version else None, version=_if_one(name, version)
    )


def _release(name: str, product: str | None) -> str | None:
    found = _RELEASE.search(name)
    if not product or not found:
        return None
    pack = _SERVICE_PACK.search(name)
    version = f"{found[1]}.{pack[1]}" if pack and product == "sles" else found[1]
    if product == "ubuntu":
        version = ".".join(version.split(".")[:2])
    return _if_one(name, version)


def _if_one(name: str, version: str | None) -> str | None:
    """Return the release, unless the name stands for several: ``4/5``, ``4 or later``."""
    return None if _OPEN.search(name) or _RANGE.search(name) else version

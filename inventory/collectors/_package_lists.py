"""Lists of packages, as each package manager writes them.

A server has hundreds of packages, so the readers here take the lists apart by their separators.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number
from inventory.model.parts import Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_KEYS: Final = "gpg-pubkey"
"""Keys that rpm keeps among the packages."""
_INSTALLED: Final = " ok installed"


def read_dpkg(text: str) -> Iterator[Package]:
    """Read the stanzas of dpkg's status file, of which only some fields came."""
    for stanza in f"\n{text}\n".split("\nPackage: ")[1:]:
        name, _, rest = stanza.partition("\n")
        version = _field(rest, "Version: ")
        if version and _field(rest, "Status: ").endswith(_INSTALLED):
            yield _package(name.strip(), version, _field(rest, "Architecture: ") or None, "dpkg")


def _field(lines: str, start: str) -> str:
    """Return what follows ``start`` on the line that begins so."""
    if not lines.startswith(start):
        start = f"\n{start}"
    return lines.partition(start)[2].partition("\n")[0].strip()


def held_by_dpkg(text: str) -> tuple[str, ...]:
    """Return the names of the packages that dpkg is told to keep as they are."""
    held: list[str] = []
    if "Status: hold " not in text:
        return ()
    name = ""
    for line in text.split("\n"):
        if line.startswith("Package: "):
            name = line[9:].strip()
        elif line.startswith("Status: hold ") and line.endswith(_INSTALLED):
            held.append(name)
    return tuple(sorted(held))


def read_rpm(text: str) -> Iterator[Package]:
    """Read ``name``, ``epoch:version-release``, architecture, time and vendor, parted by tabs."""
    for line in text.split("\n"):
        name, version, architecture, time, vendor = (*line.split("\t"), "", "", "", "")[:5]
        if version and name != _KEYS:
            yield _package(
                name,
                version.removeprefix("(none):"),
                _told(architecture),
                "rpm",
                installed_at=_moment(time),
                vendor=_told(vendor),
            )


def read_apk(text: str) -> Iterator[Package]:
    """Read the stanzas of apk's database, of which only some fields came."""
    for stanza in text.removeprefix("P:").split("\nP:"):
        name, _, rest = stanza.partition("\n")
        told = {line[:1]: line[2:] for line in rest.split("\n") if line[1:2] == ":"}
        if name and "V" in told:
            yield _package(name, told["V"], told.get("A"), "apk")


def read_pacman(text: str) -> Iterator[Package]:
    """Read ``name version``."""
    for line in text.split("\n"):
        name, _, version = line.partition(" ")
        if version:
            yield _package(name, version, None, "pacman")


def read_snap(text: str) -> Iterator[Package]:
    """Read ``…/snap/NAME/current/meta/snap.yaml:version: VERSION``."""
    for line in text.split("\n"):
        path, _, version = line.partition(":version:")
        name, current, _ = path.rpartition("/snap/")[2].partition("/current/")
        if version.strip() and current:
            yield _package(name, version.strip(" '\""), None, "snap")


def read_flatpak(text: str) -> Iterator[Package]:
    """Read application, version, architecture and origin, parted by tabs."""
    for line in text.split("\n"):
        name, version, architecture, origin = (*line.split("\t"), "", "", "")[:4]
        if version:
            yield _package(name, version, _told(architecture), "flatpak", vendor=_told(origin))


def read_pkg(text: str) -> Iterator[Package]:
    """Read what FreeBSD's pkg says: name, version, architecture and time, parted by tabs."""
    for line in text.split("\n"):
        name, version, architecture, time = (*line.split("\t"), "", "", "")[:4]
        if version:
            yield _package(name, version, _told(architecture), "pkg", installed_at=_moment(time))


def read_ips(text: str) -> Iterator[Package]:
    """Read Solaris 11's ``name (publisher) version flags``; the publisher may be left out."""
    for line in text.split("\n"):
        words = line.split()
        publisher = words.pop(1).strip("()") if "(" in line and len(words) > 1 else None
        if len(words) > 1 and words[-1].startswith("i"):
            yield _package(words[0], words[1], None, "ips", vendor=publisher)


def read_svr4(text: str) -> Iterator[Package]:
    """Read Solaris 10's pairs of lines: the package and its title, its architecture and version."""
    lines = text.split("\n")
    for first, second in pairwise(lines):
        if first[:1].strip() and second[:1].isspace() and second.strip().startswith("("):
            architecture, _, version = second.strip().removeprefix("(").partition(") ")
            if version:
                yield _package(first.split()[0], version.strip(), architecture, "svr4")


def read_lpp(text: str) -> Iterator[Package]:
    """Read AIX's filesets: ``package:fileset:level:state:PTF:fix state:type:…``.

    What came by rpm, of type R, has its version in the fileset's name, too.
    """
    for line in text.split("\n"):
        words = line.split(":", 7)
        package, fileset, level = (*words, "", "")[:3]
        if level.strip() and not line.startswith("#"):
            by_rpm = words[6:7] == ["R"]
            name, manager = (package, "rpm") if by_rpm else (fileset, "lpp")
            yield _package(name.strip(), level.strip(), None, manager)


READERS: Final[Mapping[str, Callable[[str], Iterable[Package]]]] = {
    "dpkg": read_dpkg,
    "rpm": read_rpm,
    "apk": read_apk,
    "pacman": read_pacman,
    "snap": read_snap,
    "flatpak": read_flatpak,
    "pkg": read_pkg,
    "ips": read_ips,
    "svr4": read_svr4,
    "lpp": read_lpp,
}
"""By manager."""


def _package(
    name: str,
    version: str,
    architecture: str | None,
    manager: str,
    *,
    vendor: str | None = None,
    installed_at: datetime | None = None,
) -> Package:
    """Make a package without a frozen class's own, slow, way of setting each field."""
    made = object.__new__(Package)
    vars(made).update(
        name=name,
        version=version,
        architecture=architecture,
        manager=manager,
        vendor=vendor,
        installed_at=installed_at,
    )
    return made


def _told(word: str) -> str | None:
    return None if word in {"", "(none)"} else word


def _moment(seconds: str) -> datetime | None:
    count = number(seconds)
    try:
        return datetime.fromtimestamp(count, UTC) if count else None
    except (OverflowError, ValueError, OSError):
        return None

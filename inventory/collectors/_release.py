"""Which release a system is, by the files that distributions keep of it."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_REDHAT: Final = re.compile(
    r"(?P<name>.+?)(?: Linux| Server)* release (?P<version>[\d.]+)(?:.*\((?P<codename>[^)]+)\))?"
)
_SOLARIS: Final = re.compile(r"(?:Oracle )?Solaris (?P<version>\d+(?:\.\d+)*)")
_PLAIN: Final = re.compile(r"""(?:"([^"\\]*)"|'([^']*)'|([^\s"'\\]*))\Z""")
"""A value as nearly all are: one word, or one pair of quotes without anything to be undone."""
_BRACKETS: Final = re.compile(r"\((?P<codename>[^)]+)\)")
_AIX: Final = re.compile(r"(?P<version>\d)(?P<release>\d)\d\d-")
_IDS: Final = {
    "centos": "centos",
    "red hat": "rhel",
    "oracle": "ol",
    "scientific": "scientific",
    "fedora": "fedora",
    "rocky": "rocky",
    "almalinux": "almalinux",
    "amazon": "amzn",
}


@dataclass(frozen=True, kw_only=True)
class Release:
    """What a system says of itself. None is not told."""

    id: str | None = None
    version: str | None = None
    name: str | None = None
    codename: str | None = None
    edition: str | None = None
    support_ends: date | None = None


def release_of(
    files: Mapping[str, str], family: str | None, kernel: str | None, *, level: str | None = None
) -> Release:
    """Return the release by its files, or by the kernel where the two are one.

    ``level`` is what AIX's ``oslevel -s`` says.
    """
    if level:
        return _aix(level)
    return _os_release(files) or _older(files) or _from_kernel(family, kernel)


def _os_release(files: Mapping[str, str]) -> Release | None:
    text = files.get("/etc/os-release") or files.get("/usr/lib/os-release") or ""
    values = dict(_assignment(line) for line in text.splitlines())
    if not values.get("ID"):
        return None
    brackets = _BRACKETS.search(values.get("VERSION", ""))
    return Release(
        id=values["ID"].lower(),
        version=values.get("VERSION_ID") or None,
        name=values.get("PRETTY_NAME") or values.get("NAME") or None,
        codename=values.get("VERSION_CODENAME") or (brackets["codename"] if brackets else None),
        edition=values.get("VARIANT_ID") or values.get("VARIANT") or None,
        support_ends=_day(values.get("SUPPORT_END", "")),
    )


def _assignment(line: str) -> tuple[str, str]:
    name, _, value = line.strip().partition("=")
    plain = _PLAIN.match(value)
    if plain:
        return name, plain[plain.lastindex or 0]
    try:
        words = shlex.split(value)
    except ValueError:
        words = [value.strip("\"'")]
    return name, words[0] if words else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _older(files: Mapping[str, str]) -> Release | None:
    """Read what systems had before os-release: RHEL 6, SLES 11, Alpine 3.2, Debian 6, Solaris."""
    for path in ("/etc/oracle-release", "/etc/redhat-release"):
        found = _redhat(_first(files, path))
        if found:
            return found
    if files.get("/etc/SuSE-release"):
        return _suse(files["/etc/SuSE-release"].splitlines())
    for path, name in (("/etc/alpine-release", "Alpine"), ("/etc/debian_version", "Debian")):
        version = _first(files, path)
        if version:
            return Release(id=name.lower(), version=version, name=f"{name} Linux {version}")
    return _solaris(_first(files, "/etc/release"))


def _first(files: Mapping[str, str], path: str) -> str:
    return files.get(path, "").partition("\n")[0].strip()


def _redhat(line: str) -> Release | None:
    match = _REDHAT.match(line)
    if not match:
        return None
    name = match["name"].lower()
    identifier = next((value for start, value in _IDS.items() if name.startswith(start)), None)
    return Release(
        id=identifier, version=match["version"], name=line, codename=match["codename"] or None
    )


def _suse(lines: list[str]) -> Release:
    values = dict(_assignment(line.replace(" ", "")) for line in lines[1:])
    level = values.get("PATCHLEVEL", "0")
    version = values.get("VERSION")
    if version and level not in {"", "0"}:
        version = f"{version}.{level}"
    enterprise = "Enterprise" in lines[0]
    return Release(
        id="sles" if enterprise else "opensuse", version=version or None, name=lines[0].strip()
    )


def _solaris(line: str) -> Release | None:
    match = _SOLARIS.match(line)
    return Release(id="solaris", version=match["version"], name=line) if match else None


def _aix(level: str) -> Release:
    match = _AIX.match(level)
    version = f"{match['version']}.{match['release']}" if match else None
    return Release(id="aix", version=version, name=f"AIX {level}")


def _from_kernel(family: str | None, kernel: str | None) -> Release:
    """Read a BSD, whose kernel's release is the system's."""
    if not family or not kernel or not family.endswith("BSD"):
        return Release()
    version = kernel.partition("-")[0]
    return Release(id=family.lower(), version=version, name=f"{family} {kernel}")

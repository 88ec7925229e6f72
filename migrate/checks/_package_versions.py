"""Which of two versions of a package is the older, as its own package manager orders them.

dpkg's order is that of deb-version(7), rpm's that of rpm-version(7); no other manager's is told.
Between two managers the software's own versions are held against each other, where they are plain
numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

_DPKG_PART: Final = re.compile(r"(?P<other>\D*)(?P<number>\d*)", re.ASCII)
_RPM_PART: Final = re.compile(r"~|\^|[0-9]+|[A-Za-z]+")
_PLAIN: Final = re.compile(r"(?P<numbers>\d+(\.\d+)*[a-z]?)(\+.*)?", re.ASCII)
"""A version without its distribution's additions, such as ``+dfsg1``."""
_TILDE, _END, _CARET, _LETTERS, _NUMBER = range(5)
"""In rpm's order: before the end, the end, just behind it, letters, numbers."""


def order(old: str, new: str, manager: str) -> int | None:
    """Return -1 when the new version is the older, 0 when they are alike, 1 when it is newer.

    None when versions of that manager cannot be put in order here.
    """
    key = _KEYS.get(manager)
    if key is None:
        return 0 if old == new else None
    before, after = key(old), key(new)
    return int(after > before) - int(after < before)


def order_across(old: str, new: str) -> int | None:
    """Return how the software's own versions stand, whatever packages it came in; as ``order``."""
    before, after = (_PLAIN.fullmatch(_own(each)) for each in (old, new))
    if before is None or after is None:
        return None
    one, two = _rpm_parts(before["numbers"]), _rpm_parts(after["numbers"])
    return int(two > one) - int(two < one)


def _own(version: str) -> str:
    rest = _epoch(version)[1]
    return rest.rpartition("-")[0] or rest


def _dpkg(version: str) -> tuple[Any, ...]:
    epoch, upstream = _epoch(version)
    head, _, revision = upstream.rpartition("-") if "-" in upstream else (upstream, "", "")
    return (epoch, _dpkg_parts(head), _dpkg_parts(revision))


def _dpkg_parts(text: str) -> tuple[Any, ...]:
    parts: list[Any] = []
    for match in _DPKG_PART.finditer(text):
        if match[0]:
            parts += [_dpkg_letters(match["other"]), int(match["number"] or 0)]
    return (*parts, _dpkg_letters(""))


def _dpkg_letters(text: str) -> tuple[int, ...]:
    """Order what is no number: a tilde before the end, the end before letters, others last."""
    return (*(-1 if each == "~" else ord(each) + 256 * (not each.isalpha()) for each in text), 0)


def _rpm(version: str) -> tuple[Any, ...]:
    epoch, rest = _epoch(version)
    upstream, _, release = rest.partition("-")
    return (epoch, _rpm_parts(upstream), _rpm_parts(release))


def _rpm_parts(text: str) -> tuple[Any, ...]:
    return (*(_rpm_part(each) for each in _RPM_PART.findall(text)), (_END,))


def _rpm_part(text: str) -> tuple[Any, ...]:
    if text == "~":
        return (_TILDE,)
    if text == "^":
        return (_CARET,)
    return (_NUMBER, int(text)) if text.isdigit() else (_LETTERS, text)


def _epoch(version: str) -> tuple[int, str]:
    epoch, colon, rest = version.partition(":")
    return (int(epoch), rest) if colon and epoch.isdecimal() else (0, version)


_KEYS: Final[dict[str, Callable[[str], tuple[Any, ...]]]] = {"dpkg": _dpkg, "rpm": _rpm}

"""Files that hold one value each, as sysfs and the firmware's tables do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from inventory.model.fact import Reason
from inventory.model.placeholders import is_unfilled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from inventory.model.collector import Answer
    from inventory.model.fact import FactKey, Observation

DMI: Final = "/sys/class/dmi/id"
"""What the firmware says of the server, where Linux runs on a PC."""
TREE: Final = "/sys/firmware/devicetree/base"
"""The same where the firmware hands over a device tree: ARM boards, POWER."""


def value(files: Mapping[str, str], path: str) -> str | None:
    """Return a file's first line without blanks and NULs around it; None when it is not there."""
    content = files.get(path)
    return None if content is None else content.partition("\n")[0].strip(" \t\r\0")


def filled(files: Mapping[str, str], *paths: str) -> str | None:
    """Return the first of the values that a maker really filled in; None when none did."""
    for path in paths:
        said = value(files, path)
        if said and not is_unfilled(said):
            return " ".join(said.split())
    return None


def told(key: FactKey[str], answer: Answer, *paths: str) -> Observation:
    """State the first value that was filled in; otherwise why there is none."""
    found = filled(answer.files, *paths)
    return key.known(found) if found else missing(key, answer, *paths)


def missing(key: FactKey[Any], answer: Answer, *paths: str) -> Observation:
    """State that none of the files told a value, and why."""
    for path in paths:
        if path in answer.denied:
            return key.unknown(Reason.NEEDS_PRIVILEGE, f"only root may read {path}")
        said = value(answer.files, path)
        if said is not None:
            return key.unknown(Reason.NOT_TOLD, f"the firmware says {said!r}")
    return key.unknown(Reason.NOT_TOLD, f"there is no {paths[0]}")


def by_folder(files: Mapping[str, str], root: str) -> dict[str, dict[str, str]]:
    """Return the values under ``root/NAME/REST``, by NAME and then by REST."""
    found: dict[str, dict[str, str]] = {}
    start = f"{root}/"
    for path in files:
        if path.startswith(start):
            name, slash, rest = path[len(start) :].partition("/")
            if slash:
                found.setdefault(name, {})[rest] = value(files, path) or ""
    return found


def uevent(text: str) -> dict[str, str]:
    """Take ``NAME=value`` lines apart, as uevent files and udev's notes have them."""
    return dict(_pairs(text.splitlines()))


def _pairs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, equals, rest = line.partition("=")
        if equals:
            yield name, rest.strip()

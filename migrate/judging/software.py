"""The end of support of installed software, which is recognised by its packages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from inventory.model.fact import FactKey, Facts, Known
from inventory.model.facts import PACKAGES
from migrate.judging.reading import Judge
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Surroundings

_Recognised = tuple[str, str | None]
"""Product, and its release when the package's name holds it."""
_EPOCH = re.compile(r"^\d+:")


def maintained(table: Mapping[str, str]) -> Judge:
    """Flag recognised software whose support has ended, naming each with its date.

    ``table`` maps a regular expression for a whole package name to the product of the lifecycle
    catalogue; its group, when it has one, is the release, else the package's version is.
    """
    recognise = _recogniser(table)

    def judged(facts: Facts, around: Surroundings) -> Judgement:
        packages = facts.of(PACKAGES)
        if not isinstance(packages, Known):
            return CannotTell(missing=(PACKAGES,))
        found = {
            (product, release or _upstream(package.version))
            for package in packages.value
            if (known := recognise(package.name))
            for product, release in [known]
        }
        return _judge(sorted(found), around)

    return judged


def _judge(found: list[tuple[str, str]], around: Surroundings) -> Judgement:
    ends = {" ".join(each): around.lifecycle(*each) for each in found}
    over = [f"{name} {said}" for name, end in ends.items() if (said := ended(end, around))]
    if over:
        return Flagged(observed=", ".join(over))
    unknown = [name for name, end in ends.items() if end is None]
    return unknown_release(PACKAGES, ", ".join(unknown)) if unknown else Passed()


def unknown_release(key: FactKey[Any], release: str) -> CannotTell:
    """Say that the lifecycle catalogue does not know a release."""
    return CannotTell(missing=(key,), because=f"the lifecycle catalogue does not know {release}")


def ended(end: date | bool | None, around: Surroundings) -> str:  # noqa: FBT001 - as given
    """Say that support has ended and when; nothing when it has not, or when that is not known."""
    if end is True:
        return "has ended"
    if isinstance(end, date) and end < around.today:
        return f"ended on {end}"
    return ""


def _recogniser(table: Mapping[str, str]) -> Callable[[str], _Recognised | None]:
    patterns = [(re.compile(pattern), product) for pattern, product in table.items()]

    # The servers of an estate share most of their packages.
    @lru_cache(maxsize=65_536)
    def recognise(package: str) -> _Recognised | None:
        for pattern, product in patterns:
            match = pattern.fullmatch(package)
            if match:
                return product, match.groupdict().get("release")
        return None

    return recognise


def _upstream(version: str) -> str:
    """Return the upstream part: 1.22.1 of ``1:1.22.1-9+deb12u1``."""
    return re.split(r"[-+~]", _EPOCH.sub("", version), maxsplit=1)[0]

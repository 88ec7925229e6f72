"""Web applications that a cloud's platform runs by itself: which releases it takes.

IIS has no release of its own: it is that of its Windows Server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inventory.model.application import Application
from inventory.model.fact import Facts, Known
from migrate.judging.derived import APPLICATIONS
from migrate.judging.reading import Judge
from migrate.judging.systems import system
from migrate.model.rule import CannotTell, Flagged, Judgement, NotApplicable, Passed, Surroundings

IIS = "iis"


@dataclass(frozen=True, kw_only=True)
class Least:
    """The oldest releases that a platform takes."""

    windows: str
    """Of the Windows Server under IIS, as the catalogue writes it: ``2008-r2``."""
    releases: Mapping[str, tuple[int, ...]]
    """By fingerprint, as numbers."""


def fits_a_platform(least: Least) -> Judge:
    """Flag web applications that are older than what a platform takes.

    A server without any is not concerned.
    """

    def judge(facts: Facts, _around: Surroundings) -> Judgement:
        told = facts.of(APPLICATIONS)
        if not isinstance(told, Known):
            return CannotTell(missing=(APPLICATIONS,))
        found = [each for each in told.value if each.id in least.releases]
        serves_iis = any(each.id == IIS for each in told.value)
        if not found and not serves_iis:
            return NotApplicable()
        windows = _windows(facts, least) if serves_iis else Passed()
        old = [*_old(found, least)]
        if isinstance(windows, Flagged):
            old.append(windows.observed)
        if old:
            return Flagged(observed=", ".join(old))
        bare = [each.name for each in found if not each.version]
        if bare:
            because = f"which release of {', '.join(bare)} it is was not told"
            return CannotTell(missing=(APPLICATIONS,), because=because)
        return windows

    return judge


def _old(found: list[Application], least: Least) -> Iterator[str]:
    for each in found:
        numbers = tuple(int(number) for number in re.findall(r"\d+", each.version or ""))
        if numbers and numbers < least.releases[each.id]:
            yield f"{each.name} {each.version}"


def _windows(facts: Facts, least: Least) -> Judgement:
    found = system(facts)
    if isinstance(found, CannotTell):
        return found
    if found.product == "windows-server" and found.version < least.windows:
        return Flagged(observed=f"IIS on Windows Server {found.version}")
    return Passed()

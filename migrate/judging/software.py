"""The end of support of software: of packages, and of what no package manager brought.

Packages tell the most. What was recognised otherwise (Oracle, SQL Server, a Tomcat in ``/opt``)
and runtimes that lie in folders of their own count as well, and nothing is named twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from inventory.model.application import Application, Confidence
from inventory.model.fact import FactKey, Facts, Known
from inventory.model.facts import PACKAGES
from inventory.model.parts import Package
from migrate.catalogue.versions import within
from migrate.judging.derived import APPLICATIONS
from migrate.judging.parts import names_of
from migrate.judging.reading import Judge
from migrate.judging.releases import java_product, release_of
from migrate.judging.remembering import of_each
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Surroundings

Release = tuple[str, str]
"""Product of the lifecycle catalogue, and its release; empty when that was not told."""
Placed = Callable[[Facts], Iterable[Release] | CannotTell]
"""Reads what a fact of its own tells of software."""
_Recognised = tuple[str, str | None]
"""Product, and its release when the package's name holds it."""
_KEPT: Final = 65_536
"""Of how many names of packages it is kept what they are."""
_EPOCH = re.compile(r"^\d+:")
_NOT_TOLD_SO = frozenset({"python", "perl"})
"""What programs in them are recognised by tells releases of the programs, or of the system."""
_JAVA = {"oracle-jdk": "java", "eclipse-temurin": "java"}


def maintained(
    table: Mapping[str, str], categories: frozenset[str], placed: Placed = lambda _facts: ()
) -> Judge:
    """Flag software whose support has ended, naming each with its date.

    ``table`` maps a regular expression for a whole package name to the product of the lifecycle
    catalogue; its group, when it has one, is the release, else the package's version is.
    ``categories`` are those of recognised applications that count beside it; ``placed`` reads
    what another fact tells.
    """
    installed = _installed(table)

    def judged(facts: Facts, around: Surroundings) -> Judgement:
        packages, applications = facts.of(PACKAGES), facts.of(APPLICATIONS)
        if not isinstance(packages, Known):
            return CannotTell(missing=(PACKAGES,))
        if not isinstance(applications, Known):
            return CannotTell(missing=(APPLICATIONS,))
        lying = placed(facts)
        if isinstance(lying, CannotTell):
            return lying
        found = installed(packages.value)
        others = (*lying, *_releases(applications.value, categories))
        return _judge(sorted(found | set(_not_yet(others, found))), around)

    return judged


def _releases(applications: Iterable[Application], categories: frozenset[str]) -> Iterator[Release]:
    """Yield what was recognised; not what is merely guessed and shows no release."""
    for each in applications:
        product = each.lifecycle_product
        if not product or product in _NOT_TOLD_SO or each.category not in categories:
            continue
        if each.version:
            maker = java_product(each.version, None) if product == "oracle-jdk" else product
            yield maker, release_of(product, each.version)
        elif each.confidence is not Confidence.LOW:
            yield product, ""


def _not_yet(others: Iterable[Release], found: Iterable[Release]) -> Iterator[Release]:
    """Yield what is not the same software as something found: 11.22 is 11, no release is any."""
    taken = list(found)
    for product, version in others:
        same = [
            known for name, known in taken if _JAVA.get(name, name) == _JAVA.get(product, product)
        ]
        if not any(not version or within(version, each) or within(each, version) for each in same):
            taken.append((product, version))
            yield product, version


def _judge(found: list[Release], around: Surroundings) -> Judgement:
    ends = {each: around.lifecycle(*each) if each[1] else None for each in found}
    over = [
        f"{' '.join(each)} {said}{_extended(each, around)}"
        for each, end in ends.items()
        if (said := ended(end, around))
    ]
    if over:
        return Flagged(observed=", ".join(over))
    unknown = [" ".join(each) for each, end in ends.items() if each[1] and end is None]
    if unknown:
        return unknown_release(PACKAGES, ", ".join(unknown))
    bare = [product for product, version in ends if not version]
    because = f"which release of {', '.join(bare)} it is was not told"
    return CannotTell(missing=(APPLICATIONS,), because=because) if bare else Passed()


def _extended(release: Release, around: Surroundings) -> str:
    end = around.extended(*release)
    goes_on = isinstance(end, date) and end >= around.today
    return f" (extended support, where it is paid for, until {end})" if goes_on else ""


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


def _installed(table: Mapping[str, str]) -> Callable[[tuple[Package, ...]], frozenset[Release]]:
    recognise = _recogniser(table)
    # The servers of an estate share most of their packages, and nearly all are nobody's.
    passed_over: set[str] = set()

    @of_each
    def installed(packages: tuple[Package, ...]) -> frozenset[Release]:
        names = names_of(packages) - passed_over
        known = {name: found for name in names if (found := recognise(name))}
        if len(passed_over) >= _KEPT:
            passed_over.clear()
        passed_over.update(names - known.keys())
        return frozenset(
            (product, release or _upstream(package.version))
            for package in (packages if known else ())
            if package.name in known
            for product, release in [known[package.name]]
        )

    return installed


def _recogniser(table: Mapping[str, str]) -> Callable[[str], _Recognised | None]:
    patterns = [(re.compile(pattern), product) for pattern, product in table.items()]
    unnamed = (re.sub(r"\?P<\w+>", "", pattern) for pattern in table)
    any_pattern = re.compile("|".join(f"(?:{each})" for each in unnamed))

    @lru_cache(maxsize=_KEPT)
    def recognise(package: str) -> _Recognised | None:
        if not any_pattern.fullmatch(package):
            return None
        for pattern, product in patterns:
            match = pattern.fullmatch(package)
            if match:
                return product, match.groupdict().get("release")
        return None

    return recognise


def _upstream(version: str) -> str:
    """Return the upstream part: 1.22.1 of ``1:1.22.1-9+deb12u1``."""
    return re.split(r"[-+~]", _EPOCH.sub("", version), maxsplit=1)[0]

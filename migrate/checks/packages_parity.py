"""Every package of the old server is on the new one, and none is older there.

Which version is the older is told by the package manager's own order; between two managers by the
software's own version, where that is plain numbers. Packages of the kernel itself are left out:
their names hold its release.

Keys: ``missing:NAME``, ``older:NAME:OLD:NEW``, ``version:NAME:OLD:NEW`` (in no order), and, told
only, ``newer:NAME:OLD:NEW``, ``repackaged:NAME:OLD:NEW`` (the same version by another manager) and
``additional:NAME``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inventory.amount import amount
from inventory.model.facts import PACKAGES
from inventory.model.parts import Package
from migrate.checks import _same_names
from migrate.checks._differences import NAMES, Comparison, Difference, both, key, matches
from migrate.checks._package_versions import order, order_across
from migrate.checks._parity import judge, parameters
from migrate.checks._say import unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_KERNEL = (
    "gpg-pubkey", "kernel", "kernel-*", "linux-headers-*", "linux-image-*", "linux-modules-*",
)  # fmt: skip
_TOLD_KINDS = ("newer", "repackaged", "additional")
_KINDS = ("missing", "older", "version", *_TOLD_KINDS)
Installed = Mapping[str, tuple[Package, ...]]


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    pair = both(sight, PACKAGES)
    if isinstance(pair, CheckResult):
        return pair
    chosen = matches(given.get("packages", ("*",)))
    left_out = matches(given.get("leave_out", _KERNEL))
    same_as = given.get("same_as", {})
    old = _named(
        (
            each
            for each in pair.old
            if chosen.fullmatch(each.name) and not left_out.fullmatch(each.name)
        ),
        same_as,
    )
    new = _named((each for each in pair.new if not left_out.fullmatch(each.name)), {})
    if not old:
        return unknown("the old server has none of these packages, so there is nothing to compare")
    told = frozenset(given.get("told", _TOLD_KINDS))
    is_all = "packages" not in given
    return judge(sight, given, _compare(old, new, told, is_all=is_all))


def _named(packages: Iterable[Package], same_as: Mapping[str, str]) -> Installed:
    found: dict[str, list[Package]] = {}
    for each in packages:
        found.setdefault(each.name, []).append(each)
    names = {each: _same_names.package(same_as.get(each, each)) for each in found}
    return {name: tuple(each) for name, each in _same_names.by_one_name(found, names).items()}


def _compare(old: Installed, new: Installed, told: frozenset[str], *, is_all: bool) -> Comparison:
    found = [_of_one(name, each, new.get(name), told) for name, each in old.items()]
    differences = [each for each in found if each]
    same = len(found) - len(differences)
    if is_all:
        differences += _additional(old, new, told)
    packages = amount(len(old), "package")
    return Comparison(
        agreed=f"the new server has the old one's {packages}, {same} in the same version",
        differences=tuple(differences),
        same=same,
    )


def _of_one(
    name: str, old: tuple[Package, ...], new: tuple[Package, ...] | None, told: frozenset[str]
) -> Difference | None:
    if new is None:
        return _difference("missing", told, name, words=f"{name} {_versions(old)} is missing")
    if {(each.version, each.manager) for each in old} == {
        (each.version, each.manager) for each in new
    }:
        return None
    before, after = _versions(old), _versions(new)
    kind = _kind(_newest(old), _newest(new))
    managers = _managers(old), _managers(new)
    if managers[0] != managers[1]:
        words = f"{name} was {before} by {managers[0]} and is {after} by {managers[1]}"
    else:
        words = f"{name} was {before} and is {after}"
    return _difference(kind, told, name, before, after, words=words)


def _kind(old: Package | None, new: Package | None) -> str:
    """Tell how the newest version of each side stands to the other's."""
    if old is None or new is None:
        return "version"
    is_alike = old.manager == new.manager
    found = (
        order(old.version, new.version, old.manager)
        if is_alike
        else order_across(old.version, new.version)
    )
    if not found:
        return "repackaged" if found == 0 and not is_alike else "version"
    return "older" if found < 0 else "newer"


def _newest(packages: tuple[Package, ...]) -> Package | None:
    """Return the newest of several versions of one package; None where no order is told."""
    newest = packages[0]
    for each in packages[1:]:
        found = order(newest.version, each.version, each.manager)
        if found is None or each.manager != newest.manager:
            return None
        newest = each if found > 0 else newest
    return newest


def _additional(old: Installed, new: Installed, told: frozenset[str]) -> Iterator[Difference]:
    for name, each in new.items():
        if name not in old:
            words = f"{name} {_versions(each)} is on the new server only"
            yield _difference("additional", told, name, words=words)


def _difference(kind: str, told: frozenset[str], *of: str, words: str) -> Difference:
    return Difference(key=key(kind, *of), words=words, told=kind in told)


def _versions(packages: tuple[Package, ...]) -> str:
    return "+".join(sorted({each.version for each in packages}))


def _managers(packages: tuple[Package, ...]) -> str:
    return "+".join(sorted({each.manager for each in packages}))


CHECK = Check(
    parameters=parameters(
        {
            "packages": {
                **NAMES,
                "minItems": 1,
                "description": "Packages of the old server that matter; * stands for anything. "
                "All unless given.",
            },
            "leave_out": {
                **NAMES,
                "description": "Packages that do not matter; unless given, those of the kernel.",
                "default": list(_KERNEL),
            },
            "same_as": {
                "type": "object",
                "additionalProperties": {"type": "string", "minLength": 1},
                "description": "What a package of the old server is called on the new one; common "
                "pairs such as apache2 and httpd are known.",
            },
            "told": {
                "type": "array",
                "items": {"enum": list(_KINDS)},
                "uniqueItems": True,
                "description": "Kinds of differences that are told and fail nothing.",
                "default": list(_TOLD_KINDS),
            },
        }
    ),
    run=_run,
    reads="Compares the installed packages of both servers and their versions.",
    about=About.BOTH,
)

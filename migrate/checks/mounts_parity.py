"""Every filesystem of the old server is on the new one, of its type, as large, and as guarded.

Filesystems of other servers (NFS, SMB …) count too: that they are mounted, from where, and that
they answer. Another device beneath is no difference.

Keys: ``missing:/srv``, ``type:/srv:OLD:NEW``, ``smaller:/srv:OLD_MIB:NEW_MIB``,
``option-lost:/srv:OPTION``, ``option-new:/srv:OPTION``, ``source:/home:OLD:NEW``,
``not-mounted:/home``, ``silent:/home``, and, told only, ``new:/data``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from inventory.amount import amount
from inventory.model.facts import FILESYSTEMS
from inventory.model.parts import Filesystem
from inventory.model.storage import NETWORK_MOUNTS, Mounted, NetworkMount
from migrate.checks._differences import (
    NAMES,
    Comparison,
    Difference,
    Pair,
    both,
    joined,
    key,
    matches,
)
from migrate.checks._parity import judge, parameters
from migrate.checks._say import unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_MIB = 1024 * 1024
_OPTIONS = (
    "grpquota", "noacl", "nodev", "noexec", "nosuid", "nouser_xattr", "prjquota", "ro",
    "sync", "usrquota",
)  # fmt: skip
"""Options by which programs work or fail, or which guard a server; others are matters of speed."""
_PASSING = ("/boot/efi", "/media/*", "/run/*", "/snap/*", "/var/lib/containers/*",
            "/var/lib/docker/*", "/var/lib/kubelet/*")  # fmt: skip
"""What firmware, containers and packages of the system mount for themselves."""


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    local, network = both(sight, FILESYSTEMS), both(sight, NETWORK_MOUNTS)
    if isinstance(local, CheckResult):
        return local
    remote = _remote(network)
    left_out = matches(given.get("leave_out", _PASSING))
    old = {each.mount_point: each for each in local.old if each.mount_point not in remote.old}
    old = {place: each for place, each in old.items() if not left_out.fullmatch(place)}
    new = {each.mount_point: each for each in local.new}
    if not old:
        return unknown("the old server told no filesystem: there is nothing to compare")
    options = frozenset(given.get("options", _OPTIONS))
    least = given.get("at_least_percent", 100)
    known = {*remote.new, *remote.old, *(each.mount_point for each in local.old)}
    parts = [_compare_local(old, new, options, least), _new(new, known)]
    if isinstance(network, CheckResult):
        return judge(sight, given, joined("", *parts, network))
    used = {place: each for place, each in remote.old.items() if not left_out.fullmatch(place)}
    parts.append(_compare_remote(used, remote.new, new, options))
    parts.append(_new(remote.new, {*remote.old, *(each.mount_point for each in local.old)}))
    count = len(old) + len(used)
    agreed = f"the new server has the old one's {amount(count, 'filesystem')}, and none is smaller"
    return judge(sight, given, joined(agreed, *parts))


def _remote(
    network: Pair[tuple[NetworkMount, ...]] | CheckResult,
) -> Pair[dict[str, NetworkMount]]:
    if isinstance(network, CheckResult):
        return Pair(old={}, new={})
    return Pair(
        old={each.mount_point: each for each in network.old},
        new={each.mount_point: each for each in network.new},
    )


def _compare_local(
    old: Mapping[str, Filesystem],
    new: Mapping[str, Filesystem],
    options: frozenset[str],
    least: int,
) -> Comparison:
    found = {
        place: tuple(_local(each, new.get(place), options, least)) for place, each in old.items()
    }
    return Comparison(
        differences=tuple(each for some in found.values() for each in some),
        same=sum(not some for some in found.values()),
        blind=tuple(_unsized(old, new)),
    )


def _new(new: Iterable[str], known: Container[str]) -> Comparison:
    """Tell of each place that the old server did not have, neither its own nor another's."""
    return Comparison(
        differences=tuple(
            Difference(key=key("new", place), words=f"{place} is on the new server only", told=True)
            for place in new
            if place not in known
        )
    )


def _local(
    old: Filesystem, new: Filesystem | None, options: frozenset[str], least: int
) -> Iterator[Difference]:
    place = old.mount_point
    if new is None:
        yield Difference(key=key("missing", place), words=f"{place} ({old.type}) is missing")
        return
    if old.type != new.type:
        words = f"{place} was {old.type} and is {new.type}"
        yield Difference(key=key("type", place, old.type, new.type), words=words)
    yield from _options(place, old.options, new.options, options)
    if old.size_bytes is None or new.size_bytes is None:
        return
    if new.size_bytes * 100 < old.size_bytes * least:
        before, after = old.size_bytes // _MIB, new.size_bytes // _MIB
        words = f"{place} held {before:,} MiB and holds {after:,} MiB"
        yield Difference(key=key("smaller", place, before, after), words=words)


def _unsized(old: Mapping[str, Filesystem], new: Mapping[str, Filesystem]) -> Iterator[str]:
    for place, each in old.items():
        if each.size_bytes is None:
            yield f"the old server did not tell the size of {place}"
        elif place in new and new[place].size_bytes is None:
            yield f"the new server did not tell the size of {place}"


def _options(
    place: str, old: Sequence[str], new: Sequence[str], matter: frozenset[str]
) -> Iterator[Difference]:
    before, after = matter & {*old}, matter & {*new}
    for option in sorted(before - after):
        words = f"{place} was mounted {option} and is not"
        yield Difference(key=key("option-lost", place, option), words=words)
    for option in sorted(after - before):
        words = f"{place} is mounted {option} and was not"
        yield Difference(key=key("option-new", place, option), words=words)


def _compare_remote(
    old: Mapping[str, NetworkMount],
    new: Mapping[str, NetworkMount],
    local: Mapping[str, Filesystem],
    options: frozenset[str],
) -> Comparison:
    found = {
        place: tuple(_network(each, new.get(place), local.get(place), options))
        for place, each in old.items()
    }
    return Comparison(
        differences=tuple(each for some in found.values() for each in some),
        same=sum(not some for some in found.values()),
    )


def _network(
    old: NetworkMount,
    new: NetworkMount | None,
    local: Filesystem | None,
    options: frozenset[str],
) -> Iterator[Difference]:
    place = old.mount_point
    if new is None:
        if local is None:
            yield Difference(key=key("missing", place), words=f"{place} ({old.source}) is missing")
        else:
            words = f"{place} was {old.source} and is the new server's own {local.type}"
            yield Difference(key=key("source", place, old.source, local.device), words=words)
        return
    if old.source != new.source:
        words = f"{place} was {old.source} and is {new.source}"
        yield Difference(key=key("source", place, old.source, new.source), words=words)
    if old.type != new.type:
        words = f"{place} was {old.type} and is {new.type}"
        yield Difference(key=key("type", place, old.type, new.type), words=words)
    if old.mounted is Mounted.NOW and new.mounted is not Mounted.NOW:
        words = f"{place} was mounted, and is {new.mounted.value}"
        yield Difference(key=key("not-mounted", place), words=words)
    if new.responding is False:
        yield Difference(key=key("silent", place), words=f"{new.source} at {place} does not answer")
    if old.mounted is new.mounted is Mounted.NOW:
        yield from _options(place, old.options, new.options, options)


CHECK = Check(
    parameters=parameters(
        {
            "leave_out": {
                **NAMES,
                "description": "Mount points that do not matter; * stands for anything. Unless "
                "given, those that systems and containers mount for themselves.",
                "default": list(_PASSING),
            },
            "options": {
                **NAMES,
                "description": "Mount options that must be alike.",
                "default": list(_OPTIONS),
            },
            "at_least_percent": {
                "type": "integer",
                "minimum": 1,
                "maximum": 1000,
                "description": "How large each filesystem must be, in hundredths of the old one.",
                "default": 100,
            },
        }
    ),
    run=_run,
    reads="Compares the mounted filesystems of both servers: type, size, options, and whose.",
    about=About.BOTH,
)

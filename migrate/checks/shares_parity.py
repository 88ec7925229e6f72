"""What the old server shares over NFS, SMB and rsync the new one shares with the same people.

A share that is new lets somebody in who was not let in before: it is to be explained as well. Where
the folder of a share lies is told; nobody who uses it sees that.

Keys: ``missing:nfs:/srv:CLIENT``, ``new:nfs:/srv:CLIENT``, ``option:nfs:/srv:CLIENT:OLD:NEW``,
``missing:smb:NAME``, ``new:smb:NAME``, ``access:smb:NAME:OLD:NEW``, ``guests:smb:NAME:OLD:NEW``,
``users:smb:NAME:OLD:NEW``, and, told only, ``path:smb:NAME:OLD:NEW``; rsync as smb.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inventory.model.storage import EXPORTS, SHARES, Export, Share
from migrate.checks._differences import Comparison, Difference, Pair, both, joined, key
from migrate.checks._parity import judge, parameters
from migrate.checks._say import listed
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_CHOICES = (
    ("ro", "rw"),
    ("root_squash", "no_root_squash", "all_squash"),
    ("sync", "async"),
    ("secure", "insecure"),
)
"""Options of exports(5) of which one holds; the first where none is written."""
_VALUES = {"sec": "sys", "anonuid": "65534", "anongid": "65534"}
"""Options with a value, and which it is where none is written."""


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    exports, shares = both(sight, EXPORTS), both(sight, SHARES)
    parts = [
        _exports(exports) if isinstance(exports, Pair) else exports,
        _shares(shares) if isinstance(shares, Pair) else shares,
    ]
    if isinstance(exports, CheckResult) and isinstance(shares, CheckResult):
        return exports
    return judge(sight, given, joined(_agreed(exports, shares), *parts))


def _agreed(
    exports: Pair[tuple[Export, ...]] | CheckResult, shares: Pair[tuple[Share, ...]] | CheckResult
) -> str:
    names = [
        *(f"{each.path} to {each.client}" for each in _old(exports)),
        *(each.name for each in _old(shares)),
    ]
    if not names:
        return "the old server shares nothing over NFS, SMB or rsync"
    return f"the new server shares what the old one does ({listed(names)})"


def _old(pair: Pair[tuple[Any, ...]] | CheckResult) -> tuple[Any, ...]:
    return pair.old if isinstance(pair, Pair) else ()


def _exports(pair: Pair[tuple[Export, ...]]) -> Comparison:
    old = {(each.path, each.client): each for each in pair.old}
    new = {(each.path, each.client): each for each in pair.new}
    found = {of: tuple(_export(each, new.get(of))) for of, each in old.items()}
    added = [
        Difference(key=key("new", "nfs", *of), words=f"{of[0]} is shared with {of[1]} by NFS anew")
        for of in new
        if of not in old
    ]
    return _comparison(found.values(), added)


def _export(old: Export, new: Export | None) -> Iterator[Difference]:
    what = f"{old.path} for {old.client}"
    if new is None:
        words = f"{what} is not shared by NFS"
        yield Difference(key=key("missing", "nfs", old.path, old.client), words=words)
        return
    before, after = _meaning(old.options), _meaning(new.options)
    for name in before:
        if before[name] != after[name]:
            words = f"{what} was {before[name]} and is {after[name]}"
            of = key("option", "nfs", old.path, old.client, before[name], after[name])
            yield Difference(key=of, words=words)


def _meaning(options: Iterable[str]) -> dict[str, str]:
    """Return what options come to, whether they are written or left to their defaults."""
    written = list(options)
    found = {
        choice[0]: next((each for each in reversed(written) if each in choice), choice[0])
        for choice in _CHOICES
    }
    for name, usual in _VALUES.items():
        given = [each for each in written if each.startswith(f"{name}=")]
        found[name] = given[-1] if given else f"{name}={usual}"
    return found


def _shares(pair: Pair[tuple[Share, ...]]) -> Comparison:
    old, new = _named(pair.old), _named(pair.new)
    found = {of: tuple(_share(of, each, new.get(of))) for of, each in old.items()}
    added = [
        Difference(key=key("new", *of), words=f"{each.name} is shared by {each.protocol} anew")
        for of, each in new.items()
        if of not in old
    ]
    return _comparison(found.values(), added)


def _named(shares: Iterable[Share]) -> dict[tuple[str, str], Share]:
    """Return shares by protocol and name; SMB does not tell capitals apart."""
    return {
        (each.protocol, each.name.lower() if each.protocol == "smb" else each.name): each
        for each in shares
    }


def _share(of: tuple[str, str], old: Share, new: Share | None) -> Iterator[Difference]:
    if new is None:
        words = f"{old.name} is not shared by {old.protocol}"
        yield Difference(key=key("missing", *of), words=words)
        return
    pairs = (
        ("access", _access(old), _access(new)),
        ("guests", _guests(old), _guests(new)),
        ("users", old.users or "anybody", new.users or "anybody"),
    )
    for kind, before, after in pairs:
        if before != after:
            words = f"{old.name} by {old.protocol}: {kind} was {before} and is {after}"
            yield Difference(key=key(kind, *of, before, after), words=words)
    if old.path != new.path:
        before, after = old.path or "no folder", new.path or "no folder"
        words = f"{old.name} by {old.protocol} lay in {before} and lies in {after}"
        yield Difference(key=key("path", *of, before, after), words=words, told=True)


def _access(share: Share) -> str:
    return "read-write" if share.read_only is False else "read-only"


def _guests(share: Share) -> str:
    return "allowed" if share.guests else "refused"


def _comparison(found: Iterable[tuple[Difference, ...]], added: list[Difference]) -> Comparison:
    each_of = list(found)
    return Comparison(
        differences=(*(each for some in each_of for each in some), *added),
        same=sum(not some for some in each_of),
    )


CHECK = Check(
    parameters=parameters({}),
    run=_run,
    reads="Compares what both servers are set up to share: /etc/exports, smb.conf, rsyncd.conf.",
    about=About.BOTH,
)

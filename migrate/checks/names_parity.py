"""The new server goes by the old one's names, and finds others by the same ones.

Its own name often differs on purpose: then the playbook or the plan expects it. Of ``/etc/hosts``
every name must lead to the same addresses; those of the server itself and of loopback are left out.

Keys: ``hostname:OLD:NEW``, ``fqdn:OLD:NEW``, ``missing:fqdn``, ``search:OLD:NEW``,
``hosts-missing:NAME``, ``hosts:NAME:OLD:NEW``, and, told only, ``hosts-new:NAME``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inventory.model.fact import Facts, Known, Reason, Unknown
from inventory.model.facts import FQDN, HOSTNAME
from inventory.model.network import DNS_SEARCH, HOSTS, HostsEntry
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
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_ITSELF = ("broadcasthost", "ip6-*", "ipv6-*", "localhost", "localhost.*", "localhost4*",
           "localhost6*", "loopback", "*.localdomain*")  # fmt: skip


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    hostname, search, hosts = (
        both(sight, HOSTNAME),
        both(sight, DNS_SEARCH),
        both(sight, HOSTS),
    )
    if isinstance(hostname, CheckResult):
        return hostname
    own = _own(sight, hostname)
    left_out = matches((*given.get("leave_out", _ITSELF), *own))
    parts = [
        _one("hostname", "host name", hostname),
        _fqdn(sight),
        _search(search) if isinstance(search, Pair) else search,
        _hosts(hosts, left_out) if isinstance(hosts, Pair) else hosts,
    ]
    agreed = f"the new server is {hostname.new}, as the old one, and finds others by the same names"
    return judge(sight, given, joined(agreed, *parts))


def _own(sight: Sight, hostname: Pair[str]) -> Iterator[str]:
    """Yield the names of the two servers themselves, whose own entries lead to themselves."""
    yield from (hostname.old, hostname.new)
    for facts in (sight.old, sight.new):
        name = facts.value(FQDN) if isinstance(facts, Facts) else None
        if name:
            yield name


def _one(kind: str, what: str, pair: Pair[str]) -> Comparison:
    if pair.old.lower() == pair.new.lower():
        return Comparison(same=1)
    words = f"its {what} was {pair.old} and is {pair.new}"
    return Comparison(differences=(Difference(key=key(kind, pair.old, pair.new), words=words),))


def _fqdn(sight: Sight) -> Comparison:
    """Compare the full names: one that has none says so, which is not the same as not knowing."""
    if not isinstance(sight.old, Facts) or not isinstance(sight.new, Facts):
        return Comparison()
    old, new = sight.old.of(FQDN), sight.new.of(FQDN)
    if isinstance(old, Known) and isinstance(new, Known):
        return _one("fqdn", "full name", Pair(old=old.value, new=new.value))
    blind = tuple(
        f"{FQDN.name} of the {whose} server: {each}"
        for whose, each in (("old", old), ("new", new))
        if isinstance(each, Unknown) and each.reason is not Reason.NOT_TOLD
    )
    if isinstance(old, Known) and not blind:
        words = f"its full name was {old.value}, and the new server tells none"
        return Comparison(differences=(Difference(key=key("missing", "fqdn"), words=words),))
    return Comparison(blind=blind)


def _search(pair: Pair[tuple[str, ...]]) -> Comparison:
    if pair.old == pair.new:
        return Comparison(same=1)
    before, after = (",".join(each) or "none" for each in (pair.old, pair.new))
    words = f"short names were looked up in {before} and are in {after}"
    return Comparison(differences=(Difference(key=key("search", before, after), words=words),))


def _hosts(pair: Pair[tuple[HostsEntry, ...]], left_out: Any) -> Comparison:
    old, new = _addresses(pair.old), _addresses(pair.new)
    wanted = {name: each for name, each in old.items() if not left_out.fullmatch(name)}
    found = [each for name, of in wanted.items() for each in _host(name, of, new.get(name))]
    added = [
        Difference(
            key=key("hosts-new", name), words=f"{name} stands in its hosts file now", told=True
        )
        for name in new
        if name not in old and not left_out.fullmatch(name)
    ]
    return Comparison(differences=(*found, *added), same=len(wanted) - len(found))


def _host(name: str, old: set[str], new: set[str] | None) -> Iterator[Difference]:
    before = ",".join(sorted(old))
    if new is None:
        words = f"{name} ({before}) is missing in its hosts file"
        yield Difference(key=key("hosts-missing", name), words=words)
    elif old != new:
        after = ",".join(sorted(new))
        words = f"{name} was {before} in its hosts file and is {after}"
        yield Difference(key=key("hosts", name, before, after), words=words)


def _addresses(entries: tuple[HostsEntry, ...]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in entries:
        for name in entry.names:
            found.setdefault(name.lower(), set()).add(entry.address)
    return found


CHECK = Check(
    parameters=parameters(
        {
            "leave_out": {
                **NAMES,
                "description": "Names in the hosts file that do not matter; * stands for "
                "anything. Unless given, those of loopback; those of the two servers never do.",
                "default": list(_ITSELF),
            },
        }
    ),
    run=_run,
    reads="Compares host name, full name, search domains and /etc/hosts of both servers.",
    about=About.BOTH,
)

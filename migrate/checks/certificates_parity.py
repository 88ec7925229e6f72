"""For every certificate that the old server's services use, the new one has as good a one.

As good is: for the same names, in use, valid now, valid at least as long, and from an authority
where the old one was. One that had expired already is told and not asked for. Keys are not looked
at, and whether the issuer is trusted is for the ``tls`` check, which asks the listener itself.

Keys: ``missing:NAMES``, ``unused:NAMES``, ``expired:NAMES``, ``not-yet:NAMES``,
``shorter:NAMES:OLD_END:NEW_END``, ``self-signed:NAMES``, and, told only,
``was-expired:NAMES`` and ``unused-old:NAMES``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory.model.certificates import (
    CERTIFICATES,
    CERTIFICATES_UNREAD,
    Certificate,
    CertificateFile,
)
from inventory.model.fact import Facts, Unknown
from migrate.checks._differences import Comparison, Difference, Pair, both, key
from migrate.checks._parity import judge, parameters
from migrate.checks._say import listed
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    pair = both(sight, CERTIFICATES)
    if isinstance(pair, CheckResult):
        return pair
    return judge(sight, given, _compare(pair, sight))


@dataclass(frozen=True, kw_only=True)
class _Held:
    certificate: Certificate
    is_used: bool

    @property
    def ends(self) -> datetime:
        """The last moment of its validity."""
        return self.certificate.not_after


def _compare(pair: Pair[tuple[CertificateFile, ...]], sight: Sight) -> Comparison:
    old, new = _held(pair.old), _held(pair.new)
    found = [tuple(_of_one(names, each, new, sight.now)) for names, each in old.items()]
    wanted = [names[0] for names, each in old.items() if _is_wanted(each, sight.now)]
    agreed = "the old server uses no certificate that is still valid"
    if wanted:
        agreed = f"the new server has as good a certificate for {listed(wanted)}"
    return Comparison(
        agreed=agreed,
        differences=tuple(each for some in found for each in some),
        same=sum(not some for some in found),
        blind=(*_unread("old", pair.old, sight.old), *_unread("new", pair.new, sight.new)),
    )


def _held(files: Iterable[CertificateFile]) -> dict[tuple[str, ...], list[_Held]]:
    """Return what is held by the names that it is for, authorities left out."""
    found: dict[tuple[str, ...], list[_Held]] = {}
    for each in files:
        own = each.certificate
        if own is not None and (own.names or not own.authority):
            names = tuple(sorted({name.lower() for name in own.names})) or (own.subject,)
            found.setdefault(names, []).append(_Held(certificate=own, is_used=bool(each.used_by)))
    return found


def _is_wanted(held: Iterable[_Held], now: datetime) -> bool:
    return any(each.is_used and each.ends > now for each in held)


def _of_one(
    names: tuple[str, ...],
    old: list[_Held],
    new: Mapping[tuple[str, ...], list[_Held]],
    now: datetime,
) -> Iterator[Difference]:
    who = ",".join(names)
    used = [each for each in old if each.is_used]
    if not used:
        words = f"nothing on the old server uses its certificate for {who}"
        yield Difference(key=key("unused-old", who), words=words, told=True)
        return
    if not _is_wanted(old, now):
        words = f"the old server's certificate for {who} had expired"
        yield Difference(key=key("was-expired", who), words=words, told=True)
        return
    fitting = [each for held, some in new.items() if _covers(held, names) for each in some]
    if not fitting:
        yield Difference(key=key("missing", who), words=f"no certificate for {who} is there")
        return
    in_use = [each for each in fitting if each.is_used]
    if not in_use:
        words = f"nothing uses the certificate for {who}"
        yield Difference(key=key("unused", who), words=words)
    best, before = (max(each, key=lambda one: one.ends) for each in (in_use or fitting, used))
    yield from _as_good(who, before, best, now)


def _as_good(who: str, old: _Held, new: _Held, now: datetime) -> Iterator[Difference]:
    if new.ends <= now:
        words = f"the certificate for {who} expired on {new.ends:%Y-%m-%d}"
        yield Difference(key=key("expired", who), words=words)
    elif new.certificate.not_before > now:
        words = f"the certificate for {who} begins on {new.certificate.not_before:%Y-%m-%d} only"
        yield Difference(key=key("not-yet", who), words=words)
    elif new.ends < old.ends:
        before, after = f"{old.ends:%Y-%m-%d}", f"{new.ends:%Y-%m-%d}"
        words = f"the certificate for {who} was valid until {before} and is until {after}"
        yield Difference(key=key("shorter", who, before, after), words=words)
    if new.certificate.self_signed and not old.certificate.self_signed:
        words = f"the certificate for {who} came from an authority and is self-signed"
        yield Difference(key=key("self-signed", who), words=words)


def _covers(held: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Tell whether a certificate is for all of the names; ``*.x`` is for any one label before x."""
    return all(each in held or f"*.{each.partition('.')[2]}" in held for each in names)


def _unread(
    whose: str, files: Iterable[CertificateFile], facts: Facts | Unknown | None
) -> Iterator[str]:
    for each in files:
        if each.certificate is None and each.used_by:
            why = each.why_unread or "it does not say why"
            yield f"{each.path} of the {whose} server was not read: {why}"
    hidden = facts.value(CERTIFICATES_UNREAD) if isinstance(facts, Facts) else None
    for path in hidden or ():
        yield f"{path} of the {whose} server, which may name certificates, was not read"


CHECK = Check(
    parameters=parameters({}),
    run=_run,
    reads="Compares the certificates that services of both servers are set up with.",
    about=About.BOTH,
)

"""Accounts, groups and the state of passwords, as the script words them → facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number
from inventory.model.accounts import (
    ACCOUNTS,
    GROUPS,
    PASSWORD_POLICY,
    Account,
    AccountKind,
    Group,
    PasswordPolicy,
    PasswordState,
)
from inventory.model.fact import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

LOGIN_DEFS: Final = ("/etc/login.defs", "/usr/etc/login.defs")
"""The first that is there counts; SUSE ships the second."""
_STATES: Final = {
    "A": PasswordState.ABSENT,
    "E": PasswordState.EMPTY,
    "L": PasswordState.LOCKED,
    "S": PasswordState.SET,
}
_NOT_FOR_PEOPLE: Final = ("nologin", "false", "sync", "halt", "shutdown")
"""Names of shells that let nobody in."""
_FIRST_PERSON, _LAST_PERSON = 1000, 60_000
"""What login.defs sets in most systems, and what holds where it sets nothing."""
_UNLIMITED_DAYS: Final = 99_999
_EPOCH: Final = date(1970, 1, 1)
_LINE_FIELDS: Final = {"u": 8, "g": 4, "s": 6, "m": 4}
"""How many fields each kind of line has, its letter included."""


def read_passwd(text: str, login_defs: str | None) -> tuple[Observation, ...]:
    """Return the accounts, the groups and the policy for passwords that are told.

    ``login_defs`` is the content of the file of that name; None when there is none.
    """
    lines: dict[str, list[list[str]]] = {kind: [] for kind in _LINE_FIELDS}
    for line in text.splitlines():
        fields = line.split(":")
        if _LINE_FIELDS.get(fields[0]) == len(fields):
            lines[fields[0]].append(fields[1:])
    defs = _login_defs(login_defs or "")
    passwords = {name: _shadow(rest) for name, *rest in lines["s"]}
    passwords.update({name: _master(rest) for name, *rest in lines["m"]})
    accounts = tuple(
        account
        for fields in lines["u"]
        if (account := _account(fields, passwords, defs)) is not None
    )
    groups = tuple(
        Group(name=name, gid=int(gid), members=tuple(filter(None, members.split(","))))
        for name, gid, members in lines["g"]
        if number(gid) is not None
    )
    return (
        ACCOUNTS.known_or(accounts or None, Reason.NOT_TOLD, "awk told nothing of /etc/passwd"),
        GROUPS.known_or(groups or None, Reason.NOT_TOLD, "awk told nothing of /etc/group"),
        _policy(defs, there=login_defs is not None),
    )


Password = tuple[PasswordState | None, date | None, int | None, date | None]
"""Its state, when it was changed, how many days it may grow old, when the account ends."""


def _shadow(fields: list[str]) -> Password:
    state, changed, most, expires = fields
    days = number(most)
    limited = days if days is not None and days < _UNLIMITED_DAYS else None
    return _STATES.get(state), _day(changed), limited, _day(expires)


def _master(fields: list[str]) -> Password:
    state, expires = fields
    seconds = number(expires) or 0
    try:
        ends = datetime.fromtimestamp(seconds, tz=UTC).date() if seconds else None
    except (OverflowError, ValueError, OSError):
        ends = None
    return _STATES.get(state), None, None, ends


def _day(days: str) -> date | None:
    """Read days since 1970; none for 0, which means that it was never so."""
    count = number(days) or 0
    try:
        return _EPOCH + timedelta(days=count) if count else None
    except OverflowError:
        return None


def _account(
    fields: list[str], passwords: Mapping[str, Password], defs: Mapping[str, str]
) -> Account | None:
    name, letter, uid, gid, full_name, home, shell = fields
    user, group = number(uid), number(gid)
    if user is None or group is None:
        return None
    unshadowed: Password = (_STATES.get(letter), None, None, None)
    state, changed, most, expires = passwords.get(name, unshadowed)
    return Account(
        name=name,
        uid=user,
        gid=group,
        kind=_kind(user, defs),
        full_name=full_name.strip() or None,
        home=home or None,
        login_shell=shell or None,
        may_log_in=shell.rpartition("/")[2] not in _NOT_FOR_PEOPLE,
        password=state,
        password_changed=changed,
        password_max_days=most,
        expires=expires,
    )


def _kind(uid: int, defs: Mapping[str, str]) -> AccountKind:
    if uid == 0:
        return AccountKind.ROOT
    first = number(defs.get("UID_MIN")) or _FIRST_PERSON
    last = number(defs.get("UID_MAX")) or _LAST_PERSON
    return AccountKind.PERSON if first <= uid <= last else AccountKind.SYSTEM


def _login_defs(text: str) -> dict[str, str]:
    lines = (line.split(None, 1) for line in text.splitlines())
    return {words[0]: words[1].strip() for words in lines if len(words) > 1 and words[0] != "#"}


def _policy(defs: Mapping[str, str], *, there: bool) -> Observation:
    if not there:
        return PASSWORD_POLICY.unknown(Reason.NOT_TOLD, f"there is no {LOGIN_DEFS[0]}")
    return PASSWORD_POLICY.known(
        PasswordPolicy(
            max_days=number(defs.get("PASS_MAX_DAYS")),
            min_days=number(defs.get("PASS_MIN_DAYS")),
            warn_days=number(defs.get("PASS_WARN_AGE")),
            min_length=number(defs.get("PASS_MIN_LEN")),
            hash_method=defs.get("ENCRYPT_METHOD"),
            umask=defs.get("UMASK"),
        )
    )

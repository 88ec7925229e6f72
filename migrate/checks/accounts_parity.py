"""Local users and groups of the old server are on the new one, with the same numbers and rights.

Files keep the numbers of their owners, so that another uid or gid gives them to somebody else.
Passwords are not looked at. Accounts and groups that every distribution makes for itself are left
out, but neither such an account that could log in, nor who is a member of such a group.

Keys: ``missing:user:NAME``, ``uid:NAME:OLD:NEW``, ``gid:NAME:OLD:NEW``, ``shell:NAME:OLD:NEW``,
``home:NAME:OLD:NEW``, ``login-lost:NAME``, ``login-new:NAME``, ``new:user:NAME`` (of one that may
log in or is root), ``missing:group:NAME``, ``group-gid:NAME:OLD:NEW``, ``member-lost:GROUP:USER``,
``member-new:GROUP:USER``, and, told only, ``new:account:NAME`` and ``new:group:NAME``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inventory.amount import amount
from inventory.model.accounts import ACCOUNTS, GROUPS, Account, AccountKind, Group
from migrate.checks import _same_names
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

_SYSTEM = (
    "_apt", "_chrony", "_ssh", "adm", "audio", "avahi*", "backup", "bin", "cdrom", "chrony",
    "clevis", "cockpit-*", "crontab", "daemon", "dbus", "dialout", "dip", "disk", "dnsmasq", "fax",
    "floppy", "ftp", "fwupd-refresh", "games", "gnats", "gopher", "halt", "input", "irc", "kmem",
    "kvm", "landscape", "list", "lock", "lp", "lxd", "mail", "man", "mem", "messagebus", "netdev",
    "news", "nobody", "nogroup", "ntp", "ntpsec", "operator", "plocate", "plugdev", "polkitd",
    "pollinate", "postdrop", "proxy", "render", "rpc", "rpcuser", "rtkit", "sasl",
    "setroubleshoot", "sgx", "shadow", "shutdown", "slocate", "src", "ssh", "ssh_keys", "sshd",
    "sssd", "staff", "sudo", "sync", "sys", "syslog", "systemd-*", "tape", "tcpdump", "tss", "tty",
    "unbound", "users", "usbmux", "utempter", "utmp", "uucp", "uuidd", "video", "voice", "wheel",
)  # fmt: skip
"""Of Debian's base-passwd, Red Hat's setup, systemd, and packages that minimal systems have."""
_DEFAULT_SHELL = "/bin/sh"
"""What passwd(5) means by none."""


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    users, groups = both(sight, ACCOUNTS), both(sight, GROUPS)
    if isinstance(users, CheckResult):
        return users
    if not users.old:
        return unknown("the old server told no account, so there is nothing to compare")
    left_out = _left_out(users, given.get("leave_out"))
    parts: list[Comparison | CheckResult] = [
        _users(users, left_out),
        _groups(groups, left_out) if isinstance(groups, Pair) else groups,
    ]
    count = sum(not left_out.fullmatch(each.name) for each in users.old)
    matter = amount(count, "account that matters", "accounts that matter")
    agreed = f"the new server has the old one's {matter}, and their groups"
    return judge(sight, given, joined(agreed, *parts))


def _left_out(pair: Pair[tuple[Account, ...]], named: Sequence[str] | None) -> re.Pattern[str]:
    """Return what is left out: what is named; else the usual ones, but nobody who could log in."""
    if named is not None:
        return matches(named)
    people = [re.escape(each.name) for each in pair.old if each.may_log_in]
    not_people = f"(?!(?:{'|'.join(people)})\\Z)" if people else ""
    return re.compile(f"{not_people}(?:{matches(_SYSTEM).pattern})", re.DOTALL)


def _users(pair: Pair[tuple[Account, ...]], left_out: re.Pattern[str]) -> Comparison:
    old = {each.name: each for each in pair.old if not left_out.fullmatch(each.name)}
    every = {each.name for each in pair.old}
    new = {each.name: each for each in pair.new}
    found = {name: tuple(_user(each, new.get(name))) for name, each in old.items()}
    added = [_new_user(each) for name, each in new.items() if name not in every]
    risen = [
        Difference(key=key("login-new", name), words=f"{name} may log in now")
        for name, each in new.items()
        if name in every - {*old} and each.may_log_in and not _could_log_in(pair.old, name)
    ]
    return Comparison(
        differences=(*(each for some in found.values() for each in some), *added, *risen),
        same=sum(not some for some in found.values()),
    )


def _could_log_in(accounts: tuple[Account, ...], name: str) -> bool:
    return any(each.may_log_in for each in accounts if each.name == name)


def _user(old: Account, new: Account | None) -> Iterator[Difference]:
    name = old.name
    if new is None:
        words = f"user {name} (uid {old.uid}) is missing"
        yield Difference(key=key("missing", "user", name), words=words)
        return
    pairs = (
        ("uid", old.uid, new.uid),
        ("gid", old.gid, new.gid),
        ("shell", old.login_shell or _DEFAULT_SHELL, new.login_shell or _DEFAULT_SHELL),
        ("home", old.home or "none", new.home or "none"),
    )
    for kind, before, after in pairs:
        if before != after:
            words = f"{kind} of {name} was {before} and is {after}"
            yield Difference(key=key(kind, name, before, after), words=words)
    if old.may_log_in != new.may_log_in:
        kind, may = ("login-new", "now") if new.may_log_in else ("login-lost", "no more")
        yield Difference(key=key(kind, name), words=f"{name} may log in {may}")


def _new_user(account: Account) -> Difference:
    is_root = account.kind is AccountKind.ROOT
    what = "is root by another name" if is_root else "may log in"
    words = f"user {account.name} (uid {account.uid}) is new"
    if is_root or account.may_log_in:
        return Difference(key=key("new", "user", account.name), words=f"{words} and {what}")
    return Difference(key=key("new", "account", account.name), words=words, told=True)


def _groups(pair: Pair[tuple[Group, ...]], left_out: re.Pattern[str]) -> Comparison:
    old, new = _named(pair.old), _named(pair.new)
    found = {name: tuple(_group(name, each, new.get(name), left_out)) for name, each in old.items()}
    added = [each for name, group in new.items() if name not in old for each in _new(name, group)]
    return Comparison(
        differences=(*(each for some in found.values() for each in some), *added),
        same=sum(not some for some in found.values()),
    )


def _named(groups: tuple[Group, ...]) -> dict[str, Group]:
    found = {each.name: each for each in groups}
    return _same_names.by_one_name(found, {each: _same_names.group(each) for each in found})


def _group(
    name: str, old: Group, new: Group | None, left_out: re.Pattern[str]
) -> Iterator[Difference]:
    matters = not left_out.fullmatch(old.name)
    if new is None:
        if matters:
            words = f"group {old.name} (gid {old.gid}) is missing"
            yield Difference(key=key("missing", "group", old.name), words=words)
    elif matters and old.gid != new.gid:
        words = f"gid of group {old.name} was {old.gid} and is {new.gid}"
        yield Difference(key=key("group-gid", old.name, old.gid, new.gid), words=words)
    before, after = {*old.members}, {*new.members} if new else set()
    for user in sorted(before - after):
        words = f"{user} is no member of {name} any more"
        yield Difference(key=key("member-lost", name, user), words=words)
    for user in sorted(after - before):
        yield Difference(key=key("member-new", name, user), words=f"{user} is a member of {name}")


def _new(name: str, group: Group) -> Iterator[Difference]:
    words = f"group {name} (gid {group.gid}) is new"
    yield Difference(key=key("new", "group", name), words=words, told=True)
    for user in group.members:
        words = f"{user} is a member of the new group {name}"
        yield Difference(key=key("member-new", name, user), words=words)


CHECK = Check(
    parameters=parameters(
        {
            "leave_out": {
                **NAMES,
                "description": "Accounts and groups that do not matter; * stands for anything. "
                "Unless given, those that distributions make for themselves and that nobody could "
                "log in by.",
                "default": list(_SYSTEM),
            },
        }
    ),
    run=_run,
    reads="Compares the local accounts and groups of both servers; no password, no hash of one.",
    about=About.BOTH,
)

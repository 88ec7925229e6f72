"""Which accounts and groups the server itself keeps, and the state of their passwords.

One ``awk`` on the server reads the files and says what is said of each account. Of a password it
says a letter for its state; neither a hash nor what follows the name in the comment field is ever
sent. Lines that do not have the right number of fields are passed over.
"""

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
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

_DEFS: Final = "/etc/login.defs"
# The state of $2, then a line for each account, group and password. master.passwd is FreeBSD's.
_AWK: Final = (
    '{ w = $2 == "" ? "E" : $2 == "x" ? "-" : $2 ~ /^([*].*|!+[*]?|NP|UP)$/ ? "A" : '
    '$2 ~ /^!/ ? "L" : "S"; if ($2 ~ /^[*]LOCKED[*]./) w = "L" } '
    'FILENAME == "/etc/passwd" && NF == 7 { sub(/,.*/, "", $5); '
    'print "u:" $1 ":" w ":" $3 ":" $4 ":" $5 ":" $6 ":" $7 } '
    'FILENAME == "/etc/group" && NF == 4 { print "g:" $1 ":" $3 ":" $4 } '
    'FILENAME == "/etc/shadow" && NF == 9 && $3 $5 $8 ~ /^[0-9-]*$/ '
    '{ print "s:" $1 ":" w ":" $3 ":" $5 ":" $8 } '
    'FILENAME == "/etc/master.passwd" && NF == 10 && $7 ~ /^[0-9]*$/ '
    '{ print "m:" $1 ":" w ":" $7 }'
)  # fmt: skip
_SCRIPT: Final = f"""
# shellcheck disable=SC2016
if [ -e /etc/master.passwd ]; then
privileged awk -F: '{_AWK}' /etc/passwd /etc/group /etc/master.passwd
else
privileged awk -F: '{_AWK}' /etc/passwd /etc/group /etc/shadow
fi
"""

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


def _read(answer: Answer) -> tuple[Observation, ...]:
    lines: dict[str, list[list[str]]] = {kind: [] for kind in _LINE_FIELDS}
    for line in answer.text.splitlines():
        fields = line.split(":")
        if _LINE_FIELDS.get(fields[0]) == len(fields):
            lines[fields[0]].append(fields[1:])
    defs = _login_defs(answer.files.get(_DEFS, ""))
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
        _policy(defs, there=_DEFS in answer.files),
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
        return PASSWORD_POLICY.unknown(Reason.NOT_TOLD, f"there is no {_DEFS}")
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


COLLECTOR = Collector(
    files=(_DEFS,),
    script=_SCRIPT,
    tells=(ACCOUNTS, GROUPS, PASSWORD_POLICY),
    read=_read,
    examples=(
        Example(
            system="debian 12, as root",
            text="""\
u:root:-:0:0:root:/root:/bin/bash
u:daemon:-:1:1:daemon:/usr/sbin:/usr/sbin/nologin
u:sync:-:4:65534:sync:/bin:/bin/sync
u:nobody:-:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
u:alice:-:1000:1000:Alice Adams:/home/alice:/bin/bash
g:root:0:
g:adm:4:alice,syslog
s:root:A:19500:99999:
s:daemon:A:19500:99999:
s:alice:S:19700:90:20600
""",
            files={
                _DEFS: "# comment\nPASS_MAX_DAYS\t99999\nPASS_MIN_DAYS\t0\nPASS_WARN_AGE\t7\n"
                "UID_MIN\t\t\t 1000\nUID_MAX\t\t\t60000\nUMASK\t\t022\nENCRYPT_METHOD SHA512\n"
            },
            expected=(
                ACCOUNTS.known(
                    (
                        Account(
                            name="root",
                            uid=0,
                            gid=0,
                            kind=AccountKind.ROOT,
                            full_name="root",
                            home="/root",
                            login_shell="/bin/bash",
                            password=PasswordState.ABSENT,
                            password_changed=date(2023, 5, 23),
                        ),
                        Account(
                            name="daemon",
                            uid=1,
                            gid=1,
                            kind=AccountKind.SYSTEM,
                            full_name="daemon",
                            home="/usr/sbin",
                            login_shell="/usr/sbin/nologin",
                            may_log_in=False,
                            password=PasswordState.ABSENT,
                            password_changed=date(2023, 5, 23),
                        ),
                        Account(
                            name="sync",
                            uid=4,
                            gid=65534,
                            kind=AccountKind.SYSTEM,
                            full_name="sync",
                            home="/bin",
                            login_shell="/bin/sync",
                            may_log_in=False,
                        ),
                        Account(
                            name="nobody",
                            uid=65534,
                            gid=65534,
                            kind=AccountKind.SYSTEM,
                            full_name="nobody",
                            home="/nonexistent",
                            login_shell="/usr/sbin/nologin",
                            may_log_in=False,
                        ),
                        Account(
                            name="alice",
                            uid=1000,
                            gid=1000,
                            kind=AccountKind.PERSON,
                            full_name="Alice Adams",
                            home="/home/alice",
                            login_shell="/bin/bash",
                            password=PasswordState.SET,
                            password_changed=date(2023, 12, 9),
                            password_max_days=90,
                            expires=date(2026, 5, 27),
                        ),
                    )
                ),
                GROUPS.known(
                    (
                        Group(name="root", gid=0),
                        Group(name="adm", gid=4, members=("alice", "syslog")),
                    )
                ),
                PASSWORD_POLICY.known(
                    PasswordPolicy(
                        max_days=99999, min_days=0, warn_days=7, hash_method="SHA512", umask="022"
                    )
                ),
            ),
        ),
        Example(
            system="centos 6 (format as documented), as a user: people begin at 500",
            text="u:bob:-:500:500:Bob:/home/bob:/bin/bash\n",
            files={_DEFS: "UID_MIN                  500\nUID_MAX                60000\n"},
            expected=(
                ACCOUNTS.known(
                    (
                        Account(
                            name="bob",
                            uid=500,
                            gid=500,
                            kind=AccountKind.PERSON,
                            full_name="Bob",
                            home="/home/bob",
                            login_shell="/bin/bash",
                        ),
                    )
                ),
                GROUPS.unknown(Reason.NOT_TOLD, "awk told nothing of /etc/group"),
            ),
        ),
        Example(
            system="freebsd 14 (format as documented), as root",
            text="""\
u:root:A:0:0:Charlie &:/root:/bin/csh
u:carol:A:1001:1001:Carol:/home/carol:/bin/sh
g:wheel:0:root,carol
m:root:S:0
m:carol:L:1767225600
""",
            expected=(
                ACCOUNTS.known(
                    (
                        Account(
                            name="root",
                            uid=0,
                            gid=0,
                            kind=AccountKind.ROOT,
                            full_name="Charlie &",
                            home="/root",
                            login_shell="/bin/csh",
                            password=PasswordState.SET,
                        ),
                        Account(
                            name="carol",
                            uid=1001,
                            gid=1001,
                            kind=AccountKind.PERSON,
                            full_name="Carol",
                            home="/home/carol",
                            login_shell="/bin/sh",
                            password=PasswordState.LOCKED,
                            expires=date(2026, 1, 1),
                        ),
                    )
                ),
                GROUPS.known((Group(name="wheel", gid=0, members=("root", "carol")),)),
                PASSWORD_POLICY.unknown(Reason.NOT_TOLD, "there is no /etc/login.defs"),
            ),
        ),
        Example(
            system="a server without awk",
            text="",
            expected=(ACCOUNTS.unknown(Reason.NOT_TOLD, "awk told nothing of /etc/passwd"),),
        ),
    ),
)

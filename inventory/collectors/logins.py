"""Who is logged in, who was, and when the server was started, as its own logs have it.

``last`` reads ``wtmp``, or the database that newer systems keep instead, and ``lastlog`` the last
login of each account, which outlives ``wtmp``. Who is there now is told by systemd, where it runs.
Times are asked for in UTC. A ``last`` that tells no year (BusyBox, Red Hat 5) tells nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number, parts
from inventory.model.accounts import BOOTS, LAST_LOGINS, LOGINS, LOGINS_SINCE, SESSIONS, Login
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from inventory.model.fact import Observation

_SESSIONS: Final = "/run/systemd/sessions/"
# lastlog tells also those who never logged in, as of 1970, unless told how many days back to look.
_SCRIPT: Final = """
if [ -d /run/systemd/system ] && [ -d /run/systemd/sessions ]; then printf '@@ systemd\\n'; fi
if [ -s /var/log/wtmp ] || [ -s /var/lib/wtmpdb/wtmp.db ]; then
  printf '@@ wtmp\\n'
  if command -v last >/dev/null; then TZ=UTC0 last -n 100 -F -w; fi
fi
if [ -s /var/log/lastlog ] && command -v lastlog >/dev/null; then
  printf '@@ lastlog\\n'
  TZ=UTC0 lastlog -t 20000
fi
:
"""

_TIME: Final = re.compile(
    r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d (?:[+-]0000 )?\d{4}"
)
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_BEGINS: Final = " begins "
_NOT_PEOPLE: Final = ("reboot", "shutdown", "runlevel", "soft-reboot", "s-reboot")
_NAMED: Final = 2
"""A user and a terminal come before the time."""
_NO_LOG: Final = "no log of logins is kept where Linux keeps it, or it is empty"
_BOOT: Final = ("reboot", "soft-reboot", "s-reboot")
_NOT_OF_PEOPLE: Final = ("manager", "manager-early", "background", "background-light", "greeter")
"""Classes of systemd's sessions in which nobody sits."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    lines = said.get("wtmp", "").splitlines()
    logins = tuple(_logins(lines))
    oldest = tuple(_logins(said.get("lastlog", "").splitlines()))
    boots = tuple(at for line in lines if line.startswith(_BOOT) for at in _times(line)[:1])
    since = [at for line in lines if _BEGINS in line for at in _times(line)]
    unread = any(line.strip() and not _TIME.search(line) for line in lines)
    why = _why_nothing(said, bool(logins or boots or (since and not unread)))
    last = {each.user: each for each in sorted((*logins, *oldest), key=lambda each: each.at)}
    return (
        LOGINS.known_or(None if why else logins, Reason.NOT_TOLD, why),
        LOGINS_SINCE.known_or(since[0] if since else None, Reason.NOT_TOLD, why or "not said"),
        LAST_LOGINS.known_or(
            None if why and not oldest else tuple(last[user] for user in sorted(last)),
            Reason.NOT_TOLD,
            why,
        ),
        BOOTS.known_or(boots or None, Reason.NOT_TOLD, why or "no start is among the latest"),
        _sessions(answer.files, said, None if why else logins),
    )


def _why_nothing(said: Mapping[str, str], told: bool) -> str:  # noqa: FBT001  it is what it says
    if told:
        return ""
    if "wtmp" not in said:
        return _NO_LOG
    return "there is no last that tells times in full"


def _times(line: str) -> list[datetime]:
    found = []
    for text in _TIME.findall(line):
        _, month, day, clock, *_, year = text.split()
        number_of_month = _MONTHS.find(month) // 3 + 1
        try:
            iso = f"{year}-{number_of_month:02}-{int(day):02}T{clock}+00:00"
            found.append(datetime.fromisoformat(iso))
        except ValueError:
            continue
    return found


def _logins(lines: Iterable[str]) -> Iterator[Login]:
    for line in lines:
        match = _TIME.search(line)
        times = _times(line)
        words = line[: match.start()].split() if match else []
        if not times or len(words) < _NAMED or words[0] in _NOT_PEOPLE or _BEGINS in line:
            continue
        yield Login(
            user=words[0],
            at=times[0],
            terminal=words[1],
            origin=" ".join(words[2:]) or None,
            ended=times[1] if len(times) > 1 else None,
            still="still logged in" in line,
        )


def _sessions(
    files: Mapping[str, str], said: Mapping[str, str], logins: tuple[Login, ...] | None
) -> Observation:
    if "systemd" not in said:
        if logins is None:
            return SESSIONS.unknown(Reason.NOT_TOLD, "neither systemd nor a log of logins tells")
        return SESSIONS.known(tuple(each for each in logins if each.still))
    found = (
        _session(dict(line.partition("=")[::2] for line in content.splitlines()))
        for path, content in sorted(files.items())
        if path.startswith(_SESSIONS)
    )
    return SESSIONS.known(tuple(each for each in found if each is not None))


def _session(says: Mapping[str, str]) -> Login | None:
    at = number(says.get("REALTIME"))
    user = says.get("USER")
    if not user or at is None or says.get("STATE") == "closing":
        return None
    if says.get("CLASS", "user") in _NOT_OF_PEOPLE:
        return None
    try:
        begun = datetime.fromtimestamp(at // 1_000_000, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return Login(
        user=user,
        at=begun,
        terminal=says.get("TTY") or ("ssh" if says.get("SERVICE") == "sshd" else "none"),
        origin=says.get("REMOTE_HOST") or None,
        still=True,
    )


def _at(month: int, day: int, clock: str, year: int = 2025) -> datetime:
    return datetime.fromisoformat(f"{year}-{month:02}-{day:02}T{clock}+00:00")


COLLECTOR = Collector(
    files=(f"{_SESSIONS}*[0-9]",),
    script=_SCRIPT,
    tidy=True,
    tells=(LOGINS, LOGINS_SINCE, LAST_LOGINS, BOOTS, SESSIONS),
    read=_read,
    examples=(
        Example(
            system="debian 12 (util-linux 2.38, shadow 4.13)",
            text="""\
@@ wtmp
bob      pts/2        10.1.2.4         Thu Nov 20 00:53:20 2025   gone - no logout
alice    pts/1        10.1.2.3         Tue Nov 18 13:33:20 2025 - Wed Nov 19 17:20:00 2025 (1+03:46)
reboot   system boot  6.1.0-18-amd64   Sun Nov 16 06:00:00 2025   still running
alice    pts/0        2001:db8::17     Sat Nov 15 02:13:20 2025 - crash                    (1+03:46)
reboot   system boot  6.1.0-18-amd64   Fri Nov 14 03:13:50 2025   still running
svc.deployment-account pts/0        bastion-1.corp.example.gov.uk Thu Nov 13 03:13:20 2025 - \
Thu Nov 13 03:20:00 2025  (00:06)
root     tty1                          Thu Nov 13 02:14:20 2025 - Thu Nov 13 02:15:20 2025  (00:01)

wtmp begins Thu Nov 13 02:13:20 2025
@@ lastlog
Username         Port     From                                       Latest
root             tty1                                               Wed Nov  5 02:14:20 +0000 2025
old              pts/1    2001:db8::17                              Sat Nov 15 02:13:20 +0000 2014
""",
            expected=(
                LOGINS.known(
                    (
                        Login(
                            user="bob",
                            at=_at(11, 20, "00:53:20"),
                            terminal="pts/2",
                            origin="10.1.2.4",
                        ),
                        Login(
                            user="alice",
                            at=_at(11, 18, "13:33:20"),
                            terminal="pts/1",
                            origin="10.1.2.3",
                            ended=_at(11, 19, "17:20:00"),
                        ),
                        Login(
                            user="alice",
                            at=_at(11, 15, "02:13:20"),
                            terminal="pts/0",
                            origin="2001:db8::17",
                        ),
                        Login(
                            user="svc.deployment-account",
                            at=_at(11, 13, "03:13:20"),
                            terminal="pts/0",
                            origin="bastion-1.corp.example.gov.uk",
                            ended=_at(11, 13, "03:20:00"),
                        ),
                        Login(
                            user="root",
                            at=_at(11, 13, "02:14:20"),
                            terminal="tty1",
                            ended=_at(11, 13, "02:15:20"),
                        ),
                    )
                ),
                LOGINS_SINCE.known(_at(11, 13, "02:13:20")),
                BOOTS.known((_at(11, 16, "06:00:00"), _at(11, 14, "03:13:50"))),
                LAST_LOGINS.known(
                    (
                        Login(
                            user="alice",
                            at=_at(11, 18, "13:33:20"),
                            terminal="pts/1",
                            origin="10.1.2.3",
                            ended=_at(11, 19, "17:20:00"),
                        ),
                        Login(
                            user="bob",
                            at=_at(11, 20, "00:53:20"),
                            terminal="pts/2",
                            origin="10.1.2.4",
                        ),
                        Login(
                            user="old",
                            at=_at(11, 15, "02:13:20", 2014),
                            terminal="pts/1",
                            origin="2001:db8::17",
                        ),
                        Login(
                            user="root",
                            at=_at(11, 13, "02:14:20"),
                            terminal="tty1",
                            ended=_at(11, 13, "02:15:20"),
                        ),
                        Login(
                            user="svc.deployment-account",
                            at=_at(11, 13, "03:13:20"),
                            terminal="pts/0",
                            origin="bastion-1.corp.example.gov.uk",
                            ended=_at(11, 13, "03:20:00"),
                        ),
                    )
                ),
                SESSIONS.known(()),
            ),
        ),
        Example(
            system="debian 13 with wtmpdb (format as in wtmpdb(8) and sd-login's files)",
            text="""\
@@ systemd
@@ wtmp
alice    pts/0        10.1.2.3         Tue Nov 18 13:33:20 2025   still logged in
reboot   system boot  6.12.48+deb13    Sun Nov 16 06:00:00 2025   still running

/var/lib/wtmpdb/wtmp.db begins Sun Nov 16 06:00:00 2025
""",
            files={
                f"{_SESSIONS}3": "# This is private data. Do not parse.\nUID=1000\nUSER=alice\n"
                "ACTIVE=1\nSTATE=active\nREMOTE=1\nTYPE=tty\nCLASS=user\nTTY=pts/0\n"
                "REMOTE_HOST=10.1.2.3\nSERVICE=sshd\nLEADER=812\nREALTIME=1763472800123456\n",
                f"{_SESSIONS}4": "UID=1000\nUSER=alice\nSTATE=active\nCLASS=manager\n"
                "REALTIME=1763472800123456\n",
                f"{_SESSIONS}5": "UID=0\nUSER=root\nSTATE=closing\nREALTIME=1763472800123456\n",
            },
            expected=(
                SESSIONS.known(
                    (
                        Login(
                            user="alice",
                            at=_at(11, 18, "13:33:20"),
                            terminal="pts/0",
                            origin="10.1.2.3",
                            still=True,
                        ),
                    )
                ),
                LOGINS_SINCE.known(_at(11, 16, "06:00:00")),
                BOOTS.known((_at(11, 16, "06:00:00"),)),
            ),
        ),
        Example(
            system="debian 12 in a container, whose logs are empty",
            text="",
            expected=(
                LOGINS.unknown(Reason.NOT_TOLD, _NO_LOG),
                LAST_LOGINS.unknown(Reason.NOT_TOLD, _NO_LOG),
                SESSIONS.unknown(Reason.NOT_TOLD, "neither systemd nor a log of logins tells"),
            ),
        ),
        Example(
            system="alpine 3.19 (format as in busybox's last.c), which tells no year",
            text="@@ wtmp\nroot     tty1          Thu Nov 13 02:14 - 02:15  (00:01)\n"
            "\nwtmp begins Thu Nov 13 02:14:01 2025\n",
            expected=(
                LOGINS.unknown(Reason.NOT_TOLD, "there is no last that tells times in full"),
                BOOTS.unknown(Reason.NOT_TOLD, "there is no last that tells times in full"),
            ),
        ),
    ),
)

"""What the server's clock shows, in which time zone, and whom it follows.

The clock is told as it is: whoever compares it knows when the question was asked.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import parts
from inventory.collectors._time_servers import FILES, servers_in
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.network import (
    CLOCK,
    RTC_LOCAL,
    SYNCHRONISED,
    TIME_SERVERS,
    TIME_ZONE,
    UTC_OFFSET,
    TimeServer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

# The folder in /proc of a process that has just begun is as old as the moment: so one process tells
# the time, its offset and where the zone's file leads. Each client is asked only where it is at
# work. ntp.conf may hold a password: of its lines only those that name servers are taken.
_SCRIPT = """
echo '@@ clock'
set -- /proc/self/.
if [ -L /etc/localtime ] || [ -e /etc/localtime ]; then set -- "$@" /etc/localtime; fi
if ! stat -c '%Y %y %N' "$@"; then
  echo '@@ date'
  date '+%s %z %Z %Y-%m-%dT%H:%M:%S'
  if [ -L /etc/localtime ]; then echo '@@ zone'; readlink /etc/localtime; fi
fi
for time_file in /etc/ntp.conf /etc/ntpsec/ntp.conf /etc/inet/ntp.conf; do
  if [ -r "$time_file" ]; then
    echo '@@ ntpd'
    sed -n -e '/^ *server /p' -e '/^ *pool /p' -e '/^ *peer /p' "$time_file"
  fi
done
if [ -d /run/chrony ] || [ -d /var/run/chrony ]; then
  echo '@@ chrony'
  if command -v chronyc >/dev/null; then chronyc -n tracking; fi
elif [ -e /run/systemd/timesync/synchronized ]; then
  echo '@@ timesyncd'
  echo synchronised
elif [ -d /run/systemd/timesync ]; then
  echo '@@ timesyncd'
elif [ -e /var/run/ntpd.pid ] || [ -e /var/run/ntp.pid ] || [ -e /var/run/ntpd/ntpd.pid ]; then
  echo '@@ ntpq'
  if command -v ntpq >/dev/null; then ntpq -np; fi
fi
:
"""

_ADJTIME: Final = "/etc/adjtime"
_ZONES: Final = ("/etc/timezone", "/var/db/zoneinfo")
"""Of Debian and Gentoo, and of FreeBSD."""
_ASSIGNED: Final = ("/etc/sysconfig/clock", "/etc/TIMEZONE", "/etc/default/init")
"""Of RHEL up to 6 and SUSE, and of Solaris."""
_RULES: Final = "/etc/localtime"
"""A binary file whose last line holds the rules of the zone (RFC 9636)."""
_DATE: Final = re.compile(
    r"(?P<seconds>\d{1,11}|%s) (?P<offset>[+-]\d{4}|%z) (?P<name>\S+)"
    r" (?P<local>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"
)
_ASSIGNMENT: Final = re.compile(r"^(?:ZONE|TIMEZONE|TZ)=[\"']?([A-Za-z0-9_+/-]+)", re.MULTILINE)
_POSIX: Final = re.compile(r"(?:<[A-Z0-9+-]+>|[A-Z]{3,6})[-+]?\d[A-Za-z0-9<>,./:+-]*\Z")
_LEAP: Final = re.compile(r"^Leap status\s*: (.*)$", re.MULTILINE)
_SHOWN: Final = 5
"""Words of a line that stat writes."""
_FOLLOWED: Final = ("*", "o")
"""What ntpq writes before the server that the clock follows."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    clock, offset = _clock(said["date"].strip()) if "date" in said else _shown(said)
    return (
        CLOCK.known_or(clock, Reason.NOT_TOLD, "date gave no time"),
        UTC_OFFSET.known_or(offset, Reason.NOT_TOLD, "date gave no offset"),
        TIME_ZONE.known_or(_zone(said, answer.files), Reason.NOT_TOLD, "no file names the zone"),
        _rtc(answer.files),
        _servers(said, answer.files),
        SYNCHRONISED.known_or(
            _synchronised(said), Reason.NOT_TOLD, "no time client is at work that can be asked"
        ),
    )


def _clock(text: str) -> tuple[datetime | None, int | None]:
    match = _DATE.match(text)
    if not match:
        return None, None
    offset = _seconds(match["offset"], match["name"])
    try:
        if match["seconds"].isdecimal():
            return datetime.fromtimestamp(int(match["seconds"]), UTC), offset
        if offset is None:
            return None, None
        local = datetime.strptime(match["local"], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
        return local - timedelta(seconds=offset), offset
    except (ValueError, OverflowError, OSError):
        return None, None


def _shown(said: Mapping[str, str]) -> tuple[datetime | None, int | None]:
    """Read ``seconds date time offset name`` of a process that has just begun."""
    words = said.get("clock", "").partition("\n")[0].split(" ")
    if len(words) != _SHOWN or "/proc/self/." not in words[4]:
        return None, None
    date, time = words[1], words[2].partition(".")[0]
    return _clock(f"{words[0]} {words[3]} - {date}T{time}")


def _seconds(offset: str, name: str) -> int | None:
    """Return the seconds of ``+0100``; an old ``date`` only names the zone."""
    if offset == "%z":
        return 0 if name in {"UTC", "GMT"} else None
    size = int(offset[1:3]) * 3600 + int(offset[3:5]) * 60
    return -size if offset[0] == "-" else size


def _zone(said: Mapping[str, str], files: Mapping[str, str]) -> str | None:
    led = said.get("zone") or said.get("clock", "").partition(" -> ")[2]
    linked = led.strip(" \n'\"`").partition("zoneinfo/")[2]
    if linked:
        return linked
    for path in _ZONES:
        lines = files.get(path, "").split()
        if lines:
            return lines[0]
    for path in _ASSIGNED:
        match = _ASSIGNMENT.search(files.get(path, ""))
        if match:
            return match[1]
    rules = files.get(_RULES, "").rstrip().rpartition("\n")[2]
    return rules if _POSIX.match(rules) else None


def _rtc(files: Mapping[str, str]) -> Observation:
    lines = files.get(_ADJTIME, "").split("\n")
    kept = lines[2].strip() if len(lines) > 2 else ""  # noqa: PLR2004 - the third, adjtime_config(5)
    if kept not in {"UTC", "LOCAL"}:
        return RTC_LOCAL.unknown(Reason.NOT_TOLD, f"{_ADJTIME} does not say; Linux then takes UTC")
    return RTC_LOCAL.known(kept == "LOCAL")


def _servers(said: Mapping[str, str], files: Mapping[str, str]) -> Observation:
    found = servers_in(files, said.get("ntpd", ""))
    if not found and "timesyncd" in said:
        detail = "timesyncd asks those that it was built with"
        return TIME_SERVERS.unknown(Reason.NOT_TOLD, detail)
    return TIME_SERVERS.known(found)


def _synchronised(said: Mapping[str, str]) -> bool | None:
    leap = _LEAP.search(said.get("chrony", ""))
    if leap:
        return not leap[1].startswith("Not synchroni")
    if "timesyncd" in said:
        return bool(said["timesyncd"].strip())
    peers = said.get("ntpq", "").splitlines()[2:]
    return any(line.startswith(_FOLLOWED) for line in peers) if peers else None


COLLECTOR = Collector(
    files=(*FILES, _ADJTIME, *_ZONES, *_ASSIGNED, _RULES),
    script=_SCRIPT,
    tidy=True,
    tells=(CLOCK, UTC_OFFSET, TIME_ZONE, RTC_LOCAL, TIME_SERVERS, SYNCHRONISED),
    read=_read,
    examples=(
        Example(
            system="debian 12 without a time client",
            text="""\
@@ clock
1795409421 2026-11-23 04:50:21.164865256 +0000 '/proc/self/.'
1778311730 2026-05-09 07:28:50.000000000 +0000 '/etc/localtime' -> '/usr/share/zoneinfo/Etc/UTC'
""",
            expected=(
                CLOCK.known(datetime(2026, 11, 23, 4, 50, 21, tzinfo=UTC)),
                UTC_OFFSET.known(0),
                TIME_ZONE.known("Etc/UTC"),
                RTC_LOCAL.unknown(
                    Reason.NOT_TOLD, "/etc/adjtime does not say; Linux then takes UTC"
                ),
                TIME_SERVERS.known(()),
                SYNCHRONISED.unknown(
                    Reason.NOT_TOLD, "no time client is at work that can be asked"
                ),
            ),
        ),
        Example(
            system="rhel 9 with chrony (format as documented)",
            text="""\
@@ date
1785790511 +0100 BST 2026-08-03T21:55:11
@@ zone
../usr/share/zoneinfo/Europe/London
@@ chrony
Reference ID    : 83E17991 (131.225.121.145)
Stratum         : 3
Ref time (UTC)  : Mon Aug 03 20:55:01 2026
System time     : 0.000004709 seconds fast of NTP time
Leap status     : Normal
""",
            files={
                "/etc/chrony.conf": """\
# Use public servers from the pool.ntp.org project.
pool 2.rhel.pool.ntp.org iburst
server ntp1.example.org iburst key 1
keyfile /etc/chrony.keys
""",
                "/run/chrony-dhcp/eth0.sources": "server 10.0.0.2 iburst\n",
                "/etc/adjtime": "0.0 0 0.0\n0\nLOCAL\n",
            },
            expected=(
                CLOCK.known(datetime(2026, 8, 3, 20, 55, 11, tzinfo=UTC)),
                UTC_OFFSET.known(3600),
                TIME_ZONE.known("Europe/London"),
                RTC_LOCAL.known(value=True),
                TIME_SERVERS.known(
                    (
                        TimeServer(address="10.0.0.2", kind="server", client="chrony"),
                        TimeServer(address="2.rhel.pool.ntp.org", kind="pool", client="chrony"),
                        TimeServer(address="ntp1.example.org", kind="server", client="chrony"),
                    )
                ),
                SYNCHRONISED.known(value=True),
            ),
        ),
        Example(
            system="centos 6 with ntpd that follows nobody (format as in ntpq(8))",
            text="""\
@@ date
1785790511 +0100 BST 2026-08-03T21:55:11
@@ ntpd
server 0.centos.pool.ntp.org iburst
server 127.127.1.0
@@ ntpq
     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
 10.0.0.2        .INIT.          16 u    - 1024    0    0.000    0.000   0.000
""",
            files={"/etc/sysconfig/clock": 'ZONE="Europe/London"\n'},
            expected=(
                TIME_ZONE.known("Europe/London"),
                TIME_SERVERS.known(
                    (TimeServer(address="0.centos.pool.ntp.org", kind="server", client="ntpd"),)
                ),
                SYNCHRONISED.known(value=False),
            ),
        ),
        Example(
            system="ubuntu 22.04 with timesyncd as installed (format as documented)",
            text="@@ date\n1785790511 +0000 UTC 2026-08-03T20:55:11\n@@ timesyncd\nsynchronised\n",
            files={
                "/etc/timezone": "Etc/UTC\n",
                "/etc/systemd/timesyncd.conf": "[Time]\n#NTP=\n#FallbackNTP=ntp.ubuntu.com\n",
            },
            expected=(
                TIME_ZONE.known("Etc/UTC"),
                TIME_SERVERS.unknown(
                    Reason.NOT_TOLD, "timesyncd asks those that it was built with"
                ),
                SYNCHRONISED.known(value=True),
            ),
        ),
        Example(
            system="ubuntu 22.04 with timesyncd and a server of its own (format as documented)",
            text="@@ date\n1785790511 +0000 UTC 2026-08-03T20:55:11\n@@ timesyncd\n",
            files={"/etc/systemd/timesyncd.conf": "[Time]\nNTP=10.0.0.2 10.0.0.3\n"},
            expected=(
                TIME_SERVERS.known(
                    (
                        TimeServer(address="10.0.0.2", kind="server", client="timesyncd"),
                        TimeServer(address="10.0.0.3", kind="server", client="timesyncd"),
                    )
                ),
                SYNCHRONISED.known(value=False),
            ),
        ),
        Example(
            system="solaris 10, whose date knows neither seconds nor offset "
            "(format from memory, never seen)",
            text="@@ date\n%s %z GMT 2026-08-03T20:55:11\n",
            files={"/etc/default/init": "TZ=GB\nCMASK=022\n"},
            expected=(
                CLOCK.known(datetime(2026, 8, 3, 20, 55, 11, tzinfo=UTC)),
                TIME_ZONE.known("GB"),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox), whose zone is a copied file",
            text="@@ clock\n1785790511 2026-08-03 21:55:11.004865257 +0100 /proc/self/.\n"
            "1778311730 2026-05-09 08:28:50.000000000 +0100 /etc/localtime\n",
            files={"/etc/localtime": "TZif2\0\0\0\nTZif2\0\nGMT0BST,M3.5.0/1,M10.5.0\n"},
            expected=(
                CLOCK.known(datetime(2026, 8, 3, 20, 55, 11, tzinfo=UTC)),
                UTC_OFFSET.known(3600),
                TIME_ZONE.known("GMT0BST,M3.5.0/1,M10.5.0"),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox without stat), whose zone is a copied file",
            text="@@ clock\n@@ date\n1785790511 +0100 BST 2026-08-03T21:55:11\n",
            files={"/etc/localtime": "TZif2\0\0\0\nTZif2\0\nGMT0BST,M3.5.0/1,M10.5.0\n"},
            expected=(TIME_ZONE.known("GMT0BST,M3.5.0/1,M10.5.0"),),
        ),
    ),
)

"""Whom time clients are told to ask, as chrony, ntpd, OpenNTPD and timesyncd are configured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.network import TimeServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILES: Final = (
    "/etc/chrony.conf",
    "/etc/chrony/chrony.conf",
    "/etc/chrony.d/*.conf",
    "/etc/chrony/conf.d/*.conf",
    "/etc/chrony/sources.d/*.sources",
    "/run/chrony-dhcp/*.sources",
    "/etc/systemd/timesyncd.conf",
    "/etc/systemd/timesyncd.conf.d/*.conf",
    "/etc/openntpd/ntpd.conf",
    "/etc/ntpd.conf",
)
"""None of them can hold a secret: chrony's keys are in a file of their own."""
_LINE: Final = re.compile(r"\s*(server|servers|pool|peer)\s+([A-Za-z0-9_.:-]+)")
_TIMESYNCD: Final = re.compile(r"\s*NTP\s*=(.*)")
_CLOCKS: Final = "127.127."
"""ntpd's addresses of clocks that are attached to the server itself (ntp.conf(5))."""


def servers_in(files: Mapping[str, str], ntpd: str) -> tuple[TimeServer, ...]:
    """Return the servers that the files name, and the lines of ntpd's configuration."""
    found = {each for path, text in files.items() for each in _servers(path, text)}
    found.update(_listed(ntpd, "ntpd"))
    return tuple(sorted(found))


def _servers(path: str, text: str) -> Iterator[TimeServer]:
    if "timesyncd.conf" in path:
        yield from _timesyncd(text)
    elif "chrony" in path:
        yield from _listed(text, "chrony")
    elif path.endswith("/ntpd.conf"):
        yield from _listed(text, "openntpd")


def _listed(text: str, client: str) -> Iterator[TimeServer]:
    for match in filter(None, map(_LINE.match, text.splitlines())):
        if not match[2].startswith(_CLOCKS):
            # OpenNTPD's "servers" asks every address of a name, as the others' "pool" does.
            kind = "pool" if match[1] == "servers" else match[1]
            yield TimeServer(address=match[2], kind=kind, client=client)


def _timesyncd(text: str) -> Iterator[TimeServer]:
    for match in filter(None, map(_TIMESYNCD.match, text.splitlines())):
        for address in match[1].split():
            yield TimeServer(address=address, kind="server", client="timesyncd")

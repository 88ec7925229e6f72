"""The answers that are kept under ``tests/fixtures/answers``: of which servers, and asked how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from inventory.discovery.read import read_observations
from inventory.model.collector import Collector
from inventory.model.fact import Facts, Observation, Reason, Unknown
from inventory.registry import Registry

ANSWERS: Final = Path(__file__).parents[2] / "fixtures" / "answers"
_COLLECTORS: Final = Registry(
    package="inventory.collectors", attribute="COLLECTOR", kind=Collector
).all()
_WHEN: Final = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One answer, whole."""

    name: str
    """Name of its file: system, role, and how it was asked where that is not as root."""
    server: str
    """Server of the estate, or root of a server that is alone."""
    user: str = "root"
    first: str = ":"
    """Shell that is run on the server, as root, before it is asked. What it does stays."""

    @property
    def data(self) -> bytes:
        """What was answered."""
        return _data(self.name)

    @property
    def facts(self) -> Facts:
        """What the whole answer states."""
        return _facts(self.name)


RECORDINGS: Final = (
    Recording(name="debian-12-web", server="web-1"),
    Recording(name="debian-12-web-as-user", server="web-1", user="visitor"),
    Recording(
        name="debian-12-web-hidden-processes",
        server="web-1",
        user="visitor",
        first="mount -o remount,hidepid=2 /proc",
    ),
    Recording(name="debian-13-application", server="app-1"),
    Recording(name="debian-11-sysvinit", server="app-2"),
    Recording(name="debian-11-postgresql", server="db-1"),
    Recording(name="debian-11-postgresql-as-user", server="db-1", user="visitor"),
    Recording(name="debian-12-mariadb-sysvinit", server="db-2"),
    Recording(name="debian-13-redis-openrc", server="cache-1"),
    Recording(name="debian-12-rpm", server="cache-2"),
    Recording(name="debian-12-samba-sysvinit", server="files-1"),
    Recording(name="debian-13-postfix", server="mail-1"),
    Recording(name="debian-12-prometheus", server="monitor-1"),
    Recording(name="busybox-1.35", server="kiosk-1"),
    Recording(name="busybox-1.35-as-user", server="kiosk-1", user="visitor"),
    Recording(name="debian-14-testing", server="debian-testing"),
    Recording(name="debian-sid", server="debian-sid"),
    Recording(
        name="debian-sid-without-tools",
        server="debian-sid",
        first="for each in ss ip systemctl ps lsblk df; do rm -f /*bin/$each /usr/*bin/$each; done",
    ),
)
"""Those of one server stand in the order in which they are made."""
AS_ROOT: Final = tuple(each for each in RECORDINGS if each.user == "root")
AS_USER: Final = tuple(each for each in RECORDINGS if each.user != "root")


def told(data: bytes) -> tuple[Observation, ...]:
    """Return what every collector, optional ones too, reads in a raw answer."""
    cut = Unknown(reason=Reason.UNREACHABLE, detail="the recording ends before this")
    return read_observations(
        data, _COLLECTORS, source="recorded", at=_WHEN, run="recorded", unfinished=cut
    )


@cache
def _facts(name: str) -> Facts:
    return Facts.from_observations(told(_data(name)))


@cache
def _data(name: str) -> bytes:
    return (ANSWERS / f"{name}.raw").read_bytes()

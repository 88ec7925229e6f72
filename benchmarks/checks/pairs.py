"""Made pairs of servers, old and new, with differences that matter and many that do not."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from inventory.model.accounts import ACCOUNTS, GROUPS, Account, AccountKind, Group
from inventory.model.certificates import CERTIFICATES
from inventory.model.fact import FactKey
from inventory.model.facts import (
    FILESYSTEMS,
    FQDN,
    HOSTNAME,
    LISTENERS,
    PACKAGES,
    SERVICES,
)
from inventory.model.network import (
    CLOCK,
    DNS_SEARCH,
    HOSTS,
    SYNCHRONISED,
    TIME_ZONE,
    HostsEntry,
)
from inventory.model.parts import (
    Filesystem,
    Listener,
    Package,
    Protocol,
    Service,
    ServiceState,
)
from inventory.model.software import (
    AT_JOBS,
    KERNEL_PARAMETERS,
    SCHEDULED_JOBS,
    SERVICE_MANAGER,
    USER_JOBS,
    JobKind,
    KernelParameter,
    ScheduledJob,
)
from inventory.model.storage import EXPORTS, NETWORK_MOUNTS, SHARES, Export

NOW: Final = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_GIB: Final = 1 << 30
_PACKAGES: Final = 600
_SERVICES: Final = 120
_ACCOUNTS: Final = 60
_JOBS: Final = 40
KEYS: Final[tuple[FactKey[Any], ...]] = (
    HOSTNAME, FQDN, DNS_SEARCH, HOSTS, LISTENERS, SERVICES, SERVICE_MANAGER, PACKAGES, FILESYSTEMS,
    NETWORK_MOUNTS, EXPORTS, SHARES, SCHEDULED_JOBS, USER_JOBS, AT_JOBS, ACCOUNTS, GROUPS,
    CERTIFICATES, KERNEL_PARAMETERS, CLOCK, TIME_ZONE, SYNCHRONISED,
)  # fmt: skip
"""What parity reads, in the order in which it is written."""
PUT_IN: Final = 8
"""Differences of each pair that somebody has to answer for."""
Values = dict[FactKey[Any], Any]


def server(number: int) -> Values:
    """Return a made server's values, the same for the same number; lists in the order told."""
    draw = random.Random(number)
    name = f"app-{number}"
    return {
        HOSTNAME: name,
        FQDN: f"{name}.example.org",
        DNS_SEARCH: ("example.org",),
        HOSTS: tuple(
            HostsEntry(address=f"10.0.{each}.9", names=(f"db-{each}",)) for each in range(12)
        ),
        LISTENERS: tuple(
            Listener(protocol=Protocol.TCP, address="192.0.2.4", port=8000 + each, process="shop")
            for each in range(12)
        ),
        SERVICES: tuple(_service(each) for each in range(_SERVICES)),
        SERVICE_MANAGER: "systemd",
        PACKAGES: tuple(
            Package(name=f"lib{each}", version=_version(draw), architecture="amd64", manager="dpkg")
            for each in range(_PACKAGES)
        ),
        FILESYSTEMS: tuple(_filesystem(each, draw) for each in range(8)),
        NETWORK_MOUNTS: (),
        EXPORTS: tuple(
            Export(path=f"/srv/{each}", client="10.0.0.0/8", options=("rw",)) for each in range(4)
        ),
        SHARES: (),
        SCHEDULED_JOBS: tuple(_job(each) for each in range(_JOBS)),
        USER_JOBS: (),
        AT_JOBS: 0,
        ACCOUNTS: tuple(_account(each) for each in range(_ACCOUNTS)),
        GROUPS: tuple(Group(name=f"team{each}", gid=3000 + each) for each in range(_ACCOUNTS)),
        CERTIFICATES: (),
        KERNEL_PARAMETERS: (
            KernelParameter(name="vm.swappiness", value="10"),
            KernelParameter(name="net.core.somaxconn", value="4096"),
        ),
        CLOCK: NOW,
        TIME_ZONE: "Europe/London",
        SYNCHRONISED: True,
    }


def replacement(number: int) -> Values:
    """Return the server that takes its place, with eight differences that matter.

    Besides it has what always differs and never matters: process numbers, what is used of a
    filesystem, newer packages, and the order in which things are told.
    """
    new, draw = server(number), random.Random(-number)
    new[PACKAGES] = (
        *(replace(each, version=f"{each.version}.1") for each in new[PACKAGES][:60]),
        *new[PACKAGES][61:],  # one is missing
    )
    new[LISTENERS] = tuple(
        replace(each, pid=draw.randrange(1 << 15)) for each in new[LISTENERS][1:]
    )
    new[SERVICES] = _but(new[SERVICES], 3, state=ServiceState.FAILED)
    new[FILESYSTEMS] = tuple(replace(each, used_bytes=_GIB) for each in new[FILESYSTEMS])
    new[FILESYSTEMS] = _but(new[FILESYSTEMS], 2, size_bytes=_GIB)
    new[SCHEDULED_JOBS] = new[SCHEDULED_JOBS][1:]
    new[ACCOUNTS] = _but(new[ACCOUNTS], 5, uid=9999)
    new[KERNEL_PARAMETERS] = _but(new[KERNEL_PARAMETERS], 0, value="60")
    new[HOSTS] = new[HOSTS][1:]
    for key in (PACKAGES, SERVICES, ACCOUNTS, GROUPS, SCHEDULED_JOBS, FILESYSTEMS):
        new[key] = tuple(draw.sample(new[key], len(new[key])))
    return new


def _service(number: int) -> Service:
    state = ServiceState.STOPPED if number % 2 else ServiceState.RUNNING
    return Service(name=f"shop-{number}", state=state, enabled=not number % 2 or number % 3 == 0)


def _version(draw: random.Random) -> str:
    return (
        f"{draw.randrange(9)}.{draw.randrange(30)}.{draw.randrange(30)}-{draw.randrange(9)}+deb12u1"
    )


def _filesystem(number: int, draw: random.Random) -> Filesystem:
    return Filesystem(
        mount_point=f"/srv/{number}",
        device=f"/dev/sd{chr(97 + number)}1",
        type="ext4",
        size_bytes=100 * _GIB,
        used_bytes=draw.randrange(90) * _GIB,
        free_bytes=_GIB,
        options=("rw", "relatime", "nosuid"),
    )


def _job(number: int) -> ScheduledJob:
    return ScheduledJob(
        kind=JobKind.CRON,
        source=f"/etc/cron.d/shop-{number}",
        schedule=f"{number} 3 * * *",
        command=f"/srv/shop/send {number}",
        user="shop",
    )


def _account(number: int) -> Account:
    return Account(
        name=f"user{number}",
        uid=3000 + number,
        gid=3000 + number,
        kind=AccountKind.PERSON,
        home=f"/home/user{number}",
        login_shell="/bin/bash",
    )


def _but(parts: tuple[Any, ...], place: int, **changes: Any) -> tuple[Any, ...]:
    return (*parts[:place], replace(parts[place], **changes), *parts[place + 1 :])

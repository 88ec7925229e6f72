"""A server with something of everything that parity compares, and each way to differ from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sights import NOW, listeners

from inventory.model.accounts import ACCOUNTS, GROUPS, Account, AccountKind, Group
from inventory.model.certificates import CERTIFICATES, Certificate, CertificateFile
from inventory.model.fact import FactKey, Facts, Origin
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
from inventory.model.parts import Filesystem, Package, Service, ServiceState
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
from inventory.model.storage import (
    EXPORTS,
    NETWORK_MOUNTS,
    SHARES,
    Export,
    Mounted,
    NetworkMount,
    Share,
)

GIB = 1024**3
ENDS = datetime(2027, 6, 1, tzinfo=UTC)
_ORIGIN = Origin(source="ssh://root@web-1", question="time", at=NOW, run="r1")


def package(name: str, version: str, manager: str = "dpkg") -> Package:
    """Return an installed package."""
    return Package(name=name, version=version, manager=manager)


def service(name: str, state: ServiceState, *, enabled: bool | None = True) -> Service:
    """Return a service."""
    return Service(name=name, state=state, enabled=enabled)


def filesystem(place: str, size: int = 100 * GIB, *options: str) -> Filesystem:
    """Return a mounted filesystem of its own."""
    return Filesystem(
        mount_point=place,
        device="/dev/sdb1",
        type="ext4",
        size_bytes=size,
        used_bytes=GIB,
        free_bytes=GIB,
        options=("rw", "relatime", *options),
    )


def account(name: str, uid: int, *, login: str = "/bin/bash", kind: str = "person") -> Account:
    """Return a local account that may log in when its shell lets it."""
    return Account(
        name=name,
        uid=uid,
        gid=uid,
        kind=AccountKind(kind),
        home=f"/home/{name}",
        login_shell=login,
        may_log_in="nologin" not in login,
    )


def certificate(*names: str, ends: datetime = ENDS) -> CertificateFile:
    """Return a certificate that nginx uses."""
    return CertificateFile(
        path=f"/etc/ssl/{names[0]}.pem",
        used_by=("/etc/nginx/nginx.conf",),
        certificate=Certificate(
            subject=f"CN={names[0]}",
            issuer="CN=Council CA",
            names=names,
            serial="1a",
            not_before=ENDS - timedelta(days=365),
            not_after=ends,
            self_signed=False,
            authority=False,
            sha256="00" * 32,
        ),
    )


CRON = ScheduledJob(
    kind=JobKind.CRON,
    source="/etc/cron.d/shop",
    schedule="*/5 * * * *",
    command="/srv/shop/send orders",
    user="shop",
)
TIMER = ScheduledJob(
    kind=JobKind.TIMER, source="export.timer", schedule="OnCalendar=daily", command="export.service"
)
MOUNT = NetworkMount(
    mount_point="/home",
    source="nas:/exports/home",
    type="nfs4",
    server="nas",
    share="/exports/home",
    mounted=Mounted.NOW,
    responding=True,
    options=("rw", "nosuid"),
)
TEAM = Share(name="Team", protocol="smb", path="/srv/team", read_only=False, users="@staff")
RUNNING, STOPPED = ServiceState.RUNNING, ServiceState.STOPPED


def server() -> Facts:
    """Return the facts of a server with something of everything."""
    return Facts.from_observations(
        (
            HOSTNAME.known("web-1"),
            FQDN.known("web-1.example.org"),
            DNS_SEARCH.known(("example.org",)),
            HOSTS.known(
                (
                    HostsEntry(address="127.0.0.1", names=("localhost",)),
                    HostsEntry(address="10.0.0.9", names=("db-1", "db")),
                )
            ),
            LISTENERS.known(listeners("22/tcp", "443/tcp", "53/udp")),
            SERVICES.known(
                (
                    service("nginx", RUNNING),
                    service("shop", RUNNING),
                    service("backup", STOPPED),
                    service("systemd-logind", RUNNING, enabled=None),
                )
            ),
            SERVICE_MANAGER.known("systemd"),
            PACKAGES.known(
                (
                    package("nginx", "1.22.1-9"),
                    package("openssl", "3.0.11-1~deb12u2"),
                    package("linux-image-6.1.0-18-amd64", "6.1.76-1"),
                )
            ),
            FILESYSTEMS.known((filesystem("/"), filesystem("/srv", 100 * GIB, "nosuid"))),
            NETWORK_MOUNTS.known((MOUNT,)),
            EXPORTS.known((Export(path="/srv", client="10.0.0.0/8", options=("rw",)),)),
            SHARES.known((TEAM,)),
            SCHEDULED_JOBS.known((CRON, TIMER)),
            USER_JOBS.known(()),
            AT_JOBS.known(1),
            ACCOUNTS.known(
                (
                    account("root", 0, kind="root"),
                    account("ann", 1000),
                    account("shop", 998, login="/usr/sbin/nologin", kind="system"),
                    account("games", 5, login="/usr/sbin/nologin", kind="system"),
                )
            ),
            GROUPS.known(
                (
                    Group(name="sudo", gid=27, members=("ann",)),
                    Group(name="shop", gid=998),
                    Group(name="games", gid=60),
                )
            ),
            CERTIFICATES.known((certificate("shop.example.org", "www.example.org"),)),
            KERNEL_PARAMETERS.known(
                (
                    KernelParameter(name="vm.swappiness", value="10"),
                    KernelParameter(name="kernel.sem", value="250 32000 100 128"),
                )
            ),
            replace(CLOCK.known(NOW), origin=_ORIGIN),
            TIME_ZONE.known("Europe/London"),
            SYNCHRONISED.known(value=True),
        )
    )


Change = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Injection:
    """One difference: how a fact of the new server is otherwise, and the key that must name it."""

    check: str
    of: FactKey[Any]
    change: Change
    key: str

    def into(self, facts: Facts) -> Facts:
        """Return the facts with it."""
        old = facts[self.of.name]
        told = replace(self.of.known(self.change(facts.value(self.of))), origin=old.origin)
        return Facts({**facts, self.of.name: told})


def without(name: str) -> Change:
    """Drop the part of that name."""
    return lambda parts: tuple(each for each in parts if getattr(each, "name", "") != name)


def mounted_without(place: str) -> Change:
    """Drop what is mounted there."""
    return lambda parts: tuple(each for each in parts if each.mount_point != place)


def but(place: int, **changes: Any) -> Change:
    """Change fields of one part."""

    def change(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*parts[:place], replace(parts[place], **changes), *parts[place + 1 :])

    return change


def and_also(*more: Any) -> Change:
    """Add parts."""
    return lambda parts: (*parts, *more)


def instead(value: Any) -> Change:
    """Say something else."""
    return lambda _: value


_NAMES = "shop.example.org,www.example.org"
_LATER, _EARLIER = datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
_SELF = replace(certificate("shop.example.org", "www.example.org").certificate, self_signed=True)  # type: ignore[type-var]

INJECTIONS = tuple(
    Injection(check=f"{check}-parity", of=of, change=change, key=key)
    for check, of, change, key in (
        ("listeners", LISTENERS, instead(listeners("22/tcp", "53/udp")), "missing:443/tcp"),
        ("listeners", LISTENERS, and_also(*listeners("9100/tcp")), "new:9100/tcp"),
        ("services", SERVICES, without("shop"), "missing:shop"),
        ("services", SERVICES, without("backup"), "missing:backup"),
        ("services", SERVICES, but(1, state=STOPPED), "stopped:shop"),
        ("services", SERVICES, but(1, state=ServiceState.UNKNOWN), "stopped:shop"),
        ("services", SERVICES, but(1, state=ServiceState.FAILED), "failed:shop"),
        ("services", SERVICES, but(2, enabled=False), "disabled:backup"),
        ("services", SERVICES, but(2, enabled=None), "disabled:backup"),
        ("packages", PACKAGES, without("nginx"), "missing:nginx"),
        ("packages", PACKAGES, but(0, version="1.22.0-1"), "older:nginx:1.22.1-9:1.22.0-1"),
        ("packages", PACKAGES, but(0, version="1.22-1", manager="apk"),
         "older:nginx:1.22.1-9:1.22-1"),
        ("packages", PACKAGES, but(0, version="r22", manager="apk"), "version:nginx:1.22.1-9:r22"),
        ("packages", PACKAGES, and_also(package("nginx", "1.20.0-1", "snap")),
         "version:nginx:1.22.1-9:1.20.0-1+1.22.1-9"),
        ("mounts", FILESYSTEMS, mounted_without("/srv"), "missing:/srv"),
        ("mounts", FILESYSTEMS, but(1, type="xfs"), "type:/srv:ext4:xfs"),
        ("mounts", FILESYSTEMS, but(1, size_bytes=99 * GIB), "smaller:/srv:102400:101376"),
        ("mounts", FILESYSTEMS, but(1, options=("rw",)), "option-lost:/srv:nosuid"),
        ("mounts", FILESYSTEMS, but(1, options=("ro", "nosuid")), "option-new:/srv:ro"),
        ("mounts", NETWORK_MOUNTS, instead(()), "missing:/home"),
        ("mounts", NETWORK_MOUNTS, but(0, source="fsx:/home"),
         "source:/home:nas:/exports/home:fsx:/home"),
        ("mounts", NETWORK_MOUNTS, but(0, mounted=Mounted.LISTED), "not-mounted:/home"),
        ("mounts", NETWORK_MOUNTS, but(0, responding=False), "silent:/home"),
        ("mounts", NETWORK_MOUNTS, but(0, type="cifs"), "type:/home:nfs4:cifs"),
        ("mounts", NETWORK_MOUNTS, but(0, options=("rw",)), "option-lost:/home:nosuid"),
        ("shares", EXPORTS, instead(()), "missing:nfs:/srv:10.0.0.0/8"),
        ("shares", EXPORTS, but(0, options=()), "option:nfs:/srv:10.0.0.0/8:rw:ro"),
        ("shares", EXPORTS, but(0, options=("rw", "no_root_squash")),
         "option:nfs:/srv:10.0.0.0/8:root_squash:no_root_squash"),
        ("shares", EXPORTS, and_also(Export(path="/srv", client="*")), "new:nfs:/srv:%2A"),
        ("shares", SHARES, instead(()), "missing:smb:team"),
        ("shares", SHARES, but(0, read_only=None), "access:smb:team:read-write:read-only"),
        ("shares", SHARES, but(0, guests=True), "guests:smb:team:refused:allowed"),
        ("shares", SHARES, but(0, users=None), "users:smb:team:@staff:anybody"),
        ("shares", SHARES, and_also(replace(TEAM, name="all")), "new:smb:all"),
        ("jobs", SCHEDULED_JOBS, instead((TIMER,)), "missing:/etc/cron.d/shop:*"),
        ("jobs", SCHEDULED_JOBS, instead((CRON,)), "missing:export.timer:*"),
        ("jobs", SCHEDULED_JOBS, but(0, schedule="@daily"), "schedule:/etc/cron.d/shop:*"),
        ("jobs", SCHEDULED_JOBS, but(0, user="root"), "missing:/etc/cron.d/shop:*"),
        ("jobs", AT_JOBS, instead(0), "at:1:0"),
        ("accounts", ACCOUNTS, without("ann"), "missing:user:ann"),
        ("accounts", ACCOUNTS, but(1, uid=1001), "uid:ann:1000:1001"),
        ("accounts", ACCOUNTS, but(1, gid=1001), "gid:ann:1000:1001"),
        ("accounts", ACCOUNTS, but(1, login_shell=None), "shell:ann:/bin/bash:/bin/sh"),
        ("accounts", ACCOUNTS, but(1, home="/srv/ann"), "home:ann:/home/ann:/srv/ann"),
        ("accounts", ACCOUNTS, but(1, may_log_in=False), "login-lost:ann"),
        ("accounts", ACCOUNTS, but(2, may_log_in=True), "login-new:shop"),
        ("accounts", ACCOUNTS, but(3, may_log_in=True), "login-new:games"),
        ("accounts", ACCOUNTS, and_also(account("eve", 1002)), "new:user:eve"),
        ("accounts", ACCOUNTS,
         and_also(account("toor", 0, login="/sbin/nologin", kind="root")), "new:user:toor"),
        ("accounts", GROUPS, without("shop"), "missing:group:shop"),
        ("accounts", GROUPS, but(1, gid=997), "group-gid:shop:998:997"),
        ("accounts", GROUPS, but(0, members=()), "member-lost:sudo:ann"),
        ("accounts", GROUPS, but(0, members=("ann", "eve")), "member-new:sudo:eve"),
        ("accounts", GROUPS, and_also(Group(name="docker", gid=999, members=("eve",))),
         "member-new:docker:eve"),
        ("certificates", CERTIFICATES, instead(()), f"missing:{_NAMES}"),
        ("certificates", CERTIFICATES, instead((certificate("shop.example.org"),)),
         f"missing:{_NAMES}"),
        ("certificates", CERTIFICATES, but(0, used_by=()), f"unused:{_NAMES}"),
        ("certificates", CERTIFICATES, but(0, certificate=_SELF), f"self-signed:{_NAMES}"),
        ("certificates", CERTIFICATES,
         instead((certificate("shop.example.org", "www.example.org", ends=_LATER),)),
         f"shorter:{_NAMES}:2027-06-01:2027-01-01"),
        ("certificates", CERTIFICATES,
         instead((certificate("shop.example.org", "www.example.org", ends=_EARLIER),)),
         f"expired:{_NAMES}"),
        ("kernel", KERNEL_PARAMETERS, but(0, value="60"), "value:vm.swappiness:10:60"),
        ("kernel", KERNEL_PARAMETERS, but(1, value="250 32000 32 128"),
         "lower:kernel.sem:250%2032000%20100%20128:250%2032000%2032%20128"),
        ("kernel", KERNEL_PARAMETERS, without("kernel.sem"), "missing:kernel.sem"),
        ("clock", CLOCK, instead(NOW + timedelta(seconds=31)), "apart:31"),
        ("clock", CLOCK, instead(NOW - timedelta(hours=1)), "apart:-3600"),
        ("clock", TIME_ZONE, instead("Etc/UTC"), "zone:Europe/London:Etc/UTC"),
        ("clock", SYNCHRONISED, instead(value=False), "synchronised:yes:no"),
        ("names", HOSTNAME, instead("web-1-new"), "hostname:web-1:web-1-new"),
        ("names", FQDN, instead("web-1.aws.example.org"),
         "fqdn:web-1.example.org:web-1.aws.example.org"),
        ("names", DNS_SEARCH, instead(()), "search:example.org:none"),
        ("names", HOSTS, but(1, names=("db-1",)), "hosts-missing:db"),
        ("names", HOSTS, but(1, address="10.1.0.9"), "hosts:db-1:10.0.0.9:10.1.0.9"),
    )
)  # fmt: skip
"""Every way in which a new server may differ so that somebody has to answer for it."""

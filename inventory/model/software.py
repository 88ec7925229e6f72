"""What runs on a server and by which rules: details of the system, jobs, containers, runtimes.

Services, packages and processes themselves are in :mod:`inventory.model.parts`. A field that is
None was not told by the source; it never means zero or "no".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.ordered import Ordered


class ContainerState(Enum):
    """What a container engine says of a container."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """It was made or has ended; nothing of it runs."""
    FAILED = "failed"
    """It is started again and again, or cannot be removed."""


class JobKind(Enum):
    """What starts a scheduled job."""

    CRON = "cron"
    PERIODIC = "periodic"
    """A script in a folder such as ``/etc/cron.daily``."""
    ANACRON = "anacron"
    TIMER = "timer"
    """A timer of systemd."""


@dataclass(frozen=True, kw_only=True)
class ScheduledJob:
    """Work that is started by the clock."""

    kind: JobKind
    source: str
    """The file that it stands in, or the timer's name: ``/etc/cron.d/shop``, ``logrotate.timer``.
    """
    schedule: str
    """As written: ``*/5 * * * *``, ``@daily``, ``OnCalendar=daily``."""
    command: str
    """What is run, values that look like secrets left out; for a timer the unit that it starts."""
    user: str | None = None
    """The account that it runs as."""


@dataclass(frozen=True, kw_only=True)
class Container:
    """A container that an engine of the server knows."""

    engine: str
    """``docker``, ``podman``, ``cri``, ``lxc``."""
    id: str
    """As the engine numbers it; for lxc its name."""
    name: str | None = None
    image: str | None = None
    """As it was asked for: ``nginx:1.25``, ``registry.example.org/shop@sha256:…``."""
    state: ContainerState | None = None
    status: str | None = None
    """In the engine's own words: ``Up 3 days (healthy)``."""
    ports: tuple[str, ...] = ()
    """As the engine writes them: ``0.0.0.0:8080->80/tcp``."""
    networks: tuple[str, ...] = ()
    mounts: tuple[str, ...] = ()
    """Names of volumes and paths of folders, shortened by the engine."""
    project: str | None = None
    """The compose project that it belongs to."""
    service: str | None = None
    """Its service within the project."""
    pod: str | None = None
    """The pod that it belongs to."""
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Image:
    """A container image that lies on the server."""

    engine: str
    id: str
    names: tuple[str, ...] = ()
    """With their tags: ``nginx:1.25``. Empty for one that lost its name."""
    size: str | None = None
    """As the engine rounds it: ``142MB``."""
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """A language runtime or compiler that lies on the server."""

    name: str
    """``java``, ``node``, ``php``, ``perl``, ``ruby``, ``dotnet``, ``gcc``, ``go``, ``r``."""
    version: str
    path: str
    """The folder or file that tells of it."""
    vendor: str | None = None
    """Who made it, where it says so."""


@dataclass(frozen=True, kw_only=True)
class Repository:
    """Where a package manager gets its packages from."""

    manager: str
    """``apt``, ``yum`` (of dnf and zypper too), ``apk``, ``pkg``."""
    address: str
    """Without credentials."""
    name: str | None = None
    """Its identifier, or the suites and components of an apt source."""
    enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class KernelParameter(Ordered):
    """A setting of the running kernel."""

    name: str
    """As sysctl names it: ``vm.swappiness``."""
    value: str


OS_CODENAME: Final = FactKey[str](name="os.codename", kind=str, help="Code name of the release")
OS_EDITION: Final = FactKey[str](
    name="os.edition", kind=str, help="Variant of the distribution: server, cloud …"
)
OS_SUPPORT_ENDS: Final = FactKey[date](
    name="os.support_ends_on", kind=date, help="When support ends, as the system itself says"
)
OS_SUBSCRIPTION: Final = FactKey[str](
    name="os.subscription",
    kind=str,
    help="Vendor's subscription: rhsm, scc, ubuntu-pro …; none when not registered",
)
KERNEL_BUILD: Final = FactKey[str](
    name="os.kernel_build", kind=str, help="Build of the running kernel"
)
KERNELS: Final = FactKey[tuple[str, ...]](
    name="os.kernels_installed", kind=tuple[str, ...], help="Kernels that could be booted"
)
REBOOT_REQUIRED: Final = FactKey[bool](
    name="os.reboot_required", kind=bool, help="Whether updates wait for a reboot"
)
LOCALE: Final = FactKey[str](name="os.locale", kind=str, help="The system's default locale")
SERVICE_MANAGER: Final = FactKey[str](
    name="os.service_manager", kind=str, help="What starts services: systemd, openrc, init …"
)
FIPS: Final = FactKey[bool](name="os.fips", kind=bool, help="Whether the kernel is in FIPS mode")
SELINUX: Final = FactKey[str](
    name="os.selinux", kind=str, help="SELinux mode: enforcing, permissive or disabled"
)
APPARMOR: Final = FactKey[bool](name="os.apparmor", kind=bool, help="Whether AppArmor is on")
APPARMOR_PROFILES: Final = FactKey[int](
    name="os.apparmor_profiles_enforced", kind=int, help="AppArmor profiles in enforce mode"
)
KERNEL_MODULES: Final = FactKey[tuple[str, ...]](
    name="os.kernel_modules", kind=tuple[str, ...], help="Kernel modules that are loaded"
)
KERNEL_PARAMETERS: Final = FactKey[tuple[KernelParameter, ...]](
    name="os.kernel_parameters",
    kind=tuple[KernelParameter, ...],
    help="Kernel settings that applications are tuned by",
)

HELD_PACKAGES: Final = FactKey[tuple[str, ...]](
    name="software.packages_held", kind=tuple[str, ...], help="Packages kept at their version"
)
PACKAGES_CHANGED_AT: Final = FactKey[datetime](
    name="software.packages_changed_at",
    kind=datetime,
    help="When a package was last installed, updated or removed",
)
UPDATES_PENDING: Final = FactKey[int](
    name="software.updates_pending", kind=int, help="Updates that wait, as the server last counted"
)
REPOSITORIES: Final = FactKey[tuple[Repository, ...]](
    name="software.repositories", kind=tuple[Repository, ...], help="Where packages come from"
)
RUNTIMES: Final = FactKey[tuple[Runtime, ...]](
    name="software.runtimes",
    kind=tuple[Runtime, ...],
    help="Language runtimes and compilers, by their folders",
)
SCHEDULED_JOBS: Final = FactKey[tuple[ScheduledJob, ...]](
    name="software.scheduled_jobs",
    kind=tuple[ScheduledJob, ...],
    help="Jobs of the system: timers, cron and its folders",
)
USER_JOBS: Final = FactKey[tuple[ScheduledJob, ...]](
    name="software.user_jobs",
    kind=tuple[ScheduledJob, ...],
    help="Jobs in the crontabs of single accounts",
)
AT_JOBS: Final = FactKey[int](
    name="software.at_jobs", kind=int, help="Jobs that wait to be run once, by at"
)
CONTAINERS: Final = FactKey[tuple[Container, ...]](
    name="software.containers", kind=tuple[Container, ...], help="Containers, running or not"
)
IMAGES: Final = FactKey[tuple[Image, ...]](
    name="software.images", kind=tuple[Image, ...], help="Container images on the server"
)
CONTAINER_ENGINES: Final = FactKey[tuple[str, ...]](
    name="software.container_engines",
    kind=tuple[str, ...],
    help="Container engines whose data or socket is there: docker, podman, containerd …",
)
KUBERNETES_ROLES: Final = FactKey[tuple[str, ...]](
    name="software.kubernetes_roles",
    kind=tuple[str, ...],
    help="What the server is to Kubernetes: control-plane, node; empty when nothing",
)
STATIC_PODS: Final = FactKey[tuple[str, ...]](
    name="software.static_pods",
    kind=tuple[str, ...],
    help="Pods that the kubelet starts from files of the server",
)
CONFIGURATION: Final = FactKey[str](
    name="software.configuration",
    kind=str,
    help="Checksum over the files under /etc, as CRC and count of bytes of their checksums",
)

"""What runs on made servers: systems, roles, and the packages, services and sockets of each."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from typing import Final

from inventory.model.parts import Listener, Package, Process, Protocol, Service, ServiceState

PATCH_LEVELS: Final = 6
"""How many states of patching a team has at one time."""
ORDINARY_PACKAGES: Final = {"linux": 420, "windows": 35}
ORDINARY_PROCESSES: Final = 70
ORDINARY_SERVICES: Final = {"linux": 60, "windows": 140}


@dataclass(frozen=True, kw_only=True)
class System:
    """An operating system that servers have."""

    family: str
    os_id: str
    version: str
    name: str
    manager: str


@dataclass(frozen=True, kw_only=True)
class Role:
    """What a server is for."""

    processes: tuple[str, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()
    """With their versions."""
    ports: tuple[int, ...] = ()


def _linux(os_id: str, version: str, manager: str = "dpkg") -> System:
    name = f"{os_id} {version}"
    return System(family="linux", os_id=os_id, version=version, name=name, manager=manager)


def _windows(year: str, release: str) -> System:
    name = f"Microsoft Windows Server {year}"
    return System(
        family="windows", os_id="windows-server", version=release, name=name, manager="windows"
    )


SYSTEMS: Final = (
    (_windows("2019 Standard", "2019"), 22),
    (_windows("2016 Standard", "2016"), 18),
    (_windows("2022 Standard", "2022"), 12),
    (_windows("2012 R2 Standard", "2012 R2"), 10),
    (_windows("2008 R2 Standard", "2008 R2"), 4),
    (_linux("ubuntu", "22.04"), 8),
    (_linux("ubuntu", "20.04"), 6),
    (_linux("ubuntu", "16.04"), 1),
    (_linux("rhel", "8.10", "rpm"), 6),
    (_linux("rhel", "9.4", "rpm"), 4),
    (_linux("rhel", "7.9", "rpm"), 3),
    (_linux("centos", "7", "rpm"), 2),
    (_linux("debian", "12"), 3),
    (_linux("sles", "12.5", "rpm"), 1),
)
ROLES: Final = (
    (Role(), 30),
    (
        Role(processes=("nginx", "nginx"), packages=(("nginx", "1.18.0-6"),), ports=(80, 443)),
        14,
    ),
    (Role(processes=("apache2",), packages=(("apache2", "2.4.41-4"),), ports=(80, 443)), 10),
    (Role(processes=("mysqld",), packages=(("mysql-server-5.7", "5.7.42-0"),), ports=(3306,)), 8),
    (Role(processes=("postgres",), packages=(("postgresql-12", "12.18-0"),), ports=(5432,)), 7),
    (Role(processes=("sqlservr.exe",), ports=(1433,)), 12),
    (Role(processes=("w3wp.exe", "inetinfo.exe"), ports=(80, 443)), 10),
    (Role(processes=("java",), packages=(("openjdk-8-jre", "8u402-ga-2"),), ports=(8080,)), 7),
    (Role(processes=("redis-server",), packages=(("redis-server", "5.0.7-2"),), ports=(6379,)), 2),
)


def packages(system: System, role: Role, level: int, own: int | None = None) -> tuple[Package, ...]:
    """Return what is installed: what a patch level has, and what one server has by itself."""
    alike = _packages(system, role, level)
    if own is None:
        return alike
    return (
        *alike[own % 20 :],
        Package(name=f"own-{own:x}", version="1.0", manager=system.manager),
    )


@cache
def _packages(system: System, role: Role, level: int) -> tuple[Package, ...]:
    ordinary = (
        (f"lib{system.os_id}-part-{number}", f"{number % 7}.{level}.{number % 11}-{level}")
        for number in range(ORDINARY_PACKAGES[system.family])
    )
    both = (*ordinary, *role.packages)
    return tuple(Package(name=name, version=each, manager=system.manager) for name, each in both)


@cache
def services(system: System, role: Role) -> tuple[Service, ...]:
    """Return the services of the service manager."""
    names = [f"ordinary-{number}" for number in range(ORDINARY_SERVICES[system.family])]
    running = ServiceState.RUNNING
    return tuple(
        Service(name=name, state=running, enabled=True) for name in (*names, *role.processes)
    )


def processes(system: System, role: Role, draw: random.Random) -> tuple[Process, ...]:
    """Return what runs, under numbers that no other server has in the same order."""
    first = draw.randrange(300, 30_000)
    # One in eight is started with words that no other server's is.
    own = f" --name={first:x}{draw.getrandbits(32):x}"
    ordinary = [f"{system.family}-task-{number}" for number in range(ORDINARY_PROCESSES)]
    return tuple(
        Process(pid=first + at, name=name, command_line=f"/usr/sbin/{name}{'' if at % 8 else own}")
        for at, name in enumerate((*ordinary, *role.processes))
    )


@cache
def listeners(system: System, role: Role) -> tuple[Listener, ...]:
    """Return the sockets that wait for others."""
    remote = (22, "sshd") if system.family == "linux" else (3389, "svchost.exe")
    process = role.processes[0] if role.processes else None
    ports = (remote, *((port, process) for port in role.ports))
    return tuple(
        Listener(protocol=Protocol.TCP, address="0.0.0.0", port=port, process=each)  # noqa: S104 - as bound
        for port, each in ports
    )

"""The parts of a server in words, each on one line as an engineer would write it down."""

from __future__ import annotations

from functools import singledispatch

from inventory.model.instances import Instance
from inventory.model.parts import (
    Connection,
    Direction,
    Disk,
    Filesystem,
    Interface,
    Listener,
    Package,
    Process,
    Service,
)

_STEPS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")
_STEP = 1024


def size(count: int) -> str:
    """Write a number of bytes: ``512 bytes``, ``3.8 GiB``."""
    amount, step = float(count), 0
    while abs(amount) >= _STEP and step < len(_STEPS) - 1:
        amount, step = amount / _STEP, step + 1
    return f"{amount:.1f} {_STEPS[step]}" if step else f"{count} bytes"


@singledispatch
def in_words(part: object) -> str | None:
    """Write one part; None for a kind that has no words of its own."""
    del part
    return None


@in_words.register
def _(disk: Disk) -> str:
    kind = {True: "spinning", False: "solid-state", None: None}[disk.rotational]
    serial = f"serial {disk.serial}" if disk.serial else None
    encrypted = {True: "encrypted", False: "not encrypted", None: None}[disk.encrypted]
    transport = disk.transport.value if disk.transport else None
    paths = f"over {disk.paths} paths" if disk.paths else None
    attached = (transport, paths)
    return _listed(disk.name, size(disk.size_bytes), disk.model, kind, *attached, serial, encrypted)


@in_words.register
def _(filesystem: Filesystem) -> str:
    where = f"{filesystem.type} on {filesystem.device}"
    told = (filesystem.size_bytes, filesystem.used_bytes, filesystem.free_bytes)
    if None in told:
        return _listed(filesystem.mount_point, where, "size unknown")
    total, used, free = (size(each or 0) for each in told)
    return _listed(filesystem.mount_point, where, f"{used} of {total} used", f"{free} free")


@in_words.register
def _(interface: Interface) -> str:
    state = {True: "up", False: "down", None: None}[interface.up]
    speed = f"{interface.speed_mbps} Mb/s" if interface.speed_mbps else None
    mac = f"MAC {interface.mac}" if interface.mac else None
    return _listed(interface.name, *interface.addresses, mac, interface.kind, state, speed)


@in_words.register
def _(listener: Listener) -> str:
    process = f" by {listener.process}" if listener.process else ""
    return f"{listener.port}/{listener.protocol.value} on {listener.address}{process}"


@in_words.register
def _(connection: Connection) -> str:
    there = f"{_host(connection.remote_address)}:{connection.remote_port}"
    here = f"{connection.local_port}/{connection.protocol.value}"
    process = f" ({connection.process})" if connection.process else ""
    if connection.direction is Direction.INBOUND:
        return f"from {there} to {here}{process}"
    within = " within the server" if connection.direction is Direction.LOOPBACK else ""
    return f"to {there} by {connection.protocol.value}{process}{within}"


@in_words.register
def _(service: Service) -> str:
    boot = {True: "starts at boot", False: "does not start at boot", None: None}[service.enabled]
    return _listed(service.name, service.state.value, boot)


@in_words.register
def _(package: Package) -> str:
    return _listed(f"{package.name} {package.version}", package.architecture, package.manager)


@in_words.register
def _(process: Process) -> str:
    user = f" {process.user}" if process.user else ""
    return f"{process.pid}{user}: {process.command_line or process.name}"


@in_words.register
def _(instance: Instance) -> str:
    whole = f" of {instance.of}" if instance.of else ""
    taken = size(instance.size_bytes) if instance.size_bytes is not None else None
    path = instance.path if instance.path != instance.name else None
    details = (f"{each.name} {each.value}" for each in instance.details)
    name = f"{instance.kind.value} {instance.name}{whole}"
    return _listed(name, instance.version, path, taken, *instance.ports, *details)


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _listed(*words: str | None) -> str:
    return ", ".join(word for word in words if word)

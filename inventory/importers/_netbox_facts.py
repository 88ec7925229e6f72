"""What NetBox says of one server → statements.

Memory is in MB of 1024 KB, as people copy it from hypervisors. Disks are in GB up to NetBox 4.0
and in MB from 4.1 on, of 1000 each: that is how its own migration turned one into the other
(issue 14692), and its default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_interface
from typing import Final

from inventory.collectors._secrets import without_secrets
from inventory.importers._netbox_objects import Sort, Told
from inventory.importers._os_name import os_observations
from inventory.model.fact import FactKey, Observation
from inventory.model.facts import (
    FQDN,
    HOSTNAME,
    INTERFACES,
    MANUFACTURER,
    PRODUCT,
    SERIAL,
    VIRTUALISATION,
)
from inventory.model.hardware import ASSET_TAG
from inventory.model.imported import Stated, Unread
from inventory.model.macs import spelled
from inventory.model.parts import Interface, Protocol
from inventory.model.placement import (
    ANNOTATION,
    CLUSTER,
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    HYPERVISOR_SERVER,
    LOCATION,
    OWNER,
    PROVISIONED,
    ROLE,
    STATUS,
    TAGS,
    TOLD_SERVICES,
    VIRTUAL_DISKS,
    VM_NAME,
    ToldService,
    VirtualDisk,
)
from inventory.reading import values

_MB: Final = 10**6
_GB: Final = 10**9
_MIB: Final = 1 << 20
_HIGHEST_PORT: Final = 65535
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[\w-]*\w)?(?:\.[\w-]+)*", re.ASCII)
_DIGITS: Final = re.compile(r"[\d.]+")
_SHARED: Final = frozenset(("anycast", "vip", "vrrp", "hsrp", "glbp", "carp"))
"""Roles of addresses that go from one server to another, and identify none."""
_UNUSED: Final = frozenset(("deprecated", "reserved"))
_KINDS: Final = {
    "link aggregation group (lag)": "bond",
    "lag": "bond",
    "bridge": "bridge",
    "virtual": None,
    "other": None,
}
_VIRTUALISATIONS: Final = (
    (r"vmware|vsphere|esx|vcenter", "vmware"),
    (r"hyper-?v", "hyperv"),
    (r"proxmox|kvm|libvirt|ovirt|rhev|openstack|nutanix|\bahv\b", "kvm"),
    (r"xen|xcp", "xen"),
)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What other tables say of one server."""

    ports: Sequence[Told] = ()
    addresses: Sequence[Told] = ()
    macs: Sequence[Told] = ()
    services: Sequence[Told] = ()
    disks: Sequence[Told] = ()
    cluster: Told | None = None


def stated_of(server: Told, parts: Parts) -> Iterator[Stated | Unread]:
    """Yield each statement of a server; what cannot be understood is told, and the rest stated."""
    for told, column, state in _all(server, parts):
        try:
            for each in state():
                yield Stated(column=column, observation=each)
        except ValueError as error:
            yield Unread(why=f"{column}: {error}", where=told.where)


_State = Callable[[], Iterator[Observation]]


def _all(server: Told, parts: Parts) -> Iterator[tuple[Told, str, _State]]:
    title = server.title
    yield server, title("name"), lambda: _names(server)
    for field, key in _TEXTS.items():
        yield server, title(field), partial(_text, server, field, key)
    yield server, title("status"), lambda: _small(server, "status", STATUS)
    yield server, title("platform"), lambda: _platform(server)
    yield server, title("site"), lambda: _place(server)
    owner = "owner" if server.text("owner") else "tenant"
    yield server, title(owner), lambda: _text(server, owner, OWNER)
    yield server, title("comments"), lambda: _notes(server)
    if server.tags:
        yield server, title("tags"), lambda: iter((TAGS.known(server.tags),))
    where = "interfaces, IP addresses" if parts.ports or parts.addresses else title("primary_ip")
    yield server, where, lambda: _interfaces(server, parts)
    yield server, "dns_name", lambda: _dns_names(server, parts)
    if parts.services:
        yield parts.services[0], "services: ports", lambda: _services(parts.services)
    if server.sort is Sort.MACHINE:
        yield from _of_machine(server, parts)


def _of_machine(server: Told, parts: Parts) -> Iterator[tuple[Told, str, _State]]:
    title = server.title
    yield server, title("vcpus"), lambda: _cpus(server)
    yield server, title("memory"), lambda: _size(server, "memory", _MIB, CONFIGURED_MEMORY)
    yield server, title("disk"), lambda: _size(server, "disk", _MB, PROVISIONED)
    yield server, title("disk_gb"), lambda: _size(server, "disk_gb", _GB, PROVISIONED)
    yield server, title("device"), lambda: _text(server, "device", HYPERVISOR_SERVER)
    if parts.disks:
        yield parts.disks[0], "virtual disks: size", lambda: _disks(parts.disks)
    if parts.cluster:
        yield parts.cluster, "clusters: type", lambda: _virtualisation(parts.cluster)


_TEXTS: Final = {
    "role": ROLE,
    "cluster": CLUSTER,
    "manufacturer": MANUFACTURER,
    "device_type": PRODUCT,
    "serial": SERIAL,
    "asset_tag": ASSET_TAG,
}


def _text(server: Told, field: str, key: FactKey[str]) -> Iterator[Observation]:
    if said := server.text(field):
        yield key.known(said)


def _small(server: Told, field: str, key: FactKey[str]) -> Iterator[Observation]:
    if said := server.text(field):
        yield key.known(said.lower())


def _names(server: Told) -> Iterator[Observation]:
    name = server.text("name") or ""
    if server.sort is Sort.MACHINE and name:
        yield VM_NAME.known(name)
    if _HOST_NAME.fullmatch(name) and not _DIGITS.fullmatch(name):
        yield HOSTNAME.known(name.split(".", maxsplit=1)[0])
        if "." in name:
            yield FQDN.known(name.lower())


def _platform(server: Told) -> Iterator[Observation]:
    if said := server.text("platform"):
        yield from os_observations(said)


def _place(server: Told) -> Iterator[Observation]:
    told = [server.text("site"), server.text("location")]
    if rack := server.text("rack"):
        told.append(f"rack {rack}")
    if position := server.text("position"):
        told.append(f"U{position}")
    if words := [each for each in told if each]:
        yield LOCATION.known(", ".join(words))


def _notes(server: Told) -> Iterator[Observation]:
    told = []
    for field in ("description", "comments"):
        said = server.fields.get(field)
        lines = str(said).splitlines() if said else []
        told += [without_secrets(line) for each in lines if (line := values.text(each))]
    if told:
        yield ANNOTATION.known("\n".join(told))


def _cpus(server: Told) -> Iterator[Observation]:
    count = values.whole(server.fields.get("vcpus"))
    if count is not None:
        yield CONFIGURED_CPUS.known(count)


def _size(server: Told, field: str, unit: int, key: FactKey[int]) -> Iterator[Observation]:
    size = values.size(server.fields.get(field), unit)
    if size is not None:
        yield key.known(size)


def _address(said: str) -> str:
    """Return an address; it may be followed by its name, as tables show it."""
    try:
        ip_interface(bare := said.split(" ", maxsplit=1)[0])
    except ValueError as error:
        raise ValueError(f"{said!r} is no address") from error
    return bare


def _interfaces(server: Told, parts: Parts) -> Iterator[Observation]:
    """State the interfaces, without those of a server's management controller.

    A primary address that no table of addresses tells of stands on an interface of its own.
    """
    own = [each for each in parts.ports if values.truth(each.fields.get("mgmt_only")) is not True]
    hidden = {each.text("name") for each in parts.ports} - {each.text("name") for each in own}
    addresses = _own_addresses(parts.addresses, hidden)
    macs = {each.text("interface"): each.text("mac_address") for each in parts.macs}
    told = [_interface(port, macs, addresses) for port in own]
    told += [Interface(name=name, addresses=tuple(held)) for name, held in addresses.items()]
    known = {text.split("/")[0] for each in told for text in each.addresses}
    known |= {(each.text("address") or "").split("/")[0] for each in parts.addresses}
    primary = [each for each in _primary(server) if each.split("/")[0] not in known]
    if primary:
        name = "primary address" if told else "interface 1"
        told.append(Interface(name=name, addresses=tuple(primary)))
    if told:
        yield INTERFACES.known(tuple(told))


def _primary(server: Told) -> list[str]:
    held = (server.text(each) for each in ("primary_ip4", "primary_ip6", "primary_ip"))
    return list(dict.fromkeys(_address(each) for each in held if each))


def _own_addresses(told: Sequence[Told], hidden: set[str | None]) -> dict[str, list[str]]:
    """Return the addresses of each interface that are the server's own and in use."""
    addresses: dict[str, list[str]] = {}
    for each in told:
        name, said = each.text("interface") or each.text("assigned_object"), each.text("address")
        marks = {(each.text(field) or "").lower() for field in ("role", "status")}
        if said and name not in hidden and not marks & (_SHARED | _UNUSED):
            addresses.setdefault(name or "interface 1", []).append(_address(said))
    return addresses


def _interface(
    port: Told, macs: Mapping[str | None, str | None], addresses: dict[str, list[str]]
) -> Interface:
    """Return an interface with its addresses, which are taken out of those that are left."""
    name = port.text("name") or "interface"
    listed = [_address(each) for each in values.listed(port.fields.get("ip_addresses"), ",")]
    kind = (port.text("type") or "").lower()
    enabled = values.truth(port.fields.get("enabled"))
    return Interface(
        name=name,
        mac=spelled(port.text("mac_address") or macs.get(name)),
        addresses=tuple(dict.fromkeys([*addresses.pop(name, []), *listed])),
        up=False if enabled is False else None,
        kind=_KINDS.get(kind, "physical") if kind else None,
        mtu_bytes=values.whole(port.fields.get("mtu")),
    )


def _dns_names(server: Told, parts: Parts) -> Iterator[Observation]:
    """State the names of the addresses that are the server's primary ones."""
    primary = {server.text(each) for each in ("primary_ip4", "primary_ip6", "primary_ip")} - {None}
    for each in parts.addresses:
        name = each.text("dns_name")
        is_primary = each.text("address") in primary or len(parts.addresses) == 1
        if name and "." in name and is_primary:
            yield FQDN.known(name.lower().rstrip("."))
            return


def _services(services: Sequence[Told]) -> Iterator[Observation]:
    told = []
    for each in services:
        protocol = (each.text("protocol") or "").lower()
        if protocol not in {"tcp", "udp"}:
            continue
        for said in values.listed(each.fields.get("ports"), ","):
            number = values.whole(said)
            if number is None or not 0 < number <= _HIGHEST_PORT:
                raise ValueError(f"{said!r} is no port")
            told.append(
                ToldService(protocol=Protocol(protocol), port=number, name=each.text("name"))
            )
    if told:
        yield TOLD_SERVICES.known(tuple(told))


def _disks(disks: Sequence[Told]) -> Iterator[Observation]:
    """State the virtual disks; one whose answer is of before 4.1 is in GB."""
    told = []
    for each in disks:
        unit = _MB if "display_url" in each.fields else _GB
        size = values.size(each.fields.get("size"), unit)
        told.append(VirtualDisk(name=each.text("name") or "disk", size_bytes=size))
    yield VIRTUAL_DISKS.known(tuple(told))


def _virtualisation(cluster: Told | None) -> Iterator[Observation]:
    said = cluster.text("type") if cluster else None
    for pattern, name in _VIRTUALISATIONS:
        if re.search(pattern, said or "", re.IGNORECASE):
            yield VIRTUALISATION.known(name)
            return

"""What is known of a server's network beside its interfaces: ways, names, time, walls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.ordered import Ordered
from inventory.model.parts import Connection


@dataclass(frozen=True, kw_only=True)
class Route(Ordered):
    """A way to other networks. A field that is None was not told, or is not part of the route."""

    destination: str
    """With prefix length; ``0.0.0.0/0`` and ``::/0`` are the default routes."""
    gateways: tuple[str, ...] = ()
    """Empty when the destination is reached directly."""
    interface: str | None = None
    table: str = "main"
    """Name or number of the routing table."""
    metric: int | None = None
    """The lower is preferred."""
    kind: str = "unicast"
    """``unicast``, ``blackhole``, ``unreachable``, ``prohibit`` …"""
    origin: str | None = None
    """Who set it, as the kernel calls it: ``kernel``, ``dhcp``, ``static``, ``boot``, ``bird`` …"""
    source: str | None = None
    """The own address that is used on this way."""

    @property
    def is_default(self) -> bool:
        """Whether it leads to everything that no other route leads to."""
        return self.destination in {"0.0.0.0/0", "::/0"}


@dataclass(frozen=True, kw_only=True)
class Neighbour(Ordered):
    """Somebody on the same network segment whom the server has spoken with lately."""

    address: str
    interface: str
    mac: str
    """Lower case, with colons."""


@dataclass(frozen=True, kw_only=True)
class LinkPartner(Ordered):
    """What an interface is plugged into, as the switch announces itself (LLDP, CDP)."""

    interface: str
    protocol: str
    """``LLDP``, ``CDPv2`` …"""
    system: str | None = None
    """The switch's name."""
    port: str | None = None
    """The switch's port."""
    vlan: int | None = None
    """The port's own VLAN."""


@dataclass(frozen=True, kw_only=True)
class HostsEntry(Ordered):
    """A line of the server's own list of names."""

    address: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lookup(Ordered):
    """Where the server looks something up, in order."""

    database: str
    """``hosts``, ``passwd``, ``group`` …"""
    sources: tuple[str, ...]
    """``files``, ``dns``, ``sss``, ``winbind`` …; reactions such as ``[NOTFOUND=return]`` too."""


@dataclass(frozen=True, kw_only=True)
class Proxy(Ordered):
    """A proxy that something on the server is told to use."""

    file: str
    """Where it is set."""
    setting: str
    """The name that it is set under: ``http_proxy``, ``Acquire::http::Proxy`` …"""
    address: str
    """Without user and password, which never leave the server: ``***@`` stands in their place."""


@dataclass(frozen=True, kw_only=True)
class TimeServer(Ordered):
    """A server that time is taken from."""

    address: str
    kind: str
    """``server``, ``pool`` or ``peer``."""
    client: str
    """Whose configuration names it: ``chrony``, ``ntpd``, ``timesyncd``, ``openntpd``."""


@dataclass(frozen=True, kw_only=True)
class ChainPolicy(Ordered):
    """What a firewall does with a packet that no rule of the chain decides on."""

    tool: str
    """``nftables``, ``iptables``, ``ip6tables``, ``ufw`` …"""
    chain: str
    """With its table: ``inet filter input``, ``filter INPUT``."""
    policy: str
    """Lower case: ``accept``, ``drop``, ``reject``."""


@dataclass(frozen=True, kw_only=True)
class FirewallRule(Ordered):
    """A rule of a firewall, as the tool writes it, without its comment."""

    tool: str
    chain: str
    """With its table."""
    rule: str


@dataclass(frozen=True, kw_only=True)
class FirewallZone(Ordered):
    """A zone of firewalld, as it is configured."""

    name: str
    is_default: bool
    interfaces: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    """As ``8080/tcp``."""


def _lines(name: str, help_line: str) -> FactKey[tuple[str, ...]]:
    return FactKey(name=f"network.{name}", kind=tuple[str, ...], help=help_line)


ATTEMPTS: Final = FactKey[tuple[Connection, ...]](
    name="network.attempts",
    kind=tuple[Connection, ...],
    help="Connections that it tried to open and that nobody had answered yet",
)
ROUTES: Final = FactKey[tuple[Route, ...]](
    name="network.routes", kind=tuple[Route, ...], help="Routes of all tables but the local one"
)
GATEWAYS: Final = _lines("gateways", "Default gateways of the main table, the preferred first")
ROUTING_RULES: Final = _lines(
    "routing_rules", "Rules by which packets take another than the main table (IPv4)"
)
NEIGHBOURS: Final = FactKey[tuple[Neighbour, ...]](
    name="network.neighbours",
    kind=tuple[Neighbour, ...],
    help="Others on the same segments, as the server's own tables hold them",
)
LINK_PARTNERS: Final = FactKey[tuple[LinkPartner, ...]](
    name="network.link_partners",
    kind=tuple[LinkPartner, ...],
    help="Switches and their ports, as lldpd hears them",
)
DNS_SERVERS: Final = _lines("dns_servers", "Name servers that are asked in the end, in order")
DNS_SEARCH: Final = _lines("dns_search", "Domains that short names are looked up in, in order")
DNS_OPTIONS: Final = _lines("dns_options", "Options of the resolver")
DOMAIN: Final = FactKey[str](
    name="network.domain", kind=str, help="Domain that the server's name is in"
)
STATIC_HOSTNAME: Final = FactKey[str](
    name="identity.hostname_static", kind=str, help="Name that it is given at boot"
)
HOSTS: Final = FactKey[tuple[HostsEntry, ...]](
    name="network.hosts", kind=tuple[HostsEntry, ...], help="Its own list of names (/etc/hosts)"
)
LOOKUPS: Final = FactKey[tuple[Lookup, ...]](
    name="network.lookups",
    kind=tuple[Lookup, ...],
    help="Where names, users and groups are looked up (nsswitch.conf)",
)
PROXIES: Final = FactKey[tuple[Proxy, ...]](
    name="network.proxies", kind=tuple[Proxy, ...], help="Proxies that it is told to use"
)
CLOCK: Final = FactKey[datetime](
    name="time.clock", kind=datetime, help="What its clock showed when it was asked"
)
UTC_OFFSET: Final = FactKey[int](
    name="time.utc_offset_seconds", kind=int, help="Local time's offset from UTC then, in seconds"
)
TIME_ZONE: Final = FactKey[str](
    name="time.zone", kind=str, help="Time zone: Europe/London …, or as POSIX writes its rules"
)
RTC_LOCAL: Final = FactKey[bool](
    name="time.rtc_is_local", kind=bool, help="Whether its hardware clock keeps local time"
)
TIME_SERVERS: Final = FactKey[tuple[TimeServer, ...]](
    name="time.servers",
    kind=tuple[TimeServer, ...],
    help="Servers that time is taken from, as configured",
)
SYNCHRONISED: Final = FactKey[bool](
    name="time.synchronised", kind=bool, help="Whether its time client follows a server"
)
FIREWALLS: Final = _lines("firewalls", "Firewalls that are at work: nftables, iptables, ufw …")
FIREWALL_POLICIES: Final = FactKey[tuple[ChainPolicy, ...]](
    name="network.firewall_policies",
    kind=tuple[ChainPolicy, ...],
    help="What firewalls do where no rule decides",
)
FIREWALL_RULES: Final = FactKey[tuple[FirewallRule, ...]](
    name="network.firewall_rules",
    kind=tuple[FirewallRule, ...],
    help="Rules of the firewalls, in order",
)
FIREWALL_ZONES: Final = FactKey[tuple[FirewallZone, ...]](
    name="network.firewall_zones", kind=tuple[FirewallZone, ...], help="Zones of firewalld"
)
FORWARDS_IPV4: Final = FactKey[bool](
    name="network.forwards_ipv4", kind=bool, help="Whether it passes on others' IPv4 packets"
)
FORWARDS_IPV6: Final = FactKey[bool](
    name="network.forwards_ipv6", kind=bool, help="Whether it passes on others' IPv6 packets"
)
USES_IPV6: Final = FactKey[bool](
    name="network.uses_ipv6", kind=bool, help="Whether its kernel speaks IPv6"
)

"""AWS Application Discovery Agent: what Migration Hub exports of servers with an agent.

Six tables: systems, interfaces, performance, processes, and connections as seen from either end. A
server is whatever has an agent. Of processes only the names are used, for connections: command
lines may hold secrets and are not read. Addresses are those of all the export's time. How busy a
server was is the average and peak of the samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_interface
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._aws_agent_uses import Uses
from inventory.importers._cells import host_names, name_observations, version_observations
from inventory.importers._rows import MIB, Columns, Entry, tables_of
from inventory.model.facts import ARCHITECTURE, CPU_CORES, INTERFACES, VIRTUALISATION
from inventory.model.imported import Item, ServerRecord, Stated, Unread, Where
from inventory.model.importer import CERTAIN, NO, Importer, ImportExample
from inventory.model.macs import spelled
from inventory.model.nearness import Nearness
from inventory.model.parts import Interface
from inventory.model.placement import CONFIGURED_CPUS, CONFIGURED_MEMORY, CONFIGURED_SOCKETS
from inventory.model.utilisation import UTILISATION_TOLD, Level, ToldUtilisation
from inventory.reading.export import Export
from inventory.reading.table import Table, plain

SOURCE: Final = "aws-discovery-agent"
_KINDS: Final = {
    "connections": ("agentId", "sourceIp", "destinationIp", "destinationPort"),
    "system": ("agentId", "hostName", "osName"),
    "interfaces": ("agentId", "macAddress", "ipAddress"),
    "processes": ("agentId", "agentAssignedProcessId", "isSystem"),
    "performance": ("agentId", "totalCpuUsagePct", "totalNumCores"),
}
"""What the tables have that nobody else has together."""
_ARCHITECTURES: Final = {"x86_64", "amd64", "aarch64", "arm64", "i386", "i686"}
_COUNTS: Final = (
    ("totalNumCpus", CONFIGURED_SOCKETS),
    ("totalNumCores", CPU_CORES),
    ("totalNumLogicalProcessors", CONFIGURED_CPUS),
)
_MEMORY: Final = "totalRAM"
_READ: Final = (
    *("agentId", "hostName", "osName", "osVersion", "cpuType", "hypervisor", "name", "macAddress"),
    *("ipAddress", "netMask", "agentAssignedProcessId", "totalCpuUsagePct"),
    *(column for column, _ in _COUNTS),
)


def _kind(table: Table) -> str | None:
    kinds = _KINDS.items()
    return next(
        (kind for kind, all_of in kinds if all(table.place(each) is not None for each in all_of)),
        None,
    )


def _recognise(export: Export) -> int:
    return CERTAIN if any(map(_kind, tables_of(export))) else NO


@dataclass(kw_only=True)
class _Agent:
    """What is told of one server."""

    where: Where
    name: str | None = None
    stated: dict[str, list[Stated]] = field(default_factory=dict)
    """By the kind of table: a later sample goes before an earlier one."""
    interfaces: dict[tuple[str, str | None], dict[str, None]] = field(default_factory=dict)
    """Addresses by name and MAC address, in the order in which they are told."""
    samples: int = 0
    cpu_sum: float = 0
    cpu_most: float = 0


def _read(export: Export) -> Iterator[Item]:
    told, understood = _Told(), False
    for table in export.tables():
        if kind := _kind(table):
            understood = True
            yield from told.take(table, kind)
    if not understood:
        raise BadInputError(
            "there is no table of a discovery agent",
            hint="their names end with osInfo.csv, networkInterface.csv and so on",
        )
    yield from told.items()


class _Told:
    """What the tables told so far."""

    def __init__(self) -> None:
        self._agents: dict[str, _Agent] = {}
        self._processes: dict[tuple[str, str], str] = {}
        self._uses = Uses()
        self._take: dict[str, Callable[[_Agent, Entry], None]] = {
            "system": _take_system,
            "interfaces": _take_interface,
            "performance": _take_performance,
        }

    def take(self, table: Table, kind: str) -> Iterator[Unread]:
        """Take a table; yield what cannot be understood."""
        if kind == "connections":
            inbound = "destinationprocessconnection" in plain(table.file + table.name)
            self._uses.take(table, "server" if inbound else "client")
            return
        for entry in _columns(table).entries():
            number = entry.text("agentId")
            if number is None:
                entry.unread.append(Unread(why="it names no agent", where=entry.where))
            elif kind == "processes":
                process, name = entry.text("agentAssignedProcessId"), entry.text("name")
                if process and name:
                    self._processes[number, process] = name
            else:
                agent = self._agents.setdefault(number, _Agent(where=entry.where))
                self._take[kind](agent, entry)
            yield from entry.unread

    def items(self) -> Iterator[Item]:
        """Yield the servers, and what they use."""
        for number, agent in self._agents.items():
            yield ServerRecord(
                source=SOURCE,
                key=number,
                name=agent.name or number,
                stated=(
                    *(each for told in agent.stated.values() for each in told),
                    *_interfaces(agent),
                    *_load(agent),
                ),
                where=agent.where,
            )
        yield from self._uses.items(SOURCE, self._agents, self._addresses(), self._processes)

    def _addresses(self) -> dict[str, str | None]:
        """Return whose each address is; nobody's where several have it."""
        owners: dict[str, str | None] = {}
        for number, agent in self._agents.items():
            for addresses in agent.interfaces.values():
                for each in addresses:
                    address = each.partition("/")[0]
                    other = owners.get(address, number)
                    owners[address] = number if other == number else None
        return owners


def _columns(table: Table) -> Columns:
    """Find the columns; the memory's title tells its unit."""
    columns = Columns.of(table, _READ)
    memory = next(
        (
            place
            for place, each in enumerate(table.header)
            if plain(each) in {"totalram", "totalrammb", "totalraminmb"}
        ),
        None,
    )
    return Columns(
        table=table,
        places={**columns.places, **({} if memory is None else {_MEMORY: memory})},
    )


def _take_system(agent: _Agent, entry: Entry) -> None:
    if name := entry.text("hostName"):
        agent.name = name
        entry.say("hostName", *host_names(name))
    system, version = entry.text("osName"), entry.text("osVersion")
    if system:
        entry.say("osName", *name_observations(system, version))
    if version:
        entry.say("osVersion", *version_observations(system, version))
    if (kind := entry.text("cpuType")) and kind.lower() in _ARCHITECTURES:
        entry.say("cpuType", ARCHITECTURE.known(kind.lower()))
    if hypervisor := entry.text("hypervisor"):
        entry.say("hypervisor", VIRTUALISATION.known(hypervisor.lower()))
    agent.stated["system"] = entry.stated


def _take_interface(agent: _Agent, entry: Entry) -> None:
    name, address = entry.text("name"), entry.text("ipAddress")
    card = (name or "interface", spelled(entry.text("macAddress")))
    held = agent.interfaces.setdefault(card, {})
    if address is None:
        return
    try:
        bare = ip_address(address)
    except ValueError:
        entry.unread.append(Unread(why=f"ipAddress: {address!r} is no address", where=entry.where))
        return
    if not bare.is_loopback:
        held[_with_prefix(str(bare), entry.text("netMask"))] = None


def _with_prefix(address: str, mask: str | None) -> str:
    try:
        return ip_interface(f"{address}/{mask}").with_prefixlen if mask else address
    except ValueError:
        return address


def _take_performance(agent: _Agent, entry: Entry) -> None:
    for column, key in _COUNTS:
        if (count := entry.whole(column)) is not None:
            entry.say(column, key.known(count))
    if (memory := entry.number(_MEMORY)) is not None:
        entry.say(_MEMORY, CONFIGURED_MEMORY.known(round(memory * MIB)))
    agent.stated["performance"] = entry.stated
    if (cpu := entry.number("totalCpuUsagePct")) is not None:
        agent.samples += 1
        agent.cpu_sum += cpu
        agent.cpu_most = max(agent.cpu_most, cpu)


def _interfaces(agent: _Agent) -> Iterator[Stated]:
    if agent.interfaces:
        told = tuple(
            Interface(name=name, mac=mac, addresses=tuple(addresses))
            for (name, mac), addresses in agent.interfaces.items()
        )
        yield Stated(column="networkInterface: ipAddress", observation=INTERFACES.known(told))


def _load(agent: _Agent) -> Iterator[Stated]:
    if agent.samples:
        level = Level(mean=round(agent.cpu_sum / agent.samples, 2), maximum=agent.cpu_most)
        told = (ToldUtilisation(source=SOURCE, cpu_percent=level),)
        yield Stated(column="totalCpuUsagePct", observation=UTILISATION_TOLD.known(told))


_SYSTEM: Final = b"""accountNumber,agentId,osName,osVersion,cpuType,hostName,hypervisor,timestamp
111122223333,o-web,Linux - Ubuntu,22.04,x86_64,web-1.example.org,vmware,2026-11-23T07:00:00Z
111122223333,o-db,Windows Server 2016,10.0.14393,x86_64,db-1,vmware,2026-11-23T07:00:00Z
"""
_CARDS: Final = b"""accountNumber,agentId,name,macAddress,family,ipAddress,gateway,netMask,timestamp
111122223333,o-web,eth0,00:50:56:aa:bb:01,inet,192.0.2.10,192.0.2.1,255.255.255.0,2026-11-23
111122223333,o-web,lo,,inet,127.0.0.1,,255.0.0.0,2026-11-23
111122223333,o-db,Ethernet0,00:50:56:aa:bb:02,inet,192.0.2.11,192.0.2.1,255.255.255.0,2026-11-23
"""
_PROCESSES: Final = b"""accountNumber,agentId,agentAssignedProcessId,isSystem,name,cmdLine,path
111122223333,o-web,p1,false,nginx,nginx -g x,/usr/sbin/nginx
111122223333,o-db,p2,false,sqlservr.exe,sqlservr.exe -sX,C:\\x
"""
_PERFORMANCE: Final = b"""accountNumber,agentId,totalNumLogicalProcessors,totalNumCores,\
totalNumCpus,totalCpuUsagePct,totalRAM (MB),freeRAM (MB)
111122223333,o-web,4,2,1,10,4096,2048
111122223333,o-web,4,2,1,30,4096,1024
"""
_OUT: Final = b"""accountNumber,agentId,sourceIp,sourcePort,destinationIp,destinationPort,\
ipVersion,transportProtocol,agentAssignedProcessId,agentCreationDate
111122223333,o-web,192.0.2.10,41000,192.0.2.11,1433,IPv4,tcp,p1,2026-11-23T07:00:00Z
111122223333,o-web,192.0.2.10,41001,192.0.2.11,1433,IPv4,tcp,p1,2026-11-23T07:15:00Z
111122223333,o-web,192.0.2.10,41002,198.51.100.7,443,IPv4,tcp,p1,2026-11-23T07:15:00Z
111122223333,o-web,127.0.0.1,41003,127.0.0.1,9000,IPv4,tcp,p1,2026-11-23T07:15:00Z
111122223333,o-web,192.0.2.10,41004,192.0.2.11,none,IPv4,tcp,p1,2026-11-23T07:15:00Z
"""
_IN: Final = b"""accountNumber,agentId,sourceIp,sourcePort,destinationIp,destinationPort,\
ipVersion,transportProtocol,agentAssignedProcessId,agentCreationDate
111122223333,o-db,192.0.2.10,41000,192.0.2.11,1433,IPv4,tcp,p2,2026-11-23T07:00:00Z
"""
IMPORTER: Final = Importer(
    title="AWS Application Discovery Agent",
    files="the .csv files of one or several exports, or their .zip",
    source="https://docs.aws.amazon.com/application-discovery/latest/userguide/"
    "agent-data-collected.html and export-data.html (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="Migration Hub's export of servers with agents (format as documented)",
            files=(
                ("111122223333_osInfo.csv", _SYSTEM),
                ("111122223333_networkInterface.csv", _CARDS),
                ("111122223333_process.csv", _PROCESSES),
                ("111122223333_systemPerformance.csv", _PERFORMANCE),
                ("111122223333_sourceProcessConnection.csv", _OUT),
                ("111122223333_destinationProcessConnection.csv", _IN),
            ),
            servers=("web-1.example.org", "db-1"),
            connections=2,
            unread=1,
        ),
    ),
)

"""What a check may look at, made by hand: moves, facts, and clouds that say what they are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar, cast

from inventory.model.fact import Facts, Observation, Reason, Unknown
from inventory.model.facts import CONNECTIONS, HOSTNAME, INTERFACES, LISTENERS
from inventory.model.parts import Connection, Direction, Interface, Listener, Protocol
from inventory.model.sighting import Sighting, Use
from inventory.secret import Secret
from migrate.model.act import Act
from migrate.model.check import CloudResource, Sight
from migrate.model.evidence import Attestation
from migrate.model.plan import Destination, Move

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRETS: dict[str, str] = {}
"""What references to secrets stand for in tests, as tests fill it in."""
NO_ANSWER = Unknown(reason=Reason.UNREACHABLE, detail="it was switched off for this test")


@dataclass(frozen=True, kw_only=True)
class SaidClouds:
    """Clouds that say what a test gives them."""

    says: CloudResource | Unknown = NO_ANSWER
    aspects: Mapping[type, object] = field(default_factory=dict)
    """What is told of every resource, by the aspect; any other is not answered."""

    def expect(self, moves: Iterable[Move], aspects: Collection[type] = ()) -> None:
        """Need not know."""

    def told(self, move: Move, aspect: type[T]) -> T | Unknown:
        """Tell it, whatever the move."""
        assert move.server
        return cast("T | Unknown", self.aspects.get(aspect, NO_ANSWER))

    def listed(
        self, to: Destination, aspect: type[T], about: str = ""
    ) -> Mapping[str, T | Unknown]:
        """Tell it of one place, whatever it is asked about."""
        del about
        return {to.value: cast("T | Unknown", self.aspects.get(aspect, NO_ANSWER))}

    def resource(self, move: Move) -> CloudResource | Unknown:
        """Say it, whatever the move."""
        assert move.server
        return self.says


@dataclass(frozen=True, kw_only=True)
class SaidPast:
    """What a test says that discovery has seen of the old server."""

    at: tuple[datetime, ...] = ()
    seen: tuple[Sighting, ...] = ()
    used: tuple[Use, ...] = ()
    now: Facts = field(default_factory=Facts)
    before: Facts = field(default_factory=Facts)

    def looks(self, since: datetime) -> tuple[datetime, ...]:
        """Return when it answered."""
        return tuple(each for each in self.at if each >= since)

    def sightings(self, since: datetime) -> tuple[Sighting, ...]:
        """Return whom it was connected with."""
        return tuple(each for each in self.seen if each.last_seen >= since)

    def uses(self, addresses: Collection[str], since: datetime) -> tuple[Use, ...]:
        """Return who else was seen to be connected with it."""
        return tuple(
            each
            for each in self.used
            if each.sighting.last_seen >= since and each.sighting.remote_address in addresses
        )

    def known(self, before: datetime | None = None) -> Facts:
        """Return what was known of it: one thing now, and another at any earlier moment."""
        return self.now if before is None else self.before


@dataclass
class HeldMemory:
    """A memory that lasts as long as the test."""

    kept: dict[str, str] = field(default_factory=dict)

    def recall(self, key: str) -> str | None:
        """Return what was kept."""
        return self.kept.get(key)

    def keep(self, key: str, text: str) -> None:
        """Keep it."""
        self.kept[key] = text


def move(
    *,
    to: Destination = Destination.AWS,
    source: str = "ssh://root@10.0.0.4",
    replacement: str | None = "ssh://root@10.1.0.4",
    resource: str | None = "i-1",
) -> Move:
    """Return a move of web-1."""
    return Move(
        server_id="s1",
        server="web-1",
        source=source,
        to=to,
        replacement=replacement,
        resource=resource,
        playbook="rehost",
        wave=1,
        why_wave="made for this test",
    )


def sight(
    *,
    old: Facts | Unknown = NO_ANSWER,
    new: Facts | Unknown | None = NO_ANSWER,
    new_address: str | None = "127.0.0.1",
    to: Destination = Destination.AWS,
    cloud: CloudResource | Unknown = NO_ANSWER,
    estate: Mapping[str, str] | None = None,
    seconds: float = 2,
    past: SaidPast | None = None,
    attestations: tuple[Attestation, ...] = (),
    acts: tuple[Act, ...] = (),
) -> Sight:
    """Return a sight of web-1's move."""
    return Sight(
        move=move(to=to),
        old=old,
        new=new,
        new_address=new_address,
        estate_addresses=estate or {},
        clouds=SaidClouds(says=cloud),
        now=NOW,
        past=past or SaidPast(),
        memory=HeldMemory(),
        fetch=lambda reference: Secret(SECRETS[str(reference)]),
        attestations=attestations,
        acts=acts,
        timeout_seconds=seconds,
    )


def facts(*observations: Observation) -> Facts:
    """Return facts."""
    return Facts.from_observations(observations)


def listening(*served: str, address: str = "0.0.0.0", process: str | None = "nginx") -> Facts:
    """Return facts of a server that listens on ports such as ``443/tcp``."""
    return facts(
        HOSTNAME.known("web-1"),
        LISTENERS.known(listeners(*served, address=address, process=process)),
    )


def listeners(
    *served: str, address: str = "0.0.0.0", process: str | None = "nginx"
) -> tuple[Listener, ...]:
    """Return listeners on ports such as ``443/tcp``."""
    return tuple(
        Listener(
            protocol=Protocol(each.partition("/")[2]),
            address=address,
            port=int(each.partition("/")[0]),
            process=process,
        )
        for each in served
    )


def used(*connections: Connection, ports: tuple[str, ...] = ("443/tcp", "22/tcp")) -> Facts:
    """Return facts of a server at 10.0.0.4 with these connections."""
    return facts(
        LISTENERS.known(listeners(*ports)),
        CONNECTIONS.known(connections),
        INTERFACES.known((Interface(name="eth0", addresses=("10.0.0.4/24",)),)),
    )


def connection(
    remote: str,
    port: int,
    *,
    direction: Direction = Direction.INBOUND,
    local: str = "10.0.0.4",
    process: str | None = "nginx",
) -> Connection:
    """Return a connection from a remote address to a port of the server."""
    return Connection(
        protocol=Protocol.TCP,
        direction=direction,
        local_address=local,
        local_port=port,
        remote_address=remote,
        remote_port=50_000,
        process=process,
    )

"""A check: one thing that must be true, asked of real servers and clouds.

A check's file in ``migrate/checks``, or in the estate's own ``checks`` folder, holds a
:class:`Check` under ``CHECK``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from inventory.errors import UnreachableError
from inventory.model.asking import Reply
from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.sighting import Sighting, Use
from inventory.secret import Reference, Secret
from migrate.model.act import Act
from migrate.model.evidence import Attestation, CheckResult, Outcome
from migrate.model.objects import ObjectStore
from migrate.model.plan import Destination, Move
from migrate.model.planned import Planned
from migrate.model.playbook import About

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class CloudResource:
    """A virtual machine in a cloud, as its provider describes it."""

    id: str
    exists: bool
    power_state: str | None = None
    """The provider's word: ``running``, ``stopped``, ``deallocated`` …"""
    healthy: bool | None = None
    """Whether the provider's own status checks pass; None when it does not say."""
    detail: str = ""
    """The provider's words on its health."""
    size: str | None = None
    image: str | None = None
    launched: str | None = None
    """When it was launched or created, as the provider says."""
    addresses: tuple[str, ...] = ()
    provisioning: str | None = None


class Clouds(Protocol):
    """The clouds, as checks may look at them. Looking never changes anything."""

    def resource(self, move: Move) -> CloudResource | Unknown:
        """Describe the move's cloud resource, or say why that cannot be known."""
        ...

    def expect(self, moves: Iterable[Move], aspects: Collection[type] = ()) -> None:
        """Say whose resources will be looked at in this run, so that they are asked together.

        The aspects are read at once, several at the same time; any other when it is wanted.
        """
        ...

    def told(self, move: Move, aspect: type[T]) -> T | Unknown:
        """Return one aspect of the move's cloud resource: a class of :mod:`migrate.model.target`.

        It is asked for every resource of the same place that this run expects, at once.
        """
        ...

    def listed(
        self, to: Destination, aspect: type[T], about: str = ""
    ) -> Mapping[str, T | Unknown]:
        """Return what each place of a provider that the estate allows tells of an aspect.

        For what belongs to no move's resource, such as what is replicated into a region. ``about``
        names one thing; where it says in which place that is, only that place is asked.
        """
        ...

    def objects(self, where: str) -> ObjectStore | Unknown:
        """Return what holds the objects under an address such as ``s3://bucket/prefix``."""
        ...


class Memory(Protocol):
    """What a long check keeps between runs, so that one that was cut off carries on.

    It is a help, never proof: whatever it gives back must be bound by the check to exactly what is
    compared, or not be used.
    """

    def recall(self, key: str) -> str | None:
        """Return what was kept under a key for this server, or None."""
        ...

    def keep(self, key: str, text: str) -> None:
        """Keep a text under a key for this server, in place of what was there."""
        ...


class Past(Protocol):
    """What discovery has seen of the old server until now."""

    def looks(self, since: datetime) -> Sequence[datetime]:
        """Return when the old server told its connections since then, oldest first."""
        ...

    def sightings(self, since: datetime) -> Sequence[Sighting]:
        """Return the connections of the old server that were seen since then."""
        ...

    def uses(self, addresses: Collection[str], since: datetime) -> Sequence[Use]:
        """Return what other servers were seen to open to those addresses since then."""
        ...

    def known(self, before: datetime | None = None) -> Facts:
        """Return what was known of the old server; with ``before``, just before that moment."""
        ...


class Ask(Protocol):
    """How a check asks a server what discovery does not."""

    def __call__(self, target: str, script: str, *, seconds: float, most_bytes: int) -> Reply:
        """Run a POSIX shell script that changes nothing on a server, and return what it said.

        Raises:
            DecantError: the server is not reached, or does not let us in.

        """
        ...


def _cannot_ask(target: str, script: str, *, seconds: float, most_bytes: int) -> Reply:
    del script, seconds, most_bytes
    raise UnreachableError(f"{target} cannot be asked from here")


_NOT_PLANNED = Unknown(reason=Reason.NOT_ASKED, detail="no verdict was looked up")


def _no_landing(condition: str) -> CheckResult:
    detail = f"{condition} of landing zones cannot be asked for from here"
    return CheckResult(outcome=Outcome.UNKNOWN, detail=detail)


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Everything that a check may look at, seen freshly in this run."""

    move: Move
    old: Facts | Unknown
    """The old server's facts, asked in this run, or why it did not answer."""
    new: Facts | Unknown | None
    """The new server's; None when the move has no replacement server."""
    new_address: str | None
    """Host name or address of the replacement."""
    estate_addresses: Mapping[str, str]
    """Address → server name, for the whole estate."""
    clouds: Clouds
    now: datetime
    """When the look began."""
    past: Past
    memory: Memory
    fetch: Callable[[Reference], Secret]
    """Fetch a secret that a parameter names; it must never get into a result."""
    attestations: Sequence[Attestation] = ()
    """What people declared of the old server: only what stands (neither withdrawn nor expired) and
    what is signed by their own keys, oldest first."""
    acts: Sequence[Act] = ()
    """What was done to the old server, oldest first."""
    ask: Ask = _cannot_ask
    """Ask a server by its target, as the move's ``source`` and ``replacement`` name it."""
    planned: Planned | Unknown = _NOT_PLANNED
    """What classification chose for the move's destination, or why nothing is chosen."""
    landing: Callable[[str], CheckResult] = _no_landing
    """Judge the landing zones of this move's wave by one condition, a file of
    ``migrate/conditions``."""
    use_id: str = ""
    """The check's id within its stage, by which people explain what it finds; empty when no
    playbook uses it."""
    timeout_seconds: float = 10


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Something that a check asks people to declare."""

    about: str
    """The word by which they declare it: ``decant attest SERVER ABOUT``."""
    what: str
    """What is declared, one sentence."""
    document: str = ""
    """What has to be attached; empty when nothing has to be."""
    role: str = ""
    """As what they have to be named in decant.toml; empty when anybody may who is named there."""
    names: str = ""
    """What the words have to name; empty when they are free."""


@dataclass(frozen=True, kw_only=True)
class OfCloud:
    """What a check judges of a cloud; the reference's table is made of these."""

    aspects: tuple[type, ...]
    """Classes of :mod:`migrate.model.target` that it reads; the calls are their readers'."""
    passes: str
    """What passes, one sentence."""
    fails: str
    unknown: str
    """What cannot be told, beside a cloud that does not answer."""
    on_request: frozenset[type] = frozenset()
    """Those of the aspects that it reads only when a parameter asks for them."""

    @property
    def always(self) -> frozenset[type]:
        """The aspects that it reads whatever its parameters."""
        return frozenset(self.aspects) - self.on_request


def _nothing(_parameters: Mapping[str, Any]) -> tuple[Asked, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that must be true."""

    parameters: Mapping[str, Any]
    """JSON Schema of its parameters: an object schema; playbooks are validated against it."""
    run: Callable[[Sight, Mapping[str, Any]], CheckResult]
    """Look, and say what was seen. Bounded by ``Sight.timeout_seconds`` for each step. Whatever
    it cannot tell is Outcome.UNKNOWN with the reason; an exception is our bug, and counts as
    unknown."""
    reads: str
    """What it looks at, one sentence for the reference."""
    about: About
    """What it proves something about."""
    asks: Callable[[Mapping[str, Any]], Sequence[Asked]] = _nothing
    """What it asks people to declare, by its parameters."""
    of_cloud: OfCloud | None = None
    """What it judges of a cloud; None when it looks at no cloud."""

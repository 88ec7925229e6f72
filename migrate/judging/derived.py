"""What is derived of a server before it is judged, as facts like any others.

So rules read with the same words what a source told, what was recognised, and what only the
estate as a whole shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from inventory.applications.recognise import recognise
from inventory.model.application import Application
from inventory.model.fact import FactKey, Facts, Known, Observation, Reason, Unknown
from inventory.model.facts import HOSTNAME, INTERFACES, LISTENERS, PACKAGES, PROCESSES, SERVICES
from migrate.judging.network import addresses
from migrate.judging.standing_in import standing_in

if TYPE_CHECKING:
    from inventory.applications.matcher import Matcher
    from inventory.model.server import Server
    from migrate.judging.marks import Marking

APPLICATIONS = FactKey[tuple[Application, ...]](
    name="derived.applications",
    kind=tuple[Application, ...],
    help="Applications that were recognised on it",
)
SHARED_ADDRESSES = FactKey[tuple[str, ...]](
    name="derived.shared_addresses",
    kind=tuple[str, ...],
    help="Its addresses that other servers have, too, with their names",
)
NAMESAKES = FactKey[tuple[str, ...]](
    name="derived.namesakes",
    kind=tuple[str, ...],
    help="Other servers with its host name",
)
ESTATEWIDE: Final[tuple[FactKey[Any], ...]] = (HOSTNAME, INTERFACES)
"""What must be known of all servers to tell what one shares with others."""
_NAMED: Final = 100
"""How many servers are named that share something with one."""
_SIGNS: tuple[FactKey[Any], ...] = (PROCESSES, PACKAGES, SERVICES, LISTENERS)


class Shown(NamedTuple):
    """What one server shows that others may show as well. A tuple, as there are very many."""

    id: str
    name: str
    addresses: tuple[str, ...]
    hostname: str
    """In lower case; empty when it is not known."""


def shown(server: Server) -> Shown:
    """Return what a server shows that others may show as well."""
    hostname = server.facts.value(HOSTNAME) or ""
    return Shown(server.id, server.name, _addresses(server.facts), hostname.lower())


@dataclass(frozen=True, kw_only=True)
class Estatewide:
    """What only all servers together show."""

    by_address: Mapping[str, tuple[str, ...]]
    """Address → ids of the servers that have it, by name."""
    by_hostname: Mapping[str, tuple[str, ...]]
    """Host name in lower case → ids of the servers that have it, by name."""
    names: Mapping[str, str]
    """Id → name."""

    @classmethod
    def of(cls, servers: Iterable[Server]) -> Estatewide:
        """Look at all servers once."""
        return cls.together(map(shown, servers))

    @classmethod
    def together(cls, servers: Iterable[Shown]) -> Estatewide:
        """Put together what each server shows."""
        by_address: dict[str, list[str]] = defaultdict(list)
        by_hostname: dict[str, list[str]] = defaultdict(list)
        names = {}
        for server in servers:
            names[server.id] = server.name
            for address in server.addresses:
                by_address[address].append(server.id)
            if server.hostname:
                by_hostname[server.hostname].append(server.id)

        def shared(ids_of: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
            return {
                key: tuple(sorted(ids, key=names.__getitem__))
                for key, ids in ids_of.items()
                if len(ids) > 1
            }

        return cls(by_address=shared(by_address), by_hostname=shared(by_hostname), names=names)

    def observations(self, server: Server) -> Iterator[Observation]:
        """Tell what others share with a server; unknown where its own side is."""
        if isinstance(server.facts.of(INTERFACES), Known):
            shared = tuple(
                f"{address} (also {', '.join(others)})"
                for address in _addresses(server.facts)
                if (others := self._others(self.by_address.get(address, ()), server))
            )
            yield SHARED_ADDRESSES.known(shared)
        else:
            yield SHARED_ADDRESSES.unknown(Reason.NOT_TOLD, "its addresses are not known")
        hostname = server.facts.value(HOSTNAME)
        if hostname:
            alike = self.by_hostname.get(hostname.lower(), ())
            yield NAMESAKES.known(self._others(alike, server))
        else:
            yield NAMESAKES.unknown(Reason.NOT_TOLD, "its host name is not known")

    def _others(self, ids: Sequence[str], server: Server) -> tuple[str, ...]:
        """Name the others, the first of them where they are very many.

        A thousand servers that all go by ``localhost`` would else be told a million names.
        """
        others = (self.names[each] for each in ids if each != server.id)
        named = tuple(islice(others, _NAMED))
        more = len(ids) - 1 - len(named)
        return (*named, f"and {more:,} more") if more > 0 else named


def derived(
    server: Server, estate: Estatewide, matcher: Matcher, marking: Marking | None = None
) -> Facts:
    """Return a server's facts with what stands in for unknown ones, and what is derived."""
    facts = standing_in(server.facts)
    whole = Facts(
        {
            **facts.observations,
            **{
                each.key.name: each
                for each in (_applications(facts, matcher), *estate.observations(server))
            },
        }
    )
    return whole.updated((marking.observation(server.name, whole),)) if marking else whole


def _applications(facts: Facts, matcher: Matcher) -> Observation:
    signs = [facts.of(key) for key in _SIGNS]
    if not any(isinstance(each, Known) for each in signs):
        never = all(isinstance(each, Unknown) and each.reason is Reason.NOT_ASKED for each in signs)
        reason = Reason.NOT_ASKED if never else Reason.NOT_TOLD
        return APPLICATIONS.unknown(reason, "neither processes nor packages are known")
    return APPLICATIONS.known(recognise(facts, matcher))


def _addresses(facts: Facts) -> tuple[str, ...]:
    interfaces = facts.value(INTERFACES)
    return tuple(dict.fromkeys(str(each.ip) for each in addresses(interfaces or ())))

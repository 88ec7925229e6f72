"""What connections looked like over time, laid over what the last look at each server shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.applications.addresses import AddressBook, plain
from inventory.applications.uses import OUTSIDE, Key, Listening, Use
from inventory.model.parts import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.model.sighting import Sighting

_EPHEMERAL: Final = 32768
"""From here on Linux gives clients their ports (ip_local_port_range)."""
_Seen = set[tuple[str, str, str, int, Direction]]


def accumulate(
    found: dict[Key, Use],
    sightings: Mapping[str, Sequence[Sighting]],
    book: AddressBook,
    waiting: Listening,
) -> None:
    """Add to each use when it was first and last seen, and every use that ended before.

    Raises nothing; a sighting of a server with itself is passed over, and so is one whose
    direction must have been guessed wrong: it names a port that clients are given, at a server
    that does not listen there.
    """
    known = {server for server, _, _ in waiting}
    seen: _Seen = {
        (server, plain(each.local_address), plain(each.remote_address), each.port, each.direction)
        for server, listed in sightings.items()
        for each in listed
    }
    for server, listed in sightings.items():
        for each in listed:
            key = _key(server, each, book, seen)
            if key and (key in found or not _is_guessed(key, known, waiting)):
                _add(found.setdefault(key, Use()), server, each, key)


def _key(server: str, each: Sighting, book: AddressBook, seen: _Seen) -> Key | None:
    far_address = plain(each.remote_address)
    owners = book.owners(far_address)
    if server in owners:
        return None
    inbound = each.direction is Direction.INBOUND
    if len(owners) > 1:
        mirrored = Direction.OUTBOUND if inbound else Direction.INBOUND
        near = plain(each.local_address)
        owners = frozenset(
            owner for owner in owners if (owner, far_address, near, each.port, mirrored) in seen
        )
    far = next(iter(owners)) if len(owners) == 1 else f"{OUTSIDE}{far_address}"
    ends = (far, server) if inbound else (server, far)
    return *ends, each.protocol.value, each.port


def _is_guessed(key: Key, known: set[str], waiting: Listening) -> bool:
    _, server, protocol, port = key
    is_waiting = (server, protocol, port) in waiting
    return port >= _EPHEMERAL and server in known and not is_waiting


def _add(use: Use, server: str, each: Sighting, key: Key) -> None:
    use.most_at_once = max(use.most_at_once, each.most_at_once)
    use.looks = max(use.looks or 0, each.looks)
    use.first_seen = min(use.first_seen or each.first_seen, each.first_seen)
    use.last_seen = max(use.last_seen or each.last_seen, each.last_seen)
    if key[1] == server:
        use.process = use.process or each.process
    elif each.process and each.process not in {name for name, _ in use.clients}:
        use.clients.add((each.process, None))

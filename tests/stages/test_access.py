"""What a run may use to get in is the same for every command of an estate."""

from __future__ import annotations

from pathlib import Path

from inventory.access import access_of
from inventory.estate import DiscoverySettings, Estate

FOLDER = Path("/estate")
ESTATE = Estate(
    folder=FOLDER,
    name="made",
    database="sqlite://",
    discovery=DiscoverySettings(identity=(Path("key"),), known_hosts=(Path("hosts"),), sudo=True),
)


def test_the_estate_says_how_servers_are_reached() -> None:
    """Keys accepted at the first visit count for all later ones; none is accepted anew."""
    access = access_of(ESTATE)
    assert access.identities == (Path("key"),)
    assert access.known_hosts == (Path("hosts"), FOLDER / "known_hosts")
    assert access.accept_new_into is None
    assert access.sudo


def test_what_is_typed_stands_in_place_of_the_file() -> None:
    """A key and a known_hosts file that are named are the ones that are used."""
    access = access_of(
        ESTATE, identity=(Path("other"),), known_hosts=(Path("theirs"),), accept_new_host_keys=True
    )
    assert access.identities == (Path("other"),)
    assert access.known_hosts == (Path("theirs"), FOLDER / "known_hosts")
    assert access.accept_new_into == FOLDER / "known_hosts"


def test_without_any_word_the_users_own_known_hosts_count() -> None:
    """Nothing is trusted beside what the user and the system already trust."""
    bare = Estate(folder=FOLDER, name="made", database="sqlite://")
    assert Path("~/.ssh/known_hosts") in access_of(bare).known_hosts
    assert not access_of(bare).sudo

"""A server is known again when it moves, and never mixed up with another; users find it by name."""

from __future__ import annotations

import pytest
from visiting import say, stay_silent

from inventory.errors import UsageError
from inventory.model import facts
from inventory.model.parts import Interface
from inventory.store.servers import find_server, servers
from inventory.store.store import Store
from inventory.store.visits import visits

ONE = "ssh://root@10.0.0.1"
TWO = "ssh://root@10.0.0.2"
UUID = facts.SMBIOS_UUID.known("4c4c4544-0042-3510-8052-b4c04f4a4d32")
SWAPPED = facts.SMBIOS_UUID.known("44454c4c-4200-1035-8052-b4c04f4a4d32")
OTHER_UUID = facts.SMBIOS_UUID.known("4c4c4544-0042-3510-8052-b4c04f4a4d33")
SERIAL = facts.SERIAL.known("B5J25M2")
INSTALLATION = facts.MACHINE_ID.known("4b1bf8b5a5d94c1a9c1b2f7d3e5a6b70")
OTHER_INSTALLATION = facts.MACHINE_ID.known("4b1bf8b5a5d94c1a9c1b2f7d3e5a6b71")
NETWORK = facts.INTERFACES.known((Interface(name="eth0", mac="52:54:00:12:34:56"),))


def test_a_server_that_moves_is_known_again(store: Store) -> None:
    """Firmware and installation agree at a new address: one server, which was asked there last."""
    before = say(store, ONE, UUID, INSTALLATION)
    after = say(store, TWO, SWAPPED, INSTALLATION, minutes=5)
    assert after.id == before.id
    assert [each.target for each in servers(store)] == [TWO]


def test_containers_of_one_machine_stay_apart(store: Store) -> None:
    """They share the machine's UUID and serial; each has its own machine-id."""
    say(store, ONE, UUID, SERIAL, INSTALLATION)
    say(store, TWO, UUID, SERIAL, OTHER_INSTALLATION)
    assert len(servers(store)) == 2


def test_containers_without_a_machine_id_stay_apart(store: Store) -> None:
    """UUID and serial both come from the firmware, and count once."""
    say(store, ONE, UUID, SERIAL)
    say(store, TWO, UUID, SERIAL)
    assert len(servers(store)) == 2


def test_clones_of_one_machine_stay_apart(store: Store) -> None:
    """They share the machine-id and even a MAC address; each has its own UUID."""
    say(store, ONE, UUID, INSTALLATION, NETWORK)
    say(store, TWO, OTHER_UUID, INSTALLATION, NETWORK)
    assert len(servers(store)) == 2


def test_another_server_at_a_known_address_is_a_new_one(store: Store) -> None:
    """The old server stays listed with its facts, and later silence belongs to the new one."""
    old = say(store, ONE, INSTALLATION, facts.HOSTNAME.known("old"))
    new = say(store, ONE, OTHER_INSTALLATION, facts.HOSTNAME.known("new"), minutes=5)
    assert new.id != old.id
    assert {each.name for each in servers(store)} == {"old", "new"}
    assert stay_silent(store, ONE, minutes=9).id == new.id


def test_a_known_address_without_contradiction_is_the_same_server(store: Store) -> None:
    """What cannot be told does not make a new server, and neither does a changed name."""
    first = say(store, ONE, facts.HOSTNAME.known("web-1"))
    again = say(store, ONE, facts.HOSTNAME.known("web-2"), INSTALLATION, minutes=5)
    assert again.id == first.id
    assert again.name == "web-2"


def test_identity_is_learnt_bit_by_bit(store: Store) -> None:
    """What one visit showed of the identity still counts when a later one shows another part."""
    first = say(store, ONE, UUID)
    say(store, ONE, INSTALLATION, minutes=1)
    assert say(store, TWO, UUID, INSTALLATION, minutes=2).id == first.id


def test_an_address_that_never_answered_is_taken_over(store: Store) -> None:
    """When a known server turns up there, no ghost stays listed, and the history is one."""
    known = say(store, ONE, UUID, INSTALLATION)
    stay_silent(store, TWO, minutes=1)
    moved = say(store, TWO, UUID, INSTALLATION, minutes=2)
    assert [each.id for each in servers(store)] == [known.id] == [moved.id]
    assert [each.target for each in visits(store, known.id)] == [ONE, TWO, TWO]


def test_servers_are_found_by_what_people_call_them(store: Store) -> None:
    """Name, FQDN, target, id and the beginning of an id all find the server."""
    fqdn = facts.FQDN.known("Web-1.example.test")
    server = say(store, ONE, facts.HOSTNAME.known("web-1"), fqdn, INSTALLATION)
    say(store, TWO, facts.HOSTNAME.known("db-1"))
    for text in ("web-1", "WEB-1", "web-1.example.test", ONE, server.id, server.id[:8]):
        assert find_server(store, text) == server


def test_a_name_that_is_nearly_right_is_suggested(store: Store) -> None:
    """The hint of an unknown name lists close ones."""
    say(store, ONE, facts.HOSTNAME.known("web-1"))
    with pytest.raises(UsageError, match="there is no server 'wbe-1'") as caught:
        find_server(store, "wbe-1")
    assert caught.value.hint == "did you mean web-1?"


def test_an_empty_inventory_says_how_to_fill_it(store: Store) -> None:
    """Without any server the hint is to discover some."""
    with pytest.raises(UsageError) as caught:
        find_server(store, "web-1")
    assert "decant discover" in str(caught.value.hint)


def test_two_servers_of_one_name_are_told_apart_by_id(store: Store) -> None:
    """An ambiguous name is refused, and the hint gives each id with its target."""
    one = say(store, ONE, facts.HOSTNAME.known("web"), INSTALLATION)
    two = say(store, TWO, facts.HOSTNAME.known("web"), OTHER_INSTALLATION)
    with pytest.raises(UsageError, match="2 servers go by 'web'") as caught:
        find_server(store, "web")
    for server in (one, two):
        assert f"{server.id} ({server.target})" in str(caught.value.hint)

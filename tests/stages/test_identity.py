"""Two sets of facts speak of one server only when independent things agree and none contradicts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import facts
from inventory.model.fact import Facts, Observation
from inventory.model.identity import Identity, Match, NoMatch, same_server
from inventory.model.parts import Interface

UUID = facts.SMBIOS_UUID.known("4c4c4544-0042-3510-8052-b4c04f4a4d32")
SWAPPED = facts.SMBIOS_UUID.known("44454C4C-4200-1035-8052-B4C04F4A4D32")
OTHER_UUID = facts.SMBIOS_UUID.known("4c4c4544-0042-3510-8052-b4c04f4a4d33")
SERIAL = facts.SERIAL.known("B5J25M2")
MACHINE_ID = facts.MACHINE_ID.known("4b1bf8b5a5d94c1a9c1b2f7d3e5a6b70")
OTHER_MACHINE_ID = facts.MACHINE_ID.known("4b1bf8b5a5d94c1a9c1b2f7d3e5a6b71")
FQDN = facts.FQDN.known("web-1.example.test")


def nic(mac: str, kind: str | None = "physical") -> Interface:
    """Return an interface with this address."""
    return Interface(name="eth0", mac=mac, kind=kind)


def macs(*interfaces: Interface) -> Observation:
    """State these interfaces."""
    return facts.INTERFACES.known(interfaces)


MAC = macs(nic("52:54:00:12:34:56"))


def identity(*said: Observation) -> Identity:
    """Return the identity in these statements."""
    return Identity.of(Facts.from_observations(said))


def judge(
    known: tuple[Observation, ...], seen: tuple[Observation, ...], *, same_target: bool = False
) -> Match | NoMatch:
    """Judge two lists of statements."""
    return same_server(identity(*known), identity(*seen), same_target=same_target)


@pytest.mark.parametrize(
    "shared",
    [
        (UUID, MACHINE_ID),
        (SERIAL, MACHINE_ID),
        (UUID, MAC),
        (UUID, FQDN),
        (MACHINE_ID, MAC),
        (MACHINE_ID, FQDN),
        (MAC, FQDN),
    ],
)
def test_two_independent_keys_make_a_server_known_again(shared: tuple[Observation, ...]) -> None:
    """At a new address, agreement of two groups is enough, and each reason is named."""
    match = judge(shared, shared)
    assert isinstance(match, Match)
    assert len(match.why) == 2


@pytest.mark.parametrize("alone", [(UUID,), (SERIAL,), (MACHINE_ID,), (MAC,), (FQDN,)])
def test_one_key_alone_never_merges(alone: tuple[Observation, ...]) -> None:
    """Clones, containers and re-used names share any one of them."""
    assert isinstance(judge(alone, alone), NoMatch)


def test_uuid_and_serial_count_once() -> None:
    """Both come from the firmware, which every container of a machine sees."""
    assert isinstance(judge((UUID, SERIAL), (UUID, SERIAL)), NoMatch)


@pytest.mark.parametrize("same_target", [True, False])
@pytest.mark.parametrize(
    ("known", "seen", "why"),
    [
        (
            (UUID, SERIAL, MAC, FQDN, MACHINE_ID),
            (UUID, SERIAL, MAC, FQDN, OTHER_MACHINE_ID),
            "machine-id",
        ),
        ((UUID, SERIAL, MAC, FQDN, MACHINE_ID), (OTHER_UUID, MAC, FQDN, MACHINE_ID), "SMBIOS UUID"),
    ],
)
def test_a_contradiction_rules_a_merge_out(
    known: tuple[Observation, ...], seen: tuple[Observation, ...], why: str, *, same_target: bool
) -> None:
    """Whatever else agrees, and even at the same address; the reason names what differs."""
    verdict = judge(known, seen, same_target=same_target)
    assert verdict == NoMatch(why=(f"{why} differs",))


def test_the_same_address_is_enough_when_nothing_contradicts() -> None:
    """Also when nothing more is known of either."""
    assert judge((), (), same_target=True) == Match(why=("same target",), groups=0)
    assert judge((SERIAL,), (MACHINE_ID,), same_target=True) == Match(
        why=("same target",), groups=0
    )


def test_both_byte_orders_are_one_uuid() -> None:
    """Old firmware and hypervisors write the first three fields the other way round."""
    assert identity(UUID) == identity(SWAPPED)
    assert isinstance(judge((UUID, MACHINE_ID), (SWAPPED, MACHINE_ID)), Match)


def test_an_added_interface_does_not_hide_a_server() -> None:
    """MAC addresses agree when one list holds the other, and do not when they only overlap."""
    two = macs(nic("52:54:00:12:34:56"), nic("52:54:00:12:34:57"))
    third = macs(nic("52:54:00:12:34:57"), nic("52:54:00:12:34:58"))
    assert isinstance(judge((MAC, FQDN), (two, FQDN)), Match)
    assert isinstance(judge((two, FQDN), (third, FQDN)), NoMatch)


OTHER_MAC = facts.INTERFACES.known((Interface(name="eth0", mac="52:54:00:ff:ff:ff"),))


@pytest.mark.parametrize("same_target", [True, False])
def test_a_replica_without_a_uuid_is_told_by_its_mac_addresses(*, same_target: bool) -> None:
    """Replication copies machine-id and name; without privilege only the addresses differ."""
    verdict = judge((MACHINE_ID, FQDN, MAC), (MACHINE_ID, FQDN, OTHER_MAC), same_target=same_target)
    assert verdict == NoMatch(why=("MAC addresses differ",))


def test_another_network_card_in_the_same_machine_is_the_same_server() -> None:
    """The firmware's UUID settles it."""
    verdict = judge((UUID, MACHINE_ID, MAC), (UUID, MACHINE_ID, OTHER_MAC))
    assert isinstance(verdict, Match)


@pytest.mark.parametrize(
    "said",
    [
        facts.SMBIOS_UUID.known("00000000-0000-0000-0000-000000000000"),
        facts.SMBIOS_UUID.known("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"),
        facts.SMBIOS_UUID.known("03000200-0400-0500-0006-000700080009"),
        facts.SMBIOS_UUID.known("Not Settable"),
        facts.SERIAL.known("To be filled by O.E.M."),
        facts.SERIAL.known(" None "),
        facts.MACHINE_ID.known("uninitialized"),
        facts.MACHINE_ID.known("0" * 32),
        facts.FQDN.known("localhost.localdomain"),
        facts.FQDN.known("web-1"),
        macs(nic("00:00:00:00:00:00")),
        macs(nic("02:42:ac:11:00:02")),
        macs(nic("00:00:5e:00:01:0a")),
        macs(nic("52:54:00:12:34:56", "bridge")),
        macs(nic("not a mac")),
    ],
)
def test_what_many_servers_share_identifies_none(said: Observation) -> None:
    """Placeholders, virtual addresses and names that mean nothing are left out."""
    assert identity(said) == Identity()


def test_what_is_newly_known_replaces_and_unknown_does_not() -> None:
    """An identity is learnt bit by bit, one look after another."""
    updated = identity(SERIAL, MACHINE_ID).updated(identity(OTHER_MACHINE_ID))
    assert updated == identity(SERIAL, OTHER_MACHINE_ID)


def statements() -> st.SearchStrategy[tuple[Observation, ...]]:
    """Draw what some server says of itself."""
    choices = [
        (UUID, SWAPPED, OTHER_UUID),
        (SERIAL,),
        (MACHINE_ID, OTHER_MACHINE_ID),
        (FQDN,),
        (MAC,),
    ]
    each = [st.sampled_from([None, *some]) for some in choices]
    return st.tuples(*each).map(lambda said: tuple(one for one in said if one))


@given(one=statements(), other=statements(), same_target=st.booleans())
def test_the_judgement_is_symmetric(
    one: tuple[Observation, ...], other: tuple[Observation, ...], *, same_target: bool
) -> None:
    """It does not matter which of the two was seen first."""
    there = judge(one, other, same_target=same_target)
    assert judge(other, one, same_target=same_target) == there


@given(statements())
def test_an_identity_survives_being_taken_apart(said: tuple[Observation, ...]) -> None:
    """What the store keeps of it is all of it."""
    assert Identity.from_pairs(identity(*said).pairs()) == identity(*said)

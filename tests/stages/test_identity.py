"""Two sets of facts speak of one server only when independent things agree and none contradicts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import facts, hardware, placement
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


def test_a_name_without_a_domain_is_a_host_name_alone() -> None:
    """It says nothing of which domain it is in."""
    assert identity(facts.FQDN.known("web-1")) == Identity(hostname=frozenset({"web-1"}))


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


def record(*said: Observation) -> Identity:
    """Return all that a record is known by."""
    return Identity.of(Facts.from_observations(said))


@pytest.mark.parametrize(
    "serial",
    [
        "", "0", "00000000", "1111", "0101", "xxxxxxxx", "..............", "None", "N/A",
        "Default string", "System Serial Number", "Not Specified", "Not Available", "INVALID",
        "0123456789", "123456789", "123456789000", "SYS-1234567890", "empty", "(null string)",
        "VMware-00 00 00 00 00 00 00 00-00 00 00 00 00 00 00 00", "OEM_Serial", "T.B.D.",
    ],
)  # fmt: skip
def test_a_serial_number_that_was_never_filled_in_is_none(serial: str) -> None:
    """Makers of firmware write many things there; GLPI and osquery have had to refuse them all."""
    assert record(facts.SERIAL.known(serial)) == Identity()


@pytest.mark.parametrize("serial", ["B5J25M2", "1234", "2345678-A", "10000000a1b2c3d4", "00A1B2C"])
def test_a_serial_number_that_was_filled_in_is_kept(serial: str) -> None:
    """Also when it is short, or has many noughts."""
    assert record(facts.SERIAL.known(f" {serial.lower()} ")).serial == {serial.upper()}


@pytest.mark.parametrize(
    "uuid",
    [
        "00020003-0004-0005-0006-000700080009", "{FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF}",
        "fefefefe-fefe-fefe-fefe-fefefefefefe", "03020100-0504-0706-0809-0a0b0c0d0e0f",
        "00010203-0405-0607-0809-0a0b0c0d0e0f", "10000000-0000-8000-0040-000000000000",
        "6AB5B300-538D-1014-9FB5-B0684D007B53", "n/a", "2",
    ],
)  # fmt: skip
def test_a_uuid_of_many_servers_is_none(uuid: str) -> None:
    """Defaults of boards, in either byte order."""
    assert record(facts.SMBIOS_UUID.known(uuid)) == Identity()


def test_vmwares_serial_number_tells_the_uuid() -> None:
    """Who may read the one and not the other, or only lists one, is the same server."""
    serial = facts.SERIAL.known("VMware-42 13 7e 0d 93 c2 5c 58-2b 5a 7a 1d 5a 3c 0f 11")
    listed = facts.SMBIOS_UUID.known("42137E0D-93C2-5C58-2B5A-7A1D5A3C0F11")
    swapped = facts.SMBIOS_UUID.known("0d7e1342-c293-585c-2b5a-7a1d5a3c0f11")
    assert record(serial).smbios_uuid == record(listed).smbios_uuid == record(swapped).smbios_uuid


def test_a_container_has_no_firmware_of_its_own() -> None:
    """It sees that of the server that it runs on, and the cloud's name for that server."""
    said = (UUID, SERIAL, MACHINE_ID, hardware.CLOUD_INSTANCE.known("i-0abc"))
    assert record(*said, facts.VIRTUALISATION.known("lxc")) == identity(MACHINE_ID)
    assert record(*said, facts.VIRTUALISATION.known("kvm")).cloud_instance == {"i-0abc"}


@pytest.mark.parametrize("instance", ["iid-datasource-none", "nocloud", "none", ""])
def test_no_cloud_is_no_instance(instance: str) -> None:
    """What cloud-init writes where there is none."""
    assert record(hardware.CLOUD_INSTANCE.known(instance)) == Identity()


@pytest.mark.parametrize(
    ("mac", "kind", "own"),
    [
        ("0050.56AA.0001", None, "00:50:56:aa:00:01"),
        ("00-50-56-AA-00-01", "physical", "00:50:56:aa:00:01"),
        ("52:54:00:12:34:56", None, "52:54:00:12:34:56"),
        ("06:1f:aa:00:00:01", "physical", "06:1f:aa:00:00:01"),
        ("06:1f:aa:00:00:01", None, None),
        ("00:00:0c:07:ac:01", "physical", None),
        ("00:00:0c:9f:f0:01", "physical", None),
        ("00:00:5e:00:02:01", None, None),
        ("00:50:56:c0:00:08", None, None),
        ("0a:00:27:00:00:00", "physical", None),
        ("01:00:5e:00:00:01", "physical", None),
        ("02:42:ac:11:00:02", None, None),
        ("00:50:56:aa:00:01", "bond", None),
    ],
)
def test_a_mac_address_is_one_network_cards_own(
    mac: str, kind: str | None, own: str | None
) -> None:
    """Made-up ones count only where it is known that a card has them; shared ones never."""
    assert record(macs(nic(mac, kind))).mac == ({own} if own else frozenset())


def test_members_of_a_bond_are_known_by_their_own_addresses() -> None:
    """The bond gives all of them one."""
    member = Interface(
        name="eth1", mac="00:50:56:aa:00:01", permanent_mac="00:50:56:aa:00:02", kind="physical"
    )
    assert record(macs(member)).mac == {"00:50:56:aa:00:02"}


def test_names_and_addresses_are_spelled_alike() -> None:
    """Case, domains, prefix lengths and scopes differ from source to source."""
    address = Interface(
        name="eth0",
        addresses=(
            "10.0.0.4/24",
            "fe80::1%eth0/64",
            "127.0.0.1/8",
            "2001:DB8:0::1/64",
            "172.17.0.1",
        ),
    )
    known = record(
        facts.HOSTNAME.known("WEB-1.Example.test."), macs(address),
        placement.VM_NAME.known("Web-1 (old)"),
        placement.INSTANCE_UUID.known("502A0D6E-5D3F-4C2B-9B0E-6B6F0C1A2B3C"),
    )  # fmt: skip
    assert known == Identity(
        fqdn=frozenset({"web-1.example.test"}),
        hostname=frozenset({"web-1"}),
        vm_name=frozenset({"web-1 (old)"}),
        address=frozenset({"10.0.0.4", "2001:db8::1"}),
        instance_uuid=frozenset({"502a0d6e-5d3f-4c2b-9b0e-6b6f0c1a2b3c"}),
    )
    assert record(facts.HOSTNAME.known("localhost.localdomain")) == Identity()
    assert record(facts.HOSTNAME.known("10.0.0.4")) == Identity()

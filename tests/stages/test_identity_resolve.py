"""Which records are one server: by examples of what estates are like."""

from __future__ import annotations

import time

import pytest
from identities import LIST, VCENTER, record, servers, uuid

from inventory.identity.entry import ASKED, Entry
from inventory.identity.resolution import Doubt, Resolution
from inventory.identity.resolve import resolve

MAC, OTHER_MAC = "00:50:56:aa:00:01", "00:50:56:aa:00:02"


def one_server(*records: Entry) -> bool:
    """Tell whether all of the records are one server."""
    return len(resolve(records).groups) == 1


def doubt(resolution: Resolution) -> Doubt:
    """Return the only doubt that there is."""
    (undecided,) = resolution.undecided
    return undecided.doubt


def test_a_virtual_machine_that_was_asked_and_is_listed_is_one_server_with_its_reasons() -> None:
    """The hypervisor's record, the server's own word and a list meet, and each merge says why."""
    machine = record(
        VCENTER, "502a", name="web-1", instance_uuid=uuid(9), smbios_uuid=uuid(1), mac=MAC,
        hostname="web-1", vm_name="web-1",
    )  # fmt: skip
    asked = record(
        ASKED, "a1", name="web-1", days=-1, mac=MAC, fqdn="web-1.example.test", hostname="web-1",
        machine_id="m1", address="10.0.0.4",
    )  # fmt: skip
    listed = record(LIST, "17", name="web-1.example.test", days=1, fqdn="web-1.example.test",
                    hostname="web-1", address="10.0.0.4")  # fmt: skip
    (group,) = resolve([machine, asked, listed]).groups
    assert group.id == asked.id
    assert [each.id for each in group.members] == [asked.id, machine.id, listed.id]
    surest, other = group.merges
    assert (surest.one, surest.other) == (asked.id, machine.id)
    assert surest.why == f"same MAC addresses {MAC} (50), same name web-1 (35)"
    assert surest.points == 85
    assert {other.one, other.other} == {asked.id, listed.id}
    assert "same IP address 10.0.0.4 (25)" in other.why


@pytest.mark.parametrize(
    "shared",
    [
        {"smbios_uuid": uuid(1), "serial": "S1"},
        {"instance_uuid": uuid(2)},
        {"cloud_instance": "i-0abc"},
        {"machine_id": "m1"},
        {"mac": MAC},
        {"fqdn": "web-1.example.test", "hostname": "web-1"},
        {"address": "10.0.0.4"},
    ],
)
def test_one_group_alone_never_merges(shared: dict[str, str]) -> None:
    """However much it weighs: clones, containers, re-used names and addresses share any of them."""
    records = record("glpi", "1", name="x", **shared), record(LIST, "2", name="y", **shared)
    assert not one_server(*records)


def test_a_name_and_an_address_are_just_enough() -> None:
    """Lists that people keep seldom know more; each is one server's only."""
    one = record("glpi", "1", name="web-1", address="10.0.0.4")
    other = record(LIST, "2", name="WEB-1", address="10.0.0.4,10.0.1.4")
    assert one_server(one, other)


def test_the_same_name_in_two_domains_is_two_servers() -> None:
    """Two councils have a dc01 each, at the same private address."""
    known = {"address": "10.0.0.4", "hostname": "dc01"}
    one = record("glpi", "1", name="dc01", fqdn="dc01.north.example", **known)
    other = record(LIST, "2", name="dc01", fqdn="dc01.south.example", **known)
    resolution = resolve([one, other])
    assert len(resolution.groups) == 2
    assert doubt(resolution) is Doubt.AMBIGUOUS


@pytest.mark.parametrize(
    ("kind", "here", "there", "why"),
    [
        ("machine_id", "m1", "m2", "machine-id differs"),
        ("smbios_uuid", uuid(1), uuid(2), "SMBIOS UUID differs"),
        ("instance_uuid", uuid(1), uuid(2), "instance UUID of the manager differs"),
        ("cloud_instance", "i-1", "i-2", "cloud instance differs"),
        ("serial", "S1", "S2", "serial number differs"),
    ],
)
def test_a_contradiction_is_shown_and_never_merged(
    kind: str, here: str, there: str, why: str
) -> None:
    """A replica has its original's name, address and card, and something of its own."""
    known = {"mac": MAC, "hostname": "web-1", "address": "10.0.0.4"}
    one = record("glpi", "1", **known, **{kind: here})
    other = record(LIST, "2", **known, **{kind: there})
    resolution = resolve([one, other])
    (undecided,) = resolution.undecided
    assert len(resolution.groups) == 2
    assert undecided.against == (why,)
    assert undecided.doubt is Doubt.CONTRADICTED


def test_another_network_card_in_the_same_machine_is_the_same_server() -> None:
    """The firmware settles it; without it, other MAC addresses are another server."""
    one = record("glpi", "1", name="web-1", address="10.0.0.4", mac=MAC, serial="S1")
    other = record(LIST, "2", name="web-1", address="10.0.0.4", mac=OTHER_MAC, serial="S1")
    assert one_server(one, other)
    bare = record(LIST, "2", name="web-1", address="10.0.0.4", mac=OTHER_MAC)
    assert not one_server(one, bare)


def test_a_copy_that_kept_its_originals_uuid_and_name_has_other_cards() -> None:
    """A copy that nobody lists beside its original is not taken for it."""
    known = {"name": "web-1", "smbios_uuid": uuid(1)}
    original = record(VCENTER, "1", mac=MAC, address="10.0.0.4", **known)
    copy = record(ASKED, "a", mac=OTHER_MAC, address="10.0.9.9", machine_id="m1", **known)
    resolution = resolve([original, copy])
    (undecided,) = resolution.undecided
    assert len(resolution.groups) == 2
    assert undecided.against == ("MAC addresses differ",)


def test_clones_in_one_hypervisor_are_two_and_what_they_share_weighs_nothing() -> None:
    """The hypervisor lists both, so that their common UUID and name tell nobody apart."""
    known = {"smbios_uuid": uuid(1), "hostname": "web-1"}
    one = record(VCENTER, "1", name="web-1", mac=MAC, **known)
    clone = record(VCENTER, "2", name="web-1-test", mac=OTHER_MAC, **known)
    asked = record(ASKED, "a", name="web-1", machine_id="m1", **known)
    resolution = resolve([one, clone, asked])
    assert len(resolution.groups) == 3
    shared = {(each.kind, each.value): each for each in resolution.shared}
    assert shared["smbios_uuid", uuid(1)].records == 2
    assert shared["smbios_uuid", uuid(1)].source == VCENTER
    fits = [each for each in resolution.undecided if asked in {each.one, each.other}]
    assert [each.doubt for each in fits] == [Doubt.AMBIGUOUS] * 2
    assert "2 records of rvtools:vcenter.example.test have it" in str(fits[0].reasons[0])
    with_mac = record(
        ASKED, "a", name="web-1", machine_id="m1", mac=OTHER_MAC, address="10.0.0.9", **known
    )
    assert len(resolve([one, clone, with_mac]).groups) == 3
    listing = record(VCENTER, "2", name="web-1-test", mac=OTHER_MAC, address="10.0.0.9", **known)
    assert frozenset({listing.id, with_mac.id}) in servers([one, listing, with_mac])


def test_a_slip_in_a_list_takes_no_weight_from_who_is_nearer() -> None:
    """People copied a row, address and card with it; server and hypervisor are still one."""
    known = {"name": "web-1", "mac": MAC, "address": "10.0.0.4"}
    machine = record(VCENTER, "1", **known)
    asked = record(ASKED, "a", **known)
    copied = [record(LIST, key, **{**known, "name": key}) for key in ("row-8", "row-9")]
    found = servers([machine, asked, *copied])
    assert frozenset({machine.id, asked.id}) in found
    assert len(found) == 3
    agent = record("glpi", "7", **{**known, "name": "web-2"})
    other = record(VCENTER, "2", **{**known, "name": "web-2"})
    assert frozenset({asked.id}) in servers([machine, other, asked, agent])


def test_a_record_that_fits_two_servers_equally_is_merged_with_neither() -> None:
    """To take one of them would be a throw of the dice."""
    one = record(VCENTER, "1", name="web-1", address="10.0.0.4", smbios_uuid=uuid(1))
    other = record("glpi", "2", name="web-1", address="10.0.0.4", smbios_uuid=uuid(2))
    listed = record(LIST, "3", name="web-1", address="10.0.0.4")
    resolution = resolve([one, other, listed])
    assert len(resolution.groups) == 3
    assert {each.doubt for each in resolution.undecided} == {Doubt.AMBIGUOUS, Doubt.CONTRADICTED}


def test_the_surer_of_two_that_exclude_each_other_is_taken() -> None:
    """What agrees more is merged first; the other is left with what speaks against it."""
    sure = record(VCENTER, "1", name="web-1", mac=MAC, address="10.0.0.4", smbios_uuid=uuid(1))
    less = record("glpi", "2", name="web-1", address="10.0.0.4", smbios_uuid=uuid(2))
    listed = record(LIST, "3", name="web-1", mac=MAC, address="10.0.0.4")
    resolution = resolve([sure, less, listed])
    assert frozenset({sure.id, listed.id}) in servers([sure, less, listed])
    assert doubt(resolution) is Doubt.CONTRADICTED


def test_what_two_records_know_together_finds_the_third() -> None:
    """The list shares the name with one record and the address with the other."""
    machine = record(VCENTER, "1", name="web-1", mac=MAC, smbios_uuid=uuid(1))
    asked = record(ASKED, "2", name="10.0.0.4", mac=MAC, smbios_uuid=uuid(1), address="10.0.0.4")
    listed = record(LIST, "3", name="web-1", address="10.0.0.4")
    assert one_server(machine, asked, listed)


def test_a_renamed_server_at_a_new_address_stays_one_server() -> None:
    """Firmware and installation say so, whatever the old list says."""
    old = record("glpi", "1", name="old", serial="S1", machine_id="m1", address="10.0.0.4")
    new = record(ASKED, "2", name="new", serial="S1", machine_id="m1", address="10.9.9.9")
    assert one_server(old, new)


def test_a_server_that_was_installed_anew_is_left_to_people() -> None:
    """Firmware and cards agree and the machine-id differs: a new installation, or a clone."""
    known = {"smbios_uuid": uuid(1), "serial": "S1", "mac": MAC, "hostname": "web-1"}
    before = record(ASKED, "a", name="web-1", machine_id="m1", **known)
    after = record(ASKED, "b", name="web-1", machine_id="m2", days=30, **known)
    resolution = resolve([before, after])
    (undecided,) = resolution.undecided
    assert undecided.one == before
    assert "installed anew" in undecided.would_decide


def test_two_that_were_both_asked_are_left_to_people() -> None:
    """A visit knows its server again by itself; an old server and its replica look alike."""
    known = {"machine_id": "m1", "fqdn": "web-1.example.test", "hostname": "web-1"}
    old = record(ASKED, "a", name="web-1", address="10.0.0.4", **known)
    new = record(ASKED, "b", name="web-1", address="172.31.0.4", days=30, **known)
    resolution = resolve([old, new])
    (undecided,) = resolution.undecided
    assert undecided.against == ("both were asked, and not known again",)
    assert "taken its place" in undecided.would_decide


def test_a_list_keyed_by_name_that_renamed_a_server_leaves_it_to_people() -> None:
    """A list that holds two records means two servers; an outdated one is for people to say."""
    old = record(LIST, "web-old", mac=MAC, address="10.0.0.4", serial="S1")
    new = record(LIST, "web-new", mac=MAC, address="10.0.0.4", serial="S1")
    resolution = resolve([old, new])
    (undecided,) = resolution.undecided
    assert undecided.against == (f"{LIST} lists both",)
    assert "renamed" in undecided.would_decide


def test_a_scan_of_two_addresses_may_be_one_server() -> None:
    """Whoever merely answers at an address may answer at another."""
    asked = record(ASKED, "a", name="web-1", hostname="web-1", address="10.0.0.4,10.1.0.4")
    scanned = [record("nmap", at, name="web-1", hostname="web-1", address=at)
               for at in ("10.0.0.4", "10.1.0.4")]  # fmt: skip
    assert one_server(asked, *scanned)


def test_a_weak_agreement_says_what_would_decide_it() -> None:
    """A name alone is shown, with what is missing and of which record."""
    machine = record(VCENTER, "1", name="web-1", smbios_uuid=uuid(1))
    listed = record(LIST, "2", name="web-1")
    resolution = resolve([machine, listed])
    (undecided,) = resolution.undecided
    assert undecided.doubt is Doubt.WEAK
    assert f"the SMBIOS UUID of web-1 ({LIST})" in undecided.would_decide


def test_records_that_have_an_address_and_no_name_are_shown() -> None:
    """A server that never answered is known by its address alone, and may be what is listed."""
    silent = record(ASKED, "a", name="10.0.0.4", address="10.0.0.4")
    listed = record(LIST, "2", name="web-1", address="10.0.0.4")
    assert doubt(resolve([silent, listed])) is Doubt.WEAK
    named = record("glpi", "3", name="db-1", address="10.0.0.4")
    assert not resolve([named, listed]).undecided


def test_a_doubt_between_some_does_not_keep_others_apart() -> None:
    """A list fits two that exclude each other; what else one of them is stays clear."""
    one = record("a", "1", name="web-1", vm_name="vm-7", address="10.0.0.4,10.0.0.5",
                 machine_id="m1")  # fmt: skip
    other = record("b", "2", name="web-1", address="10.0.0.4", machine_id="m2")
    torn = record("c", "3", name="web-1", address="10.0.0.4")
    clear = record("d", "4", name="vm-7", address="10.0.0.5")
    assert servers([one, other, torn, clear]) == {
        frozenset({one.id, clear.id}), frozenset({other.id}), frozenset({torn.id})
    }  # fmt: skip


def test_a_chain_whose_ends_exclude_each_other_is_not_merged() -> None:
    """Each agrees with the next, and all equally; which of the links is wrong cannot be told."""
    chain = [
        record("a", "1", name="n1", address="10.0.0.1", machine_id="m1"),
        record("b", "2", name="n1", vm_name="n2", address="10.0.0.1,10.0.0.2"),
        record("c", "3", name="n2", vm_name="n3", address="10.0.0.2,10.0.0.3"),
        record("d", "4", name="n3", address="10.0.0.3", machine_id="m2"),
    ]
    assert len(resolve(chain[:-1]).groups) == 1
    assert len(resolve(chain).groups) == 4


@pytest.mark.parametrize("told_by", [1, 2, 10_000])
def test_a_value_that_very_many_records_share_costs_no_time(told_by: int) -> None:
    """20,000 records with one serial number, one name and one MAC address are not compared.

    Neither when one source tells most of them, nor when each has a source of its own.
    """
    known = {"serial": "SHARED", "hostname": "template", "mac": MAC, "address": "10.0.0.4"}
    lists = 20_000 - told_by
    records = [record(VCENTER, str(n), name=f"vm-{n}", **known) for n in range(told_by)]
    records += [record(f"list-{n}", str(n), name="template", **known) for n in range(lists)]
    start = time.process_time()
    resolution = resolve(records)
    assert time.process_time() - start < 20
    assert len(resolution.groups) == 20_000
    assert not resolution.undecided
    assert {each.kind for each in resolution.shared} == {"serial", "name", "mac", "address"}

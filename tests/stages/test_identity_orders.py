"""Whatever the order and the split in which records come, the same servers come of them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from identities import LIST, VCENTER, parts, record, says, servers, uuid

from inventory.identity.decisions import Ruling
from inventory.identity.entry import ASKED, Entry
from inventory.identity.resolve import resolve
from inventory.identity.weights import DECISIVE

SOURCES = (VCENTER, LIST, "glpi", "osquery", "nmap", ASKED)
VALUES = {
    "smbios_uuid": (uuid(1), uuid(2), uuid(3)),
    "instance_uuid": (uuid(4), uuid(5)),
    "serial": ("S1", "S2"),
    "machine_id": ("m1", "m2", "m3"),
    "mac": ("00:50:56:00:00:01", "00:50:56:00:00:02", "00:50:56:00:00:01,00:50:56:00:00:03"),
    "fqdn": ("web.north.example", "web.south.example"),
    "hostname": ("web", "db"),
    "address": ("10.0.0.4", "10.0.0.5", "10.0.0.4,10.0.0.5"),
}
"""Few, so that records agree and contradict each other all the time."""


@st.composite
def records(draw: st.DrawFn) -> list[Entry]:
    """Draw records that may or may not be of one server, each source's under keys of its own."""
    drawn = []
    for number in range(draw(st.integers(min_value=2, max_value=7))):
        known = {kind: draw(st.sampled_from(("", *values))) for kind, values in VALUES.items()}
        source = draw(st.sampled_from(SOURCES))
        days = draw(st.integers(min_value=0, max_value=1))
        drawn.append(record(source, str(number), name=f"r{number}", days=days, **known))
    return drawn


@st.composite
def estates(draw: st.DrawFn) -> tuple[list[Entry], dict[str, int]]:
    """Draw servers, some cloned, as sources list them; and of which server each record is.

    A clone has its original's firmware, installation and name. Everything that lists it shows its
    network card.
    """
    found: list[Entry] = []
    truth: dict[str, int] = {}
    for number in range(draw(st.integers(min_value=1, max_value=5))):
        original = draw(st.integers(min_value=0, max_value=number))
        sources = draw(st.sets(st.sampled_from(SOURCES), min_size=1))
        for source in sorted({VCENTER, *sources}):
            own = {"mac": f"00:50:56:00:00:{number:02x}"}
            if draw(st.booleans()):
                own["address"] = f"10.0.0.{number + 4}"
            shared = {"smbios_uuid": uuid(original), "machine_id": f"m{original}",
                      "hostname": f"web-{original}"}  # fmt: skip
            told = shared if source == VCENTER else {
                kind: value for kind, value in shared.items() if draw(st.booleans())
            }  # fmt: skip
            each = record(source, str(number), name=f"vm-{number}-{source}", **own, **told)
            found.append(each)
            truth[each.id] = number
    return found, truth


@given(records(), st.randoms())
def test_the_order_of_the_records_has_no_influence(given_: list[Entry], chance: object) -> None:
    """Servers, reasons and doubts are the same."""
    shuffled = list(given_)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert resolve(shuffled) == resolve(given_)


@given(records(), st.data())
def test_a_split_and_a_second_import_have_no_influence(
    given_: list[Entry], data: st.DataObject
) -> None:
    """Records that come in parts, and some of them twice, give the same servers."""
    cut = data.draw(st.integers(min_value=0, max_value=len(given_)))
    again = data.draw(st.lists(st.sampled_from(given_)))
    parts_ = [*given_[cut:], *again, *given_[:cut]]
    assert resolve(parts_) == resolve(given_)


@given(records())
def test_each_record_is_of_exactly_one_server(given_: list[Entry]) -> None:
    """None is lost, and none is counted twice."""
    listed = [each.id for group in resolve(given_).groups for each in group.members]
    assert sorted(listed) == sorted(each.id for each in given_)


@given(records())
def test_what_excludes_each_other_is_never_one_server(given_: list[Entry]) -> None:
    """Two records of a source that tells servers apart, or two machine-ids, are two servers."""
    for group in resolve(given_).groups:
        telling = [each.source for each in group.members if each.nearness.tells_apart]
        assert len(telling) == len(set(telling))
        for kind in DECISIVE:
            told = {getattr(each.identity, kind) for each in group.members} - {frozenset()}
            assert len(told) <= 1


@given(estates())
def test_clones_are_never_merged(estate: tuple[list[Entry], dict[str, int]]) -> None:
    """Whatever sources say of originals and clones, no server holds records of two machines."""
    found, truth = estate
    for group in resolve(found).groups:
        assert len({truth[each.id] for each in group.members}) == 1


@given(estates(), st.data())
def test_undoing_a_decision_brings_everything_back(
    estate: tuple[list[Entry], dict[str, int]], data: st.DataObject
) -> None:
    """Two records that are decided to be two are two; without the decision all is as before."""
    found, _ = estate
    before = resolve(found)
    merged = [group for group in before.groups if len(group.members) > 1]
    if not merged:
        return
    members = data.draw(st.sampled_from(merged)).members
    one, other = data.draw(st.permutations(members))[:2]
    apart = resolve(found, [says(Ruling.DIFFERENT, one, other)])
    assert apart.server_of[one.id] != apart.server_of[other.id]
    assert resolve(found, []) == before


@given(records(), st.data())
def test_a_decision_is_symmetric_and_holds(given_: list[Entry], data: st.DataObject) -> None:
    """Whichever record is named first, those decided to be one are one, and two are two."""
    one, other = data.draw(st.permutations(given_))[:2]
    same = resolve(given_, [says(Ruling.SAME, one, other)])
    assert same == resolve(given_, [says(Ruling.SAME, other, one)])
    assert same.server_of[one.id] == same.server_of[other.id]
    two = resolve(given_, [says(Ruling.DIFFERENT, one, other)])
    assert two == resolve(given_, [says(Ruling.DIFFERENT, other, one)])
    assert two.server_of[one.id] != two.server_of[other.id]


@given(records(), st.data())
def test_decisions_outlive_a_new_import(given_: list[Entry], data: st.DataObject) -> None:
    """Rows may get other ids: what was decided is found by the source's own key."""
    one, other = data.draw(st.permutations(given_))[:2]
    decisions = [says(Ruling.SAME, one, other)]
    anew = [_with_another_id(each) for each in given_]
    renamed = {frozenset(f"new-{id_}" for id_ in group) for group in servers(given_, decisions)}
    assert servers(anew, decisions) == renamed


def _with_another_id(each: Entry) -> Entry:
    return Entry(**{**_fields(each), "id": f"new-{each.id}"})


def _fields(each: Entry) -> dict[str, object]:
    names: Sequence[str] = tuple(Entry.__dataclass_fields__)
    return {name: getattr(each, name) for name in names}


def test_the_parts_of_a_resolution_are_its_groups() -> None:
    """What the other tests compare is what a resolution says."""
    assert parts(resolve([record(LIST, "1")])) == {frozenset({f"{LIST}/1"})}

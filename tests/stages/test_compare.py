"""Two states of an estate differ by what somebody changed, and not by what comes and goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.history.compare import changes_of, compare
from inventory.model.difference import EstateState, Fate, ServerState
from inventory.model.fact import Facts, Known, Observation, Reason, Unknown
from inventory.model.facts import (
    FILESYSTEMS,
    HOSTNAME,
    KERNEL,
    MEMORY_AVAILABLE,
    MEMORY_TOTAL,
    PACKAGES,
    PROCESSES,
)
from inventory.model.parts import Filesystem, Package, Process

_ROOT = Filesystem(
    mount_point="/", device="/dev/sda1", type="ext4", size_bytes=100, used_bytes=40, free_bytes=60
)
_SSL = Package(name="openssl", version="3.0.11", architecture="amd64", manager="dpkg")
_CURL = Package(name="curl", version="7.88.1", architecture="amd64", manager="dpkg")


def _server(*observations: Observation, **more: object) -> ServerState:
    state = ServerState(id="s1", name="web-1", facts=Facts.from_observations(observations))
    return replace(state, **more)  # type: ignore[arg-type]  # names are the test's own


def _estate(*servers: ServerState) -> EstateState:
    return EstateState(title="a state", servers={each.id: each for each in servers})


def _fate(before: EstateState, after: EstateState) -> Fate:
    (only,) = compare(before, after).servers
    return only.fate


def test_a_server_that_was_not_there_before_appeared() -> None:
    """What is only in the later state is new."""
    assert _fate(_estate(), _estate(_server())) is Fate.APPEARED


def test_a_server_that_is_no_longer_told_of_vanished_with_the_reason() -> None:
    """An export without a server it told of before means that the server is gone, and says so."""
    difference = compare(_estate(_server()), _estate(_server(gone="not in vcenter.xlsx")))
    (only,) = difference.servers
    assert (only.fate, only.why) == (Fate.VANISHED, "not in vcenter.xlsx")


def test_a_server_that_came_back_appeared() -> None:
    """Told of again after it was gone."""
    assert _fate(_estate(_server(gone="not in it")), _estate(_server())) is Fate.APPEARED


def test_silence_is_not_a_change_of_facts() -> None:
    """A server that stopped answering keeps its facts; why it is silent is told."""
    silent = Unknown(reason=Reason.UNREACHABLE, detail="connection refused")
    (only,) = compare(_estate(_server()), _estate(_server(unreachable=silent))).servers
    assert (only.fate, only.why, only.changes) == (Fate.SILENT, "connection refused", ())
    assert _fate(_estate(_server(unreachable=silent)), _estate(_server())) is Fate.BACK


def test_a_new_name_is_a_change() -> None:
    """A renamed server is one server, with the name it had."""
    (only,) = compare(_estate(_server()), _estate(_server(name="web-01"))).servers
    assert (only.fate, only.name, only.renamed_from) == (Fate.CHANGED, "web-01", "web-1")


def test_an_upgraded_package_is_one_altered_thing() -> None:
    """Not one package less and one more."""
    newer = replace(_SSL, version="3.0.15")
    before = Facts.from_observations([PACKAGES.known((_CURL, _SSL))])
    after = Facts.from_observations([PACKAGES.known((newer,))])
    (change,) = changes_of(before, after)
    assert change.altered == ((_SSL, newer),)
    assert change.removed == (_CURL,)
    assert change.added == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MEMORY_AVAILABLE.known(5), MEMORY_AVAILABLE.known(7)),
        (FILESYSTEMS.known((_ROOT,)), FILESYSTEMS.known((replace(_ROOT, used_bytes=41),))),
        (
            PROCESSES.known((Process(pid=7, name="sh", command_line="sh"),)),
            PROCESSES.known((Process(pid=8, name="sh", command_line="sh"),)),
        ),
    ],
    ids=["free memory", "used room", "process numbers"],
)
def test_what_comes_and_goes_by_itself_is_told_only_on_demand(
    one: Observation, other: Observation
) -> None:
    """Noise would hide what somebody changed."""
    before, after = Facts.from_observations([one]), Facts.from_observations([other])
    assert not list(changes_of(before, after))
    assert len(list(changes_of(before, after, restless=True))) == 1


def test_a_grown_filesystem_is_a_change() -> None:
    """Its size does not come and go by itself."""
    grown = replace(_ROOT, size_bytes=200)
    before = Facts.from_observations([FILESYSTEMS.known((_ROOT,))])
    after = Facts.from_observations([FILESYSTEMS.known((grown,))])
    (change,) = changes_of(before, after)
    assert change.altered == ((_ROOT, grown),)


def test_what_was_never_asked_before_is_no_change() -> None:
    """A question that is new, or not asked this time, changes nothing on a server."""
    before = Facts.from_observations([KERNEL.known("6.1")])
    after = Facts.from_observations([HOSTNAME.known("web-1")])
    assert not list(changes_of(before, after))


def test_what_is_no_longer_known_is_told() -> None:
    """Not knowing any more is a change; another reason for not knowing is none."""
    denied = MEMORY_TOTAL.unknown(Reason.NEEDS_PRIVILEGE)
    late = MEMORY_TOTAL.unknown(Reason.TIMED_OUT)
    known = Facts.from_observations([MEMORY_TOTAL.known(4)])
    (change,) = changes_of(known, Facts.from_observations([denied]))
    assert change.before == Known(value=4)
    nothing = changes_of(Facts.from_observations([late]), Facts.from_observations([denied]))
    assert not list(nothing)


_PACKAGES = st.lists(
    st.builds(
        Package,
        name=st.sampled_from(["a", "b", "c"]),
        version=st.sampled_from(["1", "2", "3"]),
        manager=st.just("rpm"),
    ),
    max_size=6,
).map(tuple)


@given(_PACKAGES, _PACKAGES)
def test_a_list_is_told_whole(one: tuple[Package, ...], other: tuple[Package, ...]) -> None:
    """What was, less what went, more what came, each alteration applied, is what is."""
    before = Facts.from_observations([PACKAGES.known(one)])
    after = Facts.from_observations([PACKAGES.known(other)])
    left = list(one)
    for change in changes_of(before, after):
        for each in change.removed:
            left.remove(each)
        for old, new in change.altered:
            left[left.index(old)] = new
        left.extend(change.added)
    assert sorted(left) == sorted(other)

"""Resources of clouds keep their history; only an answered question says that one is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from inventory.model.fact import Reason, Unknown
from inventory.model.placement import Tag
from inventory.model.resource import KnownResource, Listing, Resource, ResourceKind
from inventory.store.records import latest_records, records
from inventory.store.resources import (
    LOOKED,
    RESOURCE,
    Change,
    ResourceKeeper,
    questions,
    resources,
)
from inventory.store.store import Store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOURCE = "azure:11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SOURCE[6:]}/resourceGroups/{'g' * 90}/providers"
SERVERS = "GET Microsoft.Sql/servers"
DENIED = Unknown(reason=Reason.NEEDS_PRIVILEGE, detail="Azure: no")


def _server(name: str) -> Resource:
    return Resource(
        id=f"{GROUP}/Microsoft.Sql/servers/{name}",
        kind=ResourceKind.DATABASE_SERVER,
        type="Microsoft.Sql/servers",
        name=name,
        source=SOURCE,
        endpoints=(f"{name}.database.windows.net",),
        size_bytes=1 << 40,
        tags=(Tag(name="owner", value="it"),),
    )


def _database(server: Resource, name: str) -> Resource:
    return replace(
        server, id=f"{server.id}/databases/{name}", kind=ResourceKind.DATABASE, name=name, tags=None
    )


def _keep(store: Store, minute: int, *listings: Listing) -> list[Change]:
    """Keep what the questions of one run brought."""
    at = NOW + timedelta(minutes=minute)
    keeper = ResourceKeeper(store=store, run_id=f"run-{minute}", at=at)
    return [keeper.keep(each) for each in listings]


def _listing(*told: Resource, question: str = SERVERS, of: str = "") -> Listing:
    return Listing(source=SOURCE, question=question, of=of, told=told)


def _known(store: Store) -> dict[str, KnownResource]:
    return {each.resource.name: each for each in resources(store)}


def test_what_was_told_comes_back_as_it_was(store: Store) -> None:
    """Whatever it has, and however long its id is."""
    long = _database(_server("s" * 63), "d" * 128)
    assert len(long.id) > 255
    _keep(store, 0, _listing(long))
    (known,) = resources(store)
    assert known.resource == long
    assert (known.question, known.first_seen, known.last_seen) == (SERVERS, NOW, NOW)


def test_what_is_told_again_unchanged_adds_no_version(store: Store) -> None:
    """It was seen later all the same; a change is a version, and the one before is kept."""
    _keep(store, 0, _listing(_server("a")))
    _keep(store, 1, _listing(_server("a")))
    (key,) = latest_records(store, RESOURCE)
    assert len(records(store, RESOURCE, key)) == 1
    assert _known(store)["a"].last_seen == NOW + timedelta(minutes=1)
    _keep(store, 2, _listing(replace(_server("a"), version="13")))
    assert len(records(store, RESOURCE, key)) == 2
    assert _known(store)["a"].first_seen == NOW


def test_another_case_of_an_id_is_the_same_resource(store: Store) -> None:
    """Azure writes resourceGroups and resourcegroups."""
    _keep(store, 0, _listing(_server("a")))
    told = replace(_server("a"), id=_server("a").id.replace("resourceGroups", "resourcegroups"))
    assert _keep(store, 1, _listing(told)) == [Change(seen=1, gone=())]
    assert len(resources(store)) == 1


def test_a_question_says_nothing_of_what_others_told(store: Store) -> None:
    """Only its own are gone; one that was not answered takes none."""
    other = replace(_server("other"), type="Microsoft.Sql/managedInstances")
    _keep(store, 0, _listing(_server("a")), _listing(other, question="another"))
    assert _keep(store, 1, _listing()) == [Change(seen=0, gone=("a",))]
    assert _known(store)["other"].gone_since is None
    failed = Listing(source=SOURCE, question="another", told=DENIED)
    assert _keep(store, 2, failed) == [Change(seen=0, gone=())]
    known = _known(store)["other"]
    assert (known.gone_since, known.doubt, known.last_seen) == (None, DENIED, NOW)


def test_a_question_that_never_was_answered_is_known_as_such(store: Store) -> None:
    """So that nobody takes the absence of resources for knowledge."""
    _keep(store, 0, Listing(source=SOURCE, question=SERVERS, told=DENIED))
    (asked,) = questions(store)
    assert (asked.told_at, asked.why, asked.run) == (None, DENIED, "run-0")
    _keep(store, 1, _listing())
    (asked,) = questions(store)
    assert (asked.told_at, asked.why) == (NOW + timedelta(minutes=1), None)


def test_what_is_within_goes_with_it_and_a_namesake_does_not(store: Store) -> None:
    """A server called ``ab`` is not within ``a``; the databases of ``a`` are."""
    a, ab = _server("a"), _server("ab")
    part = "GET Microsoft.Sql/servers/databases"
    _keep(
        store,
        0,
        _listing(a, ab),
        _listing(_database(a, "x"), question=part, of=a.key),
        _listing(_database(ab, "y"), question=part, of=ab.key),
    )
    (change,) = _keep(store, 1, _listing(ab))
    assert sorted(change.gone) == ["a", "x"]
    assert {name for name, each in _known(store).items() if not each.gone_since} == {"ab", "y"}
    (again,) = _keep(store, 2, _listing(ab))
    assert again.gone == ()


def test_what_the_estate_leaves_out_is_not_gone(store: Store) -> None:
    """It is told of; it is only not taken in."""
    _keep(store, 0, _listing(_server("a")))
    listing = replace(_listing(), beside=frozenset({_server("a").key}))
    assert _keep(store, 1, listing) == [Change(seen=0, gone=())]


def test_one_that_went_when_the_run_broke_off_is_found_gone_by_the_next(store: Store) -> None:
    """A run that is killed between its questions leaves those that it did not put as they were."""
    _keep(store, 0, _listing(_server("a")), _listing(_server("b"), question="another"))
    _keep(store, 1, _listing())
    assert _known(store)["b"].gone_since is None
    assert _keep(store, 2, _listing(), _listing(question="another"))[1].gone == ("b",)


def test_thousands_are_kept_in_few_documents(store: Store) -> None:
    """Asked again, they cost one: that of the question."""
    many = _listing(*(_server(f"s{number}") for number in range(3_000)))
    _keep(store, 0, many)
    _keep(store, 1, many)
    assert len(resources(store)) == 3_000
    (key,) = latest_records(store, LOOKED)
    assert len(records(store, LOOKED, key)) == 2
    assert {each.version for each in latest_records(store, RESOURCE).values()} == {1}

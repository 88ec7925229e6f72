"""Nothing is migrated twice: who is in a cloud already is known, and a namesake there is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.model.fact import Observation
from inventory.model.facts import FQDN
from inventory.model.hardware import CLOUD
from inventory.model.placement import MANAGED_ID, VM_NAME
from inventory.model.server import Server
from migrate.arrived import cloud_of, twice
from migrate.model.plan import Destination, Move
from tests.sights import NOW, facts, move


def _server(name: str, *told: Observation) -> Server:
    return Server(
        id=f"id-{name}",
        name=name,
        target="",
        facts=facts(*told),
        first_seen=NOW,
        last_asked=NOW,
    )


def _instance(name: str, number: str = "i-1") -> Server:
    return _server(
        number, CLOUD.known("aws"), VM_NAME.known(name), MANAGED_ID.known(f"1:eu-west-2:{number}")
    )


def _to_aws(server: Server, resource: str | None = None) -> Move:
    moved = move(to=Destination.AWS, resource=resource)
    return replace(moved, server_id=server.id, server=server.name)


@pytest.mark.parametrize(
    ("told", "cloud"),
    [
        ((CLOUD.known("aws"),), Destination.AWS),
        ((CLOUD.known("azure"),), Destination.AZURE),
        ((CLOUD.known("none"),), None),
        ((CLOUD.known("gcp"),), None),
        ((), None),
    ],
)
def test_a_server_says_which_cloud_it_runs_in(
    told: tuple[Observation, ...], cloud: Destination | None
) -> None:
    """One of which that is not known is taken to be in the building."""
    assert cloud_of(_server("web-1", *told)) is cloud


def test_a_namesake_in_the_cloud_is_named() -> None:
    """Case and domain do not hide it."""
    web = _server("WEB-1", FQDN.known("web-1.example.org"))
    (warning,) = twice([_to_aws(web)], [web, _instance("Web-1.cloud.example.org")])
    assert warning.startswith("WEB-1: 1:eu-west-2:i-1 in aws has its name already")


def test_a_move_that_names_its_resource_is_under_way() -> None:
    """Its twin is what replaces it."""
    web = _server("web-1")
    assert twice([_to_aws(web, "i-1")], [web, _instance("web-1")]) == []


def test_a_namesake_in_another_cloud_is_none() -> None:
    """Who goes to Azure is not there because of an instance in AWS."""
    web = _server("web-1")
    moved = replace(_to_aws(web), to=Destination.AZURE)
    assert twice([moved], [web, _instance("web-1")]) == []


def test_what_runs_there_already_need_not_go_there() -> None:
    """A move by hand from a cloud into itself is warned of."""
    there = _instance("web-1")
    assert twice([_to_aws(there)], [there]) == ["i-1 runs in aws already"]

"""Servers move with, or after, those they use."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.model.application import Dependency
from migrate.waves import SSH_PORT, waves

NAMES = ("web", "app", "db", "cache", "mail")


def uses(client: str, server: str, port: int = 5432) -> Dependency:
    """Return that one server uses another."""
    return Dependency(
        client=client, server=server, protocol="tcp", port=port, process=None, connections=1
    )


def test_what_is_used_moves_first() -> None:
    """A chain of three gives three waves, from the end that is used."""
    assert waves(NAMES[:3], [uses("web", "app"), uses("app", "db")]) == {
        "db": 1,
        "app": 2,
        "web": 3,
    }


def test_servers_that_use_each_other_move_together() -> None:
    """A circle is one wave, and what uses it comes after."""
    found = waves(NAMES[:4], [uses("app", "db"), uses("db", "app"), uses("web", "app")])
    assert found == {"app": 1, "db": 1, "cache": 1, "web": 2}


def test_looking_after_a_server_is_no_dependency() -> None:
    """Connections to the SSH port, to itself and to the outside change no wave."""
    outside = uses("web", "outside:192.0.2.1")
    assert waves(["web", "db"], [uses("web", "db", SSH_PORT), uses("web", "web"), outside]) == {
        "web": 1,
        "db": 1,
    }


@given(st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))))
def test_no_server_moves_before_what_it_uses(pairs: set[tuple[str, str]]) -> None:
    """Whatever uses what, no wave is earlier than that of anything used; waves begin at one."""
    found = waves(NAMES, [uses(client, server) for client, server in pairs])
    assert set(found) == set(NAMES)
    assert min(found.values()) == 1
    assert all(found[client] >= found[server] for client, server in pairs)

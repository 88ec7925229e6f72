"""The tcp check, against real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sights import listeners, listening, sight

from inventory.model.fact import Reason, Unknown
from inventory.model.facts import LISTENERS
from inventory.registry import Registry
from migrate.knock import Heard, Knock, heard, knock
from migrate.model.check import Check
from migrate.model.evidence import Outcome

CHECK = Registry(package="migrate.checks", attribute="CHECK", kind=Check).one("tcp").value


@pytest.fixture
def ports() -> Iterator[list[int]]:
    """Return three ports that answer."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        yield [each.getsockname()[1] for each in sockets]


@pytest.fixture
def closed() -> int:
    """Return a port that was closed a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def full() -> Iterator[int]:
    """Return a port whose queue is full, so that a knock at it is never answered."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        address = server.getsockname()
        for _ in range(4):
            client = stack.enter_context(socket.socket())
            client.settimeout(0)
            client.connect_ex(address)
        yield address[1]


def test_open_ports_pass(ports: list[int]) -> None:
    """Ports that answer pass, and are named."""
    result = CHECK.run(sight(), {"ports": ports})
    assert result.outcome is Outcome.PASSED
    assert result.observed["ports"] == {str(port): "open" for port in ports}


def test_a_refused_port_fails_by_name(ports: list[int], closed: int) -> None:
    """One refused port among open ones fails, and only that one is blamed."""
    result = CHECK.run(sight(), {"ports": [*ports, closed]})
    assert result.outcome is Outcome.FAILED
    assert f"{closed} connection refused" in result.detail
    assert not any(str(port) in result.detail for port in ports)


def test_a_silent_port_fails_in_bounded_time(full: int) -> None:
    """A port that never answers fails as timed out, after the time that a step may take."""
    result = CHECK.run(sight(seconds=0.5), {"ports": [full]})
    assert result.outcome is Outcome.FAILED
    assert f"{full} timed out after 0.5 s" in result.detail


def test_by_default_the_old_server_s_ports_must_answer(ports: list[int], closed: int) -> None:
    """Every TCP port that others can reach on the old server is tried, and no other."""
    old = listening(*(f"{port}/tcp" for port in ports))
    more = (*listeners(f"{closed}/tcp", address="127.0.0.1"), *listeners(f"{closed}/udp"))
    told = old.updated([LISTENERS.known((*(old.value(LISTENERS) or ()), *more))])
    result = CHECK.run(sight(old=told), {"from": "source.listeners"})
    assert result.outcome is Outcome.PASSED
    assert set(result.observed["ports"]) == {str(port) for port in ports}


def test_ports_can_be_excepted(ports: list[int], closed: int) -> None:
    """An excepted port is not tried."""
    old = listening(*(f"{port}/tcp" for port in [*ports, closed]))
    assert CHECK.run(sight(old=old), {"except": [closed]}).outcome is Outcome.PASSED


@pytest.mark.parametrize("parameters", [{}, {"except": [80]}])
def test_nothing_to_try_is_unknown(parameters: dict[str, object]) -> None:
    """An old server without ports, or with all of them excepted, proves nothing."""
    old = listening("80/tcp") if parameters else listening()
    assert CHECK.run(sight(old=old), parameters).outcome is Outcome.UNKNOWN


def test_unknown_listeners_are_unknown() -> None:
    """When the old server did not tell its listeners, nothing is known to have been covered."""
    old = Unknown(reason=Reason.UNREACHABLE, detail="it is away")
    result = CHECK.run(sight(old=old), {})
    assert result.outcome is Outcome.UNKNOWN
    assert "it is away" in result.detail


def test_a_name_that_does_not_resolve_is_unknown() -> None:
    """No such name says nothing about the server's ports."""
    result = CHECK.run(sight(new_address="web-1.invalid"), {"ports": [80]})
    assert result.outcome is Outcome.UNKNOWN
    assert "does not resolve" in result.detail


def test_a_known_failure_outweighs_an_unknown_one() -> None:
    """What this end cannot tell is never counted as the far end's failure, nor as its success."""
    unreachable = OSError(101, "Network is unreachable")
    assert heard(unreachable, 1).knock is Knock.NO_NETWORK
    assert not heard(unreachable, 1).knock.is_telling
    assert heard(OSError(113, "No route to host"), 1).knock.is_telling


def test_a_knock_hears_the_greeting() -> None:
    """What the other end says first is heard when it is waited for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert knock("127.0.0.1", port, 0.2, greeting_bytes=8) == Heard(knock=Knock.OPEN)
        accepted, _ = server.accept()
        accepted.close()


def test_every_address_of_a_name_is_tried(ports: list[int]) -> None:
    """A name with an address that does not answer is reached by its next one."""
    assert knock("localhost", ports[0], 2).knock is Knock.OPEN

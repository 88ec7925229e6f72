"""What the kernel of a namespace of our own is set to is what the collectors tell of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest

from inventory.collectors.interfaces import COLLECTOR as INTERFACES_COLLECTOR
from inventory.collectors.sockets import COLLECTOR as SOCKETS_COLLECTOR
from inventory.discovery.answers import answers_of, questions_of, samples_of
from inventory.discovery.compose import Window, compose
from inventory.model.collector import Answer, Collector
from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.facts import CONNECTIONS, INTERFACES
from inventory.model.network import ATTEMPTS, GATEWAYS, NEIGHBOURS, ROUTES, ROUTING_RULES

pytestmark = [
    pytest.mark.namespaces,
    pytest.mark.skipif(
        os.geteuid() != 0 or not shutil.which("ip"), reason="namespaces need root and ip"
    ),
]

SETTING_UP = """
link set lo up
link add eth0 type veth peer name far0
link add br0 type bridge
link set far0 master br0
link set eth0 up
link set far0 up
link set br0 up
link set eth0 mtu 1400
addr add 192.0.2.4/24 dev eth0
addr add 2001:db8::4/64 dev eth0 nodad
neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
route add default via 192.0.2.1 proto static metric 100
route add 198.51.100.0/24 via 192.0.2.9 table 200
route add blackhole 203.0.113.0/24
rule add from 192.0.2.77 lookup 200 prio 100
"""


@pytest.fixture
def namespace() -> Iterator[str]:
    """Make a network namespace with a bridge, a cable, routes and a rule."""
    name = f"decant-{uuid.uuid4().hex[:8]}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        subprocess.run(["ip", "-n", name, "-batch", "-"], input=SETTING_UP, text=True, check=True)
        yield name
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


def told(namespace: str, name: str, collector: Collector) -> Facts:
    """Ask one collector's question, and samples of it, within a namespace."""
    asked = {name: collector}
    script = compose(
        questions_of(asked),
        boundary="0123456789abcdef",
        question_seconds=20,
        samples=samples_of(asked),
        window=Window(seconds=1, every_seconds=1),
    )
    said = subprocess.run(
        ["ip", "netns", "exec", namespace, "sh", "-s"],
        input=script.encode(),
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout
    answer = answers_of(said, asked, Unknown(reason=Reason.UNREACHABLE))[name]
    assert isinstance(answer, Answer)
    return Facts.from_observations(collector.read(answer))


def test_interfaces_and_ways_are_told_as_they_are_set(namespace: str) -> None:
    """A bridge has its member, an interface its size, and every way leads where it was led."""
    facts = told(namespace, "interfaces", INTERFACES_COLLECTOR)
    found = {each.name: each for each in facts.value(INTERFACES) or ()}
    assert (found["br0"].kind, found["br0"].members) == ("bridge", ("far0",))
    assert (found["far0"].kind, found["far0"].master) == ("veth", "br0")
    assert (found["eth0"].mtu_bytes, found["eth0"].up) == (1400, True)
    assert {"192.0.2.4/24", "2001:db8::4/64"} <= set(found["eth0"].addresses)
    assert facts.value(GATEWAYS) == ("192.0.2.1",)
    assert facts.value(ROUTING_RULES) == ("100: from 192.0.2.77 lookup 200",)
    routes = {(each.destination, each.table, each.kind) for each in facts.value(ROUTES) or ()}
    assert {
        ("0.0.0.0/0", "main", "unicast"),
        ("198.51.100.0/24", "200", "unicast"),
        ("203.0.113.0/24", "main", "blackhole"),
        ("192.0.2.0/24", "main", "unicast"),
    } <= routes
    neighbours = {(each.address, each.mac) for each in facts.value(NEIGHBOURS) or ()}
    assert ("192.0.2.1", "02:00:00:00:00:01") in neighbours


def test_a_call_that_nobody_answers_is_an_attempt_and_no_connection(namespace: str) -> None:
    """A server that tries to reach one that is gone is seen to, and is not taken for connected."""
    calling = "import socket; socket.create_connection(('192.0.2.1', 389))"
    call = ["ip", "netns", "exec", namespace, sys.executable, "-c", calling]
    with subprocess.Popen(call, stderr=subprocess.DEVNULL) as caller:
        try:
            facts = _until_seen(namespace)
        finally:
            caller.kill()
    assert [(each.remote_address, each.remote_port) for each in facts.value(ATTEMPTS) or ()] == [
        ("192.0.2.1", 389)
    ]
    assert facts.value(CONNECTIONS) == ()


def _until_seen(namespace: str) -> Facts:
    for _ in range(20):
        facts = told(namespace, "sockets", SOCKETS_COLLECTOR)
        if facts.value(ATTEMPTS):
            break
    return facts

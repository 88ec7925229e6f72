"""The checks of names, TLS, UDP services, delay and firewalls, against real sockets."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from certificates import authority, server_tls
from sights import NO_ANSWER, facts, listening, sight
from tls_servers import http, serving, tls

from inventory.model.facts import FQDN, INTERFACES
from inventory.model.network import DNS_SERVERS
from inventory.model.parts import Interface
from inventory.registry import Registry
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult, Outcome

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
OLD, NEW = "10.0.0.4", "10.1.0.4"
NAME = "web-1.example.org"


def run(name: str, seen: Sight, **parameters: Any) -> CheckResult:
    """Run a check."""
    return CHECKS.one(name).value.run(seen, parameters)


@contextmanager
def name_server(records: dict[str, list[str]], **manner: Any) -> Iterator[str]:
    """Give ``ADDRESS#PORT`` of a name server with these A records."""

    class Answering(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            said, asked = self.request
            response = _answer(dns.message.from_wire(said), records, **manner)
            if response is not None:
                asked.sendto(response.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"127.0.0.1#{server.server_address[1]}"
        server.shutdown()


def _answer(
    query: dns.message.Message,
    records: dict[str, list[str]],
    *,
    rcode: int = dns.rcode.NOERROR,
    silent: bool = False,
) -> dns.message.Message | None:
    if silent:
        return None
    response = dns.message.make_response(query)
    response.set_rcode(dns.rcode.Rcode(rcode))
    question = query.question[0]
    found = records.get(question.name.to_text().rstrip("."))
    if found is None and rcode == dns.rcode.NOERROR and records:
        response.set_rcode(dns.rcode.NXDOMAIN)
    elif found and question.rdtype == dns.rdatatype.A:
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", "A", *found))
    return response


def at(*resolvers: str, new: str = NEW) -> Sight:
    """Return a sight of web-1, which asks these name servers."""
    old = facts(
        FQDN.known(NAME),
        DNS_SERVERS.known(resolvers),
        INTERFACES.known((Interface(name="eth0", addresses=(f"{OLD}/24",)),)),
    )
    return sight(old=old, new_address=new, seconds=1)


def test_names_that_lead_to_the_new_server_everywhere_are_switched() -> None:
    """Every name server of the old server is asked by itself, for the old server's own name."""
    with name_server({NAME: [NEW]}) as one, name_server({NAME: [NEW, "10.1.0.5"]}) as other:
        result = run("dns-switched", at(one, other))
    assert result.outcome is Outcome.PASSED
    assert len(result.observed["answers"]) == 2


def test_one_forgotten_name_server_is_named() -> None:
    """It is enough that one still leads to the old server, even beside the new one."""
    for left in ([OLD], [NEW, OLD]):
        with name_server({NAME: [NEW]}) as one, name_server({NAME: left}) as other:
            result = run("dns-switched", at(one, other))
        assert result.outcome is Outcome.FAILED
        assert f"still the old server: {other} says of {NAME}" in result.detail


def test_a_name_that_leads_elsewhere_or_nowhere_is_not_switched() -> None:
    """A name that is gone, or that leads to a third server, fails."""
    for records in ({"other.example.org": [NEW]}, {NAME: ["10.9.9.9"]}):
        with name_server(records) as one:
            result = run("dns-switched", at(one))
        assert result.outcome is Outcome.FAILED
        assert "not what replaces it" in result.detail


@pytest.mark.parametrize(
    ("manner", "says"),
    [({"silent": True}, "no answer in 1 s"), ({"rcode": dns.rcode.SERVFAIL}, "SERVFAIL")],
)
def test_a_name_server_that_does_not_say_is_unknown(manner: dict[str, Any], says: str) -> None:
    """Silence and refusal are no answer, whatever the other name server says."""
    with name_server({NAME: [NEW]}) as one, name_server({NAME: [NEW]}, **manner) as other:
        for check in ("dns-switched", "dns-answers"):
            result = run(check, at(one, other))
            assert result.outcome is Outcome.UNKNOWN
            assert says in result.detail


def test_names_answer_with_exactly_the_addresses_that_they_should() -> None:
    """One more address fails, and so does another one."""
    with name_server({NAME: [NEW, "10.1.0.5"]}) as one:
        assert run("dns-answers", at(one), addresses=["10.1.0.5", NEW]).outcome is Outcome.PASSED
        assert run("dns-answers", at(one), addresses=[NEW]).outcome is Outcome.FAILED
        assert run("dns-answers", at(one)).outcome is Outcome.FAILED


def test_without_name_servers_or_names_nothing_is_told() -> None:
    """It says what is lacking."""
    assert "give resolvers" in run("dns-switched", at()).detail
    nameless = replace(at("127.0.0.1"), old=facts(DNS_SERVERS.known(("127.0.0.1",))))
    assert "give names" in run("dns-switched", nameless).detail


def test_a_trusted_certificate_for_the_name_passes(tmp_path: Path) -> None:
    """Chain, name and time are looked at, and told."""
    made = authority(tmp_path)
    seen = replace(sight(), now=datetime.now(UTC))
    with serving(tls(server_tls(tmp_path, made, names=(NAME,)))) as port:
        known = {"port": port, "ca_file": str(made.file)}
        result = run("tls", seen, host=NAME, **known)
        assert result.outcome is Outcome.PASSED, result.detail
        assert result.observed["names"] == [NAME]
        for says, parameters in (
            ("another host name", {**known, "host": "web-2.example.org"}),
            ("not trusted here", {"port": port, "host": NAME}),
            ("days left", {**known, "host": NAME, "min_days": 40_000}),
        ):
            wrong = run("tls", seen, **parameters)
            assert wrong.outcome is Outcome.FAILED
            assert says in wrong.detail


def test_what_is_no_tls_fails_and_what_is_silent_is_told() -> None:
    """A plain web server fails; a port that is closed fails by its own word."""
    with serving(http) as port:
        assert run("tls", sight(), port=port).outcome is Outcome.FAILED
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    result = run("tls", sight(), port=closed)
    assert result.outcome is Outcome.FAILED
    assert "refused" in result.detail


@contextmanager
def time_server(answer: bytes | None) -> Iterator[int]:
    """Give the port of a time server that answers so; None says nothing."""

    class Answering(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            if answer is not None:
                self.request[1].sendto(answer, self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize(
    ("answer", "outcome", "says"),
    [
        (struct.pack("!BB46x", 0x24, 2), Outcome.PASSED, "stratum 2"),
        (struct.pack("!BB46x", 0xE4, 0), Outcome.FAILED, "its clock is not set"),
        (b"what?", Outcome.FAILED, "is no NTP"),
        (None, Outcome.UNKNOWN, "no answer in 1 s"),
    ],
)
def test_a_time_server_is_asked_for_the_time(
    answer: bytes | None, outcome: Outcome, says: str
) -> None:
    """What answers as NTP does passes; silence on UDP may be the way, and is unknown."""
    with time_server(answer) as port:
        result = run("udp", sight(seconds=1), services=[{"service": "ntp", "port": port}])
    assert result.outcome is outcome
    assert says in result.detail


def test_a_name_server_is_asked_over_udp() -> None:
    """Any answer of its protocol shows that it serves."""
    with name_server({}) as one:
        port = int(one.partition("#")[2])
        result = run("udp", sight(), services=[{"service": "dns", "port": port}])
    assert result.outcome is Outcome.PASSED


def test_without_a_udp_service_that_can_be_asked_nothing_is_told() -> None:
    """A syslog port says nothing back, so it shows nothing."""
    assert run("udp", sight(old=listening("514/udp"))).outcome is Outcome.UNKNOWN
    assert run("udp", sight(old=NO_ANSWER)).outcome is Outcome.UNKNOWN


def test_delay_is_measured_to_both() -> None:
    """On loopback both are as fast; a port that refuses cannot be measured."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        local = sight()
        near = replace(local, move=replace(local.move, source="ssh://root@127.0.0.1"))
        result = run("latency", near, port=port)
        assert result.outcome is Outcome.PASSED
        assert set(result.observed) >= {"old_ms", "new_ms", "limit_ms", "from"}
    assert run("latency", near, port=port).outcome is Outcome.UNKNOWN


def test_a_new_server_that_is_farther_away_fails() -> None:
    """A listener that takes its time to be reached is told with both figures."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        local = sight()
        near = replace(local, move=replace(local.move, source="ssh://root@127.0.0.1"))
        result = run("latency", near, port=port, most_times=1, most_added_ms=0)
        # Both are the same socket: with no allowance at all either may be the slower.
        assert result.outcome in {Outcome.PASSED, Outcome.FAILED}
        assert (result.outcome is Outcome.FAILED) == (
            result.observed["new_ms"] > result.observed["limit_ms"]
        )


def test_ways_are_open_or_shut_as_they_must_be() -> None:
    """A port that refuses was reached: no firewall stood in the way."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listening_port = server.getsockname()[1]
        with socket.create_server(("127.0.0.1", 0)) as other:
            refusing = other.getsockname()[1]
        assert run("firewall-path", sight(), open=[listening_port, refusing]).outcome is (
            Outcome.PASSED
        )
        result = run("firewall-path", sight(), shut=[listening_port])
        assert result.outcome is Outcome.FAILED
        assert "should be shut" in result.detail
    assert run("firewall-path", sight()).outcome is Outcome.UNKNOWN


def test_a_contradiction_is_unknown() -> None:
    """What is to be both open and shut cannot be."""
    assert run("firewall-path", sight(), open=[1], shut=[1]).outcome is Outcome.UNKNOWN

"""The check that names of an old server are gone, against name servers on loopback."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from sights import SaidPast, facts, sight

from inventory.model.fact import Facts
from inventory.model.facts import FQDN, INTERFACES
from inventory.model.network import DNS_SERVERS
from inventory.model.parts import Interface
from migrate.checks.dns_gone import CHECK
from migrate.model.evidence import CheckResult, Outcome

NAME, OLD, NEW = "web-1.example.org", "10.0.0.4", "10.1.0.4"
REVERSE = "4.0.0.10.in-addr.arpa"
Zone = Mapping[tuple[str, str], str]


@contextmanager
def name_server(zone: Zone, rcode: int = dns.rcode.NOERROR) -> Iterator[str]:
    """Give ``ADDRESS#PORT`` of a name server with these records, by name and type."""

    class Answering(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            said, asked = self.request
            query = dns.message.from_wire(said)
            response = dns.message.make_response(query)
            (question,) = query.question
            kind = dns.rdatatype.to_text(question.rdtype)
            found = zone.get((question.name.to_text().rstrip("."), kind))
            response.set_rcode(dns.rcode.Rcode(rcode))
            if found:
                response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, found))
            elif rcode == dns.rcode.NOERROR:
                response.set_rcode(dns.rcode.NXDOMAIN)
            asked.sendto(response.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"127.0.0.1#{server.server_address[1]}"
        server.shutdown()


def remembered() -> Facts:
    """Return what discovery knew of a server that is off now."""
    return facts(
        FQDN.known(NAME),
        DNS_SERVERS.known(("127.0.0.53",)),
        INTERFACES.known((Interface(name="eth0", addresses=(f"{OLD}/24", "127.0.0.1/8")),)),
    )


def run(*resolvers: str, known: Facts | None = None, **parameters: Any) -> CheckResult:
    """Run the check on a server that is off; what it observed must be JSON."""
    past = SaidPast(now=remembered() if known is None else known)
    given = {**({"resolvers": list(resolvers)} if resolvers else {}), **parameters}
    result = CHECK.run(sight(past=past, seconds=1), given)
    json.dumps(dict(result.observed))
    return result


@pytest.mark.parametrize(
    "zone",
    [{}, {(NAME, "A"): NEW}, {(REVERSE, "PTR"): "other.example.org."}],
    ids=["gone", "switched", "address used by another"],
)
def test_names_that_lead_to_the_old_server_no_more_are_gone(zone: Zone) -> None:
    """No such name, a name that leads elsewhere, an address that another has: all are gone."""
    with name_server(zone) as one:
        result = run(one)
    assert result.outcome is Outcome.PASSED
    assert result.observed["old"] == [OLD]


@pytest.mark.parametrize(
    ("zone", "says"),
    [
        ({(NAME, "A"): OLD}, f"says of {NAME}: {OLD}"),
        ({(REVERSE, "PTR"): "Web-1.Example.org."}, f"says of {OLD}: Web-1.Example.org."),
    ],
)
def test_a_name_or_a_pointer_that_was_forgotten_fails(zone: Zone, says: str) -> None:
    """One name server is enough, and it is named."""
    with name_server({}) as clean, name_server(zone) as forgotten:
        result = run(clean, forgotten)
    assert result.outcome is Outcome.FAILED
    assert f"{forgotten} {says}" in result.detail


def test_other_names_are_asked_for_when_they_are_given() -> None:
    """An alias that leads to the old server is found by its name."""
    with name_server({("shop.example.org", "A"): OLD}) as one:
        assert run(one).outcome is Outcome.PASSED
        assert run(one, names=[NAME, "shop.example.org"]).outcome is Outcome.FAILED


def test_a_name_server_that_refuses_is_unknown() -> None:
    """Not being told is not being gone."""
    with name_server({}, dns.rcode.SERVFAIL) as one:
        result = run(one)
    assert result.outcome is Outcome.UNKNOWN
    assert "SERVFAIL" in result.detail


def test_without_names_servers_or_addresses_nothing_is_told() -> None:
    """Each says which parameter to give; a stub on the old server's own loopback is nobody."""
    assert "give resolvers" in run().detail
    assert "give names" in run("127.0.0.1#1", known=facts()).detail
    nowhere = facts(FQDN.known(NAME))
    assert "give addresses" in run("127.0.0.1#1", known=nowhere).detail
    with name_server({(NAME, "A"): OLD}) as one:
        assert run(one, known=nowhere, addresses=[OLD]).outcome is Outcome.FAILED

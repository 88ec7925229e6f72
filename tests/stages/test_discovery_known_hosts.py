"""known_hosts is read as OpenSSH reads it."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.errors import BadInputError
from inventory.ssh.known_hosts import HostKey, KnownHosts, name_of, parse

FILE = Path("known_hosts")


def key(name: str) -> HostKey:
    """Return a key that differs by its name."""
    kind = b"ssh-ed25519"
    return HostKey(type="ssh-ed25519", blob=len(kind).to_bytes(4) + kind + name.encode())


def known(*lines: str) -> KnownHosts:
    """Read these lines."""
    return KnownHosts(tuple(parse(lines, FILE)))


def keys(hosts: KnownHosts, name: str) -> list[HostKey]:
    """Return the keys that are trusted for a server."""
    return [entry.key for entry in hosts.of(name)]


@pytest.mark.parametrize(
    ("names", "name", "trusted"),
    [
        ("web-1", "web-1", True),
        ("web-1", "web-2", False),
        ("web-1,10.0.0.4", "10.0.0.4", True),
        ("WEB-1", "web-1", True),
        ("web-1", "[web-1]:2222", False),
        ("[web-1]:2222", "[web-1]:2222", True),
        ("[web-1]:2222", "web-1", False),
        ("*.example", "a.b.example", True),
        ("*.example", "example", False),
        ("web-?", "web-1", True),
        ("web-?", "web-10", False),
        ("*,!web-1", "web-1", False),
        ("*,!web-1", "web-2", True),
        ("[a-z]", "b", False),
        ("|1|AAAA|AAAA", "web-1", False),
        ("|1|AAAAA|AAAA", "web-1", False),
    ],
)
def test_names_match_as_in_openssh(names: str, name: str, *, trusted: bool) -> None:
    """Lists, ports, wildcards and negations are understood, brackets taken as they stand."""
    assert (keys(known(f"{names} {key('a').line}"), name) == [key("a")]) is trusted


def test_every_key_of_a_server_is_returned() -> None:
    """A server may have several keys, in several forms of line, with comments behind them."""
    hosts = known("# comment", "", f"web-1 {key('a').line} root@web-1", f"web-* {key('b').line}")
    assert keys(hosts, "web-1") == [key("a"), key("b")]
    assert str(hosts.of("web-1")[0].place) == "known_hosts:3"


def test_a_revoked_key_is_not_a_trusted_one() -> None:
    """The line of a revocation trusts nothing and names what it revokes."""
    hosts = known(f"@revoked * {key('a').line}", f"web-1 {key('b').line}")
    assert keys(hosts, "web-1") == [key("b")]
    revocation = hosts.revocation("web-1", key("a"))
    assert revocation is not None
    assert revocation.place.line == 1
    assert hosts.revocation("web-1", key("b")) is None


@pytest.mark.parametrize("name", ["web-1.example", "[web-1.example]:2222"])
def test_an_authority_is_no_server_and_no_server_an_authority(name: str) -> None:
    """An authority's line trusts no key of a server; it counts for the server at every port."""
    hosts = known(f"@cert-authority *.example,!db.example {key('a').line}", f"* {key('b').line}")
    assert keys(hosts, name) == [key("b")]
    assert [entry.key for entry in hosts.authorities(name)] == [key("a")]
    assert hosts.authorities("web-1.elsewhere") == ()
    assert hosts.authorities("db.example") == ()


@pytest.mark.parametrize("name", ["web-1", "[web-1]:2222"])
def test_a_revocation_counts_at_every_port(name: str) -> None:
    """Nobody gets by with a revoked key at another port."""
    assert known(f"@revoked web-1 {key('a').line}").revocation(name, key("a"))


@pytest.mark.parametrize(
    "line",
    [
        "web-1",
        "web-1 ssh-ed25519",
        "web-1 ssh-ed25519 not-base64",
        f"web-1 ssh-rsa {b64encode(key('a').blob).decode()}",
    ],
)
def test_a_line_that_cannot_be_read_trusts_nothing(line: str) -> None:
    """A damaged line is passed over; as a revocation it stops the run."""
    assert keys(known(line), "web-1") == []
    with pytest.raises(BadInputError):
        known(f"@revoked {line}")


@given(lines=st.lists(st.text().filter(lambda line: "@revoked" not in line)))
def test_no_text_trusts_a_server_by_chance(lines: list[str]) -> None:
    """Whatever the file holds, it can be read, and trusts only what it says it trusts."""
    assert keys(known(*lines), "web-1") == []


def test_a_server_is_called_by_its_port_unless_it_is_the_usual_one() -> None:
    """The name is the one that ssh-keyscan writes."""
    assert name_of("Web-1", 22) == "web-1"
    assert name_of("2001:db8::1", 2222) == "[2001:db8::1]:2222"

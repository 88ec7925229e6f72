"""Closing a server at its own firewall, by nftables and by iptables, on real servers."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from acting import SECONDS, UNCONFIRMED_SECONDS, Acting
from estate import needs
from estate.definition import LONE_ADDRESS, definition
from estate.lab import Lab, raised
from estate.roots import NoRootError

pytestmark = needs.estate
TOOLS = {
    "nftables": "nft list ruleset",
    "iptables": "iptables -S; ip6tables -S; iptables -t nat -S",
}
"""Root of the server, and what shows all its rules."""
OTHERS = {
    "nftables": "nft add table inet theirs; nft 'add chain inet theirs input { type filter hook "
    "input priority 0; policy accept; }'; nft add rule inet theirs input tcp dport 81 drop",
    "iptables": "iptables -N THEIRS; iptables -A THEIRS -j RETURN; iptables -A INPUT -j THEIRS",
}
"""Rules of somebody else's, which are left alone."""
CONNECT = """
import socket, sys
host, port, source = sys.argv[1:]
with socket.create_connection((host, int(port)), timeout=2, source_address=(source, 0)) as it:
    it.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
    print("answered" if it.recv(1) else "closed")
"""
HOLD = """
import socket, sys
with socket.create_connection((sys.argv[1], 80), timeout=2) as it:
    print("connected", flush=True)
    sys.stdin.readline()
    it.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
    try:
        print("answered" if it.recv(1) else "closed", flush=True)
    except TimeoutError:
        print("silent", flush=True)
"""
SERVE = """
import socket
with socket.create_server(("10.77.0.1", 8099)) as it:
    print("ready", flush=True)
    while True:
        it.accept()[0].sendall(b"yes")
"""
HERE, ELSEWHERE = "10.77.0.1", "10.77.0.99"


@pytest.fixture(scope="module", params=TOOLS)
def lab(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Lab, str]]:
    """Raise a web server that has one of the tools."""
    name = str(request.param)
    try:
        with raised(definition().alone(name), tmp_path_factory.mktemp("lab")) as up:
            _await_web(up)
            assert up.exec(name, ["sh", "-c", OTHERS[name]]).stderr == ""
            yield up, name
    except NoRootError as error:
        pytest.skip(f"the estate: {error}")


def _await_web(lab: Lab, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while reach(lab, 80) != "answered":
        assert time.monotonic() < deadline


def acting(lab: Lab) -> Acting:
    """Return the action on the server."""

    def runs(command: Sequence[str], given: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            lab.network.enter(*command),
            input=given,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    return Acting(
        runs=runs,
        action="block-firewall-ssh",
        source=f"ssh://root@{LONE_ADDRESS}",
        key=Path(lab.key),
        known_hosts=Path(lab.known_hosts),
    )


def reach(lab: Lab, port: int, source: str = HERE) -> str:
    """Say what comes of a connection to the server."""
    done = lab.run([sys.executable, "-c", CONNECT, LONE_ADDRESS, str(port), source])
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def rules(lab: Lab, name: str) -> str:
    """Return all rules of the server."""
    return lab.exec(name, ["sh", "-c", TOOLS[name]]).stdout


def test_it_is_closed_to_all_but_us_and_opened_again(lab: tuple[Lab, str]) -> None:
    """Nobody is let in any more, nobody stays connected; SSH from here and answers come through.

    Nothing of the fingerprint changes, others' rules stay, and afterwards all is as it was.
    """
    up, name = lab
    act, before = acting(up), rules(up, name)
    seen = act.see()
    prepared = act.prepare()
    assert prepared["refusal"] == ""
    assert prepared["particulars"] == [f"by {name}, but for SSH from {HERE} to port 22"]
    assert act.look()["aftermath"] == "not done"
    with subprocess.Popen(
        up.network.enter(sys.executable, "-c", HOLD, LONE_ADDRESS),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == "connected\n"
        for _ in range(2):
            applied = act.apply(prepared["particulars"])
            assert applied["aftermath"] == "done", applied["detail"]
        said, _ = held.communicate("now\n", timeout=30)
    assert said == "silent\n"
    assert "timed out" in reach(up, 80)
    assert "timed out" in reach(up, 22, ELSEWHERE)
    assert reach(up, 22) == "answered"
    assert _server_reaches_out(up, name) == "yes"
    assert act.look()["aftermath"] == "done"
    assert act.see()["parts"] == seen["parts"]

    assert act.restore()["aftermath"] == "not done"
    assert reach(up, 80) == "answered"
    assert rules(up, name) == before
    assert act.restore()["aftermath"] == "not done"


def test_what_is_not_confirmed_opens_itself(lab: tuple[Lab, str]) -> None:
    """When whoever closed it does not come back, the server is open again by itself."""
    up, name = lab
    act, before = acting(up), rules(up, name)
    assert act.unconfirmed()["fault"] == ""
    assert "timed out" in reach(up, 80)
    assert act.look()["aftermath"] in {"unknown", "not done"}

    _await_web(up, seconds=UNCONFIRMED_SECONDS + 60)
    assert act.look()["aftermath"] == "not done"
    assert rules(up, name) == before


def _server_reaches_out(lab: Lab, name: str) -> str:
    with subprocess.Popen(
        lab.network.enter(sys.executable, "-u", "-c", SERVE), stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
            asked = "exec 3<>/dev/tcp/10.77.0.1/8099; head -c 3 <&3"
            return lab.exec(name, ["timeout", "5", "bash", "-c", asked]).stdout
        finally:
            server.kill()

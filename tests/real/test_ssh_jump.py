"""Servers behind jump hosts and commands are reached as ssh would reach them, at less cost."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from openssh import Server, access, make_key, public

from inventory.errors import AccessRefusedError, DecantError, HostKeyError, UnreachableError
from inventory.model.asking import Access, Limits, Reply
from inventory.model.site import Site
from inventory.model.target import Target
from inventory.ssh.asker import open_asker

pytestmark = pytest.mark.sshd

LIMITS = Limits(connect_seconds=5, server_seconds=20)
OPEN = ("AllowTcpForwarding yes", "LogLevel VERBOSE")


def ask(target: Target, allowed: Access, script: str = "echo in") -> Reply:
    """Ask one server."""
    with closing(open_asker(allowed)) as asker:
        return asker.ask(target, script, LIMITS)


def knowing(folder: Path, *servers: Server, config: str = "") -> Access:
    """Return an access to servers that are known, by an ssh_config of the test's own."""
    known, file = folder / "known_hosts", folder / "config"
    known.write_text("".join(each.known_line for each in servers))
    file.write_text(config)
    return access(known, servers[0].client_key, ssh_config=(file,))


def through(jump: Server, *inner: Server) -> str:
    """Return an ssh_config that reaches the inner servers through the jump host."""
    names = " ".join(f"server-{each.port}" for each in inner)
    blocks = [
        f"Host server-{each.port}\n HostName {each.host}\n Port {each.port}\n" for each in inner
    ]
    way = f"Host bastion\n HostName {jump.host}\n Port {jump.port}\n"
    return f"Host {names}\n ProxyJump bastion\n{way}{''.join(blocks)}"


def target(server: Server) -> Target:
    """Return the server under the name that the ssh_config gives it."""
    return Target.parse(f"server-{server.port}")


def logins(server: Server) -> int:
    """Return how often somebody got in, as the server's own log says."""
    return (server.home.parent / "log").read_text().count("Accepted publickey")


def failure(wanted: Target, allowed: Access, kind: type[DecantError]) -> DecantError:
    """Ask, and return what went wrong."""
    with pytest.raises(kind) as caught:
        ask(wanted, allowed)
    assert caught.value.hint
    return caught.value


def test_many_servers_cost_one_connection_to_the_jump_host(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """Twelve are asked at once through channels of one connection; each answers as itself."""
    jump = sshd(*OPEN)
    inner = [sshd() for _ in range(4)]
    allowed = knowing(tmp_path, jump, *inner, config=through(jump, *inner))
    with closing(open_asker(allowed)) as asker, ThreadPoolExecutor(12) as pool:
        jobs = [
            (each, pool.submit(asker.ask, target(each), "echo $HOME; seq 100000", LIMITS))
            for each in inner * 3
        ]
        for each, job in jobs:
            said = job.result().stdout.decode().split("\n")
            assert said[0] == str(each.home)
            assert said[-2] == "100000"
    assert logins(jump) == 1


def test_hops_may_be_chained(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """Each hop is reached from the one before, as user@server:port says."""
    first, second, last = sshd(*OPEN), sshd(*OPEN), sshd()
    config = f"Host last\n HostName {last.host}\n Port {last.port}\n"
    config += f" ProxyJump {first.host}:{first.port},ssh://{second.host}:{second.port}\n"
    allowed = knowing(tmp_path, first, second, last, config=config)
    assert ask(Target.parse("last"), allowed).stdout == b"in\n"
    assert (logins(first), logins(second)) == (1, 1)


def test_every_hop_is_verified(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """An unknown jump host is named as such, and so is an unknown server behind a known one."""
    jump, inner = sshd(*OPEN), sshd()
    config = through(jump, inner)
    allowed = replace(knowing(tmp_path, inner, config=config), accept_new_into=None)
    error = failure(target(inner), allowed, HostKeyError)
    assert error.message.startswith("jump host bastion")
    assert "is not known" in error.message
    error = failure(target(inner), knowing(tmp_path, jump, config=config), HostKeyError)
    assert not error.message.startswith("jump host")
    assert logins(inner) == 0


def test_a_changed_key_of_a_jump_host_is_refused(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """Nothing passes through a jump host that is no longer the one that is trusted."""
    jump, inner = sshd(*OPEN), sshd()
    allowed = knowing(tmp_path, inner, config=through(jump, inner))
    other = public(make_key(tmp_path / "other"))
    allowed.known_hosts[0].write_text(f"{jump.name} {other}\n{inner.known_line}")
    error = failure(target(inner), allowed, HostKeyError)
    assert error.message.startswith("jump host bastion: the host key of")
    assert "has changed" in error.message


def test_a_jump_host_that_refuses_us_is_named(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """Whose authorized_keys to look at is said; no other server behind it tries again."""
    jump, inner = sshd(*OPEN, f"AuthorizedKeysFile {tmp_path}/none"), sshd()
    allowed = knowing(tmp_path, inner, jump, config=through(jump, inner))
    with closing(open_asker(allowed)) as asker:
        for _ in range(3):
            with pytest.raises(AccessRefusedError, match="jump host bastion: it refused the key"):
                asker.ask(target(inner), "true", LIMITS)
    assert (jump.home.parent / "log").read_text().count("Connection from") <= 2


def test_a_server_that_the_jump_host_does_not_reach_is_said_so(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """A closed port behind the jump host is told from a closed jump host."""
    jump, inner = sshd(*OPEN), sshd()
    allowed = knowing(tmp_path, jump, inner, config=through(jump, inner))
    inner.stop()
    error = failure(target(inner), allowed, UnreachableError)
    assert error.message.startswith("jump host bastion: it does not reach")
    jump.stop()
    error = failure(target(inner), allowed, UnreachableError)
    assert error.message == "jump host bastion: the connection was refused"


def test_a_jump_host_that_may_not_forward_is_said_so(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """The option to change is in the hint."""
    jump, inner = sshd("AllowTcpForwarding no"), sshd()
    allowed = knowing(tmp_path, jump, inner, config=through(jump, inner))
    error = failure(target(inner), allowed, UnreachableError)
    assert "may not forward" in error.message
    assert "AllowTcpForwarding" in str(error.hint)


def test_a_site_has_a_jump_host_of_its_own(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """decant.toml says it once for all servers of a network; ssh_config is not needed."""
    jump, inner = sshd(*OPEN), sshd(host="127.0.7.1")
    site = Site(name="DC1", networks=("127.0.7.0/24",), jump=f"{jump.host}:{jump.port}")
    allowed = replace(knowing(tmp_path, jump, inner), sites=(site,))
    assert ask(inner.target, allowed).stdout == b"in\n"
    assert logins(jump) == 1


def test_jump_hosts_in_a_circle_are_said_to_be_that(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """A circle ends at once, and is written out."""
    config = "Host a\n ProxyJump b\nHost b\n ProxyJump a\n"
    error = failure(Target.parse("a"), knowing(tmp_path, sshd(), config=config), UnreachableError)
    assert "round in a circle" in error.message


def test_a_jump_host_that_drops_is_entered_again(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """A broken connection to it costs the servers under way, not those that come later."""
    jump, inner = sshd(*OPEN), sshd()
    allowed = knowing(tmp_path, jump, inner, config=through(jump, inner))
    with closing(open_asker(allowed)) as asker:
        assert asker.ask(target(inner), "echo in", LIMITS).stdout == b"in\n"
        children = subprocess.run(
            ["pgrep", "-P", str(jump.process.pid)], capture_output=True, text=True, check=True
        )
        subprocess.run(["kill", "-9", *children.stdout.split()], check=True)
        assert asker.ask(target(inner), "echo in", LIMITS).stdout == b"in\n"
    assert logins(jump) == 2


def test_a_command_may_connect_us(server: Server, tmp_path: Path) -> None:
    """ProxyCommand gets its tokens, and is ended with the exchange."""
    relay = tmp_path / "relay.py"
    relay.write_text(
        "import socket, sys, threading, os\n"
        "s = socket.create_connection((sys.argv[1], int(sys.argv[2])))\n"
        "def out():\n"
        "    while d := os.read(0, 65536): s.sendall(d)\n"
        "threading.Thread(target=out, daemon=True).start()\n"
        "while d := s.recv(65536): os.write(1, d)\n"
    )
    config = f"Host odd\n HostName {server.host}\n Port {server.port}\n"
    config += f" ProxyCommand python3 {relay} %h %p\n"
    allowed = knowing(tmp_path, server, config=config)
    assert ask(Target.parse("odd"), allowed, "seq 100000").stdout.endswith(b"\n100000\n")
    left = subprocess.run(["pgrep", "-f", str(relay)], capture_output=True, check=False)
    assert left.stdout == b""


def test_a_command_that_fails_is_told_by_its_own_words(server: Server, tmp_path: Path) -> None:
    """What it said on its error stream is repeated, once the tries are over."""
    config = "Host odd\n ProxyCommand echo no way through >&2; exit 1\n"
    allowed = knowing(tmp_path, server, config=config)
    with closing(open_asker(allowed)) as asker, pytest.raises(UnreachableError) as caught:
        asker.ask(Target.parse("odd"), "true", Limits(banner_seconds=1))
    assert "its ProxyCommand said 'no way through'" in caught.value.message

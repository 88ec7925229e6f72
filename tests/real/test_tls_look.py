"""What listeners show of TLS, against real servers on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import certificates
import pytest
from certificates import Authority
from tls_servers import Manner, after, http, rude, serving, silent, tls

from inventory.discovery import starttls
from inventory.discovery.starttls import NotOfferedError
from inventory.discovery.tls import TlsLimits, doors_of, look_at_tls
from inventory.discovery.tls_handshake import Door, any_context, shake
from inventory.errors import BadInputError
from inventory.model.certificates import TLS, TlsLook, TlsSpeech, Trust
from inventory.model.codec import from_json, to_json
from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.facts import LISTENERS
from inventory.model.parts import Listener, Protocol

HERE = "127.0.0.1"


@pytest.fixture
def trusted(tmp_path: Path) -> Authority:
    """Return an authority whose file is trusted by the look."""
    return certificates.authority(tmp_path)


@pytest.fixture
def context(tmp_path: Path, trusted: Authority) -> ssl.SSLContext:
    """Return a server's context with a certificate that is trusted."""
    return certificates.server_tls(tmp_path, trusted, names=("web-1.example", HERE))


def facts(*ports: int, process: str | None = None, address: str = "0.0.0.0") -> Facts:
    """Return what a server with these listeners is known by."""
    listeners = tuple(
        Listener(protocol=Protocol.TCP, address=address, port=port, process=process)
        for port in ports
    )
    return Facts.from_observations([LISTENERS.known(listeners)])


def look(*ports: int, authority: Authority | None = None, **options: object) -> list[TlsLook]:
    """Look at listeners of this server; see that what is told can be stored."""
    process = options.pop("process", None)
    assert process is None or isinstance(process, str)
    limits = TlsLimits(port_seconds=3, **options)  # type: ignore[arg-type]  numbers only
    file = authority.file if authority else None
    told = look_at_tls(facts(*ports, process=process), HERE, limits, authorities=file)
    seen = Facts.from_observations(told).value(TLS)
    assert seen is not None
    assert from_json(to_json(seen, TLS.kind), TLS.kind) == seen
    return list(seen)


def test_a_trusted_server_is_told_in_full(trusted: Authority, context: ssl.SSLContext) -> None:
    """Version, cipher, certificate, expiry and trust are told."""
    with serving(tls(context)) as port:
        (seen,) = look(port, authority=trusted)
    assert (seen.address, seen.port, seen.speech) == (HERE, port, TlsSpeech.TLS)
    assert (seen.version, seen.trust, seen.fault) == ("TLSv1.3", Trust.TRUSTED, None)
    assert seen.cipher
    assert seen.chain[0].subject == "CN=web-1.example"
    assert seen.chain[0].names == ("web-1.example", HERE)
    assert 59 <= seen.chain[0].days_left(datetime.now(UTC)) <= 60


def test_the_whole_chain_is_told(tmp_path: Path, trusted: Authority) -> None:
    """What a server sends beside its own certificate is told after it."""
    context = certificates.server_tls(tmp_path, trusted)
    both = (tmp_path / "server.pem").read_bytes() + trusted.file.read_bytes()
    (tmp_path / "both.pem").write_bytes(both)
    context.load_cert_chain(tmp_path / "both.pem")
    with serving(tls(context)) as port:
        (seen,) = look(port, authority=trusted)
    assert [each.subject for each in seen.chain] == ["CN=127.0.0.1", "CN=test authority"]


@pytest.mark.parametrize(
    ("days", "signed", "fault"),
    [(-3, True, "it has expired"), (60, False, "it is self-signed")],
)
def test_what_is_not_trusted_is_told_all_the_same(
    tmp_path: Path, trusted: Authority, days: int, fault: str, *, signed: bool
) -> None:
    """An expired or self-signed certificate is shown, with what is wrong with it."""
    context = certificates.server_tls(tmp_path, trusted if signed else None, days=days)
    with serving(tls(context)) as port:
        (seen,) = look(port, authority=trusted)
    assert (seen.speech, seen.trust, seen.fault) == (TlsSpeech.TLS, Trust.NOT_TRUSTED, fault)
    assert (seen.chain[0].days_left(datetime.now(UTC)) < 0) is (days < 0)


def test_the_system_s_authorities_do_not_trust_the_test_s(context: ssl.SSLContext) -> None:
    """Without a file of authorities, the system's count."""
    with serving(tls(context)) as port:
        (seen,) = look(port)
    assert seen.trust is Trust.NOT_TRUSTED


def test_what_speaks_no_tls_says_so_in_bounded_time(context: ssl.SSLContext) -> None:
    """Plain, silent, rude and closed ports each get their own words; TLS beside them is seen."""
    with ExitStack() as stack:
        ports = [stack.enter_context(serving(each)) for each in (http, silent, rude, tls(context))]
        with socket.create_server((HERE, 0)) as closed:
            ports.append(closed.getsockname()[1])
        started = time.monotonic()
        seen = {each.port: (each.speech, each.detail) for each in look(*ports)}
        assert time.monotonic() - started < 20
    assert [seen[port] for port in ports] == [
        (TlsSpeech.PLAIN, "it answers, but not in TLS"),
        (TlsSpeech.UNKNOWN, "it did not answer in time"),
        (TlsSpeech.UNKNOWN, "it closed the connection when TLS was asked for"),
        (TlsSpeech.TLS, None),
        (TlsSpeech.UNKNOWN, "it refused the connection"),
    ]


def test_a_server_that_wants_a_client_s_certificate_shows_its_own(
    trusted: Authority, context: ssl.SSLContext
) -> None:
    """With TLS 1.2 the handshake fails for want of ours; what was shown before that is told."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(trusted.file)
    with serving(tls(context)) as port:
        (seen,) = look(port, authority=trusted)
    assert (seen.speech, seen.trust) == (TlsSpeech.TLS, None)
    assert (seen.detail or "").startswith("it broke off: ")
    assert seen.chain[0].subject == "CN=web-1.example"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize(("flag", "version"), [("-tls1", "TLSv1"), ("-tls1_2", "TLSv1.2")])
def test_old_versions_are_told_not_refused(
    tmp_path: Path, trusted: Authority, flag: str, version: str
) -> None:
    """A server that speaks nothing newer than TLS 1.0 is seen for what it is."""
    certificates.server_tls(tmp_path, trusted)
    with openssl_server(tmp_path / "server.pem", flag) as port:
        (seen,) = look(port, authority=trusted)
    assert (seen.speech, seen.version, seen.trust) == (TlsSpeech.TLS, version, Trust.TRUSTED)


LINES = {
    "smtp": (
        (b"", b"220-web-1\r\n220 ESMTP\r\n"),
        (b"EHLO", b"250-web-1\r\n250-STARTTLS\r\n250 8BITMIME\r\n"),
        (b"STARTTLS", b"220 go\r\n"),
    ),
    "imap": ((b"", b"* OK ready\r\n"), (b"a STARTTLS", b"* x\r\na OK begin\r\n")),
    "pop3": ((b"", b"+OK ready\r\n"), (b"STLS", b"+OK begin\r\n")),
    "ftp": ((b"", b"220 ftp\r\n"), (b"AUTH TLS", b"234 go\r\n")),
    "sieve": ((b"", b'"IMPLEMENTATION" "x"\r\nOK\r\n'), (b"STARTTLS", b"OK\r\n")),
}


@pytest.mark.parametrize("protocol", LINES)
def test_tls_is_asked_for_within_other_protocols(context: ssl.SSLContext, protocol: str) -> None:
    """Each protocol's own words bring its listener to the handshake."""
    with serving(after(*LINES[protocol], context=context)) as port:
        shown = shake(door(port, protocol), any_context(), time.monotonic() + 2)
    assert (shown.version, len(shown.chain)) == ("TLSv1.3", 1)


@pytest.mark.parametrize("protocol", LINES)
def test_a_listener_without_starttls_says_so(protocol: str) -> None:
    """Whoever does not offer TLS is not asked for a handshake."""
    refusals = {"imap": b"a BAD no\r\n", "pop3": b"-ERR no\r\n", "sieve": b"NO\r\n"}
    greeting, *_, (begins, _) = LINES[protocol]
    between = LINES[protocol][1:-1]
    refusal = (begins, refusals.get(protocol, b"502 no\r\n"))
    nothing = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with (
        serving(after(greeting, *between, refusal, context=nothing)) as port,
        pytest.raises(NotOfferedError, match="it offers no TLS"),
    ):
        shake(door(port, protocol), any_context(), time.monotonic() + 2)


@pytest.mark.parametrize("answer", [0, 2, 52])
def test_a_directory_is_asked_in_its_own_way(context: ssl.SSLContext, answer: int) -> None:
    """LDAP's extended request is answered by a result, of which only 0 means yes."""

    def directory(connection: socket.socket) -> None:
        assert b"1.3.6.1.4.1.1466.20037" in connection.recv(64)
        body = b"\x02\x01\x01\x78\x07\x0a\x01" + bytes([answer]) + b"\x04\x00\x04\x00"
        connection.sendall(b"\x30\x84" + len(body).to_bytes(4, "big") + body)
        tls(context)(connection)

    with serving(directory) as port:
        if answer:
            with pytest.raises(NotOfferedError, match="refuses"):
                shake(door(port, "ldap"), any_context(), time.monotonic() + 2)
        else:
            shown = shake(door(port, "ldap"), any_context(), time.monotonic() + 2)
            assert shown.version == "TLSv1.3"


@pytest.mark.postgresql
@pytest.mark.parametrize("on", [True, False])
def test_a_real_postgresql_is_asked_in_its_own_way(
    tmp_path: Path, trusted: Authority, *, on: bool
) -> None:
    """PostgreSQL's certificate is seen when it has one, and that it offers none otherwise."""
    certificates.server_tls(tmp_path, trusted)
    with postgresql_server(tmp_path / "server.pem", on=on) as port:
        (seen,) = look(port, authority=trusted, process="postgres")
    assert seen.starttls == "postgresql"
    if on:
        assert (seen.speech, seen.trust) == (TlsSpeech.TLS, Trust.TRUSTED)
    else:
        assert (seen.speech, seen.detail) == (TlsSpeech.PLAIN, "it offers no TLS")


@pytest.mark.skipif(shutil.which("mariadbd") is None, reason="MariaDB is not installed")
def test_a_real_mariadb_is_asked_in_its_own_way(tmp_path: Path, trusted: Authority) -> None:
    """MariaDB's certificate is seen."""
    certificates.server_tls(tmp_path, trusted)
    with mariadb_server(tmp_path / "server.pem") as port:
        (seen,) = look(port, authority=trusted, process="mariadbd")
    assert (seen.starttls, seen.speech, seen.trust) == ("mysql", TlsSpeech.TLS, Trust.TRUSTED)


def test_only_what_others_reach_and_may_speak_tls_is_asked() -> None:
    """Loopback, UDP, SSH, printers and link-local addresses are left alone."""
    listeners = (
        Listener(protocol=Protocol.TCP, address="0.0.0.0", port=443, process="nginx"),
        Listener(protocol=Protocol.TCP, address="::", port=443, process="nginx"),
        Listener(protocol=Protocol.TCP, address="10.1.2.3", port=8443),
        Listener(protocol=Protocol.TCP, address="::ffff:10.1.2.3", port=8444),
        Listener(protocol=Protocol.TCP, address="fe80::1%eth0", port=8445),
        Listener(protocol=Protocol.TCP, address="127.0.0.1", port=8446),
        Listener(protocol=Protocol.UDP, address="0.0.0.0", port=8447),
        Listener(protocol=Protocol.TCP, address="*", port=22),
        Listener(protocol=Protocol.TCP, address="*", port=2222, process="sshd"),
        Listener(protocol=Protocol.TCP, address="*", port=9100),
        Listener(protocol=Protocol.TCP, address="*", port=25, process="master"),
    )
    assert doors_of(listeners, "web-1.example") == (
        Door(address="web-1.example", port=25, starttls="smtp", name="web-1.example"),
        Door(address="web-1.example", port=443, name="web-1.example"),
        Door(address="10.1.2.3", port=8443),
        Door(address="10.1.2.3", port=8444),
    )
    assert set(starttls.BY_PORT.values()) | set(starttls.BY_PROCESS.values()) == set(
        starttls.DIALOGUES
    )


def test_a_server_s_time_is_bounded_however_many_listeners_it_has(
    context: ssl.SSLContext,
) -> None:
    """What is not come to, by time or by number, is unknown and says why."""
    with ExitStack() as stack:
        manners: list[Manner] = [silent] * 5 + [tls(context)]
        ports = sorted(stack.enter_context(serving(each)) for each in manners)
        started = time.monotonic()
        seen = look(*ports, at_once=1, server_seconds=1.5, ports=4)
        assert time.monotonic() - started < 8  # of the twelve that four silent ones would take
    assert len(seen) == 6
    details = [each.detail or "" for each in seen]
    assert details.count("not asked: it has more than 4") == 2
    assert "not asked: the time for this server was over" in details


def test_unknown_listeners_make_it_unknown() -> None:
    """What cannot be looked at is unknown, with the reason."""
    (told,) = look_at_tls(Facts(), HERE)
    assert isinstance(told.fact, Unknown)
    assert (told.fact.reason, told.fact.detail) == (
        Reason.NOT_TOLD,
        "its listeners are unknown: not asked",
    )


def test_a_file_of_authorities_must_be_one(tmp_path: Path) -> None:
    """A missing or wrong file is the user's to mend, and is named."""
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    for file in (wrong, tmp_path / "missing.pem"):
        with pytest.raises(BadInputError, match=file.name):
            look_at_tls(facts(443), HERE, authorities=file)


def door(port: int, protocol: str) -> Door:
    """Return where a protocol is spoken."""
    return Door(address=HERE, port=port, starttls=protocol)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.create_server((HERE, 0)) as server:
        return int(server.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((HERE, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nobody listens on {port}")


@contextmanager
def running(command: list[str], port: int, user: str | None = None) -> Iterator[int]:
    """Run a program that listens, give its port, and end it."""
    account = {"user": user} if user and os.getuid() == 0 else {}
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **account,  # type: ignore[call-overload]  what Popen takes
    )
    try:
        wait_for(port, process)
        yield port
    finally:
        process.kill()
        process.communicate()


@contextmanager
def openssl_server(certificate: Path, flag: str) -> Iterator[int]:
    """Run OpenSSL's own server, with one version of TLS."""
    port = free_port()
    command = ["openssl", "s_server", "-accept", f"{HERE}:{port}", "-cert", str(certificate)]
    with running([*command, "-quiet", flag, "-cipher", "ALL:@SECLEVEL=0"], port):
        yield port


@contextmanager
def postgresql_server(certificate: Path, *, on: bool) -> Iterator[int]:
    """Run a PostgreSQL server of the test's own on a TCP port."""
    program = shutil.which("postgres") or str(
        max(Path("/usr/lib/postgresql").glob("*/bin/postgres"), default="")
    )
    if not program:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with owned_folder("postgres", certificate) as (folder, mine, user):
        data = f"{folder}/data"
        account = {"user": user} if os.getuid() == 0 else {}
        subprocess.run(
            [str(Path(program).with_name("initdb")), "--no-sync", "--auth=trust", "-D", data],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            **account,  # type: ignore[call-overload]  what run takes
        )
        port = free_port()
        options = {"listen_addresses": HERE, "port": port, "ssl": "on" if on else "off",
                   "ssl_cert_file": mine, "ssl_key_file": mine}  # fmt: skip
        given = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with running([program, "-D", data, "-k", str(folder), "-F", *given], port, user):
            yield port


@contextmanager
def mariadb_server(certificate: Path) -> Iterator[int]:
    """Run a MariaDB server of the test's own on a TCP port."""
    with owned_folder("mysql", certificate) as (folder, mine, user):
        port = free_port()
        options = [f"--datadir={folder}", f"--socket={folder}/s", f"--port={port}",
                   f"--bind-address={HERE}", f"--ssl-cert={mine}", f"--ssl-key={mine}",
                   f"--pid-file={folder}/pid", "--skip-grant-tables", "--skip-networking=0",
                   "--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=4M"]  # fmt: skip
        with running(["mariadbd", "--no-defaults", *options], port, user):
            yield port


@contextmanager
def owned_folder(user: str, certificate: Path) -> Iterator[tuple[Path, Path, str]]:
    """Make a folder for an account, with a copy of a certificate and its key that it may read."""
    with tempfile.TemporaryDirectory(prefix="decant-tls-") as name:
        folder = Path(name)
        mine = Path(shutil.copy(certificate, folder / "server.pem"))
        mine.chmod(0o600)
        if os.getuid() == 0:
            shutil.chown(folder, user)
            shutil.chown(mine, user)
        yield folder, mine, user

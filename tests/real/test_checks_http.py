"""The http check, against real servers, over real TLS with an authority of our own."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from certificates import Authority, authority, server_tls
from sights import sight

from inventory.registry import Registry
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome

CHECK = Registry(package="migrate.checks", attribute="CHECK", kind=Check).one("http").value
BIG = 3 * 1024 * 1024


class _Pages(BaseHTTPRequestHandler):
    """A few pages, one of each kind."""

    def do_GET(self) -> None:
        """Answer by path."""
        page = self.path.partition("?")[0]
        if page.startswith("/status/"):
            self._say(int(page.removeprefix("/status/")), b"")
        elif page == "/big":
            self._say(200, b"x" * BIG + b"the end")
        elif page == "/to-fine":
            self._say(302, b"", Location="/fine?token=1")
        elif page == "/to-itself":
            self._say(302, b"", Location="/to-itself")
        elif page == "/short":
            self._say(200, b"half", length=100)
        elif page == "/host":
            self._say(200, f"asked as {self.headers['Host']}".encode())
        elif page == "/dribble":
            self._dribble()
        else:
            self._say(200, b"all is fine")

    def _say(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def _dribble(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(600):
            self.wfile.write(b"x")
            time.sleep(0.1)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Write nothing of clients that go away, as they must."""


Serve = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that starts a server, with TLS when given, and returns its port."""
    running: list[tuple[_Server, threading.Thread]] = []

    def start(tls: ssl.SSLContext | None = None) -> int:
        server = _Server(("127.0.0.1", 0), _Pages)
        if tls:
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        running.append((server, thread))
        return int(server.server_port)

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return an authority of our own."""
    return authority(tmp_path_factory.mktemp("authority"))


def run(seconds: float = 2, **parameters: object) -> CheckResult:
    """Run the check on 127.0.0.1 as the new server."""
    return CHECK.run(sight(seconds=seconds), parameters)


def test_a_page_with_its_text_passes(serve: Serve) -> None:
    """The right status and the text in the page pass."""
    result = run(port=serve(), path="/", contains="fine")
    assert result.outcome is Outcome.PASSED
    assert result.observed["status"] == 200


@pytest.mark.parametrize(("status", "outcome"), [(404, Outcome.PASSED), (503, Outcome.FAILED)])
def test_only_an_expected_status_passes(serve: Serve, status: int, outcome: Outcome) -> None:
    """Statuses that are expected pass; any other fails and is named."""
    result = run(port=serve(), path=f"/status/{status}", status=[200, 404])
    assert result.outcome is outcome
    assert str(status) in result.detail


def test_a_missing_text_fails(serve: Serve) -> None:
    """A page without the text fails, and names the text."""
    result = run(port=serve(), contains="Council Tax")
    assert result.outcome is Outcome.FAILED
    assert "'Council Tax'" in result.detail


def test_a_text_beyond_what_is_read_is_unknown(serve: Serve) -> None:
    """Of a huge page only the first part is read; a text not in it is unknown, not missing."""
    result = run(port=serve(), path="/big", contains="the end")
    assert result.outcome is Outcome.UNKNOWN
    assert result.observed["body_bytes"] == 1024 * 1024


def test_redirects_are_followed_only_when_asked(serve: Serve) -> None:
    """A redirect is an answer of its own, and a query in it is not told."""
    port = serve()
    stayed = run(port=port, path="/to-fine")
    assert stayed.outcome is Outcome.FAILED
    assert "302 to /fine" in stayed.detail
    assert "token" not in stayed.detail
    followed = run(port=port, path="/to-fine", follow_redirects=True, contains="fine")
    assert followed.outcome is Outcome.PASSED
    assert run(port=port, path="/to-itself", follow_redirects=True).outcome is Outcome.FAILED


def test_a_query_is_asked_and_not_told(serve: Serve) -> None:
    """What stands in a query may be secret: no result holds it."""
    result = run(url=f"http://127.0.0.1:{serve()}/?key=abc")
    assert result.outcome is Outcome.PASSED
    assert "abc" not in f"{result.detail}{result.observed}"


def test_the_new_server_is_asked_for_another_name(serve: Serve) -> None:
    """With a host the new server's own address is asked for that name."""
    port = serve()
    result = run(port=port, path="/host", host="www.example.org", contains="as www.example.org:")
    assert result.outcome is Outcome.PASSED
    assert "at 127.0.0.1" in result.detail


def test_a_body_that_is_cut_short_fails(serve: Serve) -> None:
    """A page that ends before its length is no proper answer."""
    result = run(port=serve(), path="/short")
    assert result.outcome is Outcome.FAILED
    assert "IncompleteRead" in result.detail


def test_a_dribbling_server_is_cut_off(serve: Serve) -> None:
    """A server that sends a byte at a time is given up in bounded time."""
    begun = time.monotonic()
    result = run(seconds=0.5, port=serve(), path="/dribble")
    assert result.outcome is Outcome.FAILED
    assert "0.5 s" in result.detail
    assert time.monotonic() - begun < 20  # of the minute that the server would take


@pytest.mark.parametrize(
    ("greeting", "words"),
    [(b"SSH-2.0-OpenSSH_9.6\r\n", "no proper HTTP answer"), (b"", "no proper HTTP answer")],
)
def test_what_is_no_web_server_fails(greeting: bytes, words: str) -> None:
    """Another protocol, or a connection closed without a word, fails and says so."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(greeting)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        result = run(port=server.getsockname()[1])
        thread.join(5)
    assert result.outcome is Outcome.FAILED
    assert words in result.detail


def test_a_refused_connection_fails() -> None:
    """Nobody on the port is a failure of the new server."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert run(port=port).outcome is Outcome.FAILED


def test_a_name_that_does_not_resolve_is_unknown() -> None:
    """No such name says nothing of the page."""
    assert run(url="http://www.invalid/").outcome is Outcome.UNKNOWN


def test_a_trusted_certificate_passes_and_is_told(
    serve: Serve, trusted: Authority, tmp_path: Path
) -> None:
    """A verified certificate passes, with whose it is, from whom, and until when."""
    port = serve(server_tls(tmp_path, trusted))
    result = run(scheme="https", port=port, ca_file=str(trusted.file))
    assert result.outcome is Outcome.PASSED
    certificate = result.observed["certificate"]
    assert certificate["issuer"] == "CN=test authority"
    assert certificate["names"] == ["127.0.0.1"]
    assert certificate["expires"] in str(result.observed)


def test_a_certificate_for_the_asked_name_passes(
    serve: Serve, trusted: Authority, tmp_path: Path
) -> None:
    """The certificate must be for the name that is asked for, wherever the connection goes."""
    port = serve(server_tls(tmp_path, trusted, names=("www.example.org",)))
    given = {"scheme": "https", "port": port, "ca_file": str(trusted.file)}
    assert run(**given, host="www.example.org").outcome is Outcome.PASSED  # type: ignore[arg-type]
    wrong = run(**given, host="other.example.org")  # type: ignore[arg-type]
    assert wrong.outcome is Outcome.FAILED
    assert "it is for another host name (CN=www.example.org" in wrong.detail


@pytest.mark.parametrize(
    ("is_signed", "days", "words"),
    [
        (False, 60, "it is self-signed"),
        (True, -3, "it has expired"),
    ],
)
def test_a_bad_certificate_is_named_plainly(
    serve: Serve,
    trusted: Authority,
    tmp_path: Path,
    is_signed: bool,  # noqa: FBT001 -- one of the cases
    days: int,
    words: str,
) -> None:
    """Self-signed and expired certificates fail by name, and say whose they are."""
    tls = server_tls(tmp_path, trusted if is_signed else None, days=days)
    result = run(scheme="https", port=serve(tls), ca_file=str(trusted.file))
    assert result.outcome is Outcome.FAILED
    assert words in result.detail
    assert "CN=127.0.0.1" in result.detail


def test_an_issuer_that_is_not_trusted_fails(
    serve: Serve, trusted: Authority, tmp_path: Path
) -> None:
    """The system's authorities do not trust ours: nothing is believed without a ca_file."""
    result = run(scheme="https", port=serve(server_tls(tmp_path, trusted)))
    assert result.outcome is Outcome.FAILED
    assert "its issuer is not trusted here" in result.detail


@pytest.mark.parametrize(("least", "outcome"), [(9, Outcome.PASSED), (11, Outcome.FAILED)])
def test_a_certificate_must_last(
    serve: Serve, trusted: Authority, tmp_path: Path, least: int, outcome: Outcome
) -> None:
    """A certificate that ends too soon fails, and says how many days are left."""
    port = serve(server_tls(tmp_path, trusted, days=10))
    result = run(scheme="https", port=port, ca_file=str(trusted.file), min_days=least)
    assert result.outcome is outcome
    assert (outcome is Outcome.PASSED) != ("10 days left" in result.detail)


def test_plain_http_on_the_tls_port_fails(serve: Serve) -> None:
    """A server that speaks no TLS fails as such."""
    result = run(scheme="https", port=serve())
    assert result.outcome is Outcome.FAILED
    assert "TLS failed" in result.detail


def test_a_ca_file_that_cannot_be_used_is_unknown(serve: Serve, tmp_path: Path) -> None:
    """Without the authorities that it was given the check cannot tell."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for file in (empty, tmp_path / "missing.pem"):
        result = run(scheme="https", port=serve(), ca_file=str(file))
        assert result.outcome is Outcome.UNKNOWN
        assert str(file) in result.detail


def test_a_silent_tls_server_is_cut_off() -> None:
    """A handshake that never comes is given up in bounded time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        result = run(seconds=0.4, scheme="https", port=server.getsockname()[1])
    assert result.outcome is Outcome.FAILED
    assert "0.4 s" in result.detail

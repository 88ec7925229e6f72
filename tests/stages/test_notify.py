"""People elsewhere are told what happened, by webhook and by e-mail; that stops nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from inventory.estate import Estate
from inventory.estate_file import make_estate, read_estate
from migrate.model.event import Event, Happening
from migrate.notify.telling import notify
from tests.real.certificates import authority, server_tls

REFUSED = Event(
    happening=Happening.REFUSED,
    server="web-1",
    stage="power-off",
    words="refused: power off web-1",
    details=("test/tcp: was never run",),
    at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
)
DONE = Event(
    happening=Happening.DONE,
    server="web-1",
    stage="power-off",
    words="done: power off web-1\r\nBcc: all@example.org",
    at=datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
)


@dataclass
class Hook:
    """An address that takes what it is sent, and answers as it is told."""

    port: int
    answers: list[int] = field(default_factory=lambda: [204])
    got: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Give such an address on loopback."""
    made: list[Hook] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made[0].got.append((dict(self.headers), body))
            answers = made[0].answers
            status = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            if status in {302, 307}:
                self.send_header("Location", f"http://127.0.0.1:{made[0].port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            del format, args

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.append(Hook(port=server.server_address[1]))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield made[0]
        server.shutdown()
        thread.join(5)


def told(folder: Path, tables: str, *events: Event) -> list[str]:
    """Notify as an estate with these tables would; return what was said to have gone wrong."""
    faults: list[str] = []
    notify(estate(folder, tables), events, say=faults.append)
    return faults


def estate(folder: Path, tables: str) -> Estate:
    """Return an estate whose decant.toml ends in these tables."""
    make_estate(folder / "made", "made")
    path = folder / "made" / "decant.toml"
    path.write_text(f"{path.read_text()}\n{tables}")
    return read_estate(folder / "made", {})


HOOKED = """
[[notify]]
events = ["refused", "done"]
webhook_from = "env:TEST_HOOK"
secret_from = "env:TEST_HOOK_SECRET"
"""


@pytest.fixture
def hooked(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Hook:
    """Put the hook's address, and a secret, where the estate says that they are."""
    monkeypatch.setenv("TEST_HOOK", f"http://127.0.0.1:{hook.port}/a-secret-path")
    monkeypatch.setenv("TEST_HOOK_SECRET", "shared")
    return hook


def test_a_webhook_is_told_what_it_wants_to_hear_signed(tmp_path: Path, hooked: Hook) -> None:
    """One message holds all events that were asked for, and its signature fits its body."""
    other = Event(
        happening=Happening.TESTED, server="web-2", stage="test", words="all passed", at=DONE.at
    )
    assert told(tmp_path, HOOKED, REFUSED, other, DONE) == []
    ((headers, body),) = hooked.got
    said = json.loads(body)
    mac = hmac.new(b"shared", body, hashlib.sha256).hexdigest()

    assert headers["X-Decant-Signature"] == f"sha256={mac}"
    assert said["estate"] == "made"
    assert [each["event"] for each in said["events"]] == ["refused", "done"]
    assert said["events"][0] == {
        "event": "refused",
        "server": "web-1",
        "stage": "power-off",
        "words": "refused: power off web-1",
        "details": ["test/tcp: was never run"],
        "at": "2026-11-23T09:00:00+00:00",
    }


def test_nobody_is_told_of_what_nobody_asked_for(tmp_path: Path, hooked: Hook) -> None:
    """No event that was asked for, no message."""
    other = Event(happening=Happening.TESTED, server="a", stage="", words="", at=DONE.at)

    assert told(tmp_path, HOOKED, other) == []
    assert hooked.got == []


def test_a_webhook_that_stumbles_is_tried_again(tmp_path: Path, hooked: Hook) -> None:
    """A fault of the other end is overcome by another attempt."""
    hooked.answers[:] = [503, 200]

    assert told(tmp_path, HOOKED, DONE) == []
    assert len(hooked.got) == 2


@pytest.mark.parametrize(
    ("status", "attempts", "says"),
    [(500, 3, "it answered 500, 3 times"), (404, 1, "it answered 404"), (307, 1, "redirection")],
)
def test_a_webhook_that_fails_is_said_to(
    tmp_path: Path, hooked: Hook, status: int, attempts: int, says: str
) -> None:
    """It is tried a few times at most, no redirection is followed, and its address is not shown."""
    hooked.answers[:] = [status]
    (fault,) = told(tmp_path, HOOKED, DONE)

    assert len(hooked.got) == attempts
    assert says in fault
    assert "a-secret-path" not in fault
    assert "shared" not in fault


def test_a_webhook_that_nobody_answers_is_said_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused connection is told without the address, which may be a secret."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("TEST_HOOK", f"http://127.0.0.1:{port}/a-secret-path")
    monkeypatch.setenv("TEST_HOOK_SECRET", "shared")
    (fault,) = told(tmp_path, HOOKED, DONE)

    assert "no answer" in fault
    assert "a-secret-path" not in fault


@pytest.mark.parametrize("address", ["http://example.org/x", "ftp://127.0.0.1/", "x", "https://"])
def test_nothing_is_sent_where_others_can_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Plain HTTP is for this very machine alone."""
    monkeypatch.setenv("TEST_HOOK", address)
    monkeypatch.setenv("TEST_HOOK_SECRET", "shared")
    (fault,) = told(tmp_path, HOOKED, DONE)

    assert "neither https nor on this machine" in fault


def test_a_secret_that_is_not_there_is_said_to(tmp_path: Path) -> None:
    """The reference is named; nothing is raised."""
    assert "TEST_HOOK" not in os.environ
    (fault,) = told(tmp_path, HOOKED, DONE)

    assert "env:TEST_HOOK" in fault


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('events = ["done"]', "neither webhook_from nor email"),
        ('events = ["done"]\nemail = ["a@example.org"]', "needs smtp and sender"),
    ],
)
def test_a_table_that_lacks_something_is_said_to(tmp_path: Path, table: str, says: str) -> None:
    """What cannot be told is told here."""
    (fault,) = told(tmp_path, f"[[notify]]\n{table}\n", DONE)

    assert says in fault


@dataclass
class Post:
    """A mail server that offers STARTTLS or does not, and takes what it is given."""

    port: int
    context: ssl.SSLContext | None
    lines: list[str] = field(default_factory=list)
    """What it was told, in order; what came over TLS begins with ``tls ``."""
    message: bytes = b""

    def meet(self, connection: socket.socket) -> None:
        """Speak with one client, as RFC 5321 and RFC 3207 have it."""
        plain, stream = connection, connection.makefile("rwb", buffering=0)
        secure, word = "", ""
        stream.write(b"220 mail.test ready\r\n")
        while word != "QUIT" and (line := stream.readline().decode().strip()):
            self.lines.append(secure + line)
            word = line.split(" ")[0].upper()
            stream.write(self._answer(word, line, is_secure=bool(secure)))
            if word == "STARTTLS" and self.context:
                plain = self.context.wrap_socket(plain, server_side=True)
                stream, secure = plain.makefile("rwb", buffering=0), "tls "
            if word == "DATA":
                while (more := stream.readline()) != b".\r\n":
                    self.message += more
                stream.write(b"250 taken\r\n")
        stream.close()
        plain.close()

    def _answer(self, word: str, line: str, *, is_secure: bool) -> bytes:
        if word == "EHLO":
            more = "AUTH PLAIN" if is_secure else "STARTTLS" if self.context else "8BITMIME"
            return f"250-mail.test\r\n250 {more}\r\n".encode()
        if word == "RCPT" and "unknown" in line:
            return b"550 no such user\r\n"
        answers = {"STARTTLS": b"220 go", "AUTH": b"235 welcome", "DATA": b"354 on"}
        return answers.get(word, b"250 fine") + b"\r\n"


@contextmanager
def post(context: ssl.SSLContext | None) -> Iterator[Post]:
    """Give a mail server on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Post(port=listener.getsockname()[1], context=context)

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                connection.settimeout(10)
                made.meet(connection)
                connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield made
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


LOGIN = {"user": "decant", "password_from": "env:TEST_MAIL"}


def mailing(port: int, **more: Any) -> str:
    """Return a table that asks for mail."""
    lines = {
        "events": ["refused", "done"],
        "email": ["owner@example.org"],
        "smtp": f"127.0.0.1:{port}",
        "sender": "decant@example.org",
        **more,
    }
    return "\n".join(("[[notify]]", *(f"{k} = {json.dumps(v)}" for k, v in lines.items())))


def test_mail_is_handed_over_secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the greeting goes before TLS; the password after it; no header is smuggled in."""
    trusted = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))
    monkeypatch.setenv("TEST_MAIL", "pass word")
    with post(server_tls(tmp_path, trusted)) as server:
        table = mailing(server.port, **LOGIN)
        assert told(tmp_path, table, REFUSED, DONE) == []
    message = message_from_bytes(server.message, policy=policy.default)

    assert [line.split(" ")[0] for line in server.lines if not line.startswith("tls ")] == [
        "ehlo",
        "STARTTLS",
    ]
    assert any(line.startswith("tls AUTH") for line in server.lines)
    assert message["Subject"] == "decant made: web-1 refused (and 1 more)"
    assert message["To"] == "owner@example.org"
    assert message["Bcc"] is None
    assert "- test/tcp: was never run" in message.get_content()
    assert "pass word" not in message.as_string()


def test_a_mail_server_without_starttls_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither password nor message goes over a connection that others can read."""
    monkeypatch.setenv("TEST_MAIL", "pass word")
    with post(None) as server:
        table = mailing(server.port, **LOGIN)
        (fault,) = told(tmp_path, table, DONE)

    assert "offers no STARTTLS" in fault
    assert server.message == b""
    assert not any("AUTH" in line for line in server.lines)


def test_a_mail_server_that_nobody_vouches_for_is_told_nothing(tmp_path: Path) -> None:
    """A certificate of an authority that is not trusted ends it."""
    with post(server_tls(tmp_path, authority(tmp_path))) as server:
        (fault,) = told(tmp_path, mailing(server.port), DONE)

    assert "127.0.0.1" in fault
    assert server.message == b""


def test_mail_to_a_server_on_this_machine_needs_no_tls(tmp_path: Path) -> None:
    """It has to be asked for by name; a password is not given even then."""
    with post(None) as server:
        assert told(tmp_path, mailing(server.port, security="none"), DONE) == []
    assert b"done: power off web-1 Bcc: all@example.org" in server.message
    table = mailing(1, security="none", **LOGIN)
    (fault,) = told(tmp_path / "other", table, DONE)
    assert "without TLS" in fault


def test_an_address_that_the_mail_server_refuses_is_said_to(tmp_path: Path) -> None:
    """One of two that is refused is no success."""
    both = ["owner@example.org", "unknown@example.org"]
    with post(None) as server:
        (fault,) = told(tmp_path, mailing(server.port, security="none", email=both), DONE)

    assert "127.0.0.1" in fault


def test_no_mail_server_is_said_to(tmp_path: Path) -> None:
    """A refused connection names the server, and raises nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    (fault,) = told(tmp_path, mailing(port), DONE)

    assert fault.startswith("notify 1 of decant.toml was not told: 127.0.0.1")

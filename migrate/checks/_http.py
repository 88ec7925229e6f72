"""One HTTP exchange, bounded in time and size, over TLS that is always verified."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from inventory.model.certificates import Certificate
from inventory.x509 import read_certificate
from migrate.knock import connect

MOST_BODY_BYTES = 1024 * 1024
_HEADERS = {"User-Agent": "decant", "Accept": "*/*", "Connection": "close"}
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and of whom."""

    scheme: str
    """``http`` or ``https``."""
    address: str
    """Where the connection goes."""
    port: int
    host: str
    """The name that is asked for: in the Host header, and in the certificate."""
    path: str
    """With its query."""

    @property
    def url(self) -> str:
        """The whole of it, as a URL."""
        return f"{self.scheme}://{_host_header(self)}{self.path}"

    def __str__(self) -> str:
        """Write it for people, without the query, which may hold a secret."""
        at = "" if self.address == self.host else f" at {self.address}"
        return self.url.partition("?")[0] + at


@dataclass(frozen=True, kw_only=True)
class Response:
    """What came back."""

    status: int
    location: str | None
    """Where it redirects to."""
    body: bytes
    is_whole: bool
    """Whether the body ended within the limit."""
    certificate: Certificate | None
    """None over plain HTTP."""


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Return what TLS is verified against: a file's authorities, or the system's.

    Raises:
        OSError: the file cannot be read, or holds no certificate.

    """
    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    # From Python 3.13 on, authorities without key usage are refused by default, as browsers do not:
    # the verdict on a page must not depend on the Python that asks.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def ask(question: Question, context: ssl.SSLContext, seconds: float) -> Response:
    """Ask, taking at most ``seconds`` to connect and as long again for all the rest.

    Raises:
        ssl.SSLCertVerificationError: the certificate is not to be trusted.
        TimeoutError: it took longer.
        OSError: the connection could not be made, or broke.
        http.client.HTTPException: the answer is not HTTP, or was cut.

    """
    with (
        connect(question.address, question.port, seconds) as plain,
        _cut_off_after(seconds, plain) as watch,
    ):
        try:
            response = _asked(question, context, plain, watch)
        except (OSError, http.client.HTTPException) as error:
            watch.raise_if_cut(error)
            raise
        watch.raise_if_cut()  # a cut in the middle looks like an end to the reader
        return response


def _asked(
    question: Question, context: ssl.SSLContext, plain: socket.socket, watch: _Watch
) -> Response:
    if question.scheme == "http":
        return _exchange(question, plain, None)
    with _secured(question, context, plain) as secured:
        watch.connection = secured
        secured.do_handshake()
        return _exchange(question, secured, _certificate_of(secured))


def untrusted_certificate(question: Question, seconds: float) -> Certificate | None:
    """Return a certificate that was refused, only to say what it is; None when it cannot be had."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            connect(question.address, question.port, seconds) as plain,
            _cut_off_after(seconds, plain) as watch,
            _secured(question, context, plain) as secured,
        ):
            watch.connection = secured
            secured.do_handshake()
            return _certificate_of(secured)
    except (OSError, ValueError):
        return None


@dataclass
class _Watch:
    connection: socket.socket
    seconds: float
    has_cut: bool = False

    def raise_if_cut(self, cause: Exception | None = None) -> None:
        if self.has_cut:
            raise TimeoutError(f"no whole answer in {self.seconds:g} s") from cause

    def cut(self) -> None:
        self.has_cut = True
        with suppress(OSError):
            # Not the TLS connection's own shutdown, which its reader would trip over.
            socket.socket.shutdown(self.connection, socket.SHUT_RDWR)


@contextmanager
def _cut_off_after(seconds: float, connection: socket.socket) -> Iterator[_Watch]:
    """Cut a connection off in due time: each read has its limit, but many small ones have none."""
    watch = _Watch(connection, seconds)
    timer = threading.Timer(seconds, watch.cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()


def _secured(question: Question, context: ssl.SSLContext, plain: socket.socket) -> ssl.SSLSocket:
    return context.wrap_socket(plain, server_hostname=question.host, do_handshake_on_connect=False)


def _certificate_of(secured: ssl.SSLSocket) -> Certificate | None:
    der = secured.getpeercert(binary_form=True)
    return read_certificate(der) if der else None


def _exchange(
    question: Question, connection: socket.socket, certificate: Certificate | None
) -> Response:
    client = http.client.HTTPConnection(question.host, question.port)
    client.sock = connection
    client.request("GET", question.path, headers={**_HEADERS, "Host": _host_header(question)})
    answer = client.getresponse()
    body = answer.read(MOST_BODY_BYTES + 1)
    is_whole = len(body) <= MOST_BODY_BYTES
    if is_whole and answer.length:
        raise http.client.IncompleteRead(body, answer.length)
    return Response(
        status=answer.status,
        location=answer.getheader("Location"),
        body=body[:MOST_BODY_BYTES],
        is_whole=is_whole,
        certificate=certificate,
    )


def _host_header(question: Question) -> str:
    host = f"[{question.host}]" if ":" in question.host else question.host
    is_usual = question.port == PORTS[question.scheme]
    return host if is_usual else f"{host}:{question.port}"

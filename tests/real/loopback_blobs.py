"""Azure blob storage on loopback, as far as an anchor speaks to it; tokens are the loopback's own.

What it says is our reading of Azure's REST reference (Put Blob, Get Blob, List Blobs, version-level
immutability); no emulator has immutability policies. It was never compared with Azure itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from migrate.demo.arm import LoopbackArm
from migrate.demo.arm_certificate import loopback_tls
from migrate.demo.arm_message import Request


@dataclass(kw_only=True)
class Blob:
    """One version of one blob."""

    version: str
    body: bytes
    until: str
    mode: str


@dataclass(kw_only=True)
class LoopbackBlobs:
    """A running storage account, of whatever name, with one container."""

    url: str
    ca_file: Path
    arm: LoopbackArm
    """Who issues the tokens that count here."""
    worm: bool = True
    """Whether the container has version-level immutability."""
    says: tuple[str, str | None] | None = None
    """How every blob is said to be locked, and until when; None is the truth."""
    versions: dict[str, list[Blob]] = field(default_factory=dict)

    def overwrite(self, name: str, body: bytes) -> None:
        """Lay a newer version over a blob, as somebody with the right to write may."""
        self.versions[name].append(Blob(version=_now(), body=body, until="", mode=""))

    def answer(self, request: Request, headers: Any) -> tuple[int, dict[str, str], bytes]:
        """Answer one request."""
        _, container, name = [*unquote(request.path).lstrip("/").split("/", 2), "", ""][:3]
        if not self.arm.tokens.is_good(request.token):
            return 401, {"x-ms-error-code": "NoAuthenticationInformation"}, b""
        if container != "ledger" or headers.get("x-ms-version", "") < "2020-06-12":
            return 404, {"x-ms-error-code": "ContainerNotFound"}, b""
        if request.query.get("comp") == "list":
            return 200, {"Content-Type": "application/xml"}, self._listed(request)
        if request.method == "PUT":
            return self._put(name, headers, request.body)
        return self._got(name, request.query.get("versionid"))

    def _got(self, name: str, version: str | None) -> tuple[int, dict[str, str], bytes]:
        versions = [each for each in self.versions.get(name, []) if version in {None, each.version}]
        if not versions:
            return 404, {"x-ms-error-code": "BlobNotFound"}, b""
        told = {"Content-Type": "application/json", "x-ms-version-id": versions[-1].version}
        mode, until = self.says or (versions[-1].mode, versions[-1].until)
        if mode:
            told["x-ms-immutability-policy-mode"] = mode.lower()
            told["x-ms-immutability-policy-until-date"] = (
                versions[-1].until if until is None else until
            )
        return 200, told, versions[-1].body

    def _put(self, name: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        mode = headers.get("x-ms-immutability-policy-mode", "")
        until = headers.get("x-ms-immutability-policy-until-date", "")
        if mode and parsedate_to_datetime(until) <= datetime.now(UTC):
            return 400, {"x-ms-error-code": "InvalidHeaderValue"}, b""
        if mode and not self.worm:
            return 409, {"x-ms-error-code": "FeatureNotSupported"}, b""
        made = Blob(version=_now(), body=body, until=until, mode=mode)
        self.versions.setdefault(name, []).append(made)
        return 201, {"x-ms-version-id": made.version}, b""

    def _listed(self, request: Request) -> bytes:
        """List two blobs a page, so that pages are followed."""
        start = request.query.get("prefix", "")
        found = [
            (name, each.version)
            for name, versions in sorted(self.versions.items())
            for each in versions
            if name.startswith(start)
        ]
        begin = int(request.query.get("marker") or 0)
        blobs = "".join(
            f"<Blob><Name>{escape(name)}</Name><VersionId>{version}</VersionId></Blob>"
            for name, version in found[begin : begin + 2]
        )
        more = str(begin + 2) if begin + 2 < len(found) else ""
        return (
            f"<?xml version='1.0' encoding='utf-8'?><EnumerationResults><Blobs>{blobs}</Blobs>"
            f"<NextMarker>{more}</NextMarker></EnumerationResults>"
        ).encode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "0Z")


@contextmanager
def loopback_blobs(folder: Path, arm: LoopbackArm) -> Iterator[LoopbackBlobs]:
    """Run a storage account on a free port, whose clients trust what the loopback Azure's do."""
    ca_file = folder / "loopback-blobs.pem"
    context = loopback_tls(ca_file)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    both = folder / "loopback-both.pem"
    both.write_bytes(ca_file.read_bytes() + arm.ca_file.read_bytes())
    url = f"https://127.0.0.1:{server.server_port}"
    server.blobs = LoopbackBlobs(url=url, ca_file=both, arm=arm)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.blobs
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    blobs: LoopbackBlobs

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Server

    def _go(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        authorization = self.headers.get("Authorization") or ""
        request = Request.read(self.command, self.path, authorization, body)
        status, headers, said = self.server.blobs.answer(request, self.headers)
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(said))}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said)

    do_GET = do_HEAD = do_PUT = do_DELETE = _go  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing."""

"""An AWS that says what the real one once said: botocore's own recordings, served on loopback.

They are among the tests of botocore's source distribution, which ``tools/recordings`` fetches.
"""

from __future__ import annotations

import re
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

ARCHIVE = Path(__file__).parents[2] / ".venv" / "recordings" / "botocore-1.44.5.tar.gz"
_MEMBER = re.compile(r".*/response_parsing/xml/responses/((?:ec2|rds)-[a-z-]+)\.xml")


@dataclass
class RecordedAws:
    """A running AWS that only repeats."""

    url: str
    said: Mapping[str, bytes]
    """Answers by service and operation: ``ec2-describe-instances``."""
    log: list[str] = field(default_factory=list)
    """The operations that were asked for."""

    def answer(self, service: str, body: bytes) -> tuple[int, bytes]:
        """Return what was recorded of an operation; AWS's error for one that was not."""
        operation = parse_qs(body.decode()).get("Action", [""])[0]
        self.log.append(operation)
        told = self.said.get(f"{service}-{_dashed(operation)}")
        return (200, told) if told else (400, _NOT_RECORDED)


_NOT_RECORDED = (
    b"<Response><Errors><Error><Code>InvalidAction</Code><Message>it was not recorded</Message>"
    b"</Error></Errors><RequestID>1</RequestID></Response>"
)


def recordings() -> dict[str, bytes]:
    """Return what botocore's makers recorded of EC2 and RDS."""
    with tarfile.open(ARCHIVE) as archive:
        members = {match[1]: each for each in archive if (match := _MEMBER.match(each.name))}
        return {name: _read(archive, each) for name, each in members.items()}


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = archive.extractfile(member)
    assert found
    return found.read()


@contextmanager
def recorded_aws() -> Iterator[RecordedAws]:
    """Run it on a free port."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.aws = RecordedAws(url=f"http://127.0.0.1:{server.server_port}", said=recordings())
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.aws
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    aws: RecordedAws


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        service = self.headers["Authorization"].split("/")[3]
        status, told = self.server.aws.answer(service, body)
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: operations are in the log."""


def _dashed(operation: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", operation).lower()

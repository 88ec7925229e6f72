"""Azure blob storage on loopback, as far as an anchor speaks to it; tokens are the loopback's own.

What it says is our reading of Azure's REST reference (Put Blob, Get Blob, List Blobs, version-level
immutability); no emulator has immutability policies. It was never compared with Azure itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import escape

from migrate.demo.arm import LoopbackArm
from migrate.demo.arm_certificate import loopback_tls
from migrate.demo.arm_message import Request
from migrate.demo.loopback import Asked, Told, loopback_server


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

    def told(self, asked: Asked) -> Told:
        """Answer one request."""
        status, headers, body = self._answer(Request.of(asked), asked.headers)
        return Told(status=status, headers=headers, body=body)

    def _answer(
        self, request: Request, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
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

    def _put(
        self, name: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
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
    ca_file, both = folder / "loopback-blobs.pem", folder / "loopback-both.pem"
    with loopback_server(loopback_tls(ca_file)) as server:
        both.write_bytes(ca_file.read_bytes() + arm.ca_file.read_bytes())
        blobs = LoopbackBlobs(url=f"https://{server.place}", ca_file=both, arm=arm)
        server.answer = blobs.told
        yield blobs

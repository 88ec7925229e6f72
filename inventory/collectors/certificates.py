"""Certificates that services are configured with, or that lie in the usual places.

What is asked, and that no private key is ever sent, is told in ``_certificates_script``.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors._certificates_script import SCRIPT
from inventory.model.certificates import (
    CERTIFICATES,
    CERTIFICATES_UNREAD,
    Certificate,
    CertificateFile,
)
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model.fact import Observation

_WHY: Final = {
    "absent": "it is not there, or in a folder that the account may not look into",
    "denied": "the account may not read it",
    "sealed": "a keystore, which opens only with its password",
}


def _read(answer: Answer) -> tuple[Observation, ...]:
    used: dict[str, list[str]] = {}
    found: dict[str, CertificateFile] = {}
    closed: list[str] = []
    looked = False
    for path, kind, lines in _parts(answer.text):
        if kind == "used":
            used.setdefault(path, []).extend(lines)
        elif kind == "closed":
            closed.append(path)
        elif kind == "file":
            found[path] = _file(path, lines)
        elif kind in _WHY:
            found.setdefault(path, CertificateFile(path=path, why_unread=_WHY[kind]))
        looked = looked or kind == "looked"
    if not looked:
        why = "the search for certificates broke off"
        return (
            CERTIFICATES.unknown(Reason.NOT_TOLD, why),
            CERTIFICATES_UNREAD.unknown(Reason.NOT_TOLD, why),
        )
    files = (
        CertificateFile(
            path=path,
            used_by=tuple(dict.fromkeys(used.get(path, ()))),
            certificate=each.certificate,
            more=each.more,
            why_unread=each.why_unread,
        )
        for path, each in sorted(found.items())
    )
    return (CERTIFICATES.known(tuple(files)), CERTIFICATES_UNREAD.known(tuple(closed)))


def _parts(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield a path, what is said of it, and the lines that belong to it."""
    path, block = "", list[str]()
    for line in text.splitlines():
        word, colon, rest = line.partition(":")
        if line.startswith("@@ ") or colon or line == "looked":
            if path:
                yield path, "file", block
            path, block = line[3:] if line.startswith("@@ ") else "", []
            if word == "used":
                user, _, named = rest.partition("|")
                yield named, "used", [user]
            elif not path:
                yield rest, word, []
        else:
            block.append(line)
    if path:
        yield path, "file", block


def _file(path: str, lines: list[str]) -> CertificateFile:
    body = [line for line in lines if line != "+"]
    certificate, why = _certificate("".join(body))
    return CertificateFile(
        path=path, certificate=certificate, more=len(lines) - len(body), why_unread=why
    )


def _certificate(body: str) -> tuple[Certificate | None, str | None]:
    if not body:
        return None, "it holds no certificate in PEM form"
    from inventory.x509 import read_certificate

    try:
        return read_certificate(base64.b64decode(body, validate=True)), None
    except (ValueError, binascii.Error):
        return None, "its certificate cannot be read"


_BODY = """\
MIICAjCCAamgAwIBAgIDGis8MAoGCCqGSM49BAMCMEQxCzAJBgNVBAYTAkdCMRgw
FgYDVQQKDA9FeGFtcGxlIENvdW5jaWwxGzAZBgNVBAMMEnd3dy5leGFtcGxlLmdv
di51azAeFw0yNjExMjMwNDMxMDJaFw0yOTAyMjUwNDMxMDJaMEQxCzAJBgNVBAYT
AkdCMRgwFgYDVQQKDA9FeGFtcGxlIENvdW5jaWwxGzAZBgNVBAMMEnd3dy5leGFt
cGxlLmdvdi51azBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKbIbRlHfeQrpg6j
6f7vN67qNJIgSCnA37wgvcDs8KQg2vDWHTjmOdF6ymr4+NDpkbHpP68elQ/Qv5aE
fpXlO4ajgYkwgYYwHQYDVR0OBBYEFKFgKEU4OBEgCZ1cIBQr0Xj+7GsoMB8GA1Ud
IwQYMBaAFKFgKEU4OBEgCZ1cIBQr0Xj+7GsoMA8GA1UdEwEB/wQFMAMBAf8wMwYD
VR0RBCwwKoISd3d3LmV4YW1wbGUuZ292LnVrgg5leGFtcGxlLmdvdi51a4cEwAAC
CjAKBggqhkjOPQQDAgNHADBEAiAsim86lpSYStfPNLk6o7LWMk7dPOOHdo6Twn/e
yb5efQIgf08jrcGohvlkZJTIo333n5aMuHkEA3Tc0yMUt9i0EIw=
"""
_CERTIFICATE = Certificate(
    subject="CN=www.example.gov.uk,O=Example Council,C=GB",
    issuer="CN=www.example.gov.uk,O=Example Council,C=GB",
    names=("www.example.gov.uk", "example.gov.uk", "192.0.2.10"),
    serial="1a2b3c",
    not_before=datetime(2026, 11, 23, 4, 31, 2, tzinfo=UTC),
    not_after=datetime(2029, 2, 25, 4, 31, 2, tzinfo=UTC),
    key="EC secp256r1",
    key_bits=256,
    signature="sha256",
    self_signed=True,
    authority=True,
    sha256="57009d01ffd6cbb05967b6dd69ce2117eb967b18d1aff00e985d457d9951caa0",
)

COLLECTOR = Collector(
    script=SCRIPT,
    tidy=True,
    tells=(CERTIFICATES, CERTIFICATES_UNREAD),
    read=_read,
    examples=(
        Example(
            system="debian 12 with nginx, haproxy and tomcat",
            text=f"""\
used:/etc/nginx/sites-enabled/www|/etc/ssl/www.pem
used:/etc/haproxy/haproxy.cfg|/etc/ssl/www.pem
used:/etc/haproxy/haproxy.cfg|/etc/haproxy/old.pem
absent:/etc/haproxy/old.pem
used:/etc/tomcat10/server.xml|/etc/tomcat10/keystore.p12
sealed:/etc/tomcat10/keystore.p12
@@ /etc/ssl/www.pem
{_BODY}+
+
@@ /etc/ssl/odd.crt
looked
""",
            expected=(
                CERTIFICATES.known(
                    (
                        CertificateFile(
                            path="/etc/haproxy/old.pem",
                            used_by=("/etc/haproxy/haproxy.cfg",),
                            why_unread="it is not there, or in a folder that the account may not "
                            "look into",
                        ),
                        CertificateFile(
                            path="/etc/ssl/odd.crt",
                            why_unread="it holds no certificate in PEM form",
                        ),
                        CertificateFile(
                            path="/etc/ssl/www.pem",
                            used_by=("/etc/nginx/sites-enabled/www", "/etc/haproxy/haproxy.cfg"),
                            certificate=_CERTIFICATE,
                            more=2,
                        ),
                        CertificateFile(
                            path="/etc/tomcat10/keystore.p12",
                            used_by=("/etc/tomcat10/server.xml",),
                            why_unread="a keystore, which opens only with its password",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12 with certbot, with sudo",
            text=f"""\
@@ /etc/letsencrypt/live/www.example.gov.uk/cert.pem
{_BODY}looked
""",
            expected=(
                CERTIFICATES.known(
                    (
                        CertificateFile(
                            path="/etc/letsencrypt/live/www.example.gov.uk/cert.pem",
                            certificate=_CERTIFICATE,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9 with postgresql (format as documented), as a user",
            text="closed:/var/lib/pgsql/data/postgresql.conf\nlooked\n",
            expected=(
                CERTIFICATES.known(()),
                CERTIFICATES_UNREAD.known(("/var/lib/pgsql/data/postgresql.conf",)),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox), which has none",
            text="looked\n",
            expected=(CERTIFICATES.known(()), CERTIFICATES_UNREAD.known(())),
        ),
        Example(
            system="a server that was cut off",
            text="used:/etc/nginx/nginx.conf|/etc/ssl/www.pem\n",
            expected=(
                CERTIFICATES.unknown(Reason.NOT_TOLD, "the search for certificates broke off"),
            ),
        ),
    ),
)

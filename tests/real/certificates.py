"""Certificates for tests: an authority of our own, and what it or nobody signs."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, kw_only=True)
class Authority:
    """An authority, and the file by which it is trusted."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    file: Path


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def authority(folder: Path) -> Authority:
    """Make an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _builder("test authority", "test authority", key, key, 30, ca=True)
    file = folder / "authority.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(key=key, certificate=certificate, file=file)


def server_tls(
    folder: Path,
    signed_by: Authority | None,
    *,
    names: tuple[str, ...] = ("127.0.0.1",),
    days: int = 60,
) -> ssl.SSLContext:
    """Return a server's TLS context; without an authority its certificate is self-signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = "test authority" if signed_by else names[0]
    signer = signed_by.key if signed_by else key
    certificate = _builder(names[0], issuer, key, signer, days, names=names)
    file = folder / "server.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _builder(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    days: int,
    *,
    names: tuple[str, ...] = (),
    ca: bool = False,
) -> x509.Certificate:
    end = datetime.now(UTC) + timedelta(days=days, minutes=5)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(datetime.now(UTC), end) - timedelta(days=90))
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_general(each) for each in names]), critical=False
        )
    return builder.sign(signer, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)

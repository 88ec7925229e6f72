"""Certificates, from the bytes that servers show or keep to what they say."""

from __future__ import annotations

import hashlib
import ssl
import warnings
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.utils import CryptographyDeprecationWarning

from inventory.model.certificates import Certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

# Old devices number their certificates 0. That is no reason to say so on a user's terminal.
warnings.filterwarnings(
    "ignore", message="Parsed a serial number", category=CryptographyDeprecationWarning
)

_WRONG: Final = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "its chain ends in a self-signed certificate that is not trusted here",
    20: "its issuer is not trusted here",
    21: "its issuer is not trusted here, or a certificate between is not sent",
    23: "it was revoked",
    62: "it is for another host name",
    64: "it is for another address",
    66: "its key is too weak",
    67: "the key of a certificate above it is too weak",
    68: "its digest is too weak",
}
"""OpenSSL's verification codes (X509_V_ERR_… in x509_vfy.h) in plainer words."""


def read_certificate(der: bytes) -> Certificate:
    """Return what a certificate says.

    Raises:
        ValueError: it is none, or is written so badly that it cannot be read.

    """
    parsed = x509.load_der_x509_certificate(der)
    kind, bits = _key(parsed)
    subject, issuer = parsed.subject.rfc4514_string(), parsed.issuer.rfc4514_string()
    return Certificate(
        subject=subject,
        issuer=issuer,
        names=tuple(_names(parsed)),
        serial=f"{parsed.serial_number:x}",
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        key=kind,
        key_bits=bits,
        signature=_signature(parsed),
        self_signed=parsed.subject == parsed.issuer,
        authority=_is_authority(parsed),
        sha256=hashlib.sha256(der).hexdigest(),
    )


def what_is_wrong(error: ssl.SSLCertVerificationError) -> str:
    """Say plainly why a certificate was not trusted."""
    return _WRONG.get(error.verify_code, error.verify_message or str(error))


def _key(parsed: x509.Certificate) -> tuple[str | None, int | None]:
    try:
        key = parsed.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None, None
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}", key.key_size
    if isinstance(key, dsa.DSAPublicKey):
        return "DSA", key.key_size
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519", 256
    return ("Ed448", 456) if isinstance(key, ed448.Ed448PublicKey) else (None, None)


def _signature(parsed: x509.Certificate) -> str | None:
    try:
        digest = parsed.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return None
    return digest.name if digest else None


def _is_authority(parsed: x509.Certificate) -> bool:
    try:
        return parsed.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False


def _names(parsed: x509.Certificate) -> Iterator[str]:
    try:
        names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return
    yield from names.get_values_for_type(x509.DNSName)
    yield from (str(each) for each in names.get_values_for_type(x509.IPAddress))

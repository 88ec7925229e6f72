"""Certificates, for people: whose, from whom, until when, and what is wrong with one. Pure."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509

_DAY_SECONDS = 86_400
_WRONG = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "its chain ends in a self-signed certificate that is not trusted here",
    20: "its issuer is not trusted here",
    21: "its issuer is not trusted here, or a certificate between is not sent",
    23: "it was revoked",
    62: "it is for another host name",
    64: "it is for another address",
}
"""OpenSSL's verification codes (X509_V_ERR_…) that need plainer words."""


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a server's certificate says."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    """The names and addresses that it is for."""
    expires: datetime

    @classmethod
    def read(cls, der: bytes) -> Certificate:
        """Read a certificate.

        Raises:
            ValueError: it is not one.

        """
        parsed = x509.load_der_x509_certificate(der)
        return cls(
            subject=parsed.subject.rfc4514_string(),
            issuer=parsed.issuer.rfc4514_string(),
            names=_names(parsed),
            expires=parsed.not_valid_after_utc,
        )

    def days_left(self, now: datetime) -> int:
        """Return how many whole days it is still valid; negative once it has expired."""
        return int((self.expires - now).total_seconds() // _DAY_SECONDS)

    def as_json(self) -> dict[str, object]:
        """Return it for evidence."""
        return {
            "subject": self.subject,
            "issuer": self.issuer,
            "names": list(self.names),
            "expires": self.expires.astimezone(UTC).isoformat(),
        }

    def __str__(self) -> str:
        """Say whose it is, from whom, until when."""
        return f"{self.subject} from {self.issuer}, valid until {self.expires:%Y-%m-%d}"


def what_is_wrong(error: ssl.SSLCertVerificationError) -> str:
    """Say plainly why a certificate was refused."""
    return _WRONG.get(error.verify_code, error.verify_message or str(error))


def _names(parsed: x509.Certificate) -> tuple[str, ...]:
    try:
        names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return (
        *names.get_values_for_type(x509.DNSName),
        *(str(each) for each in names.get_values_for_type(x509.IPAddress)),
    )

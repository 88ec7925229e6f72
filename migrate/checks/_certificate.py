"""How evidence keeps a certificate."""

from __future__ import annotations

from datetime import UTC

from inventory.model.certificates import Certificate


def certificate_json(certificate: Certificate) -> dict[str, object]:
    """Return a certificate for evidence."""
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "names": list(certificate.names),
        "expires": certificate.not_after.astimezone(UTC).isoformat(),
    }

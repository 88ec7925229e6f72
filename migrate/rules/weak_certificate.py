"""Certificates in use have keys and signatures that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from inventory.model.certificates import CERTIFICATES, TLS, Certificate
from migrate.judging.examples import cannot_tell, certificate, flags, passes, shows, untold
from migrate.judging.keys import each_in_use
from migrate.model.rule import Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RSA_BITS = 2048
BROKEN = frozenset({"md5", "sha1"})
LATER = date(2027, 11, 1)


def _fault(seen: Certificate, _around: Surroundings) -> str:
    if seen.key == "RSA" and seen.key_bits is not None and seen.key_bits < RSA_BITS:
        return f"RSA of {seen.key_bits} bits"
    signed = (seen.signature or "").lower()
    return f"signed by {signed}" if signed in BROKEN and not seen.self_signed else ""


NO_FILES = CERTIFICATES.known(())
NO_LISTENERS = TLS.known(())

RULE = Rule(
    title="A certificate has a weak key or signature",
    why=(
        "Keys of less than 2048 bits and signatures by MD5 or SHA-1 can be forged; the systems of "
        "the cloud images refuse them by default."
    ),
    fix="Have it issued anew with a key of today, before the move.",
    source=(
        "NIST SP 800-131A revision 2, Transitioning the Use of Cryptographic Algorithms and Key "
        "Lengths (general knowledge, no page read)"
    ),
    source_date=date(2019, 3, 1),
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=each_in_use(_fault),
    examples=(
        flags("RSA of 1024 bits", shows(certificate(LATER, key_bits=1024)), NO_FILES),
        flags("signed by SHA-1", shows(certificate(LATER, signature="sha1")), NO_FILES),
        passes("RSA of 2048 bits", shows(certificate(LATER)), NO_FILES),
        passes("another kind of key", shows(certificate(LATER, key="Ed25519")), NO_FILES),
        flags("RSA of 2047 bits", shows(certificate(LATER, key_bits=2047)), NO_FILES),
        passes(
            "a short key of another kind",
            shows(certificate(LATER, key="Ed25519", key_bits=256)),
            NO_FILES,
        ),
        passes(
            "signed without a digest",
            shows(replace(certificate(LATER, key="Ed25519"), signature=None)),
            NO_FILES,
        ),
        passes(
            "signed by SHA-1, by itself",
            shows(replace(certificate(LATER, signature="sha1"), self_signed=True)),
            NO_FILES,
        ),
        cannot_tell("listeners not asked", untold(TLS), NO_FILES),
        cannot_tell("files not told", NO_LISTENERS, untold(CERTIFICATES)),
    ),
    verified=False,
)

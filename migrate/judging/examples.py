"""Examples of a rule, written in the words of what it must say of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from inventory.model.application import Application, Confidence
from inventory.model.certificates import TLS, Certificate, TlsLook, TlsSpeech
from inventory.model.fact import FactKey, Observation, Reason
from inventory.model.facts import DISKS, INTERFACES
from inventory.model.instances import Instance
from inventory.model.parts import Disk, Filesystem, Interface, Package
from migrate.judging.units import GIB, MIB
from migrate.model.rule import CannotTell, Flagged, NotApplicable, Passed, RuleExample


def flags(name: str, *facts: Observation) -> RuleExample:
    """Make a server that the rule must flag."""
    return RuleExample(name=name, facts=facts, expected=Flagged)


def passes(name: str, *facts: Observation) -> RuleExample:
    """Make a server that the rule must pass."""
    return RuleExample(name=name, facts=facts, expected=Passed)


def spares(name: str, *facts: Observation) -> RuleExample:
    """Make a server that does not concern the rule."""
    return RuleExample(name=name, facts=facts, expected=NotApplicable)


def cannot_tell(name: str, *facts: Observation) -> RuleExample:
    """Make a server of which the rule cannot tell."""
    return RuleExample(name=name, facts=facts, expected=CannotTell)


def untold(key: FactKey[Any]) -> Observation:
    """State that a source was asked and did not say."""
    return key.unknown(Reason.NOT_TOLD)


def disk(name: str, size_gib: int, *, encrypted: bool | None = None) -> Disk:
    """Make a disk of so many GiB."""
    return Disk(name=name, size_bytes=size_gib * GIB, encrypted=encrypted)


def disks(count: int) -> Observation:
    """State that there are so many disks of 8 GiB."""
    return DISKS.known(tuple(disk(f"sd{number:03}", 8) for number in range(count)))


def mounted(
    mount_point: str, device: str, *, kind: str = "ext4", free_mib: int = 8192
) -> Filesystem:
    """Make a mounted filesystem of 16 GiB with so many MiB free."""
    free = free_mib * MIB
    return Filesystem(
        mount_point=mount_point,
        device=device,
        type=kind,
        size_bytes=16 * GIB,
        used_bytes=16 * GIB - free,
        free_bytes=free,
    )


def interface(name: str, *addresses: str, kind: str | None = "physical") -> Interface:
    """Make a network interface."""
    return Interface(name=name, addresses=addresses, kind=kind)


def interfaces(count: int, *, kind: str | None = "physical") -> Observation:
    """State that there are so many interfaces of a kind."""
    return INTERFACES.known(tuple(interface(f"eth{n}", kind=kind) for n in range(count)))


def installed(name: str, version: str, manager: str = "dpkg") -> Package:
    """Make an installed package."""
    return Package(name=name, version=version, manager=manager)


def recognised(
    name: str,
    category: str,
    *,
    version: str | None = None,
    lifecycle: str | None = None,
    confidence: Confidence = Confidence.HIGH,
    instances: tuple[Instance, ...] = (),
) -> Application:
    """Make an application that was recognised, and runs."""
    return Application(
        id=name,
        name=name,
        vendor=None,
        category=category,
        version=version,
        ports=(),
        confidence=confidence,
        why=(),
        lifecycle_product=lifecycle,
        runs=True,
        instances=instances,
    )


def agent(name: str, version: str, lifecycle: str | None) -> Application:
    """Make an agent that was recognised."""
    made = recognised(name, "monitoring", version=version, lifecycle=lifecycle)
    return replace(made, is_agent=True)


def certificate(
    until: date, *, key: str = "RSA", key_bits: int = 2048, signature: str = "sha256"
) -> Certificate:
    """Make a certificate that is valid up to a day."""
    end = datetime(until.year, until.month, until.day, tzinfo=UTC)
    return Certificate(
        subject="CN=www.example.gov.uk",
        issuer="CN=Example CA",
        serial="01",
        not_before=end - timedelta(days=365),
        not_after=end,
        key=key,
        key_bits=key_bits,
        signature=signature,
        self_signed=False,
        authority=False,
        sha256="00",
    )


def shows(made: Certificate) -> Observation:
    """State that a listener shows a certificate."""
    look = TlsLook(address="192.0.2.4", port=443, speech=TlsSpeech.TLS, chain=(made,))
    return TLS.known((look,))

"""Promises of what rules share, at the edges where no rule's example goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from inventory.model.certificates import (
    CERTIFICATES,
    TLS,
    CertificateFile,
    TlsLook,
    TlsSpeech,
)
from inventory.model.fact import Facts
from inventory.model.utilisation import HISTORY, Spread, Utilisation
from migrate.catalogue.surroundings import example_surroundings
from migrate.judging.architecture import canonical, is_32_bit, is_x86_64
from migrate.judging.examples import certificate
from migrate.judging.idleness import Usage, by_aws, by_azure_migrate
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed
from migrate.rules.certificate_expires import RULE as CERTIFICATE_EXPIRES

UNTIL = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spelt", "one"),
    [
        ("x86_64", "x86_64"),
        ("AMD64", "x86_64"),
        (" x64 ", "x86_64"),
        ("i386", "i686"),
        ("arm64", "aarch64"),
        ("armv7l", "armv7l"),
        ("riscv64", "riscv64"),
    ],
)
def test_each_architecture_has_one_spelling(spelt: str, one: str) -> None:
    """As kernels and exports write it; one that is not known stays as it is."""
    assert canonical(spelt) == one


@pytest.mark.parametrize(
    ("name", "bits_32", "x86_64"),
    [
        ("x64", False, True),
        ("i586", True, False),
        ("armv7l", True, False),
        ("arm64", False, False),
        ("riscv64", False, False),
    ],
)
def test_what_is_32_bit_is_told_from_what_is_64_bit(
    name: str, *, bits_32: bool, x86_64: bool
) -> None:
    """Arm of 32 bits is, Arm of 64 bits is not, nor is one that is not known."""
    assert (is_32_bit(name), is_x86_64(name)) == (bits_32, x86_64)


def used(
    cpu: float | None, memory: float | None, network: float | None, *, days: int = 91
) -> Facts:
    """Make a server that used so much all the time."""

    def flat(value: float | None) -> Spread | None:
        if value is None:
            return None
        return Spread(mean=value, p50=value, p90=value, p95=value, p99=value, maximum=value)

    watched = Utilisation(
        source="sar",
        since=UNTIL - timedelta(days=days),
        until=UNTIL,
        samples=9,
        cpu_percent=flat(cpu),
        memory_percent=flat(memory),
        network_received_bytes_per_second=flat(network),
        network_sent_bytes_per_second=flat(network),
    )
    return Facts.from_observations([HISTORY.known((watched,))])


@pytest.mark.parametrize(
    ("cpu", "memory", "usage"),
    [
        (4.9, 4.9, Usage.ZOMBIE),
        (5, 4.9, Usage.IDLE),
        (4.9, 5, Usage.IDLE),
        (19.9, 19.9, Usage.IDLE),
        (20, 0, Usage.ACTIVE),
        (0, 20, Usage.ACTIVE),
        (20, None, Usage.ACTIVE),
        (None, 20, Usage.ACTIVE),
        (19.9, None, None),
        (None, 19.9, None),
        (None, None, None),
    ],
)
def test_idle_by_aws_is_told_from_zombie_and_active(
    cpu: float | None, memory: float | None, usage: Usage | None
) -> None:
    """A zombie is below 5 % of both, an idle server below 20 %; what was not measured may be more.

    Source: AWS Prescriptive Guidance, seven migration strategies; readiness rules, table 2d.
    """
    assert by_aws(used(cpu, memory, None)).usage is usage


@pytest.mark.parametrize(
    ("cpu", "memory", "network", "usage"),
    [
        (0, 0, 0, Usage.ZOMBIE),
        (0, 0, 1, Usage.IDLE),
        (0, 0, None, None),
        (0, 1, 0, Usage.IDLE),
        (5, 5, 0, Usage.IDLE),
        (5, 5.1, 0, Usage.MIXED),
        (5.1, 5, 0, Usage.MIXED),
        (5.1, 5.1, 0, Usage.ACTIVE),
        (None, 0, 0, None),
        (0, None, 0, None),
    ],
)
def test_idle_by_azure_migrate_is_told_from_zombie_and_active(
    cpu: float | None, memory: float | None, network: float | None, usage: Usage | None
) -> None:
    """Active is above 5 % of both, idle is neither, a zombie does nothing at all.

    Source: Azure Migrate, business case calculation; readiness rules, table 2d.
    """
    assert by_azure_migrate(used(cpu, memory, network)).usage is usage


@pytest.mark.parametrize(
    ("days", "aws", "azure"),
    [
        (90, Usage.IDLE, Usage.MIXED),
        (89, None, Usage.MIXED),
        (30, None, Usage.MIXED),
        (29, None, None),
    ],
)
def test_use_that_was_watched_too_shortly_is_unknown(
    days: int, aws: Usage | None, azure: Usage | None
) -> None:
    """AWS's definition takes 90 days, that of Azure Migrate a month."""
    facts = used(10, 1, 0, days=days)
    assert (by_aws(facts).usage, by_azure_migrate(facts).usage) == (aws, azure)
    if azure is None:
        assert by_azure_migrate(facts).evidence == "use was watched for 29 of 30 days"


OLD, GOOD = certificate(date(2026, 1, 1)), certificate(date(2028, 1, 1))
SHOWN = TlsLook(address="192.0.2.4", port=443, speech=TlsSpeech.TLS, chain=(OLD,))
NAMED = CertificateFile(path="/etc/ssl/web.pem", used_by=("/etc/nginx/nginx.conf",))


def expired(*looks: TlsLook, files: tuple[CertificateFile, ...] = ()) -> Judgement:
    """Judge whether certificates have expired."""
    facts = Facts.from_observations([TLS.known(looks), CERTIFICATES.known(files)])
    return CERTIFICATE_EXPIRES.judge(facts, example_surroundings())


def test_a_good_certificate_hides_no_bad_one_on_the_same_port() -> None:
    """Two addresses of a server may show two certificates, in whatever order they are told."""
    other = replace(SHOWN, address="192.0.2.5", chain=(GOOD,))
    for looks in ((SHOWN, other), (other, SHOWN)):
        assert expired(*looks) == Flagged(observed="port 443: expired on 2026-01-01")


def test_the_certificate_of_a_listener_is_the_first_of_its_chain() -> None:
    """What its authority's is like is no fault of the server's; what speaks no TLS shows none."""
    assert expired(replace(SHOWN, chain=(GOOD, OLD))) == Passed()
    assert expired(replace(SHOWN, speech=TlsSpeech.PLAIN, chain=())) == Passed()


def test_certificates_that_no_service_names_do_not_count() -> None:
    """One that only lies in a usual place is passed over; one that is named is told with its path.

    All that have a fault are told, in the order of where they are.
    """
    named = replace(NAMED, certificate=OLD)
    assert expired(files=(replace(named, used_by=()),)) == Passed()
    assert expired(SHOWN, files=(named,)) == Flagged(
        observed="/etc/ssl/web.pem: expired on 2026-01-01, port 443: expired on 2026-01-01"
    )


def test_a_certificate_in_use_that_could_not_be_read_is_not_passed() -> None:
    """Neither a file that a service names nor a listener that speaks TLS and showed none."""
    bare = replace(SHOWN, chain=())
    found = expired(bare, files=(NAMED,))
    assert isinstance(found, CannotTell)
    assert found.because == "the certificate of /etc/ssl/web.pem, port 443 could not be read"
    assert isinstance(expired(bare), CannotTell)
    assert isinstance(expired(files=(NAMED,)), CannotTell)
    assert isinstance(expired(SHOWN, files=(NAMED,)), Flagged)

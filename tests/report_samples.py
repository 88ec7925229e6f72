"""A small estate for the tests of reports: every verdict, every reason, and hostile names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from inventory.model import facts
from inventory.model.application import Application, Confidence, Dependency
from inventory.model.fact import Facts, Observation, Origin, Reason, Unknown
from inventory.model.parts import BootType, Disk, Filesystem, Interface, Listener, Protocol
from inventory.model.server import Server
from migrate.model.plan import Destination, Move, Plan
from migrate.model.report import Material
from migrate.model.strategy import (
    ApplicationVerdict,
    AxisVerdict,
    Component,
    Decision,
    EstateApplication,
    Grouping,
    Override,
    Proposal,
    Strategy,
)
from migrate.model.verdict import (
    Axis,
    Cloud,
    CostLine,
    Finding,
    Missing,
    Readiness,
    Severity,
    Size,
    Verdict,
)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
GIB = 1024**3
HOSTILE = "=cmd|' /C calc'!A0<script>alert(1)</script>"


def _observed(*statements: Observation) -> Facts:
    origin = Origin(
        source="ssh://root@10.0.0.1", question="system", at=NOW - timedelta(hours=2), run="r1"
    )
    return Facts.from_observations(
        Observation(key=each.key, fact=each.fact, origin=origin) for each in statements
    )


def full_facts(name: str) -> Facts:
    """Facts of a usual Debian server that does not show its serial number."""
    return _observed(
        facts.FQDN.known(f"{name}.stevenage.example"),
        facts.OS_NAME.known("Debian GNU/Linux 12 (bookworm)"),
        facts.KERNEL.known("6.1.0-28-amd64"),
        facts.ARCHITECTURE.known("x86_64"),
        facts.VIRTUALISATION.known("vmware"),
        facts.SERIAL.unknown(Reason.NEEDS_PRIVILEGE, "product_serial may be read by root only"),
        facts.BOOT_TYPE.known(BootType.UEFI),
        facts.SECURE_BOOT.known(value=False),
        facts.CPU_THREADS.known(4),
        facts.MEMORY_TOTAL.known(8 * GIB),
        facts.DISKS.known((Disk(name="sda", size_bytes=64 * GIB),)),
        facts.FILESYSTEMS.known(
            (
                Filesystem(
                    mount_point="/",
                    device="/dev/sda1",
                    type="ext4",
                    size_bytes=60 * GIB,
                    used_bytes=21 * GIB,
                    free_bytes=36 * GIB,
                ),
            )
        ),
        facts.INTERFACES.known((Interface(name="eth0", addresses=("10.0.0.1/24",)),)),
        facts.LISTENERS.known(
            (Listener(protocol=Protocol.TCP, address="0.0.0.0", port=443, process="nginx"),)
        ),
    )


def server(
    name: str,
    *,
    known: Facts | None = None,
    unreachable: Unknown | None = None,
    last_answered: datetime | None = NOW - timedelta(hours=2),
) -> Server:
    """Make a server; its identifier is ``id-`` and its name."""
    return Server(
        id=f"id-{name}",
        name=name,
        target=f"ssh://root@{name}",
        facts=known or Facts(),
        unreachable=unreachable,
        first_seen=NOW - timedelta(days=30),
        last_asked=NOW - timedelta(hours=2),
        last_answered=last_answered,
    )


def finding(rule: str, axis: Axis, severity: Severity, observed: str) -> Finding:
    """Make a finding."""
    return Finding(
        rule=rule,
        title=rule.replace("-", " ").capitalize(),
        axis=axis,
        severity=severity,
        observed=observed,
        why="The provider's replication does not carry it over; the copy would not start.",
        fix="Turn it off in the firmware before replication, and back on afterwards.",
        source="https://learn.microsoft.com/azure/migrate/migrate-support-matrix-physical-migration",
        source_date=date(2023, 2, 1),
    )


def missing(*, decides: bool) -> Missing:
    """Make a rule that could not be judged."""
    return Missing(
        rule="encrypted-disk",
        title="Disks are not encrypted",
        axis=Axis.MOVE,
        facts=("storage.disks",),
        why_unknown="needs privilege",
        decides=decides,
    )


def size(name: str, pence: int | None, *, incomplete: tuple[str, ...] = ()) -> Size:
    """Make a size with two lines of cost; the second has no price when something is left out."""
    return Size(
        name=name,
        region="uksouth",
        vcpus=4,
        memory_bytes=8 * GIB,
        why="the cheapest for 4 vCPUs, 8 GiB; Standard_B2s is cheaper but has 2 vCPUs",
        lines=(
            CostLine(what=f"compute {name}", monthly_cost_pence=pence, basis="observed 2026-10-01"),
            CostLine(
                what="disk sda 64 GiB E6",
                monthly_cost_pence=None if incomplete else 0,
                basis="unknown" if incomplete else "estimate 2026-10-01",
            ),
        ),
        monthly_cost_pence=pence,
        incomplete=incomplete,
        catalogue_date=date(2026, 10, 1),
        assumptions=("730 hours a month", "US dollars at 0.78 pounds, of 1 October 2026"),
    )


def verdict(
    of: Server,
    cloud: Cloud,
    *,
    fit: Readiness = Readiness.READY,
    move: Readiness = Readiness.READY,
    support: Readiness = Readiness.READY,
    findings: tuple[Finding, ...] = (),
    absent: tuple[Missing, ...] = (),
    sized: Size | None = None,
    at: datetime = NOW - timedelta(hours=1),
) -> Verdict:
    """Make a verdict; without a size it says that processors are unknown."""
    return Verdict(
        server_id=of.id,
        server=of.name,
        cloud=cloud,
        fit=fit,
        move=move,
        support=support,
        findings=findings,
        missing=absent,
        judged=14,
        coverage="B" if absent else "A",
        size=sized,
        no_size="" if sized else "the number of processors is not known",
        rules_version="7c1e09ab",
        catalogue_date=date(2026, 10, 1),
        at=at,
    )


def move(of: Server, to: Destination) -> Move:
    """Make a planned move in the first wave."""
    return Move(
        server_id=of.id,
        server=of.name,
        source=of.target,
        to=to,
        replacement=None,
        resource=None,
        playbook="rehost",
        wave=1,
        why_wave="nothing else depends on it",
    )


def decision(name: str, *servers: Server, made: Override | None = None) -> Decision:
    """Make what becomes of an application: proposed to be rehosted, or as people decided."""
    axes = {
        "fit": AxisVerdict(axis=Axis.FIT, readiness=Readiness.READY),
        "move": AxisVerdict(
            axis=Axis.MOVE,
            readiness=Readiness.NOT_READY,
            server=servers[0].name,
            because="Secure Boot is on",
        ),
        "support": AxisVerdict(axis=Axis.SUPPORT, readiness=Readiness.READY),
    }
    return Decision(
        application=EstateApplication(
            key=f"app:{name}",
            name=name,
            grouping=Grouping.ESTATE,
            components=tuple(
                Component(
                    server_id=each.id,
                    server=each.name,
                    software=Unknown(reason=Reason.NOT_TOLD),
                )
                for each in servers
            ),
            confidence=Confidence.HIGH,
        ),
        verdicts=tuple(ApplicationVerdict(cloud=cloud, **axes) for cloud in Cloud),
        proposal=Proposal(
            strategy=Strategy.REHOST,
            destinations=(Destination.AWS, Destination.AZURE),
            row="rehost",
            reason="It runs there as it is.",
            confidence=Confidence.MEDIUM,
            confirm="Each condition is put right or accepted.",
        ),
        known={},
        override=made,
    )


def override(strategy: Strategy, to: Destination) -> Override:
    """Make what somebody decided."""
    return Override(
        application="app:payroll",
        name="payroll",
        strategy=strategy,
        destination=to,
        because="the contract ends in March",
        by="Jane Doe",
        at=NOW - timedelta(days=3),
        saw={},
    )


def material(*, name: str = "Stevenage data centre") -> Material:
    """Make an estate with a server in every state."""
    web = server("web-1", known=full_facts("web-1"))
    app = server("app-1", known=full_facts("app-1"))
    database = server("db-1", known=full_facts("db-1"))
    hostile = server(HOSTILE, known=full_facts("x"))
    silent = server(
        "old-nas",
        unreachable=Unknown(reason=Reason.UNREACHABLE, detail="connection refused on port 22"),
        last_answered=None,
    )
    unjudged = server("new-1", known=full_facts("new-1"))
    secure_boot = finding("secure-boot", Axis.MOVE, Severity.BLOCKER, "Secure Boot is on")
    too_large = finding("disk-size", Axis.FIT, Severity.BLOCKER, "disk sda has 70 TiB")
    ending = finding("os-ends", Axis.SUPPORT, Severity.CONDITION, "Debian 12 ends 2028-06-30")
    note = finding("python", Axis.MOVE, Severity.NOTE, "Python 3.11")
    unknown = Readiness.UNKNOWN
    priced = size("Standard_D4s_v5", 12345)
    return Material(
        estate=name,
        at=NOW,
        servers=(web, app, database, hostile, silent, unjudged),
        verdicts=(
            verdict(web, Cloud.AWS, sized=size("t3.xlarge", 9050), findings=(note,)),
            verdict(web, Cloud.AZURE, sized=priced, findings=(note,)),
            verdict(
                app,
                Cloud.AWS,
                support=Readiness.CONDITIONS,
                findings=(ending,),
                sized=size("m5.large", 7000, incomplete=("disk sda: no price for io2",)),
            ),
            verdict(
                app,
                Cloud.AZURE,
                move=Readiness.NOT_READY,
                support=Readiness.CONDITIONS,
                findings=(ending, secure_boot),
                sized=priced,
            ),
            verdict(database, Cloud.AWS, move=unknown, absent=(missing(decides=True),)),
            verdict(database, Cloud.AZURE, move=unknown, absent=(missing(decides=True),)),
            verdict(hostile, Cloud.AWS, fit=Readiness.NOT_READY, findings=(too_large,)),
            verdict(hostile, Cloud.AZURE, sized=priced, absent=(missing(decides=False),)),
            verdict(silent, Cloud.AWS, fit=unknown, move=unknown, support=unknown),
            verdict(silent, Cloud.AZURE, fit=unknown, move=unknown, support=unknown),
        ),
        applications={
            web.id: (
                Application(
                    id="nginx",
                    name="nginx",
                    vendor="F5",
                    category="web server",
                    version="1.22.1",
                    ports=("443/tcp",),
                    confidence=Confidence.HIGH,
                    why=("process nginx listens on 443/tcp",),
                    lifecycle_product="nginx",
                ),
            )
        },
        dependencies=(
            Dependency(
                client=web.id,
                server=app.id,
                protocol="tcp",
                port=8080,
                process="python3",
                connections=3,
            ),
            Dependency(
                client="outside:203.0.113.9",
                server=web.id,
                protocol="tcp",
                port=443,
                process=None,
                connections=12,
            ),
        ),
        plan=Plan(moves=(move(web, Destination.AZURE),), unplanned=("app-1",), warnings=(), at=NOW),
        decisions=(
            decision("shop", web, app, hostile),
            decision("payroll", database, made=override(Strategy.REPURCHASE, Destination.SAAS)),
        ),
    )

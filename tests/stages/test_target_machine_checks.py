"""Checks of a new server in its cloud pass, fail and cannot tell, on what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sights import NO_ANSWER, NOW, SaidClouds, SaidPast, facts, move, sight

from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.facts import DISKS
from inventory.model.parts import Disk
from inventory.registry import Registry
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination
from migrate.model.planned import Planned
from migrate.model.target import Machine
from migrate.model.target_agents import Agent
from migrate.model.target_boot import Boot, BootEnd
from migrate.model.target_disks import CloudDisk, Disks, KeyOwner
from migrate.model.target_exposure import Exposure, Opening
from migrate.model.target_health import Condition, Health, Status
from migrate.model.target_metadata import MetadataService
from migrate.model.target_patches import Patches
from migrate.model.target_protection import DeletionProtection, StopProtection
from migrate.model.target_size import Capacity

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
PASSED, FAILED, UNKNOWN = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN
GIB = 2**30
NOT_TOLD = Unknown(reason=Reason.NOT_TOLD, detail="made by this test")

MACHINE = Machine(
    id="i-1",
    state="running",
    size="m6a.xlarge",
    region="eu-west-2",
    zone="eu-west-2a",
    subnets=("subnet-1",),
    addresses=("10.1.0.4",),
    public_addresses=(),
    disks=("vol-1",),
    tags={"Owner": "Housing", "CostCentre": "1001", "Empty": " "},
    networks=("vpc-1",),
    metadata=MetadataService(endpoint="enabled", tokens="required", hop_limit=2, state="applied"),
)
WELL = Status(name="instance", condition=Condition.WELL, said="ok")
ILL = Status(name="system", condition=Condition.ILL, said="impaired")
NEW_WORD = Status(name="system", condition=Condition.UNTOLD, said="a-word-of-next-year")
HEALTH = Health(checks=(WELL,))
PLANNED = Planned(
    size="m6a.xlarge",
    region="eu-west-2",
    vcpus=4,
    memory_bytes=16 * GIB,
    monthly_cost_pence=9_000,
    catalogue_date=date(2026, 10, 15),
    at=NOW,
)
CAPACITY = Capacity(size="m6a.xlarge", vcpus=4, memory_bytes=16 * GIB)
DISK = CloudDisk(
    id="vol-1",
    size_bytes=40 * GIB,
    encrypted=True,
    key_owner=KeyOwner.PROVIDER,
    key="arn:aws:kms:…",
    key_state="Enabled",
)
DISKS_TOLD = Disks(disks=(DISK,))
CLOSED = Exposure(public_addresses=(), openings=())
HTTPS = Opening(protocol="tcp", first=443, last=443, source="0.0.0.0/0", rule="sg-1")
ANY = Opening(protocol="any", first=0, last=65535, source="0.0.0.0/0", rule="sg-1")
AGENT = Agent(agent=WELL, heard=NOW - timedelta(minutes=5), carried=(WELL,))
PATCHES = Patches(
    assessed=NOW - timedelta(days=1),
    state="Scan",
    critical=0,
    security=0,
    other=3,
    failed=0,
    reboot_pending=False,
)


def run(
    check: str,
    *aspects: object,
    to: Destination = Destination.AWS,
    planned: Planned | Unknown = PLANNED,
    old: Facts | Unknown = NO_ANSWER,
    remembered: Facts | None = None,
    **parameters: Any,
) -> CheckResult:
    """Run a check on what a cloud tells; what is not given it does not tell."""
    told: Mapping[type, object] = {type(each): each for each in aspects}
    seen = replace(
        sight(old=old, to=to, past=SaidPast(now=remembered or Facts())),
        move=move(to=to),
        clouds=SaidClouds(aspects=told),
        planned=planned,
    )
    return CHECKS.one(check).value.run(seen, parameters)


def expect(result: CheckResult, outcome: Outcome, *words: str) -> None:
    """Assert an outcome, and that its words name what it hangs on."""
    assert result.outcome is outcome, result.detail
    for each in words:
        assert each in result.detail


@pytest.mark.parametrize(
    ("aspects", "outcome", "words"),
    [
        ((MACHINE, HEALTH), PASSED, "instance ok"),
        ((replace(MACHINE, provisioning="Succeeded"), HEALTH), PASSED, "it runs"),
        ((MACHINE, replace(HEALTH, announced=("system-reboot",))), PASSED, "announced: system-r"),
        ((replace(MACHINE, state="stopped"), HEALTH), FAILED, "it is stopped"),
        ((replace(MACHINE, state="deallocated"), HEALTH), FAILED, "it is deallocated"),
        ((replace(MACHINE, provisioning="Failed"), HEALTH), FAILED, "provisioning state is Failed"),
        ((MACHINE, Health(checks=(WELL, ILL))), FAILED, "system: impaired"),
        ((MACHINE, Health(checks=(ILL, NEW_WORD))), FAILED, "a-word-of-next-year"),
        ((MACHINE, replace(HEALTH, ending=("instance-retirement",))), FAILED, "will end it"),
        ((replace(MACHINE, state="hovering"), HEALTH), UNKNOWN, "hovering"),
        ((replace(MACHINE, state=None), HEALTH), UNKNOWN, "not given"),
        ((replace(MACHINE, provisioning="Updating"), HEALTH), UNKNOWN, "Updating"),
        ((MACHINE, Health(checks=(WELL, NEW_WORD))), UNKNOWN, "a-word-of-next-year"),
        ((MACHINE, Health(checks=())), UNKNOWN, "not told"),
        ((MACHINE,), UNKNOWN, "its health"),
        ((HEALTH,), UNKNOWN, "switched off for this test"),
        ((replace(MACHINE, state="stopped"),), FAILED, "it is stopped"),
    ],
)
def test_running(aspects: tuple[object, ...], outcome: Outcome, words: str) -> None:
    """It must run, be made without fault, and be well by every check that the cloud makes."""
    expect(run("target-running", *aspects), outcome, words)


@pytest.mark.parametrize(
    ("end", "outcome", "words"),
    [
        (BootEnd.UP, PASSED, "a login prompt"),
        (BootEnd.STUCK, FAILED, "ends at a login prompt"),
        (BootEnd.UNCLEAR, UNKNOWN, "512 bytes"),
    ],
)
def test_boots(end: BootEnd, outcome: Outcome, words: str) -> None:
    """How the console's log ends decides; one without a sign says nothing."""
    expect(run("target-boots", Boot(end=end, sign="a login prompt", log_bytes=512)), outcome, words)


@pytest.mark.parametrize(
    ("found", "parameters", "outcome", "words"),
    [
        (CAPACITY, {}, PASSED, "m6a.xlarge"),
        (replace(CAPACITY, size="m6a.2xlarge", vcpus=8), {}, PASSED, "no smaller"),
        (replace(CAPACITY, vcpus=8), {"at_most_times": 2}, PASSED, "no smaller"),
        (replace(CAPACITY, vcpus=9), {"at_most_times": 2}, FAILED, "more than 2 times the 4"),
        (replace(CAPACITY, vcpus=2), {}, FAILED, "2 vCPUs, 4 planned"),
        (replace(CAPACITY, memory_bytes=8 * GIB), {}, FAILED, "8 GiB of memory, 16 planned"),
        (replace(CAPACITY, size="m6i.xlarge"), {"exact": True}, FAILED, "not a m6a.xlarge"),
        (CAPACITY, {"exact": True}, PASSED, "as planned"),
        (CAPACITY, {"size": "M6A.XLARGE"}, PASSED, "as planned"),
        (CAPACITY, {"size": "m6a.large"}, FAILED, "not a m6a.large"),
        (replace(CAPACITY, vcpus=NOT_TOLD), {}, UNKNOWN, "made by this test"),
        (replace(CAPACITY, vcpus=NOT_TOLD, memory_bytes=1), {}, FAILED, "16 planned"),
    ],
)
def test_right_size(
    found: Capacity, parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """No fewer processors, no less memory than planned; too many only where a limit is set."""
    expect(run("target-right-size", found, **parameters), outcome, words)


def test_right_size_without_a_plan_is_unknown() -> None:
    """Nothing planned, or nothing told, says nothing; a size that is named needs no plan."""
    expect(run("target-right-size", CAPACITY, planned=NOT_TOLD), UNKNOWN, "made by this test")
    expect(run("target-right-size"), UNKNOWN, "switched off")
    expect(run("target-right-size", CAPACITY, planned=NOT_TOLD, size="m6a.xlarge"), PASSED)


def _old(*gibibytes: int, removable: bool = False) -> Facts:
    disks = tuple(
        Disk(name=f"sd{number}", size_bytes=each * GIB, removable=removable)
        for number, each in enumerate(gibibytes)
    )
    return facts(DISKS.known(disks))


def _new(*gibibytes: int) -> Disks:
    return Disks(
        disks=tuple(
            replace(DISK, id=f"vol-{number}", size_bytes=each * GIB)
            for number, each in enumerate(gibibytes)
        )
    )


@pytest.mark.parametrize(
    ("new", "parameters", "outcome", "words"),
    [
        (_new(100, 40), {}, PASSED, "2 disks"),
        (_new(40, 120, 8), {}, PASSED, "3 disks"),
        (_new(140), {}, FAILED, "1 disk (140.0 GiB)"),
        (_new(140), {"in_total": True}, PASSED, "1 disk (140.0 GiB)"),
        (_new(100, 39), {}, FAILED, "39.0"),
        (_new(100, 39), {"in_total": True}, FAILED, "139.0 GiB in all"),
        (Disks(disks=(replace(DISK, size_bytes=NOT_TOLD),)), {}, UNKNOWN, "size of vol-1"),
    ],
)
def test_right_disks(new: Disks, parameters: dict[str, Any], outcome: Outcome, words: str) -> None:
    """For each of the old server's disks, of 100 and 40 GiB, there must be one as large."""
    expect(run("target-right-disks", new, old=_old(40, 100), **parameters), outcome, words)


def test_disks_of_an_old_server_that_is_off_are_those_it_last_told() -> None:
    """The old server may be off by then; one that never told its disks is unknown."""
    remembered = run("target-right-disks", _new(40), remembered=_old(40))
    expect(remembered, PASSED)
    expect(run("target-right-disks", _new(40)), UNKNOWN, "old server's disks")
    expect(run("target-right-disks", _new(40), old=_old(8, removable=True)), UNKNOWN, "no disk")


@pytest.mark.parametrize(
    ("disk", "parameters", "outcome", "words"),
    [
        (DISK, {}, PASSED, "keys of the provider"),
        (DISK, {"key": "customer"}, FAILED, "the provider's"),
        (replace(DISK, key_owner=KeyOwner.CUSTOMER), {"key": "customer"}, PASSED, "customer"),
        (replace(DISK, key_owner=NOT_TOLD), {"key": "customer"}, UNKNOWN, "whose key vol-1"),
        (replace(DISK, key_owner=NOT_TOLD), {}, PASSED, "encrypted"),
        (replace(DISK, encrypted=False, key_owner=None), {}, FAILED, "vol-1 is not encrypted"),
        (replace(DISK, encrypted=NOT_TOLD), {}, UNKNOWN, "made by this test"),
        (replace(DISK, key_state="PendingDeletion"), {}, FAILED, "PendingDeletion"),
        (DISK, {"at_host": True}, UNKNOWN, "no setting"),
    ],
)
def test_encrypted(
    disk: CloudDisk, parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """Every disk must be encrypted, with a key that works, and whose it must be."""
    expect(run("target-encrypted", Disks(disks=(disk,)), **parameters), outcome, words)


def test_one_disk_in_the_clear_fails_all() -> None:
    """That others are encrypted does not help, and no doubt about another hides it."""
    clear, doubtful = replace(DISK, id="vol-2", encrypted=False), replace(DISK, encrypted=NOT_TOLD)
    expect(run("target-encrypted", Disks(disks=(DISK, clear))), FAILED, "vol-2 is not encrypted")
    expect(run("target-encrypted", Disks(disks=(doubtful, clear))), FAILED, "vol-2", "made by")


def test_encryption_at_host_counts_where_it_is_asked_for() -> None:
    """Azure's setting passes when on, and fails when off; a server without disks is unknown."""
    on, off = replace(DISKS_TOLD, at_host=True), replace(DISKS_TOLD, at_host=False)
    expect(run("target-encrypted", on, at_host=True), PASSED)
    expect(run("target-encrypted", off, at_host=True), FAILED, "at host is off")
    expect(run("target-encrypted", off), PASSED)
    expect(run("target-encrypted", Disks(disks=())), UNKNOWN, "no disk")


@pytest.mark.parametrize(
    ("openings", "allowed", "outcome", "words"),
    [
        ((), [], PASSED, "nothing of it"),
        ((HTTPS,), ["443/tcp"], PASSED, "443/tcp"),
        ((HTTPS,), ["80-100/tcp", "400-500/tcp"], PASSED, "443/tcp"),
        ((replace(HTTPS, first=80, last=81),), ["80/tcp", "81/tcp"], PASSED, "80-81/tcp"),
        ((replace(HTTPS, first=80, last=82),), ["80/tcp", "82/tcp"], FAILED, "80-82/tcp"),
        ((HTTPS,), [], FAILED, "443/tcp from 0.0.0.0/0 by sg-1"),
        ((HTTPS,), ["443/udp"], FAILED, "443/tcp"),
        ((ANY,), ["0-65535/tcp"], FAILED, "every port of any"),
        ((replace(ANY, protocol="icmp"),), ["icmp"], PASSED, "icmp"),
    ],
)
def test_not_exposed(
    openings: tuple[Opening, ...], allowed: list[str], outcome: Outcome, words: str
) -> None:
    """The internet may reach the allowed ports, and nothing else."""
    told = Exposure(public_addresses=(), openings=openings)
    expect(run("target-not-exposed", told, allowed_ports=allowed), outcome, words)


def test_a_public_address_is_an_exposure_unless_it_is_meant() -> None:
    """By default it may have none, even where every rule is closed; not told is unknown."""
    public = Exposure(public_addresses=("203.0.113.9",), openings=())
    expect(run("target-not-exposed", public), FAILED, "203.0.113.9")
    expect(run("target-not-exposed", public, public_address=True), PASSED)
    expect(run("target-not-exposed", replace(CLOSED, filtered=False)), PASSED, "no filter")
    expect(run("target-not-exposed"), UNKNOWN, "switched off")


@pytest.mark.parametrize(
    ("tags", "outcome", "words"),
    [
        ({"Owner": "Housing"}, PASSED, "Owner"),
        ({"Owner": ["Finance", "Housing"], "CostCentre": []}, PASSED, "CostCentre"),
        ({"Owner": "Finance"}, FAILED, "'Housing', not 'Finance'"),
        ({"Data": []}, FAILED, "Data is missing"),
        ({"Empty": []}, FAILED, "Empty is empty"),
        ({"owner": "Housing"}, FAILED, "owner is missing"),
        ({}, UNKNOWN, "name some"),
    ],
)
def test_tagged(tags: dict[str, Any], outcome: Outcome, words: str) -> None:
    """Each tag must be there, with an allowed value; AWS's names of tags have a case."""
    expect(run("target-tagged", MACHINE, tags=tags), outcome, words)


def test_azure_s_tags_have_no_case_in_their_names() -> None:
    """Azure takes owner and Owner for one tag, but not housing and Housing for one value."""
    given: dict[str, Any] = {"to": Destination.AZURE}
    expect(run("target-tagged", MACHINE, tags={"owner": "Housing"}, **given), PASSED)
    expect(run("target-tagged", MACHINE, tags={"owner": "housing"}, **given), FAILED)
    expect(run("target-tagged", tags={"Owner": []}), UNKNOWN, "switched off")


def test_protected() -> None:
    """Something must keep it from being deleted; from being stopped only where that is asked."""
    on, off = DeletionProtection(on=True, by=("keep (CanNotDelete)",)), DeletionProtection(on=False)
    stop, no_stop = StopProtection(on=True), StopProtection(on=False)
    expect(run("target-protected", on), PASSED, "CanNotDelete")
    expect(run("target-protected", off), FAILED, "deleted")
    expect(run("target-protected"), UNKNOWN, "switched off")
    expect(run("target-protected", on, stop, stop=True), PASSED)
    expect(run("target-protected", on, no_stop, stop=True), FAILED, "stopped")
    expect(run("target-protected", on, stop=True), UNKNOWN, "stop protection")
    expect(run("target-protected", on, stop=True, to=Destination.AZURE), UNKNOWN, "only AWS")


@pytest.mark.parametrize(
    ("machine", "parameters", "outcome", "words"),
    [
        (MACHINE, {}, PASSED, "eu-west-2"),
        (replace(MACHINE, region="eu-west-1"), {}, FAILED, "eu-west-1, not eu-west-2"),
        (MACHINE, {"regions": ["eu-west-1", "EU-WEST-2"]}, PASSED, "region"),
        (MACHINE, {"zones": ["eu-west-2b"]}, FAILED, "eu-west-2a, not eu-west-2b"),
        (replace(MACHINE, zone=None), {"zones": ["1"]}, UNKNOWN, "zone is not told"),
        (MACHINE, {"networks": ["vpc-1"], "subnets": ["subnet-1"]}, PASSED, "subnet-1"),
        (
            replace(MACHINE, subnets=("subnet-1", "subnet-2")),
            {"subnets": ["subnet-1"]},
            FAILED,
            "subnet-2, not subnet-1",
        ),
        (replace(MACHINE, networks=()), {"networks": ["vpc-1"]}, UNKNOWN, "network is not told"),
    ],
)
def test_in_place(
    machine: Machine, parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """Region, zone, and the network of every interface must be allowed ones."""
    expect(run("target-in-place", machine, **parameters), outcome, words)


def test_in_place_without_a_plan_is_unknown_unless_regions_are_given() -> None:
    """Where nothing says which region it should be in, nothing is shown."""
    expect(run("target-in-place", MACHINE, planned=NOT_TOLD), UNKNOWN, "plan's region")
    expect(run("target-in-place", MACHINE, planned=NOT_TOLD, regions=["eu-west-2"]), PASSED)
    expect(run("target-in-place"), UNKNOWN, "switched off")


@pytest.mark.parametrize(
    ("change", "parameters", "outcome", "words"),
    [
        ({}, {}, PASSED, "required"),
        ({"tokens": "optional"}, {}, FAILED, "IMDSv1"),
        ({"tokens": "optional", "endpoint": "disabled"}, {}, PASSED, "off"),
        ({"tokens": "preferred"}, {}, UNKNOWN, "preferred"),
        ({"state": "pending"}, {}, UNKNOWN, "pending"),
        ({"state": "pending", "endpoint": "disabled"}, {}, UNKNOWN, "pending"),
        ({}, {"most_hops": 1}, FAILED, "2 hops"),
        ({"hop_limit": None}, {"most_hops": 1}, UNKNOWN, "hop limit"),
        ({}, {"most_hops": 2}, PASSED, "required"),
    ],
)
def test_metadata(
    change: dict[str, Any], parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """Requests without a session token must not be answered."""
    assert MACHINE.metadata
    told = replace(MACHINE, metadata=replace(MACHINE.metadata, **change))
    expect(run("target-metadata", told, **parameters), outcome, words)


def test_metadata_is_a_matter_of_aws() -> None:
    """Elsewhere the check says that it does not apply, and how to leave it out."""
    expect(run("target-metadata", MACHINE, to=Destination.AZURE), UNKNOWN, "to: [aws]")
    expect(run("target-metadata", replace(MACHINE, metadata=None)), UNKNOWN, "not tell")


@pytest.mark.parametrize(
    ("agent", "parameters", "outcome", "words"),
    [
        (AGENT, {}, PASSED, "instance ok"),
        (Agent(agent=None), {}, FAILED, "no agent"),
        (replace(AGENT, agent=ILL), {}, FAILED, "impaired"),
        (replace(AGENT, agent=NEW_WORD), {}, UNKNOWN, "a-word-of-next-year"),
        (replace(AGENT, heard=NOW - timedelta(hours=2)), {}, FAILED, "last heard of"),
        (
            replace(AGENT, heard=NOW - timedelta(hours=2)),
            {"heard_within_minutes": 180},
            PASSED,
            "ok",
        ),
        (replace(AGENT, heard=None), {}, UNKNOWN, "not told"),
        (replace(AGENT, carried=(WELL, ILL)), {}, FAILED, "impaired"),
        (replace(AGENT, carried=(WELL, ILL)), {"carried": False}, PASSED, "ok"),
        (replace(AGENT, carried=(NEW_WORD,)), {}, UNKNOWN, "a-word-of-next-year"),
    ],
)
def test_managed(agent: Agent, parameters: dict[str, Any], outcome: Outcome, words: str) -> None:
    """The agent must answer, lately, and nothing that it carries may have failed."""
    expect(run("target-managed", agent, **parameters), outcome, words)


@pytest.mark.parametrize(
    ("patches", "parameters", "outcome", "words"),
    [
        (PATCHES, {}, PASSED, "3 others"),
        (replace(PATCHES, critical=1), {}, FAILED, "1 critical"),
        (replace(PATCHES, security=2), {"most_missing": 2}, PASSED, "no critical"),
        (replace(PATCHES, security=3), {"most_missing": 2}, FAILED, "3 updates of security"),
        (replace(PATCHES, failed=1), {}, FAILED, "could not be installed"),
        (replace(PATCHES, reboot_pending=True), {}, FAILED, "reboot"),
        (replace(PATCHES, reboot_pending=True), {"reboot_may_be_pending": True}, PASSED, "no"),
        (replace(PATCHES, reboot_pending=None), {}, UNKNOWN, "reboot"),
        (replace(PATCHES, critical=None), {}, UNKNOWN, "Scan"),
        (replace(PATCHES, assessed=NOW - timedelta(days=8)), {}, UNKNOWN, "2026-11-15"),
        (replace(PATCHES, assessed=None), {}, UNKNOWN, "not told"),
        (replace(PATCHES, critical=4, assessed=None), {}, FAILED, "4 critical"),
    ],
)
def test_patched(
    patches: Patches, parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """Nothing critical, nothing of security may be missing, by an assessment of this week."""
    expect(run("target-patched", patches, **parameters), outcome, words)

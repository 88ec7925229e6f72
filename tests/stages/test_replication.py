"""What is made of the words of migration services, and what checks say of it.

What the services say is written as their interfaces document it (format as documented): MGN and DMS
by botocore's models 2020-02-26 and 2016-01-01, Site Recovery by its interface of 2023-08-01.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sights import NO_ANSWER, SaidClouds, facts, sight

from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.facts import FQDN, HOSTNAME, INTERFACES
from inventory.model.identity import Identity
from inventory.model.parts import Interface
from migrate.checks import (
    data_validated,
    launched_instance,
    replication_healthy,
    replication_lag,
    replication_ready,
)
from migrate.clouds import dms, mgn, site_recovery
from migrate.matching import match, named
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination
from migrate.model.replication import (
    LaunchState,
    Phase,
    Replication,
    Replications,
)

_SERVER = "s-0123456789abcdef0"
_JOBS = {
    f"mgnjob-{name}": {
        "jobID": f"mgnjob-{name}",
        "participatingServers": [
            {"sourceServerID": _SERVER, "launchStatus": status, "launchedEc2InstanceID": "i-9"}
        ],
    }
    for name, status in (("a", "LAUNCHED"), ("b", "IN_PROGRESS"), ("c", "EVAPORATED"))
}
OLD = facts(
    HOSTNAME.known("web-1"),
    FQDN.known("web-1.civic.test"),
    INTERFACES.known((Interface(name="eth0", addresses=("10.0.0.4/24",)),)),
)


def source_server(
    state: str | None = "READY_FOR_TEST",
    name: str = "web-1.civic.test",
    ip: str = "10.0.0.4",
    cycle: Mapping[str, Any] | None = None,
    **data: Any,
) -> dict[str, Any]:
    """Return what DescribeSourceServers says of one."""
    return {
        "sourceServerID": _SERVER,
        "arn": f"arn:aws:mgn:eu-west-2:123456789012:source-server/{_SERVER}",
        "lifeCycle": {**({"state": state} if state else {}), **(cycle or {})},
        "sourceProperties": {
            "identificationHints": {"hostname": name, "fqdn": name},
            "networkInterfaces": [{"ips": [ip], "macAddress": "52:54:00:AA:00:01"}],
        },
        "dataReplicationInfo": {
            "dataReplicationState": "CONTINUOUS",
            "lagDuration": "PT0S",
            "lastSnapshotDateTime": "2026-11-23T11:00:00Z",
            "replicatedDisks": [{"backloggedStorageBytes": 5}, {"backloggedStorageBytes": 7}],
            **data,
        },
    }


def protected_item(active: str = "Primary", **properties: Any) -> dict[str, Any]:
    """Return what Site Recovery says of one."""
    details = {
        "instanceType": "InMageRcm",
        "lastRpoInSeconds": 4,
        "lastRpoCalculatedTime": "2026-11-23T11:50:00.1234567Z",
        "targetVmName": "web-1",
        "targetResourceGroupId": "/subscriptions/s/resourceGroups/g",
        "discoveredVmDetails": {"vmFqdn": "web-1.civic.test", "ipAddresses": ["10.0.0.4"]},
    }
    return {
        "id": "/Subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/x/y",
        "name": "y",
        "properties": {
            "friendlyName": "web-1",
            "protectionState": "Protected",
            "activeLocation": active,
            "testFailoverState": "None",
            "allowedOperations": ["UnplannedFailover", "TestFailover"],
            "replicationHealth": "Normal",
            "healthErrors": [],
            "providerSpecificDetails": {**details, **properties.pop("details", {})},
            **properties,
        },
    }


def of_mgn(**said: Any) -> Replication:
    """Return a replication of MGN."""
    return mgn.replication(source_server(**said), _JOBS)


def run(
    check: Check,
    told: object,
    *,
    old: Facts | Unknown = OLD,
    to: Destination = Destination.AWS,
    **parameters: Any,
) -> CheckResult:
    """Run a check where the service tells that of one server, or just that."""
    listed = Replications(servers=(told,)) if isinstance(told, Replication) else told
    seen = sight(old=old, to=to)
    return check.run(replace(seen, clouds=SaidClouds(aspects={Replications: listed})), parameters)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT0S", 0),
        ("PT1H2M3.5S", 3723.5),
        ("P1DT1S", 86_401),
        ("P2W", 1_209_600),
        ("P1M", None),
        ("P1Y", None),
        ("P", None),
        ("PT", None),
        ("soon", None),
        ("-PT5S", None),
    ],
)
def test_a_duration_is_read_or_is_none(text: str, seconds: float | None) -> None:
    """What is no number of seconds is never taken for nought."""
    assert mgn.seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        ("DISCOVERED", Phase.NOT_READY),
        ("PENDING_INSTALLATION", Phase.NOT_READY),
        ("NOT_READY", Phase.NOT_READY),
        ("READY_FOR_TEST", Phase.READY_FOR_TEST),
        ("TESTING", Phase.TESTING),
        ("READY_FOR_CUTOVER", Phase.READY_FOR_CUT_OVER),
        ("CUTTING_OVER", Phase.CUTTING_OVER),
        ("CUTOVER", Phase.CUT_OVER),
        ("DISCONNECTED", Phase.ENDED),
        ("STOPPED", Phase.ENDED),
    ],
)
def test_every_state_of_the_model_has_its_phase(state: str, phase: Phase) -> None:
    """All that botocore's model lists is known."""
    assert of_mgn(state=state).phase is phase


@pytest.mark.parametrize("state", ["TELEPORTING", None])
def test_a_state_that_is_new_is_unknown_with_its_word(state: str | None) -> None:
    """It is neither read as one that is known, nor a crash."""
    found = of_mgn(state=state).phase
    assert isinstance(found, Unknown)
    assert (state or "not told") in found.detail


@pytest.mark.parametrize(
    ("job", "state"),
    [("a", LaunchState.LAUNCHED), ("b", LaunchState.AT_WORK), ("c", None), ("z", None)],
)
def test_a_launch_is_told_by_its_job(job: str, state: LaunchState | None) -> None:
    """A job that is not told of, or whose status is new, leaves its state unknown."""
    begun = {"initiated": {"jobID": f"mgnjob-{job}", "apiCallDateTime": "2026-11-23T09:00:00Z"}}
    launch = of_mgn(state="TESTING", cycle={"lastTest": begun}).test
    assert launch
    assert isinstance(launch.state, Unknown) if state is None else launch.state is state


def test_a_launch_that_was_reverted_before_it_was_begun_anew_is_not_reverted() -> None:
    """Which came last decides."""
    begun = {"jobID": "mgnjob-a", "apiCallDateTime": "2026-11-23T09:00:00Z"}
    for back, reverted in (("2026-11-22T09:00:00Z", False), ("2026-11-23T10:00:00Z", True)):
        cycle = {"lastTest": {"initiated": begun, "reverted": {"apiCallDateTime": back}}}
        launch = of_mgn(state="TESTING", cycle=cycle).test
        assert launch
        assert launch.reverted is reverted


def test_a_backlog_is_the_sum_of_all_disks_or_unknown() -> None:
    """A disk that does not tell makes it unknown, not smaller."""
    assert of_mgn().backlog_bytes == 12
    untold = of_mgn(replicatedDisks=[{"backloggedStorageBytes": 5}, {}]).backlog_bytes
    assert isinstance(untold, Unknown)


@pytest.mark.parametrize(
    ("said", "phase"),
    [
        ({}, Phase.READY_FOR_TEST),
        ({"allowedOperations": ["TestFailoverCleanup"]}, Phase.TESTING),
        ({"lastSuccessfulTestFailoverTime": "2026-11-22T09:00:00Z"}, Phase.READY_FOR_CUT_OVER),
        ({"lastSuccessfulTestFailoverTime": "1753-01-01T01:01:01Z"}, Phase.READY_FOR_TEST),
        ({"allowedOperations": ["DisableProtection"]}, Phase.NOT_READY),
        ({"active": "Recovery", "allowedOperations": ["Commit"]}, Phase.CUTTING_OVER),
        ({"active": "Recovery", "allowedOperations": ["ReverseReplicate"]}, Phase.CUT_OVER),
        ({"protectionState": "Levitating"}, None),
        ({"active": "Moon"}, None),
    ],
)
def test_site_recovery_s_phase_is_what_it_would_do(said: Any, phase: Phase | None) -> None:
    """Protection states are not documented: one that is not known is shown, and unknown."""
    found = site_recovery.protected(protected_item(**said)).phase
    assert isinstance(found, Unknown) if phase is None else found is phase


def test_that_no_test_was_done_yet_is_no_fault_of_replication() -> None:
    """Site Recovery lists it among errors of health; the phase says it better."""
    errors = [{"errorCode": "161011", "errorCategory": "TestFailover", "errorMessage": "none yet"}]
    assert site_recovery.protected(protected_item(healthErrors=errors)).faults == ()
    errors = [{"errorCode": "78021", "errorCategory": "Replication", "errorMessage": "stuck"}]
    assert site_recovery.protected(protected_item(healthErrors=errors)).faults == ("78021: stuck",)


def test_azure_migrate_s_items_are_read_too() -> None:
    """Agentless items have states of their own, and no lag."""
    said = {
        "id": "/x/migrate-1",
        "name": "migrate-1",
        "properties": {
            "machineName": "web-1",
            "migrationState": "Replicating",
            "testMigrateState": "TestMigrationSucceeded",
            "allowedOperations": ["TestMigrateCleanup"],
        },
    }
    found = site_recovery.migrating(said)
    assert (found.phase, found.healthy) == (Phase.TESTING, True)
    assert isinstance(found.lag_seconds, Unknown)
    said["properties"] |= {"migrationState": "Sublimating", "testMigrateState": "None"}  # type: ignore[operator]
    assert isinstance(site_recovery.migrating(said).phase, Unknown)


def listing(*servers: Replication) -> list[Replications]:
    """Return one place's listing."""
    return [Replications(servers=servers)]


def _other(**said: Any) -> Replication:
    found = of_mgn(**said)
    return replace(found, id=f"{found.id}-other")


def test_the_old_server_is_found_by_independent_identifiers() -> None:
    """A name and an address agree, as identity asks for elsewhere."""
    own, other = of_mgn(), _other(name="web-2.civic.test", ip="10.0.0.5")
    assert match("web-1", Identity.of(OLD), None, listing(own, other)) is own


@pytest.mark.parametrize(
    ("servers", "said"),
    [
        ((of_mgn(ip="10.9.9.9"),), "same FQDN web-1.civic.test"),
        ((of_mgn(name="other.civic.test"),), "same IP address 10.0.0.4"),
        ((of_mgn(), _other()), "weighs nothing"),
        ((), "none of the 0 that are replicated"),
    ],
)
def test_what_is_not_surely_the_old_server_is_unknown(
    servers: tuple[Replication, ...], said: str
) -> None:
    """One identifier alone, two that are alike, or none: the reasons are told, nobody guesses."""
    found = match("web-1", Identity.of(OLD), None, listing(*servers))
    assert isinstance(found, Unknown)
    assert said in found.detail


def test_what_the_service_launched_tells_which_server_it_is() -> None:
    """The plan's instance finds the source server, also when the old server is off."""
    begun = {"initiated": {"jobID": "mgnjob-a", "apiCallDateTime": "2026-11-23T09:00:00Z"}}
    own = of_mgn(state="CUTTING_OVER", cycle={"lastCutover": begun})
    assert match("web-1", None, "i-9", listing(own, _other())) is own
    unknown = match("web-1", None, "i-8", listing(own))
    assert isinstance(unknown, Unknown)
    assert "does not answer" in unknown.detail


def test_people_may_name_it() -> None:
    """By its id, the end of it or its name; one that fits none or several is unknown."""
    own = of_mgn()
    assert named(_SERVER.upper(), listing(own)) is own
    assert named(own.id, listing(own)) is own
    assert isinstance(named("web-9", listing(own)), Unknown)
    assert isinstance(named("web-1.civic.test", listing(own, _other())), Unknown)


@pytest.mark.parametrize(
    ("told", "outcome", "said"),
    [
        (of_mgn(), Outcome.PASSED, "goes on without faults"),
        (of_mgn(dataReplicationState="STALLED"), Outcome.FAILED, "STALLED"),
        (of_mgn(dataReplicationState="BACKLOG"), Outcome.FAILED, "BACKLOG"),
        (of_mgn(dataReplicationError={"error": "NOT_CONVERGING"}), Outcome.FAILED, "NOT_CONV"),
        (of_mgn(state="DISCONNECTED"), Outcome.FAILED, "replicated no more"),
        (of_mgn(dataReplicationState="DREAMING"), Outcome.UNKNOWN, "DREAMING, which is new"),
        (of_mgn(state="TELEPORTING"), Outcome.UNKNOWN, "TELEPORTING, which is new"),
        (of_mgn(name="other.test", ip="10.9.9.9"), Outcome.UNKNOWN, "surely web-1"),
        (NO_ANSWER, Outcome.UNKNOWN, "switched off for this test"),
        (site_recovery.protected(protected_item()), Outcome.PASSED, "without faults"),
        (
            site_recovery.protected(protected_item(replicationHealth="Critical")),
            Outcome.FAILED,
            "does not go on",
        ),
        (
            site_recovery.protected(protected_item(replicationHealth="Serene")),
            Outcome.UNKNOWN,
            "Serene, which is new",
        ),
    ],
)
def test_replication_is_healthy(told: object, outcome: Outcome, said: str) -> None:
    """Faults and what has stopped fail; what is new to us cannot be told."""
    found = run(replication_healthy.CHECK, told)
    assert (found.outcome, said in found.detail) == (outcome, True), found.detail


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (of_mgn(lagDuration="PT5S"), Outcome.PASSED),
        (of_mgn(lagDuration="PT5.001S"), Outcome.FAILED),
        (of_mgn(lagDuration=None), Outcome.UNKNOWN),
        (of_mgn(lagDuration="P1M"), Outcome.UNKNOWN),
        (site_recovery.protected(protected_item()), Outcome.PASSED),
        (site_recovery.protected(protected_item(details={"lastRpoInSeconds": 9})), Outcome.FAILED),
        (
            site_recovery.protected(
                protected_item(details={"lastRpoCalculatedTime": "2026-11-23T11:29:59Z"})
            ),
            Outcome.UNKNOWN,
        ),
        (
            site_recovery.protected(protected_item(details={"lastRpoInSeconds": -1})),
            Outcome.UNKNOWN,
        ),
    ],
)
def test_lag_is_below_its_limit(told: Replication, outcome: Outcome) -> None:
    """At the limit it passes; a figure that is too old, or none, cannot be told."""
    assert run(replication_lag.CHECK, told).outcome is outcome


def test_lag_s_limit_is_the_playbook_s() -> None:
    """A critical server has another one."""
    told = of_mgn(lagDuration="PT2S")
    assert run(replication_lag.CHECK, told, max_seconds=1).outcome is Outcome.FAILED
    assert run(replication_lag.CHECK, told, max_seconds=2).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("state", "wanted", "outcome"),
    [
        ("READY_FOR_TEST", "test", Outcome.PASSED),
        ("READY_FOR_TEST", "cut-over", Outcome.FAILED),
        ("TESTING", "cut-over", Outcome.FAILED),
        ("READY_FOR_CUTOVER", "cut-over", Outcome.PASSED),
        ("NOT_READY", "test", Outcome.FAILED),
        ("CUTOVER", "test", Outcome.FAILED),
        ("TELEPORTING", "test", Outcome.UNKNOWN),
    ],
)
def test_the_service_is_ready(state: str, wanted: str, outcome: Outcome) -> None:
    """For a copy to test, or for good."""
    found = run(replication_ready.CHECK, of_mgn(state=state), **{"for": wanted})
    assert found.outcome is outcome


def test_what_gives_no_lag_cannot_be_launched() -> None:
    """MGN launches nothing of it, whatever its life cycle says."""
    told = of_mgn(lagDuration=None)
    assert run(replication_ready.CHECK, told, **{"for": "test"}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("job", "reverted", "outcome", "said"),
    [
        ("a", False, Outcome.FAILED, "is i-9, and the plan names i-1"),
        ("a", True, Outcome.FAILED, "taken back"),
        ("b", False, Outcome.FAILED, "at work"),
        ("c", False, Outcome.UNKNOWN, "EVAPORATED, which is new"),
    ],
)
def test_what_is_tested_is_what_was_launched(
    job: str,
    reverted: bool,  # noqa: FBT001
    outcome: Outcome,
    said: str,
) -> None:
    """Another instance, a launch that has not ended, or one that was taken back, does not pass."""
    at = {"apiCallDateTime": "2026-11-23T09:00:00Z"}
    begun = {
        "initiated": {"jobID": f"mgnjob-{job}", **at},
        **({"reverted": at} if reverted else {}),
    }
    told = of_mgn(state="CUTTING_OVER", cycle={"lastCutover": begun})
    found = run(launched_instance.CHECK, told, **{"for": "cut-over"})
    assert (found.outcome, said in found.detail) == (outcome, True), found.detail


def test_what_is_named_as_launched_passes() -> None:
    """The plan's instance i-1 is what the last job made; a test that never was is no launch."""
    begun = {"initiated": {"jobID": "mgnjob-a", "apiCallDateTime": "2026-11-23T09:00:00Z"}}
    said = source_server(state="CUTTING_OVER", cycle={"lastCutover": begun})
    said["launchedInstance"] = {"ec2InstanceID": "i-1", "jobID": "mgnjob-a"}
    told = mgn.replication(said, _JOBS)
    assert run(launched_instance.CHECK, told, **{"for": "cut-over"}).outcome is Outcome.PASSED
    never = run(launched_instance.CHECK, told, **{"for": "test"})
    assert (never.outcome, "never launched" in never.detail) == (Outcome.FAILED, True)


def test_a_server_that_is_off_is_known_by_what_was_known_of_it() -> None:
    """Without an answer, what discovery knew finds it; without that, nothing does."""
    silent = Unknown(reason=Reason.UNREACHABLE, detail="off")
    assert run(replication_healthy.CHECK, of_mgn(), old=silent).outcome is Outcome.UNKNOWN
    seen = sight(old=silent)
    told = SaidClouds(aspects={Replications: listing(of_mgn())[0]})
    remembered = replace(seen, clouds=told, past=replace(seen.past, now=OLD))  # type: ignore[type-var]
    assert replication_healthy.CHECK.run(remembered, {}).outcome is Outcome.PASSED


TASK = {
    "ReplicationTaskArn": "arn:aws:dms:eu-west-2:123456789012:task:T1",
    "ReplicationTaskIdentifier": "civic",
    "Status": "running",
}
ROW = {
    "SchemaName": "public",
    "TableName": "rates",
    "TableState": "Table completed",
    "FullLoadErrorRows": 0,
    "ValidationState": "Validated",
    "ValidationFailedRecords": 0,
    "ValidationSuspendedRecords": 0,
    "ValidationPendingRecords": 0,
}


@pytest.mark.parametrize(
    ("row", "task", "outcome", "said"),
    [
        ({}, {}, Outcome.PASSED, "1 table holds the same"),
        ({"ValidationState": "Mismatched records"}, {}, Outcome.FAILED, "public.rates: some"),
        ({"ValidationFailedRecords": 3}, {}, Outcome.FAILED, "3 records differ"),
        ({"FullLoadErrorRows": 2}, {}, Outcome.FAILED, "2 rows were not loaded"),
        ({"TableState": "Table error"}, {}, Outcome.FAILED, "table error"),
        ({}, {"Status": "failed"}, Outcome.FAILED, "is failed"),
        ({}, {"LastFailureMessage": "no route"}, Outcome.FAILED, "no route"),
        ({"ValidationState": "Not enabled"}, {}, Outcome.UNKNOWN, "public.rates: Not enabled"),
        ({"ValidationState": "No primary key"}, {}, Outcome.UNKNOWN, "No primary key"),
        ({"ValidationState": "Pending records"}, {}, Outcome.UNKNOWN, "Pending records"),
        ({"ValidationState": "Sparkling"}, {}, Outcome.UNKNOWN, "'Sparkling', which is new"),
        ({"ValidationState": None}, {}, Outcome.UNKNOWN, "is not told"),
        ({"ValidationSuspendedRecords": 4}, {}, Outcome.UNKNOWN, "4 records could not be compared"),
        ({"ValidationPendingRecords": 4}, {}, Outcome.UNKNOWN, "4 records are not compared yet"),
        ({"FullLoadErrorRows": None}, {}, Outcome.UNKNOWN, "not all counts are told"),
        ({"TableState": "Full load"}, {}, Outcome.UNKNOWN, "Full load"),
        ({}, {"Status": "modifying"}, Outcome.UNKNOWN, "is modifying"),
    ],
)
def test_data_is_validated(
    row: dict[str, Any], task: dict[str, Any], outcome: Outcome, said: str
) -> None:
    """Differences fail and name the table; what was not compared to its end cannot be told."""
    found = dms.validation({**TASK, **task}, [{**ROW, **row}])
    seen = sight()
    clouds = SaidClouds(aspects={type(found): found})
    result = data_validated.CHECK.run(replace(seen, clouds=clouds), {"task": "civic"})
    assert (result.outcome, said in result.detail) == (outcome, True), result.detail


def test_a_task_without_tables_proves_nothing() -> None:
    """That nothing differs in nothing is no proof."""
    found = dms.validation(TASK, [])
    clouds = SaidClouds(aspects={type(found): found})
    result = data_validated.CHECK.run(replace(sight(), clouds=clouds), {"task": "civic"})
    assert result.outcome is Outcome.UNKNOWN

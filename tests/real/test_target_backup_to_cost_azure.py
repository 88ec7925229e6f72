"""What surrounds machines in Azure, asked of a loopback Resource Manager by the real pipeline.

The answers are of the shapes that Azure documents, with values of our own; no real Azure was asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from clouds import azure_settings
from sights import move, sight

from inventory.model.cloud_settings import AwsSettings
from inventory.model.fact import Reason, Unknown
from migrate.checks.target_backed_up import CHECK as BACKED_UP
from migrate.checks.target_balanced import CHECK as BALANCED
from migrate.checks.target_compliant import CHECK as COMPLIANT
from migrate.checks.target_cost import CHECK as COST
from migrate.checks.target_database import CHECK as DATABASE
from migrate.checks.target_monitored import CHECK as MONITORED
from migrate.checks.target_restore_tested import CHECK as RESTORE_TESTED
from migrate.checks.target_storage import CHECK as STORAGE
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, Request, forbidden, refusal
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination, Move
from migrate.model.target_database import Database

NOW = datetime.now(UTC)


@pytest.fixture
def arm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return a running Azure, which the environment leads to."""
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def clouds(arm: LoopbackArm) -> Iterator[CloudLook]:
    """Return the clouds of one run."""
    look = open_clouds(AwsSettings(), azure_settings(arm))
    yield look
    look.close()


def _move(resource: str) -> Move:
    return replace(move(to=Destination.AZURE, resource=resource), server=resource)


def _run(clouds: CloudLook, check: Check, resource: str, **parameters: Any) -> CheckResult:
    seen = replace(sight(), move=_move(resource), clouds=clouds, now=datetime.now(UTC))
    return check.run(seen, parameters)


def _asked(clouds: CloudLook) -> dict[str, int]:
    return {name: count for _, name, count in clouds.tally.rows()}


def _within(arm: LoopbackArm, what: str) -> str:
    return f"/subscriptions/{arm.subscription}/resourceGroups/demo/providers/{what}"


def _expect_only_looks(arm: LoopbackArm) -> None:
    """Nothing was sent but looks, tokens, and the two questions that are put by POST."""
    questions = ("/token", "/queryresults", "/query")
    writes = [
        path
        for method, path in arm.log
        if method not in {"GET", "HEAD"} and not path.lower().endswith(questions)
    ]
    assert writes == []


def test_a_wave_s_backups_cost_calls_by_the_vault(arm: LoopbackArm, clouds: CloudLook) -> None:
    """Each vault is asked for its items and its restores, by the page; machines never singly."""
    machines = [arm.vm_id(f"web-{number}") for number in range(60)]
    vault = _within(arm, "Microsoft.RecoveryServices/vaults/uk")
    arm.resources.put(vault, location="uksouth", properties={})
    items = [
        {
            "name": f"vm;{each}",
            "properties": {
                "sourceResourceId": each,
                "friendlyName": each.rpartition("/")[2],
                "protectionState": "Protected",
                "policyName": "nightly",
                "lastRecoveryPoint": (NOW - timedelta(hours=9)).isoformat(),
            },
        }
        for each in machines[:-1]
    ]
    job = {
        "name": "j1",
        "properties": {
            "entityFriendlyName": "web-0",
            "operation": "Restore",
            "status": "Completed",
            "startTime": (NOW - timedelta(days=2)).isoformat(),
            "endTime": (NOW - timedelta(days=2)).isoformat(),
        },
    }
    arm.answers.list(f"{vault}/backupProtectedItems", items, page=25)
    arm.answers.list(f"{vault}/backupJobs", [job])
    clouds.expect([_move(each) for each in machines])
    told = [_run(clouds, BACKED_UP, each).outcome for each in machines]
    assert told == [Outcome.PASSED] * 59 + [Outcome.FAILED]
    first = _run(clouds, RESTORE_TESTED, machines[0])
    assert first.outcome is Outcome.UNKNOWN
    assert "decant attest" in first.detail
    given = {"validated": False}
    assert _run(clouds, RESTORE_TESTED, machines[0], **given).outcome is Outcome.PASSED
    assert _asked(clouds) == {
        "GET Microsoft.RecoveryServices/vaults": 1,
        "GET Microsoft.RecoveryServices/vaults/backupProtectedItems": 3,
        "GET Microsoft.RecoveryServices/vaults/backupJobs": 1,
    }
    _expect_only_looks(arm)


def test_what_recovery_services_do_not_protect_is_unknown(
    arm: LoopbackArm, clouds: CloudLook
) -> None:
    """An account may be backed up elsewhere: that no vault speaks of it says nothing."""
    account = _within(arm, "Microsoft.Storage/storageAccounts/shop")
    assert _run(clouds, BACKED_UP, account).outcome is Outcome.UNKNOWN
    assert _run(clouds, BACKED_UP, arm.vm_id("web-1")).outcome is Outcome.FAILED


def test_an_alert_reaches_whoever_is_enabled(arm: LoopbackArm, clouds: CloudLook) -> None:
    """A rule on the whole group covers its machine, and its action group's receiver counts."""
    vm, group = arm.vm_id("web-1"), _within(arm, "Microsoft.Insights/actionGroups/oncall")
    person = {"name": "a", "emailAddress": "a@b.uk", "status": "Enabled"}
    arm.resources.put(
        group, location="global", properties={"enabled": True, "emailReceivers": [person]}
    )
    arm.resources.put(
        _within(arm, "Microsoft.Insights/metricAlerts/cpu"),
        location="global",
        properties={
            "enabled": True,
            "scopes": [vm.partition("/providers")[0]],
            "targetResourceType": "Microsoft.Compute/virtualMachines",
            "criteria": {"allOf": [{"metricName": "Percentage CPU"}]},
            "actions": [{"actionGroupId": group}],
        },
    )
    told = _run(clouds, MONITORED, vm, metrics=["Percentage CPU"])
    assert told.outcome is Outcome.PASSED, told
    assert "a@b.uk" not in repr(told)
    _expect_only_looks(arm)


def _probed(percent: float) -> dict[str, Any]:
    return {
        "value": [
            {
                "name": {"value": "DipAvailability"},
                "timeseries": [
                    {
                        "metadatavalues": [
                            {"name": {"value": "backendipaddress"}, "value": "10.0.0.4"}
                        ],
                        "data": [{"timeStamp": NOW.isoformat(), "average": percent}],
                    }
                ],
            }
        ]
    }


@pytest.mark.parametrize(("percent", "outcome"), [(100, Outcome.PASSED), (0, Outcome.FAILED)])
def test_a_machine_behind_a_load_balancer_is_told_by_its_probes(
    arm: LoopbackArm, clouds: CloudLook, percent: float, outcome: Outcome
) -> None:
    """The metrics of the balancer are asked for once, whatever the number of machines."""
    vm, front = arm.vm_id("web-1"), _within(arm, "Microsoft.Network/loadBalancers/front")
    pool = {"id": f"{front}/backendAddressPools/web", "properties": {}}
    arm.resources.put(front, location="uksouth", properties={"backendAddressPools": [pool]})
    configuration = {
        "properties": {
            "privateIPAddress": "10.0.0.4",
            "loadBalancerBackendAddressPools": [{"id": pool["id"]}],
        }
    }
    arm.resources.put(
        _within(arm, "Microsoft.Network/networkInterfaces/web-1"),
        location="uksouth",
        properties={"virtualMachine": {"id": vm}, "ipConfigurations": [configuration]},
    )
    asked: list[Request] = []

    def metrics(request: Request) -> Answer:
        asked.append(request)
        return Answer(status=200, body=_probed(percent))

    arm.answers.add("GET", f"{front}/providers/Microsoft.Insights/metrics", metrics)
    told = _run(clouds, BALANCED, vm, groups=["web"])
    assert told.outcome is outcome, told
    assert [each.query["$filter"] for each in asked] == ["BackendIPAddress eq '*'"]
    _expect_only_looks(arm)


def _postgres(arm: LoopbackArm, name: str, access: str, *rules: str) -> str:
    made = _within(arm, f"Microsoft.DBforPostgreSQL/flexibleServers/{name}")
    arm.resources.put(
        made,
        location="uksouth",
        properties={
            "version": "16",
            "state": "Ready",
            "backup": {"backupRetentionDays": 14},
            "network": {"publicNetworkAccess": access},
            "highAvailability": {"mode": "Disabled"},
        },
        sku={"name": "Standard_D2ds_v5"},
    )
    arm.answers.list(f"{made}/firewallRules", [{"name": each, "properties": {}} for each in rules])
    setting = {"name": "require_secure_transport", "properties": {"value": "on"}}
    arm.answers.list(f"{made}/configurations", [setting])
    return made


def test_databases_of_azure_are_judged(arm: LoopbackArm, clouds: CloudLook) -> None:
    """A closed server with its parameters set passes; an open one fails; each is asked once."""
    good = _postgres(arm, "good", "Disabled")
    careless = _postgres(arm, "careless", "Enabled", "everybody")
    clouds.expect([_move(good), _move(careless)])
    wanted = {"require_secure_transport": "ON"}
    told = _run(clouds, DATABASE, good, parameters=wanted)
    assert told.outcome is Outcome.PASSED, told
    failed = _run(clouds, DATABASE, careless)
    assert failed.outcome is Outcome.FAILED
    assert "let the internet reach it" in failed.detail
    assert _asked(clouds) == {
        "GET Microsoft.DBforPostgreSQL/flexibleServers": 1,
        "GET Microsoft.DBforPostgreSQL/flexibleServers/configurations": 2,
        "GET Microsoft.DBforPostgreSQL/flexibleServers/firewallRules": 2,
    }
    _expect_only_looks(arm)


def test_a_part_of_a_database_that_is_denied_costs_only_itself(
    arm: LoopbackArm, clouds: CloudLook
) -> None:
    """The rules of the firewall are not told, so who may reach it is unknown; the rest is known."""
    server = _postgres(arm, "good", "Enabled")
    arm.answers.add("GET", f"{server}/firewallRules", refusal(403, "AuthorizationFailed", "no"))
    told = clouds.told(_move(server), Database)
    assert isinstance(told, Database)
    assert isinstance(told.public, Unknown)
    assert told.public.reason is Reason.NEEDS_PRIVILEGE
    assert "firewallRules/read" in told.public.detail
    assert told.retention_days == 14


def _sql(arm: LoopbackArm, state: str) -> str:
    server = _within(arm, "Microsoft.Sql/servers/shop")
    database = f"{server}/databases/orders"
    arm.resources.put(server, location="uksouth", properties={"publicNetworkAccess": "Disabled"})
    arm.resources.put(database, location="uksouth", properties={"status": "Online"})
    arm.answers.list(f"{server}/firewallRules", [])
    arm.answers.add(
        "GET", f"{database}/transparentDataEncryption/current", {"properties": {"state": state}}
    )
    arm.answers.add(
        "GET",
        f"{database}/backupShortTermRetentionPolicies/default",
        {"properties": {"retentionDays": 7}},
    )
    return database


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("Enabled", Outcome.PASSED), ("Disabled", Outcome.FAILED), ("Halfway", Outcome.UNKNOWN)],
)
def test_a_sql_database_is_judged_with_its_server(
    arm: LoopbackArm, clouds: CloudLook, state: str, outcome: Outcome
) -> None:
    """Its encryption and its backups are its own, its reach is its server's."""
    told = _run(clouds, DATABASE, _sql(arm, state))
    assert told.outcome is outcome, told
    _expect_only_looks(arm)


def test_storage_of_azure_is_judged(arm: LoopbackArm, clouds: CloudLook) -> None:
    """A share is there or not, and is judged by its account and its own service."""
    account = _within(arm, "Microsoft.Storage/storageAccounts/shop")
    arm.resources.put(
        account,
        location="uksouth",
        properties={
            "statusOfPrimary": "available",
            "allowBlobPublicAccess": False,
            "supportsHttpsTrafficOnly": True,
            "networkAcls": {"defaultAction": "Deny"},
            "encryption": {"keySource": "Microsoft.Storage"},
        },
    )
    kept = {"shareDeleteRetentionPolicy": {"enabled": True, "days": 14}}
    arm.answers.add("GET", f"{account}/blobServices/default", {"properties": {}})
    arm.answers.add("GET", f"{account}/fileServices/default", {"properties": kept})
    share = f"{account}/fileServices/default/shares/home"
    arm.answers.list(f"{account}/fileServices/default/shares", [{"id": share, "properties": {}}])
    told = _run(clouds, STORAGE, share, closed_network=True, kept_days=14)
    assert told.outcome is Outcome.PASSED, told
    assert _run(clouds, STORAGE, account).outcome is Outcome.PASSED
    gone = _run(clouds, STORAGE, share.replace("home", "gone"))
    assert gone.outcome is Outcome.UNKNOWN
    _expect_only_looks(arm)


def test_a_wave_s_policy_states_come_by_the_page(arm: LoopbackArm, clouds: CloudLook) -> None:
    """Thirty machines are two questions, the first of them with a second page."""
    machines = [arm.vm_id(f"web-{number:02}") for number in range(30)]
    asked: list[Request] = []

    def state(each: str, word: str) -> dict[str, Any]:
        return {
            "resourceId": each.lower(),
            "complianceState": word,
            "timestamp": "2026-11-23T01:30:00Z",
            "policyAssignmentName": "uk",
            "policyDefinitionName": "tags",
        }

    def results(request: Request) -> Answer:
        asked.append(request)
        mine = [each for each in machines if f"'{each.lower()}'" in request.query["$filter"]]
        half = mine[:10] if "$skiptoken" not in request.query else mine[10:]
        body: dict[str, Any] = {
            "value": [
                state(each, "NonCompliant" if each == machines[3] else "Compliant") for each in half
            ]
        }
        if len(mine) > 10 and half == mine[:10]:
            body["@odata.nextLink"] = f"{arm.url}{request.path}?api-version=x&$skiptoken=abc%3D"
        return Answer(status=200, body=body)

    arm.answers.add("POST", r"/subscriptions/[^/]+/providers/.*/queryResults", results)
    clouds.expect([_move(each) for each in machines])
    told = {each: _run(clouds, COMPLIANT, each) for each in machines}
    broken = [each for each, result in told.items() if result.outcome is Outcome.FAILED]
    assert broken == [machines[3]]
    assert "uk/tags" in told[machines[3]].detail
    assert {each.outcome for each in told.values()} == {Outcome.PASSED, Outcome.FAILED}
    assert [each.query.get("$skiptoken") for each in asked] == [None, "abc=", None]
    _expect_only_looks(arm)


def test_a_machine_and_its_disks_are_billed_together(arm: LoopbackArm, clouds: CloudLook) -> None:
    """Half a pound a day for each is £30.44 a month; the bill comes in two pages."""
    vm, disk = arm.vm_id("web-1"), _within(arm, "Microsoft.Compute/disks/web-1-os")
    arm.resources.put(
        vm,
        location="uksouth",
        properties={"storageProfile": {"osDisk": {"managedDisk": {"id": disk}}}},
    )
    bodies: list[dict[str, Any]] = []

    def bill(request: Request) -> Answer:
        bodies.append(json.loads(request.body))
        second = "$skiptoken" in request.query
        first_day = NOW - timedelta(days=30)
        rows = [
            [0.5, int(f"{first_day + timedelta(days=day):%Y%m%d}"), each.lower(), "GBP"]
            for day in (range(14, 28) if second else range(14))
            for each in (vm, disk)
        ]
        names = ("Cost", "UsageDate", "ResourceId", "Currency")
        properties: dict[str, Any] = {"columns": [{"name": each} for each in names], "rows": rows}
        if not second:
            properties["nextLink"] = f"{arm.url}{request.path}?api-version=x&$skiptoken=2"
        return Answer(status=200, body={"properties": properties})

    where = r"/subscriptions/[^/]+/providers/Microsoft.CostManagement/query"
    arm.answers.add("POST", where, bill)
    told = _run(clouds, COST, vm, monthly_pence=3044)
    assert told.outcome is Outcome.PASSED, told
    assert "a month costs £30.44" in told.detail
    assert _run(clouds, COST, vm, monthly_pence=2000).outcome is Outcome.FAILED
    wanted = bodies[0]["dataset"]["filter"]["dimensions"]["values"]
    assert wanted == [vm.lower(), disk.lower()]
    assert _asked(clouds)["POST Microsoft.CostManagement/query"] == 2
    _expect_only_looks(arm)


@pytest.mark.parametrize(
    "check",
    [BACKED_UP, MONITORED, BALANCED, COMPLIANT, COST],
    ids=["backup", "alarms", "balancing", "policy", "cost"],
)
def test_what_is_denied_is_unknown(arm: LoopbackArm, clouds: CloudLook, check: Check) -> None:
    """The reason names what would have to be allowed, and nothing passes."""
    arm.misbehave(forbidden())
    parameters = {"monthly_pence": 1} if check is COST else {}
    told = _run(clouds, check, arm.vm_id("web-1"), **parameters)
    assert told.outcome is Outcome.UNKNOWN
    assert "needs privilege" in told.detail

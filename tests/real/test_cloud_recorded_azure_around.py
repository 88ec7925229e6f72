"""What Azure once said around machines: alarms, logs, agents, storage, databases, locks.

The recordings are of the tests of Microsoft's own SDK, made by its makers and not by us: Monitor of
September 2020, Log Analytics of December 2022, Compute of January 2023, Storage of October 2019,
SQL of April 2018, locks and public addresses of late 2019, none of which is these machines'. Where
a reader asks for a listing that none of them has, its pure part takes what was recorded; the
expectation says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from expectations import Expectation, World, each_of, fails, passes, unknown
from recorded_azure import SUBSCRIPTION, recorded_world
from recordings import azure, needs, said

from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_readers import _sql, alarms, deletion_protection
from migrate.model.target_alarms import Alarms
from migrate.model.target_database import Database
from migrate.model.target_protection import DeletionProtection

COMPUTE, LOGS, MONITOR = "compute-29.1.0", "loganalytics-13.0.0b6", "monitor-1.0.0"
NETWORK = "network-9.0.0"
RESOURCE, SQL, STORAGE = "resource-7.0.0", "sql-0.12.0", "storage-7.2.0"
pytestmark = needs(*map(azure, (COMPUTE, LOGS, MONITOR, NETWORK, RESOURCE, SQL, STORAGE)))
VIEWED = 30
"""How many answers of the machine's test had been given when its view had been told."""
THEN = datetime(2023, 1, 11, 6, 45, tzinfo=UTC)


def _id(group: str, kind: str, name: str) -> str:
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/{kind}/{name}"


MACHINE = _id("rgname", "Microsoft.Compute/virtualMachines", "virtualmachinexeb772750")
WATCHED = _id("rgname", "Microsoft.Compute/virtualMachines", "vm_name")
LOCKED = _id("test_mgmt_resource_locks_test_locks71c0e80", "Microsoft.Compute/virtualMachines", "v")
"""Of its group nothing but the lock was recorded."""
DATABASE = _id(
    "test_mgmt_sql_test_database9c310b06",
    "Microsoft.Sql/servers",
    "mypysqlserver9c310b06/databases/pyarmdb9c310b06",
)
ACCOUNT = _id(
    "test_mgmt_storage_test_storage_accounts43b8102a",
    "Microsoft.Storage/storageAccounts",
    "pyarmstorage43b8102a",
)
GROUP = _id("rgname", "microsoft.insights/actionGroups", "actiongroup534a109d")
WORKSPACE = _id("5b75337b", "Microsoft.OperationalInsights/workspaces", "WorkspaceName")


def _told(library: str, test: str, ending: str) -> list[dict[str, Any]]:
    """Return the resources that were answered at a path that ends so."""
    return [
        each.body
        for each in said(library, test)
        if each.path.endswith(ending) and each.status == 200 and isinstance(each.body, dict)
    ]


def _alarms() -> Mapping[type, object]:
    rule = _told(MONITOR, "monitor.test_metric_alerts", "/metricAlerts/metricnamexx")[-1]
    group = _told(MONITOR, "monitor.test_action_groups", "/actionGroups/actiongroup534a109d")[0]
    listed = alarms.Said(metric=[rule], groups=[group])
    return {Alarms: alarms.alarms(WATCHED.lower(), listed)}


def _locks() -> Mapping[type, object]:
    (listed,) = _told(RESOURCE, "resource_locks.test_locks", "/Microsoft.Authorization/locks")
    told = deletion_protection.protection({"id": LOCKED}, listed["value"])
    return {DeletionProtection: told}


def _database() -> Mapping[type, object]:
    (database,) = _told(SQL, "sql.test_database", "/databases/pyarmdb9c310b06")[:1]
    server = _told(SQL, "sql.test_server", "/servers/tstpysqlserver87460a68")[0]
    not_recorded = Unknown(reason=Reason.NOT_TOLD, detail="it was not recorded")
    parts = _sql.Parts(
        said=database,
        server=server,
        rules=not_recorded,
        encryption=not_recorded,
        retention=not_recorded,
    )
    return {Database: _sql.database(parts)}


EXPECTED: tuple[Expectation, ...] = (
    unknown(
        "target-running",
        "its power state is running; what Resource Health says was not recorded",
        resource=MACHINE,
        words="its health",
    ),
    passes(
        "target-tagged",
        "its tag azsecpack is nonprod, which is one of the two allowed",
        resource=MACHINE,
        given={"tags": {"azsecpack": ["nonprod", "prod"]}},
    ),
    fails(
        "target-tagged",
        "its tag azsecpack is nonprod, and not prod",
        resource=MACHINE,
        given={"tags": {"azsecpack": ["prod"]}},
        words="nonprod",
    ),
    passes(
        "target-managed",
        "its agent was Ready at 06:38:32, and so was its extension NetworkWatcher",
        resource=MACHINE,
        words="Ready",
        at=THEN,
    ),
    unknown(
        "target-monitored",
        "whether a processing rule keeps alerts from their groups was not recorded",
        resource=WATCHED,
        words="not recorded",
    ),
    fails(
        "target-monitored",
        "the alert on Percentage CPU is enabled and has no action (by the reader's pure part, with "
        "no processing rule)",
        resource=WATCHED,
        words="it has no action group",
        pure=_alarms,
    ),
    passes(
        "target-protected",
        "its group has a lock CanNotDelete (by the reader's pure part: the machine is ours)",
        resource=LOCKED,
        words="pylockrg",
        pure=_locks,
    ),
    unknown(
        "target-storage",
        "it is available and encrypted; of anonymous reading Azure said nothing in 2019",
        resource=ACCOUNT,
        words="anonymous reading",
    ),
    passes(
        "target-storage",
        "it is available and encrypted, takes TLS alone, and may be read by anybody",
        resource=ACCOUNT,
        given={"public": True, "kept": False, "transit_encrypted": True},
    ),
    fails(
        "target-storage",
        "its default action is Allow: it answers every network",
        resource=ACCOUNT,
        given={"public": True, "kept": False, "closed_network": True},
        words="every network",
    ),
    fails(
        "target-storage",
        "its keys are of Microsoft.Storage",
        resource=ACCOUNT,
        given={"public": True, "kept": False, "customer_key": True},
    ),
    unknown(
        "target-database",
        "it is Online; its encryption, backups and firewall were not recorded (by the reader's "
        "pure part: the server is another of the same tests)",
        resource=DATABASE,
        words="not recorded",
        pure=_database,
    ),
    passes(
        "monitoring",
        "the workspace keeps 30 days; the group is enabled, with one email and one sms enabled",
        given={"logs": (WORKSPACE,), "alerts": (GROUP,)},
        words="1 email, 1 sms",
    ),
    fails(
        "monitoring",
        "there is one workspace, and it is another",
        given={"logs": (f"{WORKSPACE}2",), "alerts": (GROUP,)},
        words="WorkspaceName2",
    ),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return an Azure that repeats what it once said."""
    recorded = [
        *said(COMPUTE, "test_compute_vm")[:VIEWED],
        *said(NETWORK, "test_mgmt_network.test_public_ip_addresses"),
        *said(MONITOR, "monitor.test_metric_alerts"),
        *said(MONITOR, "monitor.test_action_groups"),
        *said(MONITOR, "monitor.test_activity_log_alerts"),
        *said(MONITOR, "monitor.test_scheduled_query_rules"),
        *said(LOGS, "loganalytics_workspace"),
        *said(STORAGE, "test_storage_accounts"),
    ]
    with recorded_world(tmp_path_factory.mktemp("around"), "eastus", recorded) as opened:
        yield opened


@each_of(EXPECTED)
def test_what_azure_once_said_around_machines_is_judged(
    world: World, expected: Expectation
) -> None:
    """As the recording argues; nothing that it does not tell is passed."""
    world.holds(expected)


def test_a_scope_is_understood_as_azure_keeps_it() -> None:
    """Azure keeps a scope as it was given, as here without its slash: it covers all within.

    The recorded rule is on administrative acts; for this its category alone is taken for another.
    """
    (rule, *_) = _told(MONITOR, "monitor.test_activity_log_alerts", "activitylogalertxbfb21318")
    assert rule["properties"]["scopes"] == [f"subscriptions/{SUBSCRIPTION}"]
    health = {"allOf": [{"field": "category", "equals": "ResourceHealth"}]}
    changed = {**rule, "properties": {**rule["properties"], "condition": health}}
    told = alarms.alarms(WATCHED.lower(), alarms.Said(activity=[changed]))
    assert [each.name for each in told.alarms] == [rule["name"]]

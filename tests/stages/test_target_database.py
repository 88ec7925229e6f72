"""A managed database is up, backed up, encrypted and closed: judged, and read of both clouds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from surroundings import UNTOLD, at, look

from inventory.model.fact import Unknown
from migrate.checks.target_database import CHECK
from migrate.clouds.aws_others import as_resource
from migrate.clouds.aws_readers.database import Around, cluster, instance
from migrate.clouds.azure_readers._flexible import Server, server
from migrate.clouds.azure_readers._sql import Parts
from migrate.clouds.azure_readers._sql import database as azure_sql
from migrate.model.check import CloudResource
from migrate.model.evidence import Outcome
from migrate.model.target_database import Database
from migrate.model.target_disks import KeyOwner

GOOD = Database(
    id="arn:aws:rds:eu-west-2:123456789012:db:shop",
    engine="postgres",
    version="16.4",
    size="db.t4g.medium",
    region="eu-west-2",
    state="available",
    up=True,
    public=False,
    encrypted=True,
    key_owner=KeyOwner.PROVIDER,
    retention_days=14,
    restorable_until=at("2026-11-23T11:55:00"),
    standby=False,
    protected=True,
    parameters={"rds.force_ssl": "1"},
)
TLS = {"parameters": {"rds.force_ssl": "1"}}


@pytest.mark.parametrize(
    ("change", "parameters", "outcome", "words"),
    [
        ({}, {}, Outcome.PASSED, "automatic backups are kept for 14 days"),
        ({}, TLS, Outcome.PASSED, "rds.force_ssl is 1"),
        ({}, {"protected": True, "restorable_minutes": 10}, Outcome.PASSED, "11:55 UTC"),
        ({"up": False, "state": "stopped"}, {}, Outcome.FAILED, "its state is stopped"),
        ({"up": None, "state": "dreaming"}, {}, Outcome.UNKNOWN, "dreaming"),
        ({"retention_days": 0}, {}, Outcome.FAILED, "no automatic backups are taken"),
        ({}, {"retention_days": 30}, Outcome.FAILED, "for 14 days, not 30"),
        ({"encrypted": False, "key_owner": None}, {}, Outcome.FAILED, "it is not encrypted"),
        ({"encrypted": UNTOLD}, {}, Outcome.UNKNOWN, "its encryption"),
        ({}, {"customer_key": True}, Outcome.FAILED, "the provider's own key"),
        ({"key_owner": KeyOwner.CUSTOMER}, {"customer_key": True}, Outcome.PASSED, "customer's"),
        ({"key_owner": UNTOLD}, {"customer_key": True}, Outcome.UNKNOWN, "whose key"),
        ({"public": True}, {}, Outcome.FAILED, "let the internet reach it"),
        ({"public": True}, {"public": True}, Outcome.PASSED, "encrypted"),
        ({"public": UNTOLD}, {}, Outcome.UNKNOWN, "who may reach it"),
        ({}, {"standby": True}, Outcome.FAILED, "no other zone stands ready"),
        ({"protected": UNTOLD}, {"protected": True}, Outcome.UNKNOWN, "protection from deletion"),
        ({}, {"restorable_minutes": 1}, Outcome.FAILED, "restored as of 2026-11-23 11:55 UTC"),
        ({"parameters": {"rds.force_ssl": "0"}}, TLS, Outcome.FAILED, "rds.force_ssl is 0, not 1"),
        ({"parameters": {}}, TLS, Outcome.UNKNOWN, "rds.force_ssl is not told"),
        ({"parameters": UNTOLD}, TLS, Outcome.UNKNOWN, "its parameters"),
        ({"pending": ("the parameter group g",)}, TLS, Outcome.FAILED, "a restart is awaited"),
    ],
)
def test_it_is_as_it_should_be(
    change: dict[str, Any], parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """Each condition is judged; what is not told is unknown, and never taken for well."""
    result = look(CHECK, replace(GOOD, **change), parameters)
    assert result.outcome is outcome
    assert words in result.detail
    json.dumps(dict(result.observed))


def test_a_database_is_a_resource_of_the_move() -> None:
    """Evidence is bound to it: another class, version or database is another resource."""
    made = as_resource(lambda _: GOOD, "rds")
    assert isinstance(made, CloudResource)
    assert (made.exists, made.size, made.image) == (True, "db.t4g.medium", "postgres 16.4")
    assert isinstance(as_resource(lambda _: UNTOLD, "rds"), Unknown)
    assert isinstance(as_resource(lambda _: GOOD, "redshift"), Unknown)


KEY = "arn:aws:kms:eu-west-2:123456789012:key/k1"
AROUND = Around(
    region="eu-west-2",
    groups={"pg16": {"rds.force_ssl": "1"}},
    cluster_groups={"aurora16": {}},
    owners={KEY: KeyOwner.CUSTOMER},
)


def _instance(**more: Any) -> dict[str, Any]:
    return {
        "DBInstanceArn": GOOD.id,
        "Engine": "postgres",
        "EngineVersion": "16.4",
        "DBInstanceClass": "db.t4g.medium",
        "DBInstanceStatus": "available",
        "PubliclyAccessible": False,
        "StorageEncrypted": True,
        "KmsKeyId": KEY,
        "BackupRetentionPeriod": 14,
        "LatestRestorableTime": at("2026-11-23T11:55:00"),
        "MultiAZ": True,
        "DeletionProtection": True,
        "InstanceCreateTime": at("2026-11-01"),
        "DBParameterGroups": [{"DBParameterGroupName": "pg16", "ParameterApplyStatus": "in-sync"}],
        "PendingModifiedValues": {},
        **more,
    }


def test_an_rds_instance_is_read() -> None:
    """Everything that the check judges is told, whose key it is as well."""
    told = instance(_instance(), AROUND)
    assert (told.up, told.public, told.encrypted, told.standby) == (True, False, True, True)
    assert (told.key_owner, told.retention_days) == (KeyOwner.CUSTOMER, 14)
    assert (told.parameters, told.pending) == ({"rds.force_ssl": "1"}, ())


@pytest.mark.parametrize(
    ("state", "up"),
    [("backing-up", True), ("stopped", False), ("modifying", None), ("word-of-next-year", None)],
)
def test_a_state_in_rds_is_read(*, state: str, up: bool | None) -> None:
    """A word that is new to us, or says neither, is neither."""
    assert instance(_instance(DBInstanceStatus=state), AROUND).up is up


def test_what_rds_waits_with_is_told() -> None:
    """A parameter group that needs a restart, and changes that are put off."""
    group = {"DBParameterGroupName": "pg16", "ParameterApplyStatus": "pending-reboot"}
    said = _instance(DBParameterGroups=[group], PendingModifiedValues={"MultiAZ": True})
    assert instance(said, AROUND).pending == ("the parameter group pg16", "MultiAZ")


def test_what_rds_leaves_out_is_unknown() -> None:
    """Aurora's clusters do not say whether the internet may reach them; their instances do."""
    said = {
        "DBClusterArn": "arn:aws:rds:eu-west-2:123456789012:cluster:shop",
        "Status": "available",
        "StorageEncrypted": False,
        "DBClusterParameterGroup": "aurora16",
    }
    told = cluster(said, AROUND)
    assert (told.up, told.encrypted, told.key_owner) == (True, False, None)
    assert isinstance(told.public, Unknown)
    assert isinstance(told.retention_days, Unknown)


SCOPE = "/subscriptions/s/resourceGroups/g/providers"
RULE = {"name": "office", "properties": {"startIpAddress": "192.0.2.1"}}


def _server(**more: Any) -> dict[str, Any]:
    """Return a flexible server (format as documented: PostgreSQL flexible servers 2024-08-01)."""
    return {
        "id": f"{SCOPE}/Microsoft.DBforPostgreSQL/flexibleServers/shop",
        "type": "Microsoft.DBforPostgreSQL/flexibleServers",
        "location": "uksouth",
        "sku": {"name": "Standard_D2ds_v5"},
        "properties": {
            "version": "16",
            "state": "Ready",
            "backup": {"backupRetentionDays": 14, "geoRedundantBackup": "Disabled"},
            "network": {"publicNetworkAccess": "Disabled"},
            "highAvailability": {"mode": "ZoneRedundant", "state": "Healthy"},
            "dataEncryption": {"type": "SystemManaged"},
            **more,
        },
    }


def test_a_flexible_server_of_azure_is_read() -> None:
    """Its parameters are those that Azure lists, and one that needs a restart is told."""
    listed = (
        {"name": "require_secure_transport", "properties": {"value": "on"}},
        {"name": "max_connections", "properties": {"value": "9", "isConfigPendingRestart": True}},
        {"name": "unset", "properties": {"value": None}},
    )
    told = server(Server(said=_server(), configurations=listed, rules=()))
    assert (told.up, told.public, told.encrypted, told.standby) == (True, False, True, True)
    assert (told.retention_days, told.key_owner) == (14, KeyOwner.PROVIDER)
    assert told.parameters == {"require_secure_transport": "on", "max_connections": "9"}
    assert told.pending == ("max_connections",)
    assert isinstance(told.protected, Unknown)


@pytest.mark.parametrize(
    ("access", "rules", "public"),
    [
        ("Disabled", (RULE,), False),
        ("Enabled", (), False),
        ("Enabled", (RULE,), True),
        ("Enabled", UNTOLD, Unknown),
        ("Sometimes", (), Unknown),
        (None, (), Unknown),
    ],
)
def test_a_server_of_azure_is_open_by_setting_and_rule(
    access: str | None, rules: Any, public: object
) -> None:
    """Open access without a rule lets nobody in; what is not told is not closed."""
    said = _server(network={"publicNetworkAccess": access})
    told = server(Server(said=said, configurations=(), rules=rules)).public
    assert (isinstance(told, Unknown) and public is Unknown) or told is public


def _sql(**more: Any) -> Parts:
    parts: dict[str, Any] = {
        "said": {
            "id": f"{SCOPE}/Microsoft.Sql/servers/a/databases/shop",
            "type": "Microsoft.Sql/servers/databases",
            "location": "uksouth",
            "sku": {"name": "GP_Gen5"},
            "properties": {"status": "Online", "zoneRedundant": False},
        },
        "server": {"properties": {"publicNetworkAccess": "Disabled", "version": "12.0"}},
        "rules": (),
        "encryption": {"properties": {"state": "Enabled"}},
        "retention": {"properties": {"retentionDays": 7}},
        **more,
    }
    return Parts(**parts)


def test_a_sql_database_of_azure_is_read() -> None:
    """Encryption and the keeping of backups are its own; reach and key are its server's."""
    told = azure_sql(_sql())
    assert (told.up, told.public, told.encrypted, told.standby) == (True, False, True, False)
    assert (told.retention_days, told.key_owner) == (7, KeyOwner.PROVIDER)


def test_what_azure_does_not_tell_of_a_sql_database_is_unknown() -> None:
    """A part that was denied, and a word that is new, cost only themselves."""
    told = azure_sql(_sql(encryption={"properties": {"state": "Half"}}, retention=UNTOLD))
    assert isinstance(told.encrypted, Unknown)
    assert isinstance(told.retention_days, Unknown)
    assert told.up is True


def test_a_managed_instance_of_azure_is_open_by_its_public_endpoint() -> None:
    """It has no firewall rules of its own."""
    open_one = {"properties": {"publicDataEndpointEnabled": True}}
    assert azure_sql(_sql(server=open_one)).public is True

"""What is in the clouds already is proposed for a server, by reasons that are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inventory.counterparts.matching import Bond, Counterparts
from inventory.model.fact import Observation, Reason, Unknown
from inventory.model.facts import CONNECTIONS, FQDN
from inventory.model.hardware import CLOUD
from inventory.model.instances import NGINX_SITES, POSTGRESQL, Detail, Instance, InstanceKind
from inventory.model.parts import Connection, Direction, Protocol
from inventory.model.placement import EXTERNAL_IDS, Tag
from inventory.model.resource import KnownResource, Looked, Resource, ResourceKind
from inventory.model.server import Server
from inventory.model.sighting import Sighting
from inventory.model.storage import (
    EXPORTS,
    NETWORK_MOUNTS,
    SHARES,
    Export,
    Mounted,
    NetworkMount,
    Share,
)
from migrate.arrived_resources import there_already
from migrate.model.plan import Destination
from tests.sights import NOW, facts, move

_RDS = "arn:aws:rds:eu-west-2:123456789012:db:orders-db"
_VOLUME = "arn:aws:fsx:eu-west-2:123456789012:volume/fs-1/fsvol-1"
_SQL = "/subscriptions/s/resourceGroups/G/providers/Microsoft.Sql/servers/S"


def _known(**more: Any) -> KnownResource:
    told: dict[str, Any] = {
        "id": _RDS,
        "kind": ResourceKind.DATABASE_SERVER,
        "type": "AWS::RDS::DBInstance",
        "name": "orders-db",
        "source": "aws:123456789012:eu-west-2",
        "engine": "postgres",
    }
    return KnownResource(
        resource=Resource(**told | more), question="rds:…", first_seen=NOW, last_seen=NOW
    )


def _server(*told: Observation, name: str = "db-1") -> Server:
    return Server(
        id=f"id-{name}", name=name, target="", facts=facts(*told), first_seen=NOW, last_asked=NOW
    )


def _database(name: str, application: str = "postgresql") -> Instance:
    return Instance(application=application, kind=InstanceKind.DATABASE, name=name)


def _found(server: Server, *known: KnownResource) -> list[tuple[Bond, tuple[str, ...]]]:
    return [(each.bond, each.why) for each in Counterparts(known).of(server)]


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("Decant:Server", "db-1"),
        ("source-server", "DB-1.example.gov.uk"),
        ("MigratedFrom", "web-1, db-1"),
        ("anything", "s-0123456789abcdef0"),
    ],
)
def test_a_tag_that_names_the_server_is_a_reason(tag: str, value: str) -> None:
    """By its name in a tag that is for names, or by an id that only it has in any tag."""
    server = _server(
        FQDN.known("db-1.example.gov.uk"),
        EXTERNAL_IDS.known((Tag(name="MGN", value="s-0123456789abcdef0"),)),
    )
    ((bond, why),) = _found(server, _known(tags=(Tag(name=tag, value=value),)))
    assert bond is Bond.BECAME
    assert tag in why[0]


def test_a_tag_of_something_else_is_no_reason() -> None:
    """A cost centre that happens to be called as a server is."""
    assert _found(_server(), _known(tags=(Tag(name="cost-centre", value="db-1"),))) == []


def test_the_name_of_a_server_is_a_reason() -> None:
    """Case and domain do not hide it; a storage account may have no dashes."""
    server = _server(FQDN.known("db-1.example.gov.uk"), name="DB-1.example.gov.uk")
    assert _found(server, _known(name="db-1")) == [(Bond.BECAME, ("it is called db-1 as well",))]
    account = _known(name="db1", kind=ResourceKind.STORAGE_ACCOUNT)
    ((_, why),) = _found(server, account)
    assert why == ("it is called db1, which is db-1 as an account may be called",)
    assert _found(server, _known(name="db1", kind=ResourceKind.DATABASE)) == []


@pytest.mark.parametrize(
    ("application", "engine", "same"),
    [
        ("postgresql", "postgres", True),
        ("postgresql", "aurora-postgresql", True),
        ("mysql", "mariadb", True),
        ("mysql", "aurora-mysql", True),
        ("mssql", "sqlserver-se", True),
        ("mssql", "sqlserver", True),
        ("postgresql", "mysql", False),
        ("postgresql", None, False),
        ("db2", "a new engine", False),
    ],
)
def test_a_database_of_the_same_name_and_engine_is_a_reason(
    application: str, engine: str | None, *, same: bool
) -> None:
    """A server that holds it counts as well as the database itself; another engine does not."""
    server = _server(POSTGRESQL.known((_database("Orders", application),)))
    holder = _known(engine=engine, holds=("orders",))
    itself = _known(id="x", engine=engine, kind=ResourceKind.DATABASE, name="orders")
    assert [bond for bond, _ in _found(server, holder, itself)] == [Bond.BECAME] * 2 * same


@pytest.mark.parametrize("name", ["postgres", "template1", "master", "TEST"])
def test_databases_that_all_have_are_no_reason(name: str) -> None:
    """Their names say nothing."""
    server = _server(POSTGRESQL.known((_database(name),)))
    assert _found(server, _known(holds=(name,))) == []


def test_a_share_of_the_same_name_is_a_reason() -> None:
    """Of SMB by its name, of NFS by its last folder; not those that everybody has."""
    kept = _known(name="finance", kind=ResourceKind.FILE_SHARE, engine="SMB")
    smb = _server(SHARES.known((Share(name="Finance", protocol="smb"),)))
    nfs = _server(EXPORTS.known((Export(path="/srv/finance", client="*"),)))
    usual = _server(SHARES.known((Share(name="public", protocol="smb"),)))
    assert [bond for bond, _ in _found(smb, kept)] == [Bond.BECAME]
    assert [bond for bond, _ in _found(nfs, kept)] == [Bond.BECAME]
    assert _found(usual, _known(name="public", kind=ResourceKind.FILE_SHARE)) == []


def _connection(address: str, direction: Direction = Direction.OUTBOUND) -> Connection:
    return Connection(
        protocol=Protocol.TCP,
        direction=direction,
        local_address="10.0.0.4",
        local_port=40000,
        remote_address=address,
        remote_port=443,
    )


def test_what_a_server_mounts_and_connects_to_is_used_by_it() -> None:
    """That is another thing than having become it."""
    mount = NetworkMount(
        mount_point="/srv",
        source="fs-1.efs.eu-west-2.amazonaws.com:/",
        type="nfs4",
        server="fs-1.efs.eu-west-2.amazonaws.com",
        mounted=Mounted.NOW,
    )
    site = Instance(
        application="nginx",
        kind=InstanceKind.SITE,
        name="www",
        details=(Detail(name="passes to", value="http://front.example:8080/app"),),
    )
    used = _known(endpoints=("fs-1.efs.eu-west-2.amazonaws.com", "10.9.0.9", "front.example"))
    server = _server(
        NETWORK_MOUNTS.known((mount,)),
        NGINX_SITES.known((site,)),
        CONNECTIONS.known((_connection("::ffff:10.9.0.9"),)),
    )
    assert _found(server, used) == [
        (
            Bond.USES,
            (
                "fs-1.efs.eu-west-2.amazonaws.com:/ is mounted on /srv",
                "www passes requests to it",
                "connections to it on port 443",
            ),
        )
    ]
    served = _server(CONNECTIONS.known((_connection("10.9.0.9", Direction.INBOUND),)))
    assert _found(served, used) == []


def test_connections_of_earlier_looks_count() -> None:
    """What was seen over time is used as well."""
    seen = Sighting(
        protocol=Protocol.TCP,
        direction=Direction.OUTBOUND,
        local_address="10.0.0.4",
        remote_address="10.9.0.9",
        port=5432,
        process=None,
        first_seen=NOW,
        last_seen=NOW,
        looks=1,
        most_at_once=1,
    )
    (found,) = Counterparts((_known(endpoints=("10.9.0.9",)),)).of(_server(), (seen,))
    assert (found.bond, found.why) == (Bond.USES, ("connections to it on port 5432",))


def test_a_server_of_a_cloud_became_nothing_there() -> None:
    """An instance and its load balancer often share a name."""
    server = _server(CLOUD.known("aws"), name="orders-db")
    assert _found(server, _known()) == []


def test_what_is_gone_is_no_counterpart() -> None:
    """It cannot be migrated twice any more."""
    gone = replace(_known(), gone_since=NOW)
    assert _found(_server(name="orders-db"), gone) == []


def test_a_move_that_names_nothing_is_warned() -> None:
    """With the reason, and what to do about it; wherever the resource is."""
    server = _server(name="orders-db")
    moved = replace(move(to=Destination.AZURE, resource=None), server_id=server.id, server="db")
    (warning,) = there_already([moved], [server], Counterparts((_known(),)))
    assert warning == (
        "db: database server orders-db in aws may be it already (it is called orders-db as well); "
        "name it as its resource in decant.toml, or it may be migrated twice"
    )


@pytest.mark.parametrize("to", [Destination.SAAS, Destination.RETIRE, Destination.HUB])
def test_a_move_to_no_cloud_is_not_warned(to: Destination) -> None:
    """Nothing of it lands in a cloud."""
    server = _server(name="orders-db")
    moved = replace(move(to=to, resource=None), server_id=server.id)
    assert there_already([moved], [server], Counterparts((_known(),))) == []


def test_a_move_that_names_it_is_not_warned() -> None:
    """In any case of letters in Azure; what it is within names it, too. Another does not."""
    server = _server(POSTGRESQL.known((_database("orders", "mssql"),)))
    within = _known(
        id=f"{_SQL}/databases/orders",
        kind=ResourceKind.DATABASE,
        name="orders",
        engine="sqlserver",
        source="azure:s",
        part_of=_SQL,
    )
    there = Counterparts((within,))

    def warned(resource: str) -> list[str]:
        moved = move(to=Destination.AZURE, resource=resource)
        return there_already([replace(moved, server_id=server.id)], [server], there)

    assert warned(f"{_SQL}/databases/orders".upper()) == []
    assert warned(_SQL) == []
    (warning,) = warned(f"{_SQL}/databases/other")
    assert warning.endswith("its move names another resource: it may be migrated twice")


def test_a_server_and_its_databases_are_told_as_one() -> None:
    """Naming the database names the server that it is within; one warning speaks for both."""
    around = _known(id=_SQL, name="db-1", source="azure:s", engine="sqlserver")
    within = _known(
        id=f"{_SQL}/databases/orders",
        kind=ResourceKind.DATABASE,
        name="orders",
        engine="sqlserver",
        source="azure:s",
        part_of=_SQL,
    )
    server = _server(POSTGRESQL.known((_database("orders", "mssql"),)))
    there = Counterparts((around, within))

    def warned(resource: str | None) -> list[str]:
        moved = replace(move(to=Destination.AZURE, resource=resource), server_id=server.id)
        return there_already([moved], [server], there)

    (warning,) = warned(None)
    assert "database server db-1 in azure may be it already" in warning
    assert warned(within.resource.id) == []
    assert warned(_SQL) == []


def test_a_move_whose_resource_is_gone_is_warned() -> None:
    """Since when it is gone is told."""
    gone = replace(_known(), gone_since=NOW)
    moved = replace(move(to=Destination.AWS, resource=_RDS), server="db")
    (warning,) = there_already([moved], [], Counterparts((gone,)))
    what = "its database server orders-db in aws"
    assert warning == f"db: {what} has been gone since 2026-11-23 12:00 UTC"


def _asked(source: str, question: str, of: str = "") -> Looked:
    return Looked(source=source, question=question, of=of, at=NOW, run="r", told_at=NOW)


@pytest.mark.parametrize(
    ("resource", "asked"),
    [
        (_RDS, _asked("aws:123456789012:eu-west-2", "rds:DescribeDBInstances")),
        (
            _RDS.replace(":db:", ":cluster:"),
            _asked("aws:123456789012:eu-west-2", "rds:DescribeDBClusters"),
        ),
        (
            "arn:aws:elasticloadbalancing:eu-west-2:123456789012:loadbalancer/net/front/1",
            _asked("aws:123456789012:eu-west-2", "elbv2:DescribeLoadBalancers"),
        ),
        (
            "arn:aws:fsx:eu-west-2:123456789012:file-system/fs-1",
            _asked("aws:123456789012:eu-west-2", "fsx:DescribeFileSystems"),
        ),
        (_SQL, _asked("azure:s", "GET Microsoft.Sql/servers")),
        (
            f"{_SQL}/databases/x",
            _asked("azure:s", "GET Microsoft.Sql/servers/databases", of=_SQL.lower()),
        ),
    ],
)
def test_a_resource_that_was_not_there_is_warned_of(resource: str, asked: Looked) -> None:
    """Where the question that would tell of it was answered; an id that was mistyped shows so."""
    to = Destination.AWS if resource.startswith("arn") else Destination.AZURE
    moved = [replace(move(to=to, resource=resource), server="db")]
    (warning,) = there_already(moved, [], Counterparts((), (asked,)))
    assert f"its resource {resource} was not there when {asked.source} was asked on" in warning
    assert f"run decant discover {to.value}: again" in warning
    failed = replace(asked, why=Unknown(reason=Reason.NEEDS_PRIVILEGE))
    for other in (
        failed,
        replace(asked, told_at=None),
        replace(asked, beside=(resource.lower(),)),
        replace(asked, source="aws:999999999999:eu-west-2"),
        replace(asked, question="another"),
    ):
        assert there_already(moved, [], Counterparts((), (other,))) == []


@pytest.mark.parametrize(
    "resource", ["i-0a1b2c3d4e5f60718", "arn:aws:s3:::files", "nonsense", _VOLUME, None]
)
def test_nobody_is_warned_of_what_no_question_is_about(resource: str | None) -> None:
    """Instances are servers, a bucket's ARN does not say where it is, volumes are not listed."""
    source = "aws:123456789012:eu-west-2"
    asked = (_asked(source, "s3:ListBuckets"), _asked(source, "fsx:DescribeFileSystems"))
    moved = [move(to=Destination.AWS, resource=resource)]
    assert there_already(moved, [], Counterparts((), asked)) == []


def test_databases_of_another_server_say_nothing() -> None:
    """Each server is asked for its own."""
    asked = _asked("azure:s", "GET Microsoft.Sql/servers/databases", of=f"{_SQL.lower()}2")
    moved = [move(to=Destination.AZURE, resource=f"{_SQL}/databases/x")]
    assert there_already(moved, [], Counterparts((), (asked,))) == []


def test_a_short_id_in_a_tag_is_no_reason() -> None:
    """A list's running number is in many tags."""
    server = _server(EXTERNAL_IDS.known((Tag(name="CMDB", value="17"),)))
    assert _found(server, _known(tags=(Tag(name="floor", value="17"),))) == []

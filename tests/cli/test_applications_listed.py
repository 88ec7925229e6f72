"""What a user types to see applications, what they consist of, and which uses which."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from terminal import Decant

from inventory.estate_file import read_estate
from inventory.model.fact import Observation, Origin
from inventory.model.facts import (
    CONNECTIONS,
    HOSTNAME,
    INTERFACES,
    LISTENERS,
    MACHINE_ID,
    OS_FAMILY,
    PROCESSES,
)
from inventory.model.instances import POSTGRESQL, Detail, Instance, InstanceKind
from inventory.model.parts import Connection, Direction, Interface, Listener, Process, Protocol
from inventory.model.run import Visit
from inventory.store.opening import open_store
from inventory.store.runs import begin_run
from inventory.store.visits import record_visit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLUSTER = Instance(
    application="postgresql",
    kind=InstanceKind.SERVER,
    name="15/main",
    version="15.13",
    path="/var/lib/postgresql/15/main",
    ports=("5432/tcp",),
    details=(Detail(name="role", value="primary"),),
)
DATABASE = Instance(
    application="postgresql",
    kind=InstanceKind.DATABASE,
    name="shop",
    of="15/main",
    size_bytes=3 * 1024 * 1024,
)


def facts(
    name: str,
    address: str,
    processes: dict[int, str],
    port: int,
    far: tuple[str, int],
    *,
    out: bool,
) -> tuple[Observation, ...]:
    """Return what a server with one listener and one connection says."""
    pid, serving = next(iter(processes.items()))
    program = serving.split()[0].rpartition("/")[2]
    local = 40001 if out else port
    return (
        HOSTNAME.known(name),
        MACHINE_ID.known(f"{name:0<32}".replace("-", "0")),
        OS_FAMILY.known("linux"),
        INTERFACES.known((Interface(name="eth0", addresses=(f"{address}/24",)),)),
        PROCESSES.known(
            tuple(
                Process(pid=number, name=line.split()[0].rpartition("/")[2], command_line=line)
                for number, line in processes.items()
            )
        ),
        LISTENERS.known(
            (
                Listener(
                    protocol=Protocol.TCP, address="0.0.0.0", port=port, process=program, pid=pid
                ),
            )
        ),
        CONNECTIONS.known(
            (
                Connection(
                    protocol=Protocol.TCP,
                    direction=Direction.OUTBOUND if out else Direction.INBOUND,
                    local_address=address,
                    local_port=local,
                    remote_address=far[0],
                    remote_port=far[1],
                    process=program,
                    pid=pid,
                ),
            )
        ),
    )


@pytest.fixture
def estate(decant: Decant) -> Decant:
    """Return a terminal in an estate of two servers that were looked at twice."""
    assert decant("init", "--name", "Civic").code == 0
    web = facts(
        "web-1",
        "10.0.0.1",
        {10: "/usr/sbin/nginx", 11: "/usr/sbin/zabbix_agentd"},
        80,
        ("10.0.0.2", 5432),
        out=True,
    )
    database = (
        *facts(
            "db-1", "10.0.0.2", {20: "/usr/bin/postgres"}, 5432, ("192.0.2.7", 50000), out=False
        ),
        POSTGRESQL.known((CLUSTER, DATABASE)),
    )
    with open_store(read_estate(Path.cwd(), {}).database) as store:
        for minutes in (0, 60):
            run = begin_run(store, command="discover", at=NOON).id
            for target, said in (("ssh://web-1", web), ("ssh://db-1", database)):
                at = NOON + timedelta(minutes=minutes)
                origin = Origin(source=target, question="test", at=at, run=run)
                stated = (Observation(key=x.key, fact=x.fact, origin=origin) for x in said)
                record_visit(store, run, Visit(target=target, at=at, observations=tuple(stated)))
    return decant


def test_the_agents_of_every_server_are_listed(estate: Decant) -> None:
    """Server by server, by what they are for, and whether they run."""
    said = estate("applications", "--agents")
    assert said.code == 0
    assert said.lines[0].split() == [
        "server", "category", "name", "version", "state", "confidence", "why",
    ]  # fmt: skip
    (line,) = said.lines[1:]
    assert line.split()[:5] == ["web-1", "monitoring", "Zabbix", "agent", "runs"]


def test_applications_of_a_category_are_listed_alone(estate: Decant) -> None:
    """Several categories may be asked for; one that does not exist is refused with the list."""
    wanted = ("--category", "web", "--category", "database", "--format", "json")
    assert [each["id"] for each in estate("applications", *wanted).json()] == [
        "nginx",
        "postgresql",
    ]
    refused = estate("applications", "--category", "databse")
    assert refused.code == 2
    assert "there is no category 'databse'" in refused.err
    assert "database" in refused.err.partition("hint:")[2]
    none = estate("applications", "--category", "backup")
    assert (none.code, none.out) == (0, "")
    assert "none of the applications that are known is one of these" in none.err


def test_what_applications_consist_of_is_listed(estate: Decant) -> None:
    """A cluster and its database, with sizes for people, and in bytes for programs."""
    table = estate("applications", "--instances")
    assert [line.split()[:4] for line in table.lines[1:]] == [
        ["PostgreSQL", "db-1", "server", "15/main"],
        ["PostgreSQL", "db-1", "database", "shop"],
    ]
    assert "3.0 MiB" in table.out
    rows = estate("applications", "--instances", "--format", "json").json()
    assert [each["size_bytes"] for each in rows] == [None, 3 * 1024 * 1024]
    assert rows[0]["details"] == ["role: primary"]


def test_the_document_of_an_application_holds_all_that_is_known(estate: Decant) -> None:
    """State, purpose, lifecycle product and instances are there for programs."""
    (database,) = estate("applications", "db-1", "--format", "json").json()
    assert database["state"] == "runs"
    assert database["agent"] is False
    assert database["version"] == "15.13"
    assert database["lifecycle_product"] == "postgresql"
    assert [each["name"] for each in database["instances"]] == ["15/main", "shop"]
    csv = estate("applications", "db-1", "--format", "csv").out
    assert "server 15/main, database shop" in csv


def test_which_application_uses_which_is_listed(estate: Decant) -> None:
    """The application stands beside each server; outside, only the address is known."""
    rows = estate("connections", "--applications", "--format", "json").json()
    ends = {(x["client"], x["client_application"], x["server_application"]) for x in rows}
    assert ends == {("web-1", "NGINX", "PostgreSQL"), ("192.0.2.7", None, "PostgreSQL")}
    graph = estate("connections", "--applications", "--graph", "mermaid").out
    assert "NGINX on web-1" in graph


def test_connections_tell_since_when_they_are_known(estate: Decant) -> None:
    """What two looks showed is one row, with the first and the last of them."""
    rows = {x["client"]: x for x in estate("connections", "--format", "json").json()}
    assert rows["web-1"]["looks"] == 2
    assert rows["web-1"]["first_seen"] == NOON.isoformat()
    assert rows["web-1"]["last_seen"] == (NOON + timedelta(hours=1)).isoformat()
    assert rows["web-1"]["client_processes"] == ["nginx"]


def test_what_leads_out_of_the_estate_is_listed(estate: Decant) -> None:
    """Every address outside with the port, the server, and who opened the connection."""
    (row,) = estate("connections", "--outside", "--format", "json").json()
    assert (row["address"], row["direction"], row["server"], row["port"]) == (
        "192.0.2.7",
        "comes in",
        "db-1",
        5432,
    )
    refused = estate("connections", "--outside", "--graph", "dot")
    assert refused.code == 2
    assert "--outside goes with neither" in refused.err


def test_the_graph_for_programs_is_printed(estate: Decant) -> None:
    """Nodes with applications, edges with ports, times, and the window that was looked at."""
    document = estate("connections", "--graph", "json").json()
    assert {each["name"] for each in document["nodes"]} == {"web-1", "db-1", "192.0.2.7"}
    assert {(each["port"], each["looks"]) for each in document["edges"]} == {(5432, 2)}
    assert document["observed"]["since"] == NOON.isoformat()


def test_own_fingerprints_are_recognised_before_ours(estate: Decant) -> None:
    """A row in the estate's folder names what nobody else knows; a faulty one is named by line."""
    Path("fingerprints.csv").write_text(
        "id,name,category,process_names\nshopfront,Our shop front,web,nginx\n"
    )
    found = {x["id"]: x for x in estate("applications", "--format", "json").json()}
    assert {"shopfront", "postgresql"} <= set(found)
    assert "nginx" not in found
    assert found["shopfront"]["confidence"] == "high"
    Path("fingerprints.csv").write_text("id,name,category,paths\nx,X,web,opt/x\n")
    said = estate("applications")
    assert said.code == 5
    assert "fingerprints.csv:2" in said.err
    assert "paths" in said.err

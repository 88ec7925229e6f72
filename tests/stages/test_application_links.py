"""Which application uses which, now and over time, within a server and between servers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from inventory.applications.dependencies import all_uses, dependencies
from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.links import application_dependencies
from inventory.applications.matcher import Matcher
from inventory.applications.recognise import recognised
from inventory.cli._graph import application_edges, application_name, dot
from inventory.cli._graph_json import graph_document
from inventory.cli._landscape import Landscape
from inventory.estate import Estate
from inventory.model.application import ApplicationDependency
from inventory.model.fact import Facts
from inventory.model.facts import CONNECTIONS, INTERFACES, LISTENERS, OS_FAMILY, PROCESSES
from inventory.model.parts import Connection, Direction, Interface, Listener, Process, Protocol
from inventory.model.server import Server
from inventory.model.sighting import Observed, Sighting

NOW = datetime(2026, 11, 23, tzinfo=UTC)
IN, OUT, LOOP = Direction.INBOUND, Direction.OUTBOUND, Direction.LOOPBACK
MATCHER = Matcher(load_fingerprints())


def connection(
    direction: Direction,
    local: tuple[str, int],
    remote: tuple[str, int],
    process: str | None = None,
    pid: int | None = None,
) -> Connection:
    """Make an established connection."""
    return Connection(
        protocol=Protocol.TCP,
        direction=direction,
        local_address=local[0],
        local_port=local[1],
        remote_address=remote[0],
        remote_port=remote[1],
        process=process,
        pid=pid,
    )


def listener(port: int, process: str, pid: int, address: str = "0.0.0.0") -> Listener:
    """Make a listener."""
    return Listener(protocol=Protocol.TCP, address=address, port=port, process=process, pid=pid)


def process(pid: int, command_line: str, name: str) -> Process:
    """Make a process."""
    return Process(pid=pid, name=name, command_line=command_line)


def server(
    name: str,
    address: str,
    *connections: Connection,
    processes: tuple[Process, ...] = (),
    listeners: tuple[Listener, ...] = (),
) -> Server:
    """Make a server of the estate."""
    facts = Facts.from_observations(
        (
            OS_FAMILY.known("linux"),
            INTERFACES.known((Interface(name="eth0", addresses=(f"{address}/24",)),)),
            PROCESSES.known(processes),
            LISTENERS.known(listeners),
            CONNECTIONS.known(connections),
        )
    )
    return Server(
        id=name,
        name=name,
        target=f"ssh://{name}",
        facts=facts,
        first_seen=NOW,
        last_asked=NOW,
        last_answered=NOW,
    )


def app_server(*connections: Connection) -> Server:
    """Make a server on which Tomcat and Kafka run, both as Java."""
    return server(
        "app",
        "10.0.0.1",
        *connections,
        processes=(
            process(10, "/usr/bin/java -Dcatalina.base=/srv/tomcat B", "java"),
            process(11, "/usr/bin/java kafka.Kafka x", "java"),
        ),
        listeners=(listener(8080, "java", 10), listener(9092, "java", 11)),
    )


def database_server(*connections: Connection) -> Server:
    """Make a server on which PostgreSQL runs."""
    return server(
        "db",
        "10.0.0.2",
        *connections,
        processes=(process(20, "/usr/lib/postgresql/15/bin/postgres -D /x", "postgres"),),
        listeners=(listener(5432, "postgres", 20),),
    )


def links(
    *servers: Server, sightings: dict[str, tuple[Sighting, ...]] | None = None
) -> tuple[ApplicationDependency, ...]:
    """Work out which application uses which."""
    known = {each.id: recognised(each.facts, MATCHER) for each in servers}
    return application_dependencies(servers, known, all_uses(servers, sightings or {}))


def told(found: tuple[ApplicationDependency, ...]) -> list[tuple[str, str | None, str, str | None]]:
    """Return the ends of each."""
    return [
        (each.client, each.client_application, each.server, each.server_application)
        for each in found
    ]


def test_the_application_that_uses_another_is_told_by_its_process() -> None:
    """Of two Java servers it is Tomcat that uses the database, as the process's number says."""
    found = links(
        app_server(connection(OUT, ("10.0.0.1", 40001), ("10.0.0.2", 5432), "java", 10)),
        database_server(connection(IN, ("10.0.0.2", 5432), ("10.0.0.1", 40001), "postgres", 21)),
    )
    assert told(found) == [("app", "Apache Tomcat", "db", "PostgreSQL")]
    assert (found[0].port, found[0].protocol, found[0].connections) == (5432, "tcp", 1)
    assert not found[0].is_loopback


def test_two_applications_that_use_one_port_are_two_links() -> None:
    """Who uses a database is told one by one."""
    found = links(
        app_server(
            connection(OUT, ("10.0.0.1", 40001), ("10.0.0.2", 5432), "java", 10),
            connection(OUT, ("10.0.0.1", 40002), ("10.0.0.2", 5432), "java", 11),
        ),
        database_server(),
    )
    assert told(found) == [
        ("app", "Apache Kafka", "db", "PostgreSQL"),
        ("app", "Apache Tomcat", "db", "PostgreSQL"),
    ]


def test_a_name_that_several_applications_have_is_left_as_it_is() -> None:
    """Without its number, a process called java is not taken for either of two."""
    found = links(
        app_server(connection(OUT, ("10.0.0.1", 40001), ("10.0.0.2", 5432), "java")),
        database_server(),
    )
    assert told(found) == [("app", "java", "db", "PostgreSQL")]


def test_an_end_of_which_nothing_is_known_is_told_by_its_server() -> None:
    """Neither a client that was not asked nor one outside is given an application."""
    found = links(
        server("app", "10.0.0.1"),
        database_server(
            connection(IN, ("10.0.0.2", 5432), ("10.0.0.1", 40001), "postgres", 21),
            connection(IN, ("10.0.0.2", 5432), ("192.0.2.7", 40001), "postgres", 22),
        ),
    )
    assert told(found) == [
        ("app", None, "db", "PostgreSQL"),
        ("outside:192.0.2.7", None, "db", "PostgreSQL"),
    ]


def test_applications_of_one_server_use_each_other_over_loopback() -> None:
    """What has to move together is seen, and an application's talk with itself is left out."""
    one = server(
        "all",
        "10.0.0.3",
        connection(LOOP, ("127.0.0.1", 40001), ("127.0.0.1", 5432), "nginx", 31),
        connection(LOOP, ("127.0.0.1", 5432), ("127.0.0.1", 40001), "postgres", 32),
        connection(LOOP, ("127.0.0.1", 40002), ("127.0.0.1", 5432), "postgres", 32),
        connection(OUT, ("10.0.0.3", 40003), ("10.0.0.3", 5432), "nginx", 31),
        processes=(
            process(31, "nginx: worker process", "nginx"),
            process(32, "postgres: shop", "postgres"),
        ),
        listeners=(listener(5432, "postgres", 32, "127.0.0.1"),),
    )
    (found,) = links(one)
    assert (found.client_application, found.server_application) == ("NGINX", "PostgreSQL")
    assert found.is_loopback
    assert found.connections == 2


def sighting(
    direction: Direction,
    local: str,
    remote: str,
    port: int,
    *,
    days: tuple[int, int] = (2, 1),
    process: str | None = None,
) -> Sighting:
    """Make a sighting from some days ago to some days ago."""
    return Sighting(
        protocol=Protocol.TCP,
        direction=direction,
        local_address=local,
        remote_address=remote,
        port=port,
        process=process,
        first_seen=NOW - timedelta(days=days[0]),
        last_seen=NOW - timedelta(days=days[1]),
        looks=3,
        most_at_once=7,
    )


def test_what_was_seen_before_is_kept_with_its_times() -> None:
    """A nightly job that no look shows now is still a dependency, seen from either end."""
    estate = [app_server(), database_server()]
    (found,) = dependencies(
        estate,
        {
            "app": (sighting(OUT, "10.0.0.1", "10.0.0.2", 5432, days=(9, 4), process="java"),),
            "db": (sighting(IN, "10.0.0.2", "10.0.0.1", 5432, days=(5, 1), process="postgres"),),
        },
    )
    assert (found.client, found.server, found.port) == ("app", "db", 5432)
    assert found.first_seen == NOW - timedelta(days=9)
    assert found.last_seen == NOW - timedelta(days=1)
    assert (found.looks, found.connections) == (3, 7)
    assert found.client_processes == ("java",)
    assert dependencies(estate) == ()


def test_the_last_look_and_the_time_before_are_one_dependency() -> None:
    """What is seen now and was seen before is told once."""
    estate = [
        app_server(connection(OUT, ("10.0.0.1", 40001), ("10.0.0.2", 5432), "java", 10)),
        database_server(),
    ]
    seen = {"app": (sighting(OUT, "10.0.0.1", "10.0.0.2", 5432, process="java"),)}
    (found,) = dependencies(estate, seen)
    assert found.process == "postgres"
    assert found.first_seen == NOW - timedelta(days=2)
    assert told(links(*estate, sightings=seen)) == [("app", "Apache Tomcat", "db", "PostgreSQL")]


def test_a_guess_of_the_wrong_direction_is_no_dependency() -> None:
    """A port that clients are given, at a server that does not listen there, serves nobody."""
    estate = [app_server(), database_server()]
    wrong = {"db": (sighting(OUT, "10.0.0.2", "10.0.0.1", 40001),)}
    assert dependencies(estate, wrong) == ()
    elsewhere = {"db": (sighting(OUT, "10.0.0.2", "192.0.2.9", 40001),)}
    assert [each.server for each in dependencies(estate, elsewhere)] == ["outside:192.0.2.9"]


def test_of_several_with_an_address_the_one_that_saw_it_too_is_meant() -> None:
    """The active member of a cluster is told from the passive one over time as well."""
    estate = [app_server(), database_server(), server("db-2", "10.0.0.2")]
    seen = {
        "app": (sighting(OUT, "10.0.0.1", "10.0.0.2", 5432),),
        "db": (sighting(IN, "10.0.0.2", "10.0.0.1", 5432),),
    }
    assert [(each.client, each.server) for each in dependencies(estate, seen)] == [("app", "db")]


def landscape(*servers: Server, sightings: dict[str, tuple[Sighting, ...]]) -> Landscape:
    """Make the landscape of an estate without fingerprints of its own."""
    estate = Estate(name="x", folder=Path("/nowhere"), database="sqlite://")
    return Landscape(estate, servers, sightings)


def test_the_graph_for_programs_holds_every_server_and_every_edge() -> None:
    """Nodes have their applications, edges their port, processes, applications and times."""
    document = graph_document(
        landscape(
            app_server(
                connection(OUT, ("10.0.0.1", 40001), ("10.0.0.2", 5432), "java", 10),
                connection(OUT, ("10.0.0.1", 40002), ("192.0.2.9", 443), "java", 10),
                connection(LOOP, ("127.0.0.1", 40003), ("127.0.0.1", 9092), "java", 10),
            ),
            database_server(),
            server("idle", "10.0.0.9"),
            sightings={"app": (sighting(OUT, "10.0.0.1", "10.0.0.2", 5432),)},
        ),
        Observed(since=NOW - timedelta(days=2), until=NOW, looks=9, servers=3),
    )
    nodes = {each["id"]: each for each in document["nodes"]}
    assert set(nodes) == {"app", "db", "idle", "outside:192.0.2.9"}
    assert [each["name"] for each in nodes["db"]["applications"]] == ["PostgreSQL"]
    assert nodes["outside:192.0.2.9"]["outside"] is True
    database, outside = document["edges"]
    assert database == {
        "client": "app",
        "server": "db",
        "port": 5432,
        "protocol": "tcp",
        "process": "postgres",
        "client_processes": ["java"],
        "applications": [
            {"client_application": "Apache Tomcat", "server_application": "PostgreSQL"}
        ],
        "connections": 7,
        "looks": 3,
        "first_seen": (NOW - timedelta(days=2)).isoformat(),
        "last_seen": (NOW - timedelta(days=1)).isoformat(),
    }
    assert outside["server"] == "outside:192.0.2.9"
    assert document["within"] == [
        {
            "server": "app",
            "client_application": "Apache Tomcat",
            "server_application": "Apache Kafka",
            "port": 9092,
            "protocol": "tcp",
        }
    ]
    assert document["observed"] == {
        "since": (NOW - timedelta(days=2)).isoformat(),
        "until": NOW.isoformat(),
        "looks": 9,
        "servers": 3,
    }
    assert json.loads(json.dumps(document)) == document


def test_a_graph_of_applications_names_each_on_its_server() -> None:
    """An application is a node of its own for every server that it runs on."""
    found = links(
        app_server(connection(OUT, ("10.0.0.1", 40001), ("10.0.0.2", 5432), "java", 10)),
        database_server(connection(IN, ("10.0.0.2", 5432), ("192.0.2.7", 40001), "postgres")),
    )
    text = dot(application_edges(found), application_name(lambda end: end.upper()))
    assert 'label="Apache Tomcat on APP"' in text
    assert 'label="PostgreSQL on DB"' in text
    assert 'label="OUTSIDE:192.0.2.7", style=dashed' in text

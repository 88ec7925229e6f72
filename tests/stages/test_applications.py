"""Which applications are recognised on a server, how surely, and why."""

from __future__ import annotations

import time

from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.applications.recognise import recognise
from inventory.model.application import Application, Confidence
from inventory.model.fact import Facts, Observation
from inventory.model.facts import LISTENERS, OS_FAMILY, PACKAGES, PROCESSES, SERVICES
from inventory.model.parts import Listener, Package, Process, Protocol, Service, ServiceState

MATCHER = Matcher(load_fingerprints())


def process(pid: int, command_line: str, name: str | None = None) -> Process:
    """Make a process, called as its program is."""
    program = command_line.split(maxsplit=1)[0].rstrip(":").rpartition("/")[2]
    return Process(pid=pid, name=name or program, command_line=command_line)


def listener(
    port: int, name: str | None, pid: int | None, protocol: Protocol = Protocol.TCP
) -> Listener:
    """Make a listener on every address."""
    return Listener(protocol=protocol, address="::", port=port, process=name, pid=pid)


def package(name: str, version: str, manager: str = "dpkg") -> Package:
    """Make an installed package."""
    return Package(name=name, version=version, manager=manager)


def server(
    *processes: Process,
    listeners: tuple[Listener, ...] = (),
    packages: tuple[Package, ...] = (),
    services: tuple[str, ...] = (),
    family: str = "linux",
) -> Facts:
    """Make the facts of one server."""
    running = (Service(name=each, state=ServiceState.RUNNING) for each in services)
    return Facts.from_observations(
        (
            OS_FAMILY.known(family),
            PROCESSES.known(processes),
            LISTENERS.known(listeners),
            PACKAGES.known(packages),
            SERVICES.known(tuple(running)),
        )
    )


def found(facts: Facts) -> dict[str, Application]:
    """Recognise, by identifier."""
    return {each.id: each for each in recognise(facts, MATCHER)}


def test_a_database_is_recognised_with_its_version_port_and_reasons() -> None:
    """PostgreSQL is told as an engineer would."""
    told = found(
        server(
            process(901, "/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main"),
            process(905, "postgres: shop shop 10.0.0.4(40112) idle", name="postgres"),
            listeners=(listener(5432, "postgres", 901),),
            packages=(
                package("postgresql", "15+248+deb12u1"),
                package("postgresql-13", "13.20-1"),
                package("postgresql-15", "15.13-0+deb12u1"),
                package("postgresql-client-15", "15.14-0+deb12u1"),
            ),
        )
    )
    assert told == {
        "postgresql": Application(
            id="postgresql",
            name="PostgreSQL",
            vendor="PostgreSQL GDG",
            category="database",
            version="15.13",
            ports=("5432/tcp",),
            confidence=Confidence.HIGH,
            why=(
                "process postgres listens on 5432/tcp",
                "package postgresql-15 15.13-0+deb12u1 is installed",
            ),
            lifecycle_product="postgresql",
            runs=True,
        )
    }


def test_the_applications_of_a_small_shop_are_recognised() -> None:
    """nginx, a Python application, redis and OpenSSH are told apart."""
    told = found(
        server(
            process(10, "nginx: master process /usr/sbin/nginx", name="nginx"),
            process(11, "nginx: worker process", name="nginx"),
            process(20, "/usr/bin/python3 /srv/shop/shop.py --port 8000", name="python3"),
            process(30, "/usr/bin/redis-server 127.0.0.1:6379", name="redis-server"),
            process(40, "sshd: /usr/sbin/sshd -D [listener]", name="sshd"),
            listeners=(
                listener(80, "nginx", 10),
                listener(8000, "python3", 20),
                listener(6379, "redis-server", 30),
                listener(22, "sshd", 40),
            ),
            packages=(package("nginx", "1.22.1-9+deb12u1"), package("redis", "5:7.0.15-1")),
        )
    )
    assert {name: each.confidence for name, each in told.items()} == dict.fromkeys(
        ("nginx", "python", "redis", "sshd"), Confidence.HIGH
    )
    assert told["nginx"].version == "1.22.1"
    assert told["redis"].version == "7.0.15"
    assert told["sshd"].category == "infrastructure"
    assert "python3 runs shop.py" in told["python"].why
    assert told["python"].ports == ("8000/tcp",)


def test_clients_and_libraries_are_no_servers() -> None:
    """Who can talk to a database does not run one."""
    told = found(
        server(
            packages=(
                package("postgresql-client-15", "15.13"),
                package("postgresql-common", "248"),
                package("libpq5", "15.13"),
                package("mysql-common", "5.8"),
                package("mariadb-client", "10.11"),
                package("redis-tools", "7.0"),
                package("openssh-client", "9.2"),
                package("bind9-libs", "9.18"),
                package("python3", "3.11.2"),
                package("perl", "5.36"),
            )
        )
    )
    assert told == {}


def test_what_is_installed_and_does_not_run_is_told_as_such() -> None:
    """A package alone is a weak sign, and says so."""
    told = found(server(packages=(package("nginx", "1.22.1-9"),)))
    assert told["nginx"].confidence is Confidence.LOW
    assert told["nginx"].why == (
        "installed, but nothing of it runs",
        "package nginx 1.22.1-9 is installed",
    )


def test_what_is_installed_where_processes_are_unknown_may_run() -> None:
    """Not knowing the processes is not read as "it does not run"."""
    facts = Facts.from_observations(
        (OS_FAMILY.known("linux"), PACKAGES.known((package("nginx", "1.22.1-9"),)))
    )
    assert found(facts)["nginx"].why[0] == "installed, but whether it runs is unknown"


def test_what_listens_and_is_not_recognised_is_kept() -> None:
    """A home-made server does not vanish."""
    told = found(
        server(process(7, "/opt/ledger/ledgerd"), listeners=(listener(7700, "ledgerd", 7),))
    )
    assert told["unrecognised:ledgerd"].ports == ("7700/tcp",)
    assert told["unrecognised:ledgerd"].why == ("process ledgerd listens on 7700/tcp",)


def test_a_port_whose_process_cannot_be_seen_is_a_weak_sign() -> None:
    """A port alone tells an application only when no other uses it."""
    told = found(server(listeners=(listener(5432, None, None), listener(80, None, None))))
    assert told["postgresql"].confidence is Confidence.LOW
    assert told["postgresql"].why == ("5432/tcp is open; its process could not be seen",)
    assert told["unrecognised:80/tcp"].ports == ("80/tcp",)


def test_a_port_whose_process_cannot_be_seen_belongs_to_what_runs() -> None:
    """An account without privilege still learns which ports an application has."""
    told = found(
        server(
            process(10, "nginx: master process", name="nginx"),
            listeners=(listener(80, None, None), listener(443, None, None)),
        )
    )
    assert told["nginx"].ports == ("80/tcp", "443/tcp")
    assert told["nginx"].confidence is Confidence.HIGH
    assert list(told) == ["nginx"]


def test_a_port_is_surer_where_its_application_is_installed() -> None:
    """Package and port together tell more than either."""
    told = found(
        server(listeners=(listener(80, None, None),), packages=(package("lighttpd", "1.4"),))
    )
    assert told["lighttpd"].confidence is Confidence.MEDIUM


def test_java_applications_are_told_apart_by_their_command_lines() -> None:
    """Java is the application only when nothing better is known."""
    told = found(
        server(
            process(1, "/usr/bin/java -Dcatalina.base=/srv/tomcat Bootstrap", name="java"),
            process(2, "/usr/bin/java -Xmx1g kafka.Kafka server.properties", name="java"),
            process(3, "/usr/bin/java -jar /opt/own/app.jar", name="java"),
            listeners=(
                listener(8080, "java", 1),
                listener(9092, "java", 2),
                listener(9999, "java", 3),
            ),
        )
    )
    assert {name: each.ports for name, each in told.items()} == {
        "tomcat": ("8080/tcp",),
        "kafka": ("9092/tcp",),
        "java": ("9999/tcp",),
    }


def test_a_shared_name_is_decided_by_what_is_installed() -> None:
    """Mysqld is MariaDB where MariaDB is installed."""
    mysqld = process(5, "/usr/sbin/mysqld --basedir=/usr")
    told = found(server(mysqld, packages=(package("mariadb-server", "1:10.5.28-0+deb11u1"),)))
    assert list(told) == ["mariadb"]
    assert told["mariadb"].version == "10.5.28"
    assert told["mariadb"].confidence is Confidence.HIGH


def test_a_shared_name_that_nothing_decides_is_less_sure() -> None:
    """What else it may be is said."""
    told = found(server(process(5, "/usr/sbin/mysqld")))
    assert told["mysql"].confidence is Confidence.MEDIUM
    assert (
        "MariaDB Server and Percona Server for MySQL would show the same signs" in told["mysql"].why
    )


def test_oracle_is_not_taken_for_what_stores_its_data_in_it() -> None:
    """A process of the database is no sign of the applications that use Oracle."""
    assert list(found(server(process(5, "ora_pmon_ORCL")))) == ["oracle-db"]


def test_a_script_is_known_by_its_own_name() -> None:
    """Gunicorn is recognised behind the interpreter that runs it."""
    told = found(
        server(
            process(5, "/usr/bin/python3 /usr/bin/gunicorn shop:app", name="python3"),
            process(6, "python3 -m uvicorn shop:app", name="python3"),
            process(7, "/usr/bin/python3 /usr/bin/fail2ban-server -xf start", name="python3"),
        )
    )
    assert set(told) == {"gunicorn", "uvicorn", "os-services"}


def test_an_interpreter_that_serves_nobody_is_a_weak_sign() -> None:
    """A script in the background is told, and not taken for a service."""
    told = found(server(process(5, "/usr/bin/python3.11 /opt/jobs/nightly.py", name="python3.11")))
    assert told["python"].confidence is Confidence.LOW
    assert "it listens nowhere" in told["python"].why


def test_an_interpreter_whose_ports_cannot_be_seen_may_serve() -> None:
    """Not seeing who listens is not read as "it does not listen"."""
    told = found(
        server(
            process(5, "/usr/bin/python3 /srv/shop.py", name="python3"),
            listeners=(listener(8000, None, None),),
        )
    )
    assert "whether it listens could not be seen" in told["python"].why


def test_the_services_of_the_system_are_one_entry() -> None:
    """Cron, the resolver and the log do not hide the applications."""
    told = found(
        server(
            process(1, "/sbin/init", name="systemd"),
            process(2, "/usr/sbin/cron -f"),
            process(3, "/lib/systemd/systemd-resolved", name="systemd-resolve"),
            process(4, "/usr/sbin/rsyslogd -n"),
            listeners=(listener(53, "systemd-resolve", 3, Protocol.UDP),),
        )
    )
    assert list(told) == ["os-services"]
    assert told["os-services"].ports == ("53/udp",)
    assert told["os-services"].category == "infrastructure"


def test_a_service_that_runs_out_of_sight_is_told() -> None:
    """The service manager's word is believed where no process is seen."""
    told = found(server(services=("nginx", "postgresql@15-main")))
    assert told["nginx"].confidence is Confidence.MEDIUM
    assert told["nginx"].why == ("service nginx is running",)


def test_windows_services_are_looked_for_on_windows_only() -> None:
    """DNS is a Windows service's name, and means nothing elsewhere."""
    assert "ms-dns" in found(server(services=("DNS",), family="windows"))
    assert found(server(services=("DNS",))) == {}


def test_unknown_facts_tell_no_application() -> None:
    """A server that told nothing has none that is known."""
    nothing: tuple[Observation, ...] = ()
    assert recognise(Facts.from_observations(nothing), MATCHER) == ()


def test_ten_thousand_servers_are_recognised_in_seconds() -> None:
    """A server with 200 processes and 600 packages takes less than 5 ms, after the first."""
    facts = server(
        *(process(pid, f"/usr/bin/tool{pid % 50} --flag {pid}") for pid in range(100, 280)),
        process(10, "nginx: master process", name="nginx"),
        process(20, "/usr/bin/python3 /srv/shop.py", name="python3"),
        listeners=(listener(80, "nginx", 10), listener(8000, "python3", 20)),
        packages=tuple(package(f"lib{number}", "1.0-1") for number in range(600)),
    )
    recognise(facts, MATCHER)
    start = time.process_time()
    for _ in range(100):
        recognise(facts, MATCHER)
    assert (time.process_time() - start) / 100 < 0.005

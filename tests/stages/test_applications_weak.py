"""What tells of applications beside their processes: folders, services, jobs, words, instances."""

from __future__ import annotations

import pytest

from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.applications.recognise import recognise
from inventory.model.application import Application, Confidence
from inventory.model.fact import Facts, Observation
from inventory.model.facts import OS_FAMILY, PACKAGES, PROCESSES, SERVICES
from inventory.model.instances import (
    JAVA,
    MYSQL,
    NGINX_SITES,
    ORACLE,
    PATHS,
    POSTGRESQL,
    Instance,
    InstanceKind,
)
from inventory.model.parts import Package, Process, Service, ServiceState
from inventory.model.software import (
    CONTAINERS,
    SCHEDULED_JOBS,
    Container,
    ContainerState,
    JobKind,
    ScheduledJob,
)

MATCHER = Matcher(load_fingerprints())


def found(*observations: Observation) -> dict[str, Application]:
    """Recognise on a Linux server, by identifier."""
    facts = Facts.from_observations((OS_FAMILY.known("linux"), *observations))
    return {each.id: each for each in recognise(facts, MATCHER)}


def process(pid: int, command_line: str, name: str | None = None) -> Process:
    """Make a process, called as its program is."""
    program = command_line.split(maxsplit=1)[0].rpartition("/")[2]
    return Process(pid=pid, name=name or program, command_line=command_line)


def test_a_folder_without_a_process_is_a_weak_sign() -> None:
    """Software that no package manager knows is found by where it lies, and said not to run."""
    told = found(PROCESSES.known(()), PATHS.known(("/opt/splunkforwarder",)))["splunk-uf"]
    assert told.confidence is Confidence.LOW
    assert told.runs is False
    assert told.is_agent
    assert told.why == ("/opt/splunkforwarder is there, but nothing of it runs",)


def test_a_folder_where_processes_are_unknown_may_run() -> None:
    """Not knowing the processes is not read as "it does not run"."""
    told = found(PATHS.known(("/opt/splunkforwarder",)))["splunk-uf"]
    assert told.runs is None
    assert told.why == ("/opt/splunkforwarder is there, but whether it runs is unknown",)


def test_a_content_management_system_is_where_its_files_are() -> None:
    """It has no process of its own, so its files are as good a sign as there is."""
    told = found(PROCESSES.known(()), PATHS.known(("/var/www/intranet/wp-login.php",)))
    assert told["wordpress"].confidence is Confidence.MEDIUM
    assert told["wordpress"].why == ("/var/www/intranet/wp-login.php is there",)


def test_a_folder_decides_between_products_that_run_under_one_name() -> None:
    """Splunkd is the forwarder where the forwarder's folder is, and Splunk itself otherwise."""
    splunkd = PROCESSES.known((process(9, "splunkd -p 8089 start"),))
    assert list(found(splunkd, PATHS.known(("/opt/splunkforwarder",)))) == ["splunk-uf"]
    assert list(found(splunkd)) == ["splunk"]


def test_a_tool_that_anything_may_run_as_needs_more_than_a_folder() -> None:
    """Java is not Tomcat because Tomcat is installed, too."""
    told = found(
        PROCESSES.known((process(9, "/usr/bin/java -jar /srv/own.jar"),)),
        PACKAGES.known((Package(name="tomcat10", version="10.1.6", manager="dpkg"),)),
    )
    assert told["tomcat"].runs is False
    assert told["java"].runs is True


def test_a_service_is_known_by_its_own_name() -> None:
    """An agent whose service is called unlike its process is found by its service."""
    told = found(SERVICES.known((Service(name="nessusagent", state=ServiceState.RUNNING),)))
    assert told["nessus-agent"].why == ("service nessusagent is running",)
    assert told["nessus-agent"].runs is True


def test_what_the_clock_starts_is_told() -> None:
    """Ansible in pull mode runs for a minute an hour: its job tells of it."""
    job = ScheduledJob(
        kind=JobKind.CRON,
        source="/etc/cron.d/ansible",
        schedule="@hourly",
        command="cd /srv && /usr/local/bin/ansible-pull -U https://git.example/x",
    )
    shell = ScheduledJob(
        kind=JobKind.CRON, source="/etc/crontab", schedule="@daily", command="python3 /srv/x.py"
    )
    told = found(SCHEDULED_JOBS.known((job, shell)))
    assert set(told) == {"ansible-pull"}
    assert told["ansible-pull"].confidence is Confidence.MEDIUM
    assert told["ansible-pull"].runs is None
    assert told["ansible-pull"].why == ("job /etc/cron.d/ansible runs ansible-pull",)


@pytest.mark.parametrize(
    ("command", "identifiers"),
    [
        ("/etc/cron.daily/apache2", set()),
        ("systemctl restart nginx", set()),
        ("[ -x /usr/sbin/nginx ] && echo nginx", set()),
        ("nice -n 19 ionice -c 3 /usr/bin/restic backup /srv", {"file-backup"}),
        (
            "RESTIC_REPOSITORY=/x /usr/bin/restic backup; freshclam --quiet",
            {"file-backup", "clamav"},
        ),
        ("if true; then sudo -n chef-client; fi", {"chef-client"}),
        ("nginx.service", set()),
    ],
)
def test_only_what_a_job_runs_tells(command: str, identifiers: set[str]) -> None:
    """Not what it restarts, tests for, or is called after."""
    job = ScheduledJob(kind=JobKind.CRON, source="x", schedule="@daily", command=command)
    assert set(found(SCHEDULED_JOBS.known((job,)))) == identifiers


def test_the_word_for_a_councils_system_is_a_weak_sign_with_its_purpose() -> None:
    """A database called as a product is told as what it may be, and where the word was."""
    database = Instance(
        application="postgresql", kind=InstanceKind.DATABASE, name="liquidlogic_live", of="15/main"
    )
    told = found(PROCESSES.known(()), POSTGRESQL.known((database,)))["liquidlogic"]
    assert told.confidence is Confidence.LOW
    assert told.runs is None
    assert told.purpose is not None
    assert told.purpose.startswith("Social care: ")
    assert told.why == ("the word liquidlogic is in the name of database liquidlogic_live",)


def test_a_word_within_another_is_none() -> None:
    """Only whole words count: /opt/bartecs is not Bartec."""
    assert found(PATHS.known(("/opt/xbartec", "/opt/bartecs"))) == {}
    assert list(found(PATHS.known(("/opt/Bartec-7",)))) == ["bartec"]


def test_instances_belong_to_the_application_that_runs_them() -> None:
    """MySQL's folders are MariaDB's where MariaDB runs."""
    data = Instance(application="mysql", kind=InstanceKind.SERVER, name="/var/lib/mysql")
    told = found(PROCESSES.known((process(5, "/usr/sbin/mariadbd"),)), MYSQL.known((data,)))
    assert told["mariadb"].instances == (data,)
    assert list(told) == ["mariadb"]


def test_what_is_deployed_belongs_to_the_process_that_serves_it() -> None:
    """Of two Java servers each has its own; a product that comes with Tomcat is that product."""
    base = Instance(application="tomcat", kind=InstanceKind.SERVER, name="/opt/jira", pid=7)
    other = Instance(application="tomcat", kind=InstanceKind.SERVER, name="/srv/tomcat", pid=8)
    told = found(
        PROCESSES.known(
            (
                process(7, "/usr/bin/java -Datlassian-jira -Dcatalina.base=/opt/jira B"),
                process(8, "/usr/bin/java -Dcatalina.base=/srv/tomcat B"),
            )
        ),
        JAVA.known((base, other)),
    )
    assert told["jira"].instances == (base,)
    assert told["tomcat"].instances == (other,)


def test_data_that_was_left_behind_is_told() -> None:
    """A cluster nobody runs is something to move or to throw away, and to decide on."""
    old = Instance(
        application="postgresql",
        kind=InstanceKind.SERVER,
        name="13/old",
        version="13",
        path="/var/lib/postgresql/13/old",
    )
    told = found(PROCESSES.known(()), POSTGRESQL.known((old,)))["postgresql"]
    assert told.confidence is Confidence.LOW
    assert told.runs is False
    assert told.version == "13"
    assert told.why == (
        "data of 13/old is there in /var/lib/postgresql/13/old, but nothing of it runs",
    )


def test_sites_are_told_with_their_web_server() -> None:
    """A web server's virtual hosts are its instances, in the order of its configuration."""
    sites = tuple(
        Instance(application="nginx", kind=InstanceKind.SITE, name=name, ports=("80/tcp",))
        for name in ("www.example.gov.uk", "www.example.gov.uk", "api.example.gov.uk")
    )
    master = process(1, "nginx: master process", name="nginx")
    told = found(PROCESSES.known((master,)), NGINX_SITES.known(sites))
    assert told["nginx"].instances == sites


def test_an_oracle_database_is_told_once_by_its_table_and_its_process() -> None:
    """What oratab registers and what runs are joined by SID; the listener has its name."""
    registered = Instance(
        application="oracle-db", kind=InstanceKind.SERVER, name="UNIFORM", version="19.3.0"
    )
    told = found(
        PROCESSES.known(
            (
                process(10, "ora_pmon_UNIFORM"),
                process(11, "ora_pmon_TEST"),
                process(
                    12, "/u01/app/oracle/product/19.3.0/dbhome_1/bin/tnslsnr LISTENER -inherit"
                ),
            )
        ),
        ORACLE.known((registered,)),
    )
    assert [each.name for each in told["oracle-db"].instances] == ["UNIFORM", "TEST"]
    assert told["oracle-db"].version == "19.3.0"
    assert [each.name for each in told["oracle-listener"].instances] == ["LISTENER"]


def test_compose_projects_are_told_with_their_services_and_ports() -> None:
    """Containers of a project are one instance; one that stands alone is one of its own."""
    web = Container(
        engine="docker",
        id="1",
        name="shop-web-1",
        image="nginx:1.25",
        state=ContainerState.RUNNING,
        ports=("0.0.0.0:8080->80/tcp", "[::]:8080->80/tcp"),
        project="shop",
        service="web",
    )
    database = Container(
        engine="docker",
        id="2",
        image="postgres:16",
        state=ContainerState.STOPPED,
        project="shop",
        service="db",
    )
    alone = Container(engine="docker", id="3", name="cache", image="redis:7")
    told = found(
        PROCESSES.known((process(1, "/usr/bin/dockerd"),)),
        CONTAINERS.known((web, database, alone)),
    )
    instances = {each.name: each for each in told["docker"].instances}
    assert instances["shop"].kind is InstanceKind.PROJECT
    assert instances["shop"].ports == ("8080/tcp",)
    assert instances["shop"].detail("service web") == ("nginx:1.25",)
    assert instances["shop"].detail("service db") == ("postgres:16 (stopped)",)
    assert instances["cache"].kind is InstanceKind.CONTAINER
    assert instances["cache"].detail("image") == ("redis:7",)


def test_a_version_is_read_from_a_path_when_nothing_else_tells_it() -> None:
    """Software that was unpacked somewhere bears its version in its folder's name."""
    told = found(
        PROCESSES.known(
            (
                process(
                    1,
                    "/usr/bin/java -Dcatalina.base=/opt/apache-tomcat-9.0.65 B",
                ),
            )
        )
    )["tomcat"]
    assert told.version == "9.0.65"
    assert told.why[-1] == "a path in its command line names version 9.0.65"


def test_what_an_instance_says_of_itself_goes_before_a_path() -> None:
    """Two clusters of different releases leave the version unknown rather than guessed."""
    clusters = [
        Instance(application="postgresql", kind=InstanceKind.SERVER, name=name, version=name, pid=1)
        for name in ("13", "15")
    ]
    postgres = PROCESSES.known((process(1, "/usr/lib/postgresql/15/bin/postgres -D /x"),))
    assert found(postgres, POSTGRESQL.known((clusters[1],)))["postgresql"].version == "15"
    assert found(postgres, POSTGRESQL.known(tuple(clusters)))["postgresql"].version is None


def test_busybox_is_not_taken_for_what_it_stands_in_for() -> None:
    """Its web server is called httpd as Apache's is, and takes other options."""
    told = found(
        PROCESSES.known(
            (
                process(1, "/bin/busybox init", name="busybox"),
                process(2, "/bin/httpd -f -p 80 -h /var/www"),
                process(3, "/bin/busybox telnetd -F", name="busybox"),
            )
        )
    )
    assert set(told) == {"busybox", "os-services"}
    assert list(found(PROCESSES.known((process(2, "/usr/sbin/httpd -DFOREGROUND"),)))) == ["apache"]

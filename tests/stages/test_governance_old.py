"""Checks that the old server is really stopped: services, jobs, power."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sights import NOW, SaidPast, facts, listeners, move, sight

from inventory.collectors.services import COLLECTOR as SERVICES_READER
from inventory.model.collector import Answer
from inventory.model.fact import Facts, Observation, Origin, Reason, Unknown
from inventory.model.facts import HOSTNAME, LISTENERS, PROCESSES, SERVICES
from inventory.model.parts import Listener, Process, Protocol, Service, ServiceState
from inventory.model.placement import POWER, Power
from inventory.model.software import AT_JOBS, SCHEDULED_JOBS, USER_JOBS, JobKind, ScheduledJob
from inventory.registry import Registry
from migrate.model.act import Act, Intent, Result
from migrate.model.action import Aftermath
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult, Fingerprint, Outcome

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
ANSWERS = Path(__file__).parents[1] / "fixtures" / "answers"
"""What real servers answered."""


def run(check: str, seen: Sight, **parameters: object) -> CheckResult:
    """Run a check; what it observed must be JSON."""
    result = CHECKS.one(check).value.run(seen, parameters)
    json.dumps(dict(result.observed))
    return result


def act(
    changes: tuple[str, ...] = ("listeners",),
    *,
    at: datetime = NOW - timedelta(hours=2),
    aftermath: Aftermath = Aftermath.DONE,
    undo: bool = False,
) -> Act:
    """Return something that was done to the server two hours ago."""
    intent = Intent(
        id="i",
        server_id="s1",
        playbook="rehost",
        stage="stop",
        action="stop-services-ssh",
        undo=undo,
        what="stop web-1",
        relied_on=(),
        before=Fingerprint(parts={}),
        changes=changes,
        holder="tests",
        at=at,
        signer="tests",
    )
    result = Result(
        id="r", server_id="s1", intent="i", aftermath=aftermath, detail="", after=None, at=at
    )
    return Act(intent=intent, result=result)


STOPPED = ServiceState.STOPPED


def service(
    name: str,
    state: ServiceState = STOPPED,
    *,
    enabled: bool | None = False,
    gathers: bool = False,
) -> Service:
    """Return a service that is stopped for good, unless given otherwise."""
    return Service(name=name, state=state, enabled=enabled, gathers=gathers)


def holder(port: int, pid: int, address: str = "0.0.0.0") -> Listener:
    """Return a listener of a process."""
    return Listener(protocol=Protocol.TCP, address=address, port=port, process="p", pid=pid)


def ran(*units: str | None) -> Facts:
    """Return facts of a server on which these units held ports 8000 and up, and sshd its own."""
    held = [holder(8000 + number, 100 + number) for number in range(len(units))]
    processes = [
        Process(pid=100 + number, name="p", command_line="p", unit=unit)
        for number, unit in enumerate(units)
    ]
    return facts(
        LISTENERS.known((holder(22, 1), *held)),
        PROCESSES.known(tuple(processes)),
        SERVICES.known(tuple(service(each.removesuffix(".service")) for each in units if each)),
    )


def now(*services: Service, ports: tuple[Listener, ...] = ()) -> Facts:
    """Return what the server tells now; its SSH still listens."""
    return facts(SERVICES.known(services), LISTENERS.known((holder(22, 1), *ports)))


def stopped(old: Facts, before: Facts, **parameters: object) -> CheckResult:
    """Run services-stopped on a server that was as it was before the first act."""
    seen = sight(old=old, past=SaidPast(before=before), acts=(act(),))
    return run("services-stopped", seen, **parameters)


TWO = ran("nginx.service", "shop.service")


def test_services_that_held_ports_before_must_be_stopped_for_good() -> None:
    """They are found by who held the ports before the first act; SSH is none of them."""
    result = stopped(now(service("nginx"), service("shop")), TWO)
    assert result.outcome is Outcome.PASSED
    assert "nginx, shop" in result.detail


@pytest.mark.parametrize(
    ("shop", "words"),
    [
        (service("shop", ServiceState.RUNNING), "shop runs"),
        (service("shop", ServiceState.FAILED), "shop failed, which is not stopped"),
        (service("shop", enabled=True), "shop starts at boot"),
        (service("shop", ServiceState.RUNNING, enabled=True), "shop runs and starts at boot"),
    ],
)
def test_a_service_that_runs_or_comes_back_fails(shop: Service, words: str) -> None:
    """Stopped is not enough when it starts at the next boot."""
    result = stopped(now(service("nginx"), shop), TWO)
    assert result.outcome is Outcome.FAILED
    assert words in result.detail


@pytest.mark.parametrize(
    "shop", [service("shop", ServiceState.UNKNOWN), service("shop", enabled=None)]
)
def test_a_service_of_which_it_is_not_told_is_unknown(shop: Service) -> None:
    """A manager that does not say is not a service that is stopped."""
    assert stopped(now(service("nginx"), shop), TWO).outcome is Outcome.UNKNOWN


def test_a_port_that_is_held_still_fails() -> None:
    """Whoever took it over: socket activation, or a copy started by hand."""
    left = now(service("nginx"), service("shop"), ports=(holder(8001, 1),))
    result = stopped(left, TWO)
    assert result.outcome is Outcome.FAILED
    assert "8001/tcp is still held" in result.detail


def test_services_can_be_named() -> None:
    """Names, patterns and unit names all do; the others then do not matter."""
    old = now(service("nginx", ServiceState.RUNNING), service("shop-web"), service("shop-jobs"))
    assert stopped(old, TWO, services=["shop-*"]).outcome is Outcome.PASSED
    assert stopped(old, TWO, services=["shop-web.service"]).outcome is Outcome.PASSED
    assert stopped(old, TWO, services=["nginx"]).outcome is Outcome.FAILED


def test_a_service_that_nobody_ever_knew_is_unknown() -> None:
    """A slip in a name does not pass."""
    result = stopped(now(service("nginx")), TWO, services=["ngnix"])
    assert result.outcome is Outcome.UNKNOWN
    assert "ngnix" in result.detail


def test_a_service_that_was_removed_is_stopped() -> None:
    """It was known before, and is not there any more."""
    result = stopped(now(service("nginx")), TWO)
    assert result.outcome is Outcome.PASSED
    assert stopped(now(), TWO).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "before",
    [
        ran("nginx.service", None),
        ran("init.scope"),
        facts(),
        facts(LISTENERS.known((holder(22, 1),)), PROCESSES.known(())),
        facts(LISTENERS.known((holder(80, 1),)), PROCESSES.unknown(Reason.NOT_TOLD)),
    ],
    ids=["no unit", "no service", "nothing known", "served nothing", "no processes"],
)
def test_when_it_is_not_known_who_served_they_have_to_be_named(before: Facts) -> None:
    """It is unknown, and says which parameter to give."""
    result = stopped(now(service("nginx")), before)
    assert result.outcome is Outcome.UNKNOWN
    assert "under services" in result.detail


def test_without_any_act_what_it_serves_now_is_what_must_stop() -> None:
    """A server on which nothing was stopped does not pass."""
    running = facts(
        LISTENERS.known((holder(80, 5),)),
        PROCESSES.known((Process(pid=5, name="p", command_line="p", unit="nginx.service"),)),
        SERVICES.known((service("nginx", ServiceState.RUNNING),)),
    )
    assert run("services-stopped", sight(old=running)).outcome is Outcome.FAILED


def postgresql(after: Callable[[str], str]) -> Facts:
    """Return what Debian 11 told of its services with a cluster of PostgreSQL, changed as asked."""
    told = (ANSWERS / "debian-11-postgresql.raw").read_text("utf-8", "replace")
    boundary = "@0123456789abcdef0123456789abcdef"
    text = told.partition(f"{boundary} begin services\n")[2].partition(f"\n{boundary} end")[0]
    assert "postgresql.service                   loaded    active   exited" in text
    read = Facts.from_observations(SERVICES_READER.read(Answer(text=after(text))))
    return facts(SERVICES.known(read.value(SERVICES) or ()), LISTENERS.known((holder(22, 1),)))


def dead(text: str) -> str:
    """Stop the cluster, as systemd then says."""
    running = "postgresql@13-main.service           loaded    active   running"
    assert running in text
    return text.replace(running, "postgresql@13-main.service           loaded    inactive dead   ")


def masked(text: str) -> str:
    """Stop and mask the cluster, as stop-services-ssh does; the generator's link stays."""
    link = "postgresql@13-main.service -> /dev/null"
    files = "-/etc/systemd/system/postgresql@13-main.service"
    return (
        dead(text)
        .replace("system:\ntotal 24\n", f"system:\nlrwxrwxrwx 1 0 0 9 Nov 23 05:41 {link}\n")
        .replace("@@ systemd-installable", f"{files}\n@@ systemd-installable")
    )


def disabled(text: str) -> str:
    """Stop the cluster and disable what gathers it: ``systemctl disable --now postgresql``."""
    link = "postgresql.service -> /lib/systemd/system/postgresql.service"
    lines = dead(text).splitlines()
    left = [each for each in lines if not each.endswith(link)]
    assert len(left) == len(lines) - 1
    return "\n".join(left)


@pytest.mark.parametrize("pattern", ["postgresql*", "postgresql", "postgresql@13-main"])
@pytest.mark.parametrize(
    ("after", "outcome", "words"),
    [
        (str, Outcome.FAILED, "postgresql@13-main runs and starts at boot"),
        (dead, Outcome.FAILED, "postgresql@13-main starts at boot"),
        (masked, Outcome.PASSED, "stopped, and not started at boot"),
        (disabled, Outcome.PASSED, "stopped, and not started at boot"),
    ],
)
def test_what_gathers_others_is_stopped_when_they_are(
    pattern: str, after: Callable[[str], str], outcome: Outcome, words: str
) -> None:
    """Debian's postgresql.service runs nothing; its clusters count, however they were stopped."""
    result = stopped(postgresql(after), postgresql(str), services=[pattern])
    assert (result.outcome, words in result.detail) == (outcome, True), result.detail


def test_a_service_of_its_own_that_wants_others_is_judged_itself() -> None:
    """What runs, or gathers none of its own name that is known, may start something at boot."""
    alone = service("shop", enabled=True, gathers=True)
    assert stopped(now(alone), TWO, services=["shop"]).outcome is Outcome.FAILED
    runs = service("shop", ServiceState.RUNNING, gathers=True)
    one = service("shop@1", enabled=False)
    assert stopped(now(runs, one), TWO, services=["shop"]).outcome is Outcome.FAILED


def cron(command: str, source: str = "/etc/cron.d/shop") -> ScheduledJob:
    """Return a job of cron."""
    return ScheduledJob(
        kind=JobKind.CRON, source=source, schedule="@daily", command=command, user="root"
    )


def scheduling(*jobs: ScheduledJob, waiting: int = 0, users: Observation | None = None) -> Facts:
    """Return facts of a server with these jobs."""
    return facts(SCHEDULED_JOBS.known(jobs), users or USER_JOBS.known(()), AT_JOBS.known(waiting))


ROTATE = ScheduledJob(
    kind=JobKind.TIMER, source="logrotate.timer", schedule="OnCalendar=daily", command="x"
)


def test_only_the_systems_own_upkeep_may_stay_scheduled() -> None:
    """What the distribution schedules for itself is told and passes; anything else fails."""
    result = run("jobs-removed", sight(old=scheduling(ROTATE)))
    assert result.outcome is Outcome.PASSED
    assert "1 job of the system's own upkeep" in result.detail
    left = run("jobs-removed", sight(old=scheduling(ROTATE, cron("/srv/shop/send"))))
    assert left.outcome is Outcome.FAILED
    assert "/etc/cron.d/shop (@daily) /srv/shop/send" in left.detail


def test_jobs_of_accounts_and_of_at_count() -> None:
    """They come back by themselves just as well."""
    own = USER_JOBS.known((cron("poll", "/var/spool/cron/crontabs/shop"),))
    assert run("jobs-removed", sight(old=scheduling(users=own))).outcome is Outcome.FAILED
    assert run("jobs-removed", sight(old=scheduling(waiting=1))).outcome is Outcome.FAILED


def test_jobs_that_may_not_be_seen_are_unknown() -> None:
    """An account's hidden crontab may hold anything."""
    hidden = USER_JOBS.unknown(Reason.NEEDS_PRIVILEGE, "crontabs may not be read")
    result = run("jobs-removed", sight(old=scheduling(users=hidden)))
    assert result.outcome is Outcome.UNKNOWN
    assert "crontabs may not be read" in result.detail


def test_which_jobs_must_go_and_may_stay_can_be_said() -> None:
    """By source or command; what was asked for stands in the result."""
    old = sight(old=scheduling(ROTATE, cron("/srv/shop/send"), cron("/srv/old/x", "/etc/crontab")))
    assert run("jobs-removed", old, jobs=["/srv/mail/*"]).outcome is Outcome.PASSED
    assert run("jobs-removed", old, jobs=["/srv/shop/*"]).outcome is Outcome.FAILED
    every = {"keep": ["logrotate.timer", "/etc/cron*"]}
    assert run("jobs-removed", old, **every).outcome is Outcome.PASSED


@pytest.fixture
def shut() -> Iterator[int]:
    """Give a port of loopback at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def off(port: int, **changes: Any) -> Sight:
    """Return a sight of a server at that port of loopback that was switched off and is silent."""
    seen = sight(acts=(act(("power",)),), new=facts(HOSTNAME.known("web-1-new")), **changes)
    return replace(seen, move=move(source=f"ssh://root@127.0.0.1:{port}"))


def said(power: Power, at: datetime) -> SaidPast:
    """Return a past in which an export said so."""
    origin = Origin(source="vcenter.xlsx", question="vInfo", at=at, run="r")
    return SaidPast(now=facts(replace(POWER.known(power), origin=origin)))


def test_switched_off_and_silent_passes(shut: int) -> None:
    """The journal says that it was switched off, and nobody answers at its address."""
    result = run("powered-off", off(shut))
    assert result.outcome is Outcome.PASSED
    assert "switched off on 2026-11-23 10:00 UTC" in result.detail


def test_what_changed_nothing_on_it_did_not_switch_it_on(shut: int) -> None:
    """An act that ends its replication comes after the one that switched it off."""
    seen = replace(off(shut), acts=(act(("power",)), act(())))
    assert run("powered-off", seen).outcome is Outcome.PASSED
    seen = replace(seen, acts=(act(("power",)), act(("listeners",))))
    assert run("powered-off", seen).outcome is not Outcome.PASSED


def test_a_server_that_answers_is_on(shut: int) -> None:
    """Whatever the journal says."""
    told = facts(HOSTNAME.known("web-1"))
    assert run("powered-off", off(shut, old=told)).outcome is Outcome.FAILED
    assert run("powered-off", off(shut, old=facts())).outcome is Outcome.UNKNOWN


def test_something_that_answers_at_its_address_fails() -> None:
    """An open port is somebody, even where nobody lets us in."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        result = run("powered-off", off(server.getsockname()[1]))
    assert result.outcome is Outcome.FAILED
    assert "something answers at its address" in result.detail


def test_a_port_that_it_served_is_knocked_at_too(shut: int) -> None:
    """Not SSH alone: a server whose SSH was stopped may still work."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        past = SaidPast(now=facts(LISTENERS.known(listeners(f"{port}/tcp"))))
        assert run("powered-off", off(shut, past=past)).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "acts",
    [
        (),
        (act(("listeners",)),),
        (act(("power",), aftermath=Aftermath.UNKNOWN),),
        (act(("power",)), act(("power",), aftermath=Aftermath.NOT_DONE, undo=True)),
        (act(("power",)), act(("power",), undo=True)),
    ],
    ids=["nothing done", "stopped only", "not known", "taken back", "not taken back for certain"],
)
def test_silence_alone_is_unknown(shut: int, acts: tuple[Act, ...]) -> None:
    """A cable may have come loose: nobody switched it off, as far as the journal knows."""
    result = run("powered-off", replace(off(shut), acts=acts))
    assert result.outcome is Outcome.UNKNOWN
    assert "does not show that it is off" in result.detail


def test_an_export_may_say_that_it_is_off(shut: int) -> None:
    """Where somebody else switched it off, whoever runs it is believed, and named."""
    seen = replace(off(shut, past=said(Power.OFF, NOW)), acts=())
    assert run("powered-off", seen).outcome is Outcome.PASSED
    suspended = replace(off(shut, past=said(Power.SUSPENDED, NOW)), acts=())
    assert run("powered-off", suspended).outcome is Outcome.UNKNOWN


def test_an_export_that_says_on_counts_when_it_is_newer(shut: int) -> None:
    """An export of before it was switched off says nothing of now."""
    before, after = (NOW - timedelta(hours=hours) for hours in (3, 1))
    assert run("powered-off", off(shut, past=said(Power.ON, before))).outcome is Outcome.PASSED
    assert run("powered-off", off(shut, past=said(Power.ON, after))).outcome is Outcome.FAILED


def test_when_the_new_server_is_silent_too_the_network_may_be_at_fault(shut: int) -> None:
    """Then it cannot be told."""
    gone = Unknown(reason=Reason.UNREACHABLE)
    assert run("powered-off", replace(off(shut), new=gone)).outcome is Outcome.UNKNOWN
    assert run("powered-off", replace(off(shut), new=None)).outcome is Outcome.PASSED


@pytest.mark.parametrize("source", ["local", "recorded:///tmp/x", "nowhere://x", ""])
def test_an_address_at_which_nobody_can_knock_is_unknown(shut: int, source: str) -> None:
    """What cannot be looked at is not off."""
    seen = replace(off(shut), move=move(source=source))
    assert run("powered-off", seen).outcome is Outcome.UNKNOWN


def test_a_name_that_does_not_resolve_is_unknown(shut: int) -> None:
    """It says something of names, and nothing of power."""
    seen = replace(off(shut), move=move(source="ssh://root@no-such-server.invalid"))
    assert run("powered-off", seen).outcome is Outcome.UNKNOWN


def test_what_our_own_act_stopped_is_what_must_stay_stopped() -> None:
    """An agent that it left running, because it is no application, does not count."""
    did = act()
    stopped = replace(did, intent=replace(did.intent, particulars=("shop enabled active",)))
    now = facts(
        SERVICES.known((service("shop"), service("agent", ServiceState.RUNNING, enabled=True))),
        LISTENERS.known((holder(8001, 101),)),
    )
    past = SaidPast(before=ran("shop.service", "agent.service"))
    assert run("services-stopped", sight(old=now, past=past, acts=(act(),))).outcome is (
        Outcome.FAILED
    )
    result = run("services-stopped", sight(old=now, past=past, acts=(stopped,)))
    assert result.outcome is Outcome.PASSED
    assert result.observed["services"] == ["shop"]

"""Checks of what both servers tell: each passes on what is right, fails on what is not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sights import connection, facts, listeners, listening, move, sight, used

from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.facts import CONNECTIONS, HOSTNAME, LISTENERS
from inventory.model.parts import Direction
from inventory.registry import Registry
from migrate.model.check import Check, CloudResource, Sight
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)


def run(name: str, seen: Sight, **parameters: object) -> CheckResult:
    """Run a check; what it observed must be JSON."""
    result = CHECKS.one(name).value.run(seen, parameters)
    json.dumps(dict(result.observed))
    return result


def test_parity_passes_on_the_same_ports() -> None:
    """The same ports on both servers pass, and are named."""
    result = run(
        "listeners-parity",
        sight(old=listening("443/tcp", "53/udp"), new=listening("53/udp", "443/tcp")),
    )
    assert result.outcome is Outcome.PASSED
    assert "443/tcp" in result.detail


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (("443/tcp", "25/tcp"), ("443/tcp",), "25/tcp (nginx) is missing"),
        (("443/tcp",), ("443/tcp", "9100/tcp"), "9100/tcp (nginx) is new"),
        (("53/udp",), ("53/tcp",), "53/udp (nginx) is missing"),
    ],
)
def test_parity_names_each_difference(
    old: tuple[str, ...], new: tuple[str, ...], words: str
) -> None:
    """A port that is missing, new, or of another protocol fails, and is named."""
    result = run("listeners-parity", sight(old=listening(*old), new=listening(*new)))
    assert result.outcome is Outcome.FAILED
    assert words in result.detail


def test_parity_takes_expected_differences() -> None:
    """Differences that a move expects do not fail it."""
    seen = sight(old=listening("80/tcp", "23/tcp"), new=listening("80/tcp", "9100/tcp"))
    result = run("listeners-parity", seen, expected_missing=["23/tcp"], expected_new=["9100/tcp"])
    assert result.outcome is Outcome.PASSED


def test_parity_sees_through_loopback() -> None:
    """A port that is offered to the new server itself only is missing, and it says why."""
    new = facts(
        LISTENERS.known((*listeners("80/tcp"), *listeners("5432/tcp", address="127.0.0.1")))
    )
    result = run("listeners-parity", sight(old=listening("80/tcp", "5432/tcp"), new=new))
    assert result.outcome is Outcome.FAILED
    assert "loopback only" in result.detail


def test_parity_tells_of_another_process() -> None:
    """Another process behind the same port is told, and is no failure."""
    seen = sight(old=listening("80/tcp", process="apache2"), new=listening("80/tcp"))
    result = run("listeners-parity", seen)
    assert result.outcome is Outcome.PASSED
    assert "80/tcp was apache2 and is now nginx" in result.detail


def test_parity_of_nothing_is_unknown() -> None:
    """Two servers that offer nothing prove nothing."""
    result = run("listeners-parity", sight(old=listening(), new=listening()))
    assert result.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("side", ["old", "new"])
def test_parity_never_passes_on_an_unknown_side(side: str) -> None:
    """When one server did not tell its listeners, it is unknown, and says which and why."""
    blind = facts(LISTENERS.unknown(Reason.NEEDS_PRIVILEGE, "ss is missing"))
    seen = sight(old=listening("80/tcp"), new=listening("80/tcp"))
    result = run("listeners-parity", replace(seen, **{side: blind}))  # type: ignore[arg-type]
    assert result.outcome is Outcome.UNKNOWN
    assert f"the {side} server" in result.detail
    assert "ss is missing" in result.detail


def test_quiet_passes_when_nobody_is_connected() -> None:
    """No connection but administration's passes, and says that it was one look."""
    seen = sight(old=used(connection("10.0.0.9", 22, process="sshd")))
    result = run("no-inbound-connections", seen)
    assert result.outcome is Outcome.PASSED
    assert "one look" in result.detail


@pytest.mark.parametrize(
    ("remote", "words"),
    [
        ("10.0.0.7", "app-1 10.0.0.7 on 443/tcp nginx"),
        ("::ffff:10.0.0.7", "app-1 10.0.0.7 on 443/tcp nginx"),
        ("203.0.113.9", "203.0.113.9, outside the estate, on 443/tcp nginx"),
    ],
)
def test_quiet_names_who_is_connected(remote: str, words: str) -> None:
    """A connection from the estate or from outside fails, and is named."""
    seen = sight(old=used(connection(remote, 443)), estate={"10.0.0.7": "app-1"})
    result = run("no-inbound-connections", seen)
    assert result.outcome is Outcome.FAILED
    assert words in result.detail


def test_quiet_counts_a_served_port_whoever_opened_it() -> None:
    """A connection on an offered port is use, even when its direction was taken for outbound."""
    seen = sight(old=used(connection("10.0.0.7", 443, direction=Direction.OUTBOUND)))
    assert run("no-inbound-connections", seen).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "own",
    [
        connection("10.0.0.4", 443),
        connection("10.0.0.4", 443, local="127.0.1.1"),
        connection("127.0.0.1", 443, direction=Direction.LOOPBACK, local="127.0.0.1"),
        connection("10.0.0.8", 50_123, direction=Direction.OUTBOUND),
    ],
)
def test_quiet_lets_the_server_talk_by_itself(own: object) -> None:
    """Its talk with itself, and what it opened itself, is not use by others."""
    result = run("no-inbound-connections", sight(old=used(own)))  # type: ignore[arg-type]
    assert result.outcome is Outcome.PASSED


def test_quiet_can_ignore_other_ports_instead() -> None:
    """With ports of its own to ignore, administration counts again."""
    seen = sight(old=used(connection("10.0.0.9", 22), connection("10.0.0.7", 443)))
    result = run("no-inbound-connections", seen, ignore_ports=[443])
    assert result.outcome is Outcome.FAILED
    assert "22/tcp" in result.detail
    assert "443/tcp" not in result.detail


def test_our_own_look_is_no_use_of_the_server() -> None:
    """The port by which the server is asked does not count, wherever its SSH listens."""
    old = used(connection("10.0.0.9", 2222, process="sshd"), ports=("2222/tcp",))
    seen = sight(old=old)
    assert run("no-inbound-connections", seen).outcome is Outcome.FAILED
    asked = replace(seen, move=move(source="ssh://root@10.0.0.4:2222"))
    assert run("no-inbound-connections", asked).outcome is Outcome.PASSED


@pytest.mark.parametrize("missing", [CONNECTIONS, LISTENERS])
def test_quiet_is_unknown_without_its_facts(missing: object) -> None:
    """Not knowing the connections, or what is served, is not quiet."""
    blind = used().updated(())
    left = {name: each for name, each in blind.items() if name != missing.name}  # type: ignore[attr-defined]
    assert run("no-inbound-connections", sight(old=Facts(left))).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("side", ["old", "new"])
def test_answers_passes_when_the_server_told_its_name(side: str) -> None:
    """A server that answered and said who it is passes."""
    seen = replace(sight(), **{side: facts(HOSTNAME.known("web-1"))})  # type: ignore[arg-type]
    assert run(f"{side}-answers", seen).outcome is Outcome.PASSED


def machine(**more: object) -> CloudResource:
    """Return a healthy machine, but for what is given."""
    healthy = CloudResource(
        id="m1", exists=True, power_state="running", healthy=True, provisioning="Succeeded"
    )
    return replace(healthy, **more)  # type: ignore[arg-type]


CLOUD_CHECKS = [("ec2-instance", Destination.AWS), ("azure-vm", Destination.AZURE)]


@pytest.mark.parametrize(("name", "to"), CLOUD_CHECKS)
@pytest.mark.parametrize(
    ("cloud", "outcome"),
    [
        (machine(), Outcome.PASSED),
        (machine(exists=False), Outcome.FAILED),
        (machine(power_state="stopped"), Outcome.FAILED),
        (machine(healthy=False), Outcome.FAILED),
        (machine(healthy=None), Outcome.UNKNOWN),
        (machine(power_state="hibernating-in-a-way-nobody-knew"), Outcome.UNKNOWN),
        (machine(power_state=None), Outcome.UNKNOWN),
        (Unknown(reason=Reason.NEEDS_PRIVILEGE, detail="denied"), Outcome.UNKNOWN),
    ],
)
def test_only_a_running_healthy_machine_passes(
    name: str, to: Destination, cloud: CloudResource | Unknown, outcome: Outcome
) -> None:
    """A machine passes when it exists, runs and is well; what is not told is unknown."""
    assert run(name, sight(to=to, cloud=cloud)).outcome is outcome


@pytest.mark.parametrize(("name", "to"), CLOUD_CHECKS)
def test_a_machine_of_the_other_cloud_proves_nothing(name: str, to: Destination) -> None:
    """A move to another destination is unknown to a cloud's check, even with a healthy machine."""
    others = [each for each in Destination if each is not to]
    outcomes = {run(name, sight(to=each, cloud=machine())).outcome for each in others}
    assert outcomes == {Outcome.UNKNOWN}


@pytest.mark.parametrize(
    ("provisioning", "outcome"),
    [("Failed", Outcome.FAILED), ("Wandering", Outcome.UNKNOWN), (None, Outcome.UNKNOWN)],
)
def test_azure_provisioning_must_have_succeeded(provisioning: str | None, outcome: Outcome) -> None:
    """A running machine whose provisioning failed fails; one with a new word for it is unknown."""
    seen = sight(to=Destination.AZURE, cloud=machine(provisioning=provisioning))
    assert run("azure-vm", seen).outcome is outcome

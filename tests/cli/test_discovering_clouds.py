"""What runs in the clouds already is found, account by account, and nothing there is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NoReturn

import pytest
import requests
from terminal import Decant

from inventory.discovery.schemes import SOURCES
from inventory.discovery.sources import Wanted, ask_sources
from inventory.errors import StoreError, UnreachableError
from inventory.model.source import Place
from inventory.store.opening import open_store
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import forbidden
from migrate.demo.moto import LoopbackAws, loopback_aws

_OTHER = "210987654321"


@pytest.fixture
def aws(decant: Decant, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackAws]:
    """Return an AWS of its own, which the environment of the terminal leads to."""
    assert decant("init").code == 0
    with loopback_aws() as running:
        requests.post(f"{running.url}/moto-api/reset", timeout=10).raise_for_status()
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def arm(decant: Decant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return an Azure of its own, which the estate's only subscription is in."""
    assert decant("init").code == 0
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        _configure(f'[azure]\nsubscription = "{running.subscription}"\ncredential = "environment"')
        yield running


class _Page(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = b"<html><body>sign in</body></html>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing."""


@pytest.fixture
def httpd() -> Iterator[str]:
    """Return the address of something that answers everything by a page of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _configure(table: str) -> None:
    """Replace the whole estate by its name and a table."""
    Path("decant.toml").write_text(f'[estate]\nname = "Test"\n\n{table}\n')


def _machine(arm: LoopbackArm, name: str, *, location: str = "uksouth") -> str:
    """Hold a machine with one interface; return its id."""
    machine = arm.vm_id(name)
    card = machine.replace("Compute/virtualMachines", "Network/networkInterfaces")
    arm.put_vm(machine, location=location, size="Standard_D2s_v5")
    arm.resources.attach(machine, card)
    arm.resources.put(
        card,
        location=location,
        properties={
            "macAddress": "00-0D-3A-11-22-33",
            "ipConfigurations": [{"properties": {"privateIPAddress": "10.9.0.4"}}],
        },
    )
    return machine


@pytest.mark.moto
def test_instances_are_found_with_what_aws_says_of_them(decant: Decant, aws: LoopbackAws) -> None:
    """Size, memory, disks, addresses and power come by the page, under the account's name."""
    running = aws.run_instance(size="m5.large", address="10.77.0.30")
    stopped = aws.run_instance(size="t3.small")
    aws.stop(stopped)
    _configure('[aws]\nregion = "eu-west-2"')
    said = decant("discover", "aws:")
    assert (said.code, said.out) == (0, "")
    assert "2 servers of clouds" in said.err
    listed = {each["name"]: each for each in decant("servers", "--format", "json").json()}
    assert set(listed) == {running, stopped}
    shown = decant("show", running, "--format", "json").json()
    facts = {name: each["value"] for name, each in shown["facts"].items()}
    assert facts["hardware.cloud_instance"] == running
    assert facts["hardware.cloud_type"] == "m5.large"
    assert facts["placement.configured_memory_bytes"] == 8 << 30
    assert facts["placement.power"] == "on"
    assert "10.77.0.30" in str(facts["network.interfaces"])


@pytest.mark.moto
def test_what_is_gone_from_a_cloud_is_said_to_be_gone(decant: Decant, aws: LoopbackAws) -> None:
    """A region that tells of no server any more has none."""
    only = aws.run_instance()
    _configure('[aws]\nregion = "eu-west-2"')
    assert decant("discover", "aws:").code == 0
    aws.terminate(only)
    again = decant("discover", "aws:")
    assert again.code == 0
    assert "0 servers of clouds; left out: 1 terminated instance" in again.err
    (server,) = decant("servers", "--format", "json").json()
    assert server["name"] == only


@pytest.mark.moto
def test_an_account_that_does_not_let_us_in_costs_only_itself(
    decant: Decant, aws: LoopbackAws
) -> None:
    """The others are told, and the exit code says that something is missing."""
    aws.run_instance()
    _configure(
        '[aws]\nregion = "eu-west-2"\n'
        f'[[aws.accounts]]\nname = "other"\nid = "{_OTHER}"\nprofile = "nobody"'
    )
    said = decant("discover", "aws:")
    assert said.code == 3
    assert f"no answer from aws {_OTHER} eu-west-2" in said.err
    assert "1 server of clouds" in said.err


@pytest.mark.moto
def test_a_page_of_something_else_does_not_empty_a_region(
    decant: Decant, aws: LoopbackAws, httpd: str
) -> None:
    """What is no answer of AWS's is no empty one: nothing is said to be gone."""
    aws.run_instance()
    _configure('[aws]\nregion = "eu-west-2"')
    assert decant("discover", "aws:").code == 0
    _configure(f'[aws]\nregion = "eu-west-2"\n[aws.endpoints]\nec2 = "{httpd}"')
    said = decant("discover", "aws:")
    assert said.code == 3
    assert "no answer from aws eu-west-2" in said.err


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("aws:us-east-1", "the estate allows eu-west-2"),
        ("aws:111111111111/eu-west-2", "the estate allows eu-west-2"),
        ("azure:archives", "the estate names none"),
    ],
)
def test_what_the_estate_does_not_allow_is_not_asked(
    decant: Decant, target: str, words: str
) -> None:
    """Regions and accounts are those of decant.toml alone."""
    assert decant("init").code == 0
    _configure("")
    said = decant("discover", target)
    assert said.code == 2
    assert words in said.err


def test_a_cloud_that_is_not_configured_is_told_of(decant: Decant) -> None:
    """It did not answer, like any other; what to do about it is said."""
    assert decant("init").code == 0
    _configure("")
    said = decant("discover", "azure:")
    assert said.code == 3
    assert "no answer from azure: the estate names no subscription" in said.err
    assert "set subscription under [azure] in decant.toml" in said.err


@pytest.mark.moto
@pytest.mark.parametrize("order", [("azure:", "aws:"), ("aws:", "azure:")])
@pytest.mark.parametrize(
    "azure",
    [
        "",
        '[azure]\nsubscription = "1"\nregion = "eastus"',
        '[azure]\nsubscription = "1"\ncredential = "environment"',
    ],
)
def test_one_cloud_is_asked_although_the_other_cannot_be(
    decant: Decant, aws: LoopbackAws, azure: str, order: list[str]
) -> None:
    """Not configured, wrongly configured, without a credential: the other's servers are kept."""
    here = aws.run_instance()
    _configure(f'[aws]\nregion = "eu-west-2"\n{azure}')
    said = decant("discover", *order)
    assert said.code == 3, said.err
    assert "no answer from azure" in said.err
    assert "1 server of clouds" in said.err
    assert [each["name"] for each in decant("servers", "--format", "json").json()] == [here]


def test_azure_is_asked_although_aws_has_no_credentials(
    decant: Decant, arm: LoopbackArm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account that nobody has a key to is named, and Azure's machines are kept."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
    monkeypatch.setenv("AWS_CONFIG_FILE", "none")
    _machine(arm, "web-1")
    arm.answers.list("/subscriptions/.*/locations/uksouth/vmSizes", [])
    said = decant("discover", "aws:", "azure:")
    assert said.code == 3
    assert "no answer from aws eu-west-2" in said.err
    assert "1 server of clouds" in said.err


def test_what_asking_opened_is_closed(tmp_path: Path) -> None:
    """Whether a place answers or not: its connections are let go of."""
    closed: list[str] = []
    source = SOURCES.one("aws").value

    def silent() -> NoReturn:
        raise UnreachableError("nobody there")

    def failing() -> NoReturn:
        raise StoreError("the disk is full")

    def wanted(name: str, ask: Callable[[], NoReturn]) -> Wanted:
        place = Place(name=name, ask=ask, close=lambda: closed.append(name))
        return Wanted(source=source, place=place)

    with open_store(f"sqlite:///{tmp_path}/decant.db") as store, pytest.raises(StoreError):
        ask_sources(
            store,
            [wanted("a", silent), wanted("b", failing), wanted("c", silent)],
            run_id="1",
            clock=lambda: datetime.now(UTC),
            step=lambda _: None,
        )
    assert sorted(closed) == ["a", "b", "c"]


def test_machines_of_azure_are_found(decant: Decant, arm: LoopbackArm) -> None:
    """Name, size, power and addresses come by the page; other regions are left out and counted."""
    here = _machine(arm, "web-1")
    arm.put_vm(arm.vm_id("far"), location="eastus")
    arm.answers.list(
        f"/subscriptions/{arm.subscription}/providers/Microsoft.Compute/locations/uksouth/vmSizes",
        [{"name": "Standard_D2s_v5", "numberOfCores": 2, "memoryInMB": 8192}],
    )
    said = decant("discover", "azure:")
    assert said.code == 0, said.err
    assert "1 server of clouds; left out: 1 machine in eastus" in said.err
    shown = decant("show", "web-1", "--format", "json").json()
    facts = {name: each["value"] for name, each in shown["facts"].items()}
    assert facts["placement.managed_id"] == here
    assert facts["hardware.cloud_type"] == "Standard_D2s_v5"
    assert facts["placement.configured_cpus"] == 2
    assert facts["placement.power"] == "on"
    assert "00:0d:3a:11:22:33" in str(facts["network.interfaces"])
    assert {method for method, path in arm.log if "/oauth2/" not in path} == {"GET"}


def test_a_subscription_that_is_denied_is_named(decant: Decant, arm: LoopbackArm) -> None:
    """Nothing is lost, and the reason is told."""
    arm.misbehave(forbidden())
    said = decant("discover", "azure:")
    assert said.code == 3
    assert f"no answer from azure {arm.subscription}" in said.err

"""EC2 instances, looked at by the real boto3 client: in a moto server, and through its stubber."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from clouds import BRIEF
from sights import move

from inventory.clouds.aws_reach import AwsReach
from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Reason, Unknown
from migrate.clouds.aws import describe_instance
from migrate.clouds.aws import look_at_instance as look_through
from migrate.clouds.look import open_clouds
from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.model.check import CloudResource
from migrate.model.plan import Destination

SETTINGS = AwsSettings(region="eu-west-2", patience=BRIEF)
moto = pytest.mark.moto


def look_at_instance(settings: AwsSettings, instance: str) -> CloudResource | Unknown:
    """Look at an instance, with clients of this look's own."""
    with closing(AwsReach(settings=settings)) as reach:
        return look_through(reach, instance)


@pytest.fixture(scope="session")
def _moto() -> Iterator[LoopbackAws]:
    with loopback_aws() as running:
        yield running


@pytest.fixture
def aws(_moto: LoopbackAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> LoopbackAws:
    """Return a running AWS, which the environment leads to; nothing of the user's own is read."""
    for name, value in _moto.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    return _moto


@moto
def test_a_running_instance_is_described(aws: LoopbackAws) -> None:
    """A running instance exists, is healthy, and tells its size, image, launch and addresses."""
    seen = look_at_instance(SETTINGS, aws.run_instance(size="t3.small", address="10.77.0.21"))
    assert isinstance(seen, CloudResource)
    assert (seen.exists, seen.power_state, seen.healthy) == (True, "running", True)
    assert (seen.size, seen.addresses[0]) == ("t3.small", "10.77.0.21")
    assert seen.image
    assert seen.image.startswith("ami-")
    assert datetime.fromisoformat(str(seen.launched)).utcoffset() is not None


@moto
@pytest.mark.parametrize(("verb", "state"), [("stop", "stopped"), ("terminate", "terminated")])
def test_an_instance_that_does_not_run_is_not_healthy(
    aws: LoopbackAws, verb: str, state: str
) -> None:
    """A stopped or terminated instance says so, and its health is not told."""
    instance = aws.run_instance()
    getattr(aws, verb)(instance)
    seen = look_at_instance(SETTINGS, instance)
    assert isinstance(seen, CloudResource)
    assert (seen.exists, seen.power_state, seen.healthy) == (True, state, None)
    assert "not-applicable" in seen.detail


@moto
@pytest.mark.parametrize("instance", ["i-0123456789abcdef0", "web-1"])
def test_an_unknown_instance_does_not_exist(aws: LoopbackAws, instance: str) -> None:
    """An id that AWS does not know, or that is none, is absent: that is known."""
    assert aws.url
    seen = look_at_instance(SETTINGS, instance)
    assert isinstance(seen, CloudResource)
    assert not seen.exists


@moto
def test_an_instance_of_an_account_that_is_not_asked_is_unknown(aws: LoopbackAws) -> None:
    """An ARN of our own account is looked at there; elsewhere it is not said to be absent."""
    instance = aws.run_instance()
    ours = look_at_instance(SETTINGS, f"arn:aws:ec2:eu-west-2:123456789012:instance/{instance}")
    assert isinstance(ours, CloudResource)
    assert (ours.id, ours.exists) == (instance, True)
    gone = "instance/i-0123456789abcdef0"
    absent = look_at_instance(SETTINGS, f"arn:aws:ec2:eu-west-2:123456789012:{gone}")
    assert isinstance(absent, CloudResource)
    assert not absent.exists
    theirs = look_at_instance(SETTINGS, f"arn:aws:ec2:eu-west-2:999999999999:{gone}")
    assert isinstance(theirs, Unknown)
    assert "of the account 123456789012 and not 999999999999" in theirs.detail


@pytest.fixture
def stranger(aws: LoopbackAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let the environment be a user's who may do nothing, on an AWS that checks permissions."""
    iam = boto3.client("iam", region_name=aws.region)
    name = f"stranger-{uuid.uuid4()}"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    iam.close()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    _check_permissions_after(aws, "0")
    yield str(key["SecretAccessKey"])
    _check_permissions_after(aws, "inf")


def _check_permissions_after(aws: LoopbackAws, calls: str) -> None:
    request = urllib.request.Request(  # noqa: S310 -- on loopback
        f"{aws.url}/moto-api/reset-auth",
        data=calls.encode(),
        headers={"Content-Type": "text/plain"},
        method="POST",
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 -- on loopback


@moto
def test_a_denied_look_is_unknown(aws: LoopbackAws, stranger: str) -> None:
    """An account without permission does not learn whether the instance exists."""
    assert aws.url
    seen = look_at_instance(SETTINGS, "i-0123456789abcdef0")
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.NEEDS_PRIVILEGE
    assert "ec2:DescribeInstances" in seen.detail
    assert stranger not in seen.detail


@moto
def test_a_wrong_secret_is_unknown_and_stays_secret(
    aws: LoopbackAws, stranger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature that AWS does not take is unknown: needs privilege."""
    assert stranger
    assert aws.url
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-secret-itself")
    seen = look_at_instance(SETTINGS, "i-0123456789abcdef0")
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.NEEDS_PRIVILEGE
    assert "the-secret-itself" not in seen.detail


@moto
def test_without_credentials_it_is_unknown(
    aws: LoopbackAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No credentials anywhere is unknown: needs privilege, with the remedy."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    seen = look_at_instance(replace(SETTINGS, endpoint_url=aws.url), "i-0123456789abcdef0")
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.NEEDS_PRIVILEGE
    assert "give credentials" in seen.detail


@moto
@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (replace(SETTINGS, profile="nobody"), Reason.NOT_ASKED),
        (replace(SETTINGS, region="not a region"), Reason.NOT_ASKED),
        (replace(SETTINGS, endpoint_url="no address"), Reason.NOT_ASKED),
        (replace(SETTINGS, endpoint_url="http://127.0.0.1:1"), Reason.UNREACHABLE),
    ],
)
def test_settings_that_lead_nowhere_are_unknown(
    aws: LoopbackAws, settings: AwsSettings, reason: Reason
) -> None:
    """A wrong profile, region or endpoint is unknown with its reason, never a traceback."""
    assert aws.url
    seen = look_at_instance(settings, "i-0123456789abcdef0")
    assert isinstance(seen, Unknown)
    assert seen.reason is reason


@moto
def test_one_run_asks_once(aws: LoopbackAws) -> None:
    """A run remembers what it saw; the next run looks again."""
    instance = aws.run_instance()
    leaving = move(resource=instance)
    first = open_clouds(SETTINGS, AzureSettings())
    before = first.resource(leaving)
    aws.stop(instance)
    assert first.resource(leaving) is before
    later = open_clouds(SETTINGS, AzureSettings()).resource(leaving)
    assert isinstance(later, CloudResource)
    assert later.power_state == "stopped"


@pytest.mark.parametrize("to", list(Destination))
def test_a_move_without_a_resource_is_unknown(to: Destination) -> None:
    """Nothing named means that nothing was asked, wherever the move goes."""
    seen = open_clouds(SETTINGS, AzureSettings()).resource(move(to=to, resource=None))
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.NOT_ASKED
    assert "web-1" in seen.detail


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Any, Stubber]]:
    """Return a real EC2 client whose answers are given by the test."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    client = boto3.client(
        "ec2",
        region_name="eu-west-2",
        aws_access_key_id="a",
        aws_secret_access_key="b",  # noqa: S106 -- nothing is sent
    )
    with Stubber(client) as stubber:
        yield client, stubber
    client.close()


def _describe(stubber: Stubber, system: str, instance: str, state: str = "running") -> None:
    stubber.add_response(
        "describe_instances",
        {
            "Reservations": [
                {
                    "Instances": [
                        {
                            "InstanceId": "i-1",
                            "State": {"Name": state},
                            "LaunchTime": datetime(2026, 11, 1, tzinfo=UTC),
                        }
                    ]
                }
            ]
        },
    )
    stubber.add_response(
        "describe_instance_status",
        {
            "InstanceStatuses": [
                {
                    "InstanceId": "i-1",
                    "SystemStatus": {"Status": system},
                    "InstanceStatus": {"Status": instance},
                }
            ]
        },
    )


@pytest.mark.parametrize(
    ("system", "instance", "healthy"),
    [
        ("ok", "ok", True),
        ("ok", "impaired", False),
        ("impaired", "initializing", False),
        ("ok", "initializing", None),
        ("insufficient-data", "ok", None),
        ("ok", "a-word-of-next-year", None),
    ],
)
def test_health_is_both_status_checks(
    stubbed: tuple[Any, Stubber],
    system: str,
    instance: str,
    healthy: bool | None,  # noqa: FBT001 -- what is expected
) -> None:
    """Both checks must be ok; an impaired one is not; all else, new words too, is not told."""
    client, stubber = stubbed
    _describe(stubber, system, instance)
    seen = describe_instance(client, "i-1")
    assert isinstance(seen, CloudResource)
    assert seen.healthy is healthy
    assert system in seen.detail
    assert instance in seen.detail


def test_a_new_state_is_shown_as_it_is(stubbed: tuple[Any, Stubber]) -> None:
    """A state that nobody had heard of is passed on, not translated."""
    client, stubber = stubbed
    _describe(stubber, "ok", "ok", state="dreaming")
    seen = describe_instance(client, "i-1")
    assert isinstance(seen, CloudResource)
    assert seen.power_state == "dreaming"


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("UnauthorizedOperation", 403, Reason.NEEDS_PRIVILEGE),
        ("AuthFailure", 401, Reason.NEEDS_PRIVILEGE),
        ("RequestExpired", 400, Reason.NEEDS_PRIVILEGE),
        ("RequestLimitExceeded", 503, Reason.NOT_TOLD),
        ("InternalError", 500, Reason.UNREACHABLE),
        ("SomethingNew", 400, Reason.NOT_TOLD),
    ],
)
@pytest.mark.parametrize("failing", ["describe_instances", "describe_instance_status"])
def test_every_refusal_is_unknown_with_its_reason(
    stubbed: tuple[Any, Stubber], code: str, status: int, reason: Reason, failing: str
) -> None:
    """Denied, rejected, throttled, broken: unknown whichever of the two calls it meets."""
    client, stubber = stubbed
    if failing == "describe_instance_status":
        stubber.add_response(
            "describe_instances",
            {
                "Reservations": [
                    {"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}
                ]
            },
        )
    stubber.add_client_error(failing, code, "as AWS says it", status)
    seen = describe_instance(client, "i-1")
    assert isinstance(seen, Unknown)
    assert seen.reason is reason
    assert "as AWS says it" in seen.detail


@pytest.mark.parametrize("answer", [{}, {"Reservations": []}, {"Reservations": [{}]}])
def test_an_answer_that_tells_nothing_is_unknown(
    stubbed: tuple[Any, Stubber], answer: dict[str, Any]
) -> None:
    """An answer without the instance is unknown, not a machine that does not exist."""
    client, stubber = stubbed
    stubber.add_response("describe_instances", answer)
    stubber.add_response("describe_instance_status", {"InstanceStatuses": []})
    assert isinstance(describe_instance(client, "i-1"), Unknown)


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Run a server that treats every connection so, and return its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _garbage(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<not xml>")


def _cut(connection: socket.socket) -> None:
    connection.recv(65536)


def _silence(connection: socket.socket) -> None:
    connection.settimeout(3)
    while connection.recv(65536):
        pass


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(_garbage, Reason.UNREADABLE), (_cut, Reason.UNREACHABLE), (_silence, Reason.TIMED_OUT)],
)
def test_a_broken_endpoint_is_unknown(
    answer: Callable[[socket.socket], None],
    reason: Reason,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Garbage, a cut and silence are unknown with their reasons, in bounded time, said quietly."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-secret-itself")
    patience = replace(BRIEF, answer_seconds=0.5, attempts=1)
    with answering(answer) as url:
        settings = replace(SETTINGS, endpoint_url=url, patience=patience)
        seen = look_at_instance(settings, "i-0123456789abcdef0")
    assert isinstance(seen, Unknown)
    assert seen.reason is reason
    assert "the-secret-itself" not in seen.detail
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("botocore").handlers


def test_no_cloud_library_is_loaded_before_it_is_needed() -> None:
    """Opening the clouds, and loading every check, imports no SDK: commands start at once."""
    program = """
import sys
from inventory.registry import Registry
from migrate.clouds.look import open_clouds
from migrate.model.check import Check
from inventory.model.cloud_settings import AwsSettings, AzureSettings
open_clouds(AwsSettings(), AzureSettings())
Registry(package="migrate.checks", attribute="CHECK", kind=Check).all()
print(sorted({"boto3", "botocore", "azure"} & set(sys.modules)))
"""
    said = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert said.stdout.strip() == "[]"

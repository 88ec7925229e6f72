"""Commands that look change nothing in a cloud, and let no credential out.

Every request of every command that only looks is noted where it arrives: at moto's server and at
the loopback Resource Manager, not by Decant's own counting.
"""

from __future__ import annotations

import io
import json
import logging
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from ruamel.yaml import YAML
from terminal import Decant, Said
from werkzeug.serving import make_server

from inventory.registry import Registry
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Fault, forbidden
from migrate.demo.fleet_keys import make_key, write_private
from migrate.demo.moto import LoopbackAws
from migrate.model.check import Check
from tests.real.permitted import check_nothing, make_user
from tests.real.permitted_azure import check_by

pytestmark = pytest.mark.moto

_LOOKS = re.compile(r"(Describe|Get|List|Lookup|Search|BatchGet|Head)[A-Z]|AssumeRole\Z")
"""Names of operations that only look, by AWS's own custom; and becoming a role."""
_QUESTIONS = re.compile(
    r".*/(retrieveBootDiagnosticsData|providers/Microsoft\.ResourceGraph/resources|queryResults"
    r"|providers/Microsoft\.CostManagement/query|backendhealth)|/[^/]+/oauth2/v2\.0/token",
    re.IGNORECASE,
)
"""What Azure answers by POST without changing anything; and tokens."""
_TALKATIVE = ("boto3", "botocore", "azure", "msal", "urllib3", "requests")
CANARY = "canary-Secret-7f3a9c"
SESSION = "canary-Session-51d0be"
ESTATE = """\
[estate]
name = "made"
[signing]
key = "file:tests.key"
trusted = ["KEY"]
[ledger]
anchors = ["s3://heads/ours"]
[aws]
region = "eu-west-2"
[azure]
subscription = "SUBSCRIPTION"
[[partners]]
name = "SBC"
share = 100
[[landing_zones]]
name = "in-aws"
cloud = "aws"
region = "eu-west-2"
subnets = ["subnet-0a1b2c3d"]
on_premise = ["10.1.0.0/16"]
domains = ["council.internal"]
security_groups = ["sg-0a1b2c3d"]
tags = {Owner = "digital"}
vaults = ["council"]
logs = ["/council/servers"]
alerts = ["arn:aws:sns:eu-west-2:123456789012:on-call"]
keys = ["arn:aws:kms:eu-west-2:123456789012:key/00000000-0000-0000-0000-000000000000"]
connections = ["vpn-0a1b2c3d"]
[[landing_zones]]
name = "in-azure"
cloud = "azure"
account = "SUBSCRIPTION"
region = "uksouth"
on_premise = ["10.1.0.0/16"]
domains = ["council.internal"]
tags = {Owner = "digital"}
[[moves]]
server = "web-1"
to = "aws"
playbook = "own"
instance = "INSTANCE"
replacement = "NEW"
[[moves]]
server = "app-1"
to = "azure"
playbook = "own"
vm = "VM"
replacement = "NEW"
"""


@dataclass
class Aws:
    """A running moto server that notes what it is asked."""

    url: str
    log: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What was answered with 403; moto's own mistakes with signatures are left out."""

    @property
    def writes(self) -> list[str]:
        """What was asked that does not only look."""
        return [each for each in self.log if not _looks(each)]


def _looks(asked: str) -> bool:
    method, _, rest = asked.partition(" ")
    return method in {"GET", "HEAD"} or bool(_LOOKS.match(rest.lstrip("/")))


class _Noting:
    """Notes operation or method and path of each request, and passes it on."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app
        self.log: list[str] = []
        self.refused: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        named = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
        target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        what = named or target or environ["PATH_INFO"]
        self.log.append(f"{environ['REQUEST_METHOD']} {what}")
        statuses: list[str] = []

        def noted(status: str, *more: Any) -> Any:
            statuses.append(status)
            return start(status, *more)

        said = b"".join(self._app(environ, noted))
        if statuses[-1].startswith("403") and b"SignatureDoesNotMatch" not in said:
            self.refused.append(what)
        return [said]


@pytest.fixture(scope="module")
def _moto() -> Iterator[Aws]:
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    noting = _Noting(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, noting, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Aws(url=f"http://127.0.0.1:{server.server_port}", log=noting.log, refused=noting.refused)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def aws(_moto: Aws, decant: Decant, monkeypatch: pytest.MonkeyPatch) -> Aws:
    """Return a running AWS, which the environment leads to."""
    assert decant
    given = {
        "AWS_ENDPOINT_URL": _moto.url,
        "AWS_DEFAULT_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "AKIAMADE",
        "AWS_SECRET_ACCESS_KEY": CANARY,
        "AWS_SESSION_TOKEN": SESSION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return _moto


@pytest.fixture
def arm(aws: Aws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return a running Azure, which the environment leads to."""
    assert aws
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


def _all_cloud_checks() -> list[dict[str, str]]:
    """Return uses of every check that looks at a cloud and needs no parameter."""
    registry = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
    return [
        {"check": name}
        for name, plugin in registry.all().items()
        if plugin.value.of_cloud and not plugin.value.parameters.get("required")
    ]


@pytest.fixture
def leaving(decant: Decant, aws: Aws, arm: LoopbackArm, recording: Callable[[str], str]) -> Decant:
    """Return a terminal in an estate of which one server goes to AWS and one to Azure."""
    made = boto3.client("ec2", endpoint_url=aws.url).run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1
    )
    arm.put_vm(arm.vm_id("app-1"))
    row = {"subscriptionId": arm.subscription, "displayName": "made", "state": "Enabled"}
    arm.answers.list("/subscriptions", [row])
    key = make_key()
    write_private(Path("tests.key"), key)
    filled = {
        "KEY": key.public,
        "SUBSCRIPTION": arm.subscription,
        "INSTANCE": made["Instances"][0]["InstanceId"],
        "VM": arm.vm_id("app-1"),
        "NEW": recording("web-1-new"),
    }
    text = ESTATE
    for word, value in filled.items():
        text = text.replace(f'"{word}"', json.dumps(value))
    Path("decant.toml").write_text(text)
    Path("playbooks").mkdir()
    stages = [
        {"name": "test", "help": "all", "valid_for": "14d", "checks": _all_cloud_checks()},
        {"name": "off", "help": "off", "needs": ["test"], "action": "power-off-ssh"},
    ]
    with Path("playbooks/own.yaml").open("w") as file:
        YAML().dump({"title": "every check of a cloud", "stages": stages}, file)
    old = (recording("web-1"), recording("app-1"), recording("web-1-new"))
    assert decant("discover", *old).code == 0
    return decant


def _look_at_all(leaving: Decant) -> list[Said]:
    """Type every command that only looks, and may ask a cloud."""
    typed = (
        ("-v", "cloud", "whoami"),
        ("-v", "cloud", "permissions", "aws"),
        ("-v", "classify"),
        ("-v", "plan"),
        ("-v", "test", "--all"),
        ("-v", "decommission", "web-1"),
        ("-v", "decommission", "app-1"),
        ("-v", "status"),
        ("-v", "validate"),
        ("-v", "report", "readiness"),
        ("-v", "ledger", "verify"),
        ("-v", "landing", "--format", "json"),
        ("-v", "discover", "aws:"),
        ("-v", "discover", "azure:"),
        ("-v", "catalogue", "refresh", "--only", "azure-sizes"),
    )
    return [leaving(*words) for words in typed]


def test_no_command_that_looks_changes_anything(
    leaving: Decant, aws: Aws, arm: LoopbackArm
) -> None:
    """Of every request that arrives at a cloud none is a write."""
    aws.log.clear()
    arm.log.clear()
    said = _look_at_all(leaving)
    assert not [each for each in said if each.code in {2, 70}]
    assert len(aws.log) > 10
    assert aws.writes == []
    methods = [(method, path) for method, path in arm.log if method not in {"GET", "HEAD"}]
    assert len(arm.log) > 10
    assert [each for each in methods if not _QUESTIONS.fullmatch(each[1])] == []


def test_what_was_asked_is_what_was_counted(leaving: Decant, aws: Aws, arm: LoopbackArm) -> None:
    """-v tells as many requests as arrived, for both clouds together; tokens are not counted."""
    leaving("plan")
    aws.log.clear()
    arm.log.clear()
    said = leaving("-v", "test", "--all")
    counted = re.search(r"the clouds were asked ([\d,]+) requests:", said.err)
    assert counted
    asked = [path for _, path in arm.log if "oauth2" not in path and "openid" not in path]
    arrived = len(aws.log) + len(asked)
    assert int(counted[1].replace(",", "")) == arrived


def test_what_is_printed_is_enough_for_every_command_that_looks(
    leaving: Decant, aws: Aws, arm: LoopbackArm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a user with the printed policies, and by the printed role, nothing is refused.

    Both clouds check permissions here, and refuse whatever is taken away from what is printed.
    """
    policies = [
        leaving("cloud", "permissions", "aws", "--for", purpose).json()
        for purpose in ("look", "ledger")
    ]
    role = leaving("cloud", "permissions", "azure").json()
    (ledger,) = [each for each in policies if "s3:::heads" in json.dumps(each)]
    ledger["Statement"] = [{**each, "Resource": "*"} for each in ledger["Statement"]]
    here = LoopbackAws(url=aws.url, region="eu-west-2")
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    try:
        for name, value in make_user(here, *policies).items():
            monkeypatch.setenv(name, value)
        refused = check_by(arm, role)
        aws.refused.clear()
        _look_at_all(leaving)
        assert (aws.refused, refused) == ([], [])
        less = [each for each in role["Actions"] if each != "Microsoft.Compute/disks/read"]
        refused = check_by(arm, {**role, "Actions": less})
        for name, value in make_user(here, policies[1]).items():
            monkeypatch.setenv(name, value)
        said = leaving("test", "--all", "--format", "json")
        assert set(refused) == {"Microsoft.Compute/disks/read"}
        assert "DescribeInstances" in aws.refused
        assert "decant cloud permissions" in said.out
        assert said.code != 0
    finally:
        check_nothing(here)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Return all that any library logs, at the level of debugging."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    before = {name: logging.getLogger(name).level for name in _TALKATIVE}
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)
    for name, each in before.items():
        logging.getLogger(name).setLevel(each)


@pytest.mark.parametrize("trouble", ["none", "denied", "cut", "wrong"])
def test_no_credential_gets_out(
    leaving: Decant,
    aws: Aws,
    arm: LoopbackArm,
    logged: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    """Neither on a screen, nor in a log that debugs, nor in store and ledger, whatever happens."""
    faults = {
        "denied": forbidden(),
        "cut": Fault(cut=True),
    }
    secret = arm.tokens.client_secret
    if trouble in faults:
        arm.misbehave(faults[trouble])
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"{arm.url.replace('https', 'http')}/")
    if trouble == "wrong":
        secret = f"{CANARY}-azure"
        monkeypatch.setenv("AZURE_CLIENT_SECRET", secret)
    leaving("plan")
    said = [
        leaving("-v", "cloud", "whoami"),
        leaving("-v", "test", "--all"),
        leaving("-v", "ledger", "verify"),
        leaving("ledger", "export"),
    ]
    shown = "".join(each.out + each.err for each in said) + logged.getvalue()
    stored = b"".join(each.read_bytes() for each in Path().rglob("*") if each.is_file())
    assert "botocore" in logging.root.manager.loggerDict
    assert len(logged.getvalue()) > 1000
    tokens = list(arm.tokens._issued)
    for each in (CANARY, SESSION, secret, *tokens):
        assert each not in shown
        assert each.encode() not in stored
    assert aws.url

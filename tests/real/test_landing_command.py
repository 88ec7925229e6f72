"""decant landing over a moto server, AWS's own models and a loopback Azure, from a plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_model import AwsModel, aws_model

from migrate.console import run
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.moto import LoopbackAws, loopback_aws

pytestmark = pytest.mark.moto

_ESTATE = """\
[estate]
name = "made"
usd_to_gbp = 0.8

[aws]
region = "eu-west-2"

[azure]
region = "uksouth"
subscription = "{subscription}"
credential = "environment"

[[moves]]
server = "web-1"
to = "aws"
replacement = "ssh://root@10.9.1.4"
wave = 1

[[moves]]
server = "app-1"
to = "aws"
replacement = "ssh://root@10.9.1.5"
wave = 2

[[moves]]
server = "db-1"
to = "azure"
replacement = "ssh://root@10.9.2.4"
wave = 2

[[landing_zones]]
name = "uk-aws"
cloud = "aws"
subnets = ["{subnet}"]
on_premise = ["10.0.0.0/8"]
without = {{licences = "none", names = "later", security-groups = "later", policies = "not ours", \
backups = "later", monitoring = "later", keys = "later", connections = "later", tags = "later"}}

[[landing_zones]]
name = "uk-azure"
cloud = "azure"
"""


@dataclass(frozen=True, kw_only=True)
class _Ground:
    aws: LoopbackAws
    model: AwsModel
    arm: LoopbackArm
    subnet: str
    table: str


@pytest.fixture(scope="module")
def aws() -> Iterator[LoopbackAws]:
    """Return a running AWS."""
    with loopback_aws() as running:
        yield running


@pytest.fixture
def ground(aws: LoopbackAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Ground]:
    """Return clouds, with a plan of three servers in the folder that is worked in."""
    with aws_model("service-quotas") as model, loopback_arm(tmp_path) as arm:
        given = {**aws.environment(), **model.environment(), **arm.environment()}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        ec2 = boto3.client("ec2", region_name=aws.region)
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(SubnetId=subnet, RouteTableId=table)
        folder = tmp_path / "estate"
        folder.mkdir()
        monkeypatch.chdir(folder)
        text = _ESTATE.format(subscription=arm.subscription, subnet=subnet)
        (folder / "decant.toml").write_text(text, encoding="utf-8")
        _quota(model, 10_000)
        targets = []
        for name in ("web-1", "app-1", "db-1"):
            recorded = files("migrate.demo").joinpath("recordings", f"{name}.txt")
            (tmp_path / f"{name}.txt").write_bytes(recorded.read_bytes())
            targets.append(f"recorded://{tmp_path}/{name}.txt")
        for words in (["discover", *targets], ["classify"], ["plan"]):
            assert run(words) == 0
        yield _Ground(aws=aws, model=model, arm=arm, subnet=subnet, table=table)


def _quota(model: AwsModel, standard: float) -> None:
    rows = {
        "ec2": [{"QuotaCode": "L-1216C47A", "QuotaName": "Standard", "Value": standard}],
        "ebs": [{"QuotaCode": "L-7A658B76", "QuotaName": "gp3", "Value": 50.0}],
    }
    for operation in ("ListServiceQuotas", "ListAWSDefaultServiceQuotas"):
        model.answers("service-quotas", operation)(
            lambda ServiceCode, **_: {"Quotas": rows[ServiceCode]}  # noqa: N803 - AWS's word
        )


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict[str, Any], str]]:
    """Return what runs the command and reads what it prints, by condition."""

    def ask(*words: str) -> tuple[int, dict[str, Any], str]:
        capsys.readouterr()
        code = run(["-v", "landing", *words, "--format", "json"])
        said = capsys.readouterr()
        return code, {each["condition"]: each for each in json.loads(said.out)}, said.err

    return ask


def test_a_zone_is_ready_for_a_wave(
    ground: _Ground, asked: Callable[..., tuple[int, dict[str, Any], str]]
) -> None:
    """First it has no route to the data centre and ends with 1; then it is ready, and ends with 0.

    Each listing is asked once, by the page, and nothing but listings.
    """
    code, rows, _ = asked("uk-aws", "--wave", "1")
    assert (code, rows["routes"]["standing"]) == (1, "not ready")
    ec2 = boto3.client("ec2", region_name=ground.aws.region)
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.create_route(
        RouteTableId=ground.table, DestinationCidrBlock="10.0.0.0/8", GatewayId=gateway
    )
    code, rows, err = asked("uk-aws", "--wave", "1")
    assert (code, rows["routes"]["detail"].endswith(f"to {gateway}")) == (0, True)
    assert rows["addresses"]["observed"]["needed"] == 1
    assert {each["standing"] for each in rows.values()} == {"ready", "left out"}
    counts = [line.split()[-2:] for line in err.splitlines() if "ec2:Describe" in line]
    assert ["ec2:DescribeInstances", "1"] in counts
    assert ["ec2:DescribeSubnets", "1"] in counts
    assert all(" ec2:Describe" in line or ":List" in line for line in err.splitlines()[1:])


def test_quotas_hold_the_wave_or_everything(
    ground: _Ground, asked: Callable[..., tuple[int, dict[str, Any], str]]
) -> None:
    """What one wave needs may fit where all of it does not."""
    _, rows, _ = asked("uk-aws")
    whole = rows["quotas"]["observed"]["L-1216C47A"]
    _, rows, _ = asked("uk-aws", "--wave", "1")
    first = rows["quotas"]["observed"]["L-1216C47A"]
    assert 0 < first["needed"] < whole["needed"]
    _quota(ground.model, whole["used"] + first["needed"])
    assert asked("uk-aws", "--wave", "1")[1]["quotas"]["standing"] == "ready"
    code, rows, _ = asked("uk-aws")
    assert (code, rows["quotas"]["standing"]) == (1, "not ready")
    assert "too few" in rows["quotas"]["detail"]


def test_looking_at_zones_of_azure_changes_nothing(
    ground: _Ground, asked: Callable[..., tuple[int, dict[str, Any], str]]
) -> None:
    """A size that Azure does not list is not to be had; but for tokens every request is a GET."""
    where = "/subscriptions/[^/]+/providers/"
    ground.arm.answers.list(f"{where}Microsoft.Authorization/policyAssignments", [])
    code, rows, _ = asked("uk-azure")
    assert (code, rows["sizes"]["standing"]) == (1, "not ready")
    assert rows["policies"]["standing"] == "ready"
    assert rows["quotas"]["standing"] == "unknown"
    methods = {method for method, path in ground.arm.log if "/oauth2/" not in path}
    assert methods == {"GET"}

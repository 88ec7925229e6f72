"""What a person sees who asks as whom the clouds would be asked, and what they must allow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Decant

from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.moto import LoopbackAws, loopback_aws

ONE = "11111111-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def _aws() -> Iterator[LoopbackAws]:
    with loopback_aws() as running:
        yield running


@pytest.fixture
def aws(_aws: LoopbackAws, decant: Decant, monkeypatch: pytest.MonkeyPatch) -> LoopbackAws:
    """Return a running AWS, which the environment leads to."""
    assert decant
    for name, value in _aws.environment().items():
        monkeypatch.setenv(name, value)
    return _aws


@pytest.fixture
def arm(decant: Decant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return a running Azure, which the environment leads to."""
    assert decant
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        row = {"subscriptionId": ONE, "displayName": "Libraries", "state": "Enabled"}
        running.answers.list("/subscriptions", [row])
        yield running


@pytest.mark.moto
def test_both_clouds_are_told_with_who_and_whence(
    decant: Decant, aws: LoopbackAws, arm: LoopbackArm
) -> None:
    """One line for each account and subscription; all of it known is exit code 0."""
    decant("init")
    said = decant("-v", "cloud", "whoami", "--format", "json")
    assert said.code == 0
    own, libraries = said.json()
    assert own["who"] == "arn:aws:sts::123456789012:user/moto"
    assert (own["cloud"], own["place"], own["by"]) == ("aws", "123456789012", "environment")
    assert (own["regions"], own["endpoint"]) == (["eu-west-2"], aws.url)
    assert (libraries["place"], libraries["name"]) == (ONE, "Libraries")
    assert (libraries["state"], libraries["fault"]) == ("Enabled", None)
    assert libraries["endpoint"] == arm.url
    assert said.err.splitlines() == [
        "the clouds were asked 2 requests:",
        "  Azure      GET Microsoft.Resources/subscriptions        1",
        "  eu-west-2  sts:GetCallerIdentity                        1",
    ]


@pytest.mark.moto
def test_one_broken_account_does_not_stop_the_others(
    decant: Decant, aws: LoopbackAws, arm: LoopbackArm
) -> None:
    """It is listed with its reason, and the exit code says that not all is known."""
    assert aws.url != arm.url
    decant("init")
    with Path("decant.toml").open("a") as file:
        file.write('\n[[aws.accounts]]\nname = "gone"\nid = "210987654321"\nprofile = "nobody"\n')
    said = decant("cloud", "whoami", "--format", "json")
    assert said.code == 3
    own, gone, libraries = said.json()
    assert own["who"]
    assert libraries["who"]
    assert (gone["name"], gone["who"]) == ("gone", None)
    assert "nobody" in gone["fault"]
    assert decant("cloud", "whoami", "azure").code == 0


@pytest.mark.moto
def test_what_clouds_were_asked_is_said_only_when_it_is_wanted(
    decant: Decant, aws: LoopbackAws
) -> None:
    """Without -v standard error is silent; each command counts anew."""
    assert aws.url
    decant("init")
    assert decant("cloud", "whoami", "aws").err == ""
    for _ in range(2):
        assert decant("-v", "cloud", "whoami", "aws").err.endswith(
            "sts:GetCallerIdentity        1\n"
        )
    assert decant("-v", "servers").err.count("asked") == 0


def test_the_least_privileges_are_printed_as_the_clouds_take_them(decant: Decant) -> None:
    """JSON alone on standard output, with or without an estate; nothing is asked for it."""
    policy = decant("cloud", "permissions", "aws")
    role = decant("cloud", "permissions", "azure")
    assert (policy.code, policy.err, role.code, role.err) == (0, "", 0, "")
    assert policy.json()["Version"] == "2012-10-17"
    assert (
        "arn:aws:s3:::BUCKET/PREFIX/*"
        in decant("cloud", "permissions", "aws", "--for", "ledger").out
    )
    assert role.json()["AssignableScopes"] == [
        "/subscriptions/00000000-0000-0000-0000-000000000000"
    ]


def test_acting_needs_more_than_looking(decant: Decant) -> None:
    """Changes are printed only where they are asked for."""
    look = decant("cloud", "permissions", "aws").out
    act = decant("cloud", "permissions", "aws", "--for", "migrate")
    assert "mgn:StartCutover" not in look
    assert "mgn:StartCutover" in act.out
    assert "AWSApplicationMigrationEC2Access" in act.err


def test_an_estate_narrows_what_is_printed(decant: Decant) -> None:
    """To its roles, buckets, subscriptions, and the kinds of what its moves name."""
    decant("init")
    Path("decant.toml").write_text(
        f"""
[estate]
name = "made"
[ledger]
anchors = ["s3://heads/ours?days=30"]
[azure]
subscription = "{ONE}"
[[aws.accounts]]
name = "libraries"
id = "210987654321"
role = "arn:aws:iam::210987654321:role/decant"
[[moves]]
server = "site-1"
to = "azure"
vm = "/subscriptions/{ONE}/resourceGroups/g/providers/Microsoft.Web/sites/council"
"""
    )
    look = decant("cloud", "permissions", "aws").json()
    (assume,) = [each for each in look["Statement"] if "sts:AssumeRole" in each["Action"]]
    assert assume["Resource"] == ["arn:aws:iam::210987654321:role/decant"]
    kept = json.dumps(decant("cloud", "permissions", "aws", "--for", "ledger").json())
    assert "arn:aws:s3:::heads/ours/*" in kept
    assert "kms" not in kept
    role = decant("cloud", "permissions", "azure").json()
    assert role["AssignableScopes"] == [f"/subscriptions/{ONE}"]
    assert "Microsoft.Web/sites/read" in role["Actions"]


def test_a_part_that_there_is_not_is_a_usage_error(decant: Decant) -> None:
    """With how many there are."""
    said = decant("cloud", "permissions", "aws", "--part", "99")
    assert said.code == 2
    assert "there is no part 99" in said.err
    decant("init")
    said = decant("cloud", "permissions", "aws", "--for", "ledger")
    assert said.code == 2
    assert "nothing of this estate's ledger is kept in AWS" in said.err

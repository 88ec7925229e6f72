"""The printed privileges are made of all declared calls, and are what the clouds' grammars take."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import UnknownServiceError

from inventory.model.azure_id import AzureId
from inventory.model.cloud_calls import Call, Provider, Purpose, aws_call, azure_call
from migrate.clouds.azure import type_call
from migrate.clouds.declared import declared, declared_for
from migrate.clouds.permissions_aws import MOST_CHARACTERS, policies, size
from migrate.clouds.permissions_azure import role
from migrate.clouds.permissions_estate import Kept

ROOT = Path(__file__).parents[2]
_PREFIXES = {
    "cloudwatch": "cloudwatch",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
}
"""The service's prefix in IAM, where it is not the name that requests are signed for.

Source: the service authorization reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""
_OTHERWISE = {
    "s3:HeadObject": {"s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"},
    "s3:GetObject": {"s3:GetObjectVersion"},
    "s3:HeadBucket": {"s3:ListBucket"},
    "s3:ListObjectsV2": {"s3:ListBucket"},
    "s3:ListObjectVersions": {"s3:ListBucketVersions"},
    "s3:ListBuckets": {"s3:ListAllMyBuckets"},
    "s3:PutObject": {"s3:PutObjectRetention"},
    "s3:GetBucketEncryption": {"s3:GetEncryptionConfiguration"},
    "s3:GetBucketLifecycleConfiguration": {"s3:GetLifecycleConfiguration"},
    "s3:GetPublicAccessBlock": {"s3:GetBucketPublicAccessBlock"},
    "s3:GetBucketReplication": {"s3:GetReplicationConfiguration"},
    "s3:GetObjectLockConfiguration": {"s3:GetBucketObjectLockConfiguration"},
}
"""Actions that are not named as their operation, as far as Decant asks for them.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""


def _literals() -> Iterator[tuple[Path, str, str]]:
    """Yield file, function and name of each call that is declared by a literal."""
    for folder in ("inventory", "migrate"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)) if "_call(" in text else ():
                match node:
                    case ast.Call(
                        func=ast.Name(id="aws_call" | "azure_call" as made),
                        args=[ast.Constant(value=str(name)), *_],
                    ):
                        yield path, made, name


def test_every_call_that_any_file_declares_is_printed() -> None:
    """A call that a module declares elsewhere than at its top level would be sent, yet missed."""
    printed = {each.name for provider in Provider for each in declared(provider)}
    found = list(_literals())
    assert found
    assert [(str(path), name) for path, _, name in found if name not in printed] == []


@cache
def _prefix(service: str) -> str:
    client = boto3.client(service, region_name="eu-west-2")
    signed_for = str(client.meta.service_model.signing_name)
    client.close()
    return _PREFIXES.get(service, signed_for)


@pytest.mark.parametrize("call", declared(Provider.AWS), ids=lambda call: str(call.name))
def test_every_call_of_aws_is_an_operation_and_its_actions_are_iam_s(call: Call) -> None:
    """Botocore's model of the service has the operation; the action is of that service.

    That model says nothing of actions that are named otherwise: those are listed here by hand.
    """
    service, _, operation = call.name.partition(":")
    try:
        client = boto3.client(service, region_name="eu-west-2")
    except UnknownServiceError:
        pytest.fail(f"{service} is no service of boto3")
    assert operation in client.meta.service_model.operation_names
    client.close()
    usual = f"{_prefix(service)}:{operation}"
    for action in call.permissions:
        assert re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9]+", action)
        own = action.startswith(f"{_prefix(service)}:")
        assert not own or action in {usual, *_OTHERWISE.get(call.name, ())}
    assert any(each.startswith(f"{_prefix(service)}:") for each in call.permissions)


@cache
def _actions() -> Mapping[str, frozenset[str]]:
    """Return IAM's actions by service, as AWS's policy generator has them: cfn-lint keeps them."""
    kept = files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json")
    listed = json.loads(kept.read_text(encoding="utf-8"))
    return {service: frozenset(each["Actions"]) for service, each in listed.items()}


def _exists(action: str) -> bool:
    service, _, name = action.partition(":")
    return name.lower() in _actions().get(service, ())


def test_every_permission_of_aws_is_one_that_iam_has() -> None:
    """One that is misspelt would be printed, allowed, and of no use."""
    wanted = {each for call in declared(Provider.AWS) for each in call.permissions}
    assert len(wanted) > 50
    assert sorted(each for each in wanted if not _exists(each)) == []


@pytest.mark.parametrize(
    "misspelt", ["ec2:DescribeVolume", "elbv2:DescribeTargetHealth", "s3:ListBuckets", "new:Get"]
)
def test_names_of_operations_alone_do_not_do(misspelt: str) -> None:
    """The list knows what is no action, clients' names of services and operations among it."""
    assert not _exists(misspelt)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_policies_are_what_iam_takes(purpose: Purpose) -> None:
    """Version, statements with ids of letters and digits that differ, no wildcard, short enough.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    """
    calls = declared_for(Provider.AWS, purpose)
    found = policies(calls, Kept().resources)
    allowed = set()
    for policy in found:
        assert set(policy) == {"Version", "Statement"}
        assert policy["Version"] == "2012-10-17"
        assert size(policy) <= MOST_CHARACTERS
        ids = [each["Sid"] for each in policy["Statement"]]
        assert len(ids) == len(set(ids))
        for statement in policy["Statement"]:
            assert re.fullmatch(r"[A-Za-z0-9]+", statement["Sid"])
            assert statement["Effect"] == "Allow"
            assert statement["Resource"]
            allowed |= set(statement["Action"])
    wanted = {each for call in calls for each in call.permissions}
    assert allowed == wanted - {"sts:AssumeRole"}
    assert not any("*" in each for each in allowed)


def test_looking_is_allowed_to_change_nothing() -> None:
    """No action of the policy for looking is one that a changing call needs."""
    for provider in Provider:
        changes = {each for call in declared(provider) if call.changes for each in call.permissions}
        looks = {each for call in declared_for(provider, Purpose.LOOK) for each in call.permissions}
        assert changes or provider is Provider.AZURE
        assert not changes & looks


def test_migrating_is_allowed_to_look_as_well() -> None:
    """What acts looks before and after."""
    for provider in Provider:
        looks = set(declared_for(provider, Purpose.LOOK))
        acts = set(declared_for(provider, Purpose.MIGRATE))
        assert looks <= acts
        assert all(each.purpose is not Purpose.LEDGER for each in acts)


def test_what_is_too_long_for_one_policy_takes_several() -> None:
    """None is longer than IAM allows, and together they allow everything once."""
    calls = [aws_call(f"ec2:Describe{'x' * 40}{number}") for number in range(400)]
    found = policies(calls)
    actions = [action for each in found for part in each["Statement"] for action in part["Action"]]
    assert len(found) > 3
    assert all(size(each) <= MOST_CHARACTERS for each in found)
    assert sorted(actions) == sorted(call.name for call in calls)


def test_the_length_of_a_policy_counts_no_blanks() -> None:
    """As IAM counts it: however it is printed."""
    (policy,) = policies([aws_call("ec2:DescribeInstances")])
    assert size(policy) == len(re.sub(r"\s", "", json.dumps(policy, indent=8)))


def test_what_the_estate_names_is_all_that_is_allowed_of_it() -> None:
    """Roles, buckets with their prefixes, keys: by their ARNs; and no role where it names none."""
    kept = Kept(
        roles=("arn:aws:iam::123456789012:role/decant",),
        buckets=("heads/ours", "heads/theirs"),
        keys=("1234", "arn:aws:kms:eu-west-2:1:key/5", "alias/decant"),
    )
    look = policies(declared_for(Provider.AWS, Purpose.LOOK), kept.resources)
    keep = policies(declared_for(Provider.AWS, Purpose.LEDGER), kept.resources)
    assert _resources(look, "sts:AssumeRole") == ["arn:aws:iam::123456789012:role/decant"]
    assert _resources(keep, "s3:PutObject") == [
        "arn:aws:s3:::heads/ours/*",
        "arn:aws:s3:::heads/theirs/*",
    ]
    assert _resources(keep, "s3:ListBucketVersions") == ["arn:aws:s3:::heads"]
    assert _resources(keep, "kms:Sign") == [
        "arn:aws:kms:*:*:key/1234",
        "arn:aws:kms:eu-west-2:1:key/5",
        "arn:aws:kms:*:*:key/*",
    ]
    none = policies(declared_for(Provider.AWS, Purpose.LOOK), Kept().resources)
    assert "sts:AssumeRole" not in json.dumps(none)


def _resources(found: tuple[object, ...], action: str) -> object:
    (statement,) = [
        each
        for policy in found
        if isinstance(policy, dict)
        for each in policy["Statement"]
        if action in each["Action"]
    ]
    return statement["Resource"]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_role_is_what_azure_takes(purpose: Purpose) -> None:
    """Its fields are those of a custom role; each action is a type and what is done to it.

    Source: https://learn.microsoft.com/azure/role-based-access-control/role-definitions
    """
    made = role(declared_for(Provider.AZURE, purpose), purpose, ["one", "two"])
    assert set(made) == {
        *("Name", "IsCustom", "Description", "AssignableScopes"),
        *("Actions", "NotActions", "DataActions", "NotDataActions"),
    }
    assert made["AssignableScopes"] == ["/subscriptions/one", "/subscriptions/two"]
    assert len(made["Description"]) <= 1024
    assert made["Actions"] + made["DataActions"]
    for action in made["Actions"] + made["DataActions"]:
        assert re.fullmatch(r"Microsoft\.\w+(/[\w.]+)+/(read|write|delete|action)", action)


def test_the_role_for_looking_acts_on_nothing_but_by_asking() -> None:
    """What is no ``read`` in it is a question that Azure takes by POST, named here one by one."""
    made = role(declared_for(Provider.AZURE, Purpose.LOOK), Purpose.LOOK, [])
    asked = {each for each in made["Actions"] if not each.endswith("/read")}
    assert asked <= {
        "Microsoft.Compute/virtualMachines/retrieveBootDiagnosticsData/action",
        "Microsoft.CostManagement/query/action",
        "Microsoft.Network/applicationGateways/backendhealth/action",
        "Microsoft.PolicyInsights/policyStates/queryResults/action",
    }
    assert made["DataActions"] == [
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
    ]


def test_a_move_s_own_kind_of_resource_may_be_looked_at() -> None:
    """What the estate's moves name is read by its type, which no file can declare beforehand."""
    parsed = AzureId.parse(
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/council-site"
    )
    assert parsed
    kept = Kept(moved=(parsed,))
    assert kept.calls(Purpose.LOOK) == (type_call(parsed),)
    assert kept.calls(Purpose.LEDGER) == ()
    made = role(kept.calls(Purpose.LOOK), Purpose.LOOK, [])
    assert made["Actions"] == ["Microsoft.Web/sites/read"]


def test_permissions_that_differ_by_case_alone_are_printed_once() -> None:
    """Azure compares them without regard to case."""
    made = role(
        [azure_call("GET Microsoft.Web/sites"), azure_call("GET microsoft.web/Sites")],
        Purpose.LOOK,
        [],
    )
    assert len(made["Actions"]) == 1

"""AWS on loopback that checks permissions: users who may do what a policy says, and nothing else.

Moto names an action by the service that the signature is for, which for some services is not the
name that IAM has for it; policies are translated for that, and for nothing else.
"""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.model import OperationModel, Shape

from migrate.demo.moto import LoopbackAws

_AS_SIGNED = {"cloudwatch": "monitoring", "tag": "tagging"}
"""IAM's name of a service → what its requests are signed for."""
_NEVER = "inf"
_PLAIN = {
    **dict.fromkeys(("integer", "long", "float", "double"), 1),
    "boolean": False,
    "timestamp": "2026-11-23T00:00:00Z",
    "blob": b"x",
}


def make_user(aws: LoopbackAws, *policies: Mapping[str, Any]) -> dict[str, str]:
    """Make a user with these policies; return the environment by which a process is that user.

    From then on permissions are checked.
    """
    _check_after(aws, _NEVER)
    iam = boto3.client(
        "iam",
        endpoint_url=aws.url,
        region_name=aws.region,
        aws_access_key_id="loopback",
        aws_secret_access_key="loopback",  # noqa: S106 -- moto takes any
    )
    name = f"user-{uuid.uuid4()}"
    iam.create_user(UserName=name)
    for number, each in enumerate(policies):
        made = iam.create_policy(
            PolicyName=f"{name}-{number}", PolicyDocument=json.dumps(_as_signed(each))
        )
        iam.attach_user_policy(UserName=name, PolicyArn=made["Policy"]["Arn"])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    iam.close()
    _check_after(aws, "0")
    return {
        **aws.environment(),
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }


def check_nothing(aws: LoopbackAws) -> None:
    """Let everybody do everything again."""
    _check_after(aws, _NEVER)


def anything(operation: OperationModel) -> dict[str, Any]:
    """Return parameters by which an operation can be sent: what must be given, of any value."""
    shape = operation.input_shape
    return _made(shape) if shape else {}


def _made(shape: Shape) -> Any:
    match shape.type_name:
        case "structure":
            made: Any = {name: _made(shape.members[name]) for name in shape.required_members}
        case "list":
            made = [_made(shape.member)]
        case "map":
            made = {}
        case "string":
            made = next(iter(shape.enum), "a" * max(3, shape.metadata.get("min", 3)))
        case kind:
            made = _PLAIN[kind]
    return made


def _as_signed(policy: Mapping[str, Any]) -> dict[str, Any]:
    def name(action: str) -> str:
        service, _, rest = action.partition(":")
        return f"{_AS_SIGNED.get(service, service)}:{rest}"

    statements = [
        {**each, "Action": [name(action) for action in each["Action"]]}
        for each in policy["Statement"]
    ]
    return {**policy, "Statement": statements}


def _check_after(aws: LoopbackAws, calls: str) -> None:
    request = urllib.request.Request(  # noqa: S310 -- on loopback
        f"{aws.url}/moto-api/reset-auth",
        data=calls.encode(),
        headers={"Content-Type": "text/plain"},
        method="POST",
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 -- on loopback

"""What AWS says of an EC2 instance: one look at its description and its status checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inventory.errors import DecantError
from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.model.check import CloudResource

if TYPE_CHECKING:
    from inventory.clouds.aws_reach import AwsReach

CALLS = (
    aws_call("ec2:DescribeInstances"),
    aws_call("ec2:DescribeInstanceStatus"),
)
_ABSENT = frozenset({"InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"})


def look_at_instance(reach: AwsReach, resource: str) -> CloudResource | Unknown:
    """Describe an EC2 instance by its id or ARN, or say why that cannot be known."""
    from inventory.clouds import aws_failures

    try:
        client = reach.client("ec2", reach.place_of(resource), CALLS)
        return describe_instance(client, resource.rpartition("/")[2])
    except aws_failures.FAILURES as error:
        return aws_failures.unknown_of(error)
    except DecantError as error:
        return Unknown(reason=Reason.NOT_ASKED, detail=str(error))


def describe_instance(client: Any, instance_id: str) -> CloudResource | Unknown:
    """Describe an instance through an EC2 client, or say why that cannot be known."""
    from inventory.clouds import aws_failures

    try:
        described = client.describe_instances(InstanceIds=[instance_id])
        status = client.describe_instance_status(
            InstanceIds=[instance_id], IncludeAllInstances=True
        )
        return read_instance(instance_id, described, status)
    except aws_failures.FAILURES as error:
        if aws_failures.code_of(error) in _ABSENT:
            return CloudResource(id=instance_id, exists=False, detail=aws_failures.words_of(error))
        allow = "ec2:DescribeInstances and ec2:DescribeInstanceStatus"
        return aws_failures.unknown_of(error, allow=allow)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        return Unknown(
            reason=Reason.UNREADABLE,
            detail=f"AWS's answer on {instance_id} could not be read: {error!r}",
        )


def read_instance(
    instance_id: str, described: dict[str, Any], status: dict[str, Any]
) -> CloudResource | Unknown:
    """Make a resource of the answers to DescribeInstances and DescribeInstanceStatus. Pure."""
    instances = [each for group in described["Reservations"] for each in group["Instances"]]
    instance = next((each for each in instances if each["InstanceId"] == instance_id), None)
    if instance is None:
        return Unknown(
            reason=Reason.NOT_TOLD, detail=f"AWS's answer does not speak of {instance_id}"
        )
    healthy, detail = _health(instance_id, status)
    launched = instance.get("LaunchTime")
    return CloudResource(
        id=instance_id,
        exists=True,
        power_state=instance["State"]["Name"],
        healthy=healthy,
        detail=detail,
        size=instance.get("InstanceType"),
        image=instance.get("ImageId"),
        launched=launched.isoformat() if launched else None,
        addresses=_addresses(instance),
    )


def _health(instance_id: str, status: dict[str, Any]) -> tuple[bool | None, str]:
    found = [each for each in status["InstanceStatuses"] if each["InstanceId"] == instance_id]
    if not found:
        return None, "AWS gives no status checks for it"
    checks = {
        "system": found[0]["SystemStatus"]["Status"],
        "instance": found[0]["InstanceStatus"]["Status"],
    }
    detail = ", ".join(f"{name} status check: {value}" for name, value in checks.items())
    if "impaired" in checks.values():
        return False, detail
    return (True if set(checks.values()) == {"ok"} else None), detail


def _addresses(instance: dict[str, Any]) -> tuple[str, ...]:
    found = [instance.get("PrivateIpAddress"), instance.get("PublicIpAddress")]
    for interface in instance.get("NetworkInterfaces", []):
        found += [each.get("PrivateIpAddress") for each in interface.get("PrivateIpAddresses", [])]
        found += [each.get("Ipv6Address") for each in interface.get("Ipv6Addresses", [])]
    return tuple(dict.fromkeys(each for each in found if each))

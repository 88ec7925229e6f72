"""Which question to a cloud would have told of a resource, by its id alone. Pure."""

from __future__ import annotations

from typing import Final

from inventory.model.azure_id import AzureId
from inventory.model.resource import Looked

_PARTS: Final = 6
_TELLS: Final = {
    "db": "rds:DescribeDBInstances",
    "cluster": "rds:DescribeDBClusters",
    "elasticfilesystem:file-system": "efs:DescribeFileSystems",
    "fsx:file-system": "fsx:DescribeFileSystems",
    "app": "elbv2:DescribeLoadBalancers",
    "net": "elbv2:DescribeLoadBalancers",
    "gwy": "elbv2:DescribeLoadBalancers",
    "autoscaling": "autoscaling:DescribeAutoScalingGroups",
}
"""What an ARN has as its service, its kind, or both → who tells of it.

Buckets are left out: their ARNs name neither account nor region."""


def is_about(asked: Looked, resource: str) -> bool:
    """Tell whether a question would have told of a resource, had it been there."""
    if asked.why is not None or resource.lower() in asked.beside:
        return False
    if asked.source.startswith("azure:"):
        return _of_azure(asked, resource)
    return _of_aws(asked, resource)


def _of_aws(asked: Looked, arn: str) -> bool:
    parts = arn.split(":", _PARTS - 1)
    if len(parts) < _PARTS or parts[0] != "arn":
        return False
    _, _, service, region, account, what = parts
    if service == "elasticloadbalancing":
        service = what.removeprefix("loadbalancer/").partition("/")[0]
    elif service == "rds":
        service = what.partition(":")[0]
    elif service in {"elasticfilesystem", "fsx"}:
        service = f"{service}:{what.partition('/')[0]}"
    return asked.source == f"aws:{account}:{region}" and _TELLS.get(service) == asked.question


def _of_azure(asked: Looked, resource: str) -> bool:
    parsed = AzureId.parse(resource)
    if parsed is None or asked.source != f"azure:{parsed.subscription.lower()}":
        return False
    named = f"GET {parsed.namespace}/{parsed.type}".lower() == asked.question.lower()
    return named and (not asked.of or resource.lower().startswith(f"{asked.of}/"))

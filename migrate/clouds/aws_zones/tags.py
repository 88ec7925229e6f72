"""The tag policy that Organizations lays on an account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from migrate.clouds.zones import AwsZoneAsked
from migrate.model.landing_tags import Demand, TagRules
from migrate.model.reader import Reader

_NONE = frozenset({"AWSOrganizationsNotInUseException", "EffectivePolicyNotFoundException"})
"""No organisation, or no tag policy in it: API reference, DescribeEffectivePolicy."""
_SERVERS = frozenset({"ec2:instance", "ec2:*", "ec2:ALL_SUPPORTED"})


def _read(asked: AwsZoneAsked) -> Mapping[str, TagRules]:
    from inventory.clouds.aws_failures import FAILURES, code_of

    organizations = asked.client("organizations")
    try:
        said = organizations.describe_effective_policy(PolicyType="TAG_POLICY")
    except FAILURES as error:
        if code_of(error) in _NONE:
            return {asked.id: TagRules(demands={})}
        raise
    return {asked.id: tag_rules(said["EffectivePolicy"]["PolicyContent"])}


def tag_rules(content: str) -> TagRules:
    """Make it of an effective tag policy's text. Pure.

    Such a policy refuses values for the types that it is enforced for, and reports them for every
    other. A server without a tag is reported where the policy requires the tag of servers:
    Organizations user guide, tag policies. What is reported is not as the policy wants either.
    """
    rules: dict[str, tuple[Demand, ...]] = {}
    for key, rule in json.loads(content).get("tags", {}).items():
        enforced = bool(_SERVERS & set(_listed(rule.get("enforced_for"))))
        required = bool(_SERVERS & set(_listed(rule.get("report_required_tag_for"))))
        rules[_one(rule.get("tag_key"), key)] = (
            Demand(
                policy="the tag policy" + (", which is enforced" if enforced else ""),
                values=tuple(_listed(rule.get("tag_value"))),
                required=required,
            ),
        )
    return TagRules(demands=rules)


def _one(said: Any, otherwise: str) -> str:
    found = said.get("@@assign") if isinstance(said, dict) else said
    return str(found or otherwise)


def _listed(said: Any) -> list[str]:
    found = said.get("@@assign") if isinstance(said, dict) else said
    return [found] if isinstance(found, str) else list(found or ())


READER = Reader(
    tells=TagRules, calls=(aws_call("organizations:DescribeEffectivePolicy"),), read=_read
)

"""Service control policies of Organizations: what they forbid of making servers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Unknown
from migrate.clouds.zones import AwsZoneAsked
from migrate.model.landing_policies import Policies, Restriction
from migrate.model.reader import Reader

_SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
_MAKING: Final = ("ec2:RunInstances", "ec2:CreateVolume", "ec2:CreateNetworkInterface")
"""What making a server asks for."""
_MOST_LEVELS: Final = 7
"""An account, five levels of units, and the root: Organizations user guide, quotas."""
_REGION, _SIZE = "aws:requestedregion", "ec2:instancetype"
_TAG = "aws:requesttag/"
_ONLY = frozenset({"stringnotequals", "stringnotequalsignorecase", "stringnotlike"})
_NEVER = frozenset({"stringequals", "stringequalsignorecase", "stringlike"})


def _read(asked: AwsZoneAsked) -> Mapping[str, Policies | Unknown]:
    from inventory.clouds.aws_failures import FAILURES, code_of

    try:
        levels = _levels(asked)
    except FAILURES as error:
        if code_of(error) == "AWSOrganizationsNotInUseException":
            return {asked.id: Policies(restrictions=())}
        raise
    return {asked.id: policies(levels)}


def _levels(asked: AwsZoneAsked) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the account and what is above it, each with its policies' names and texts.

    Only the organisation's management account, and a delegated administrator, may ask this.
    """
    from inventory.clouds.aws_reach import pages

    organizations = asked.client("organizations")
    target = asked.place.account or asked.client("sts").get_caller_identity()["Account"]
    texts: dict[str, str] = {}
    levels: list[tuple[str, list[tuple[str, str]]]] = []
    while len(levels) < _MOST_LEVELS:
        attached = list(
            pages(
                organizations,
                "list_policies_for_target",
                "Policies",
                TargetId=target,
                Filter=_SERVICE_CONTROL,
            )
        )
        for each in attached:
            if each["Id"] not in texts:
                told = organizations.describe_policy(PolicyId=each["Id"])
                texts[each["Id"]] = told["Policy"]["Content"]
        levels.append((target, [(each["Name"], texts[each["Id"]]) for each in attached]))
        if target.startswith("r-"):
            return levels
        (parent,) = pages(organizations, "list_parents", "Parents", ChildId=target)
        target = parent["Id"]
    raise ValueError(f"there are more than {_MOST_LEVELS} levels above {levels[0][0]}")


def policies(levels: list[tuple[str, list[tuple[str, str]]]]) -> Policies:
    """Make it of the policies of each level: the account, its units, the root. Pure.

    A level must allow what is to be done, and none may deny it. A condition that is not about the
    region or the size narrows a denial: then whether it holds is not known here.
    """
    restrictions: list[Restriction] = []
    not_read: list[str] = []
    for target, attached in levels:
        statements = [
            (f"{name} on {target}", each) for name, text in attached for each in _statements(text)
        ]
        for where, each in statements:
            if each.get("Effect") != "Deny" or not _forbidden(each):
                continue
            found = _denial(where, each)
            if found:
                restrictions.append(found)
            else:
                not_read.append(f"{where}: {each.get('Sid') or 'a denial'} has conditions")
        forbidden = _not_allowed([each for _, each in statements])
        if forbidden:
            restrictions.append(
                Restriction(policy=f"what is allowed on {target}", forbids=forbidden)
            )
    return Policies(restrictions=tuple(restrictions), not_read=tuple(not_read))


def _statements(text: str) -> Iterator[Mapping[str, Any]]:
    said = json.loads(text).get("Statement", ())
    yield from [said] if isinstance(said, dict) else said


def _forbidden(statement: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what of making a server a statement speaks of."""
    if "NotAction" in statement:
        spared = _listed(statement["NotAction"])
        return tuple(each for each in _MAKING if not _among(each, spared))
    named = _listed(statement.get("Action"))
    return tuple(each for each in _MAKING if _among(each, named))


def _among(action: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(action.lower(), each.lower()) for each in patterns)


def _not_allowed(statements: list[Mapping[str, Any]]) -> str:
    allowed = {
        action
        for each in statements
        if each.get("Effect") == "Allow"
        for action in _forbidden(each)
    }
    return ", ".join(each for each in _MAKING if each not in allowed)


def _denial(where: str, statement: Mapping[str, Any]) -> Restriction | None:
    given: dict[str, Any] = {}
    others: list[str] = []
    for operator, keys in (statement.get("Condition") or {}).items():
        for key, values in keys.items():
            name = _field(operator, key)
            tag = key.partition("/")[2] if _lacks(operator, key, values) else ""
            if tag:
                given["without_tags"] = (*given.get("without_tags", ()), tag)
            elif name is None or name in given:
                others.append(f"{operator} {key}")
            else:
                given[name] = tuple(_listed(values))
    if not given and others:
        return None
    forbids = "" if given else ", ".join(_forbidden(statement))
    if not given and not _everything(statement):
        return None
    return Restriction(policy=where, forbids=forbids, unless="; ".join(others), **given)


def _everything(statement: Mapping[str, Any]) -> bool:
    return "*" in _listed(statement.get("Resource", "*"))


def _field(operator: str, key: str) -> str | None:
    only, never = operator.lower() in _ONLY, operator.lower() in _NEVER
    if key.lower() == _REGION and (only or never):
        return "regions" if only else "never_regions"
    if key.lower() == _SIZE and (only or never):
        return "sizes" if only else "never_sizes"
    return None


def _lacks(operator: str, key: str, values: Any) -> bool:
    """Tell whether a condition is that a tag is not given; several of them must all be missing."""
    of_tag = operator.lower() == "null" and key.lower().startswith(_TAG)
    return of_tag and [each.lower() for each in _listed(values)] == ["true"]


def _listed(said: Any) -> list[str]:
    if isinstance(said, str | bool):
        return [str(said)]
    return [str(each) for each in said or ()]


READER = Reader(
    tells=Policies,
    calls=(
        aws_call("organizations:DescribePolicy"),
        aws_call("organizations:ListParents"),
        aws_call("organizations:ListPoliciesForTarget"),
        aws_call("sts:GetCallerIdentity"),
    ),
    read=_read,
)

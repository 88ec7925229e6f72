"""AWS Config: what its rules say of resources. Asked by the rule and the page, not the resource."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_names import name_of, service_of
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_compliance import Compliance, Ruling

_RULES: Final = aws_call("config:DescribeComplianceByConfigRule")
_RESULTS: Final = aws_call("config:GetComplianceDetailsByConfigRule")
_RECORDERS: Final = aws_call("config:DescribeConfigurationRecorderStatus")
_TYPES: Final = {
    "ec2": ("AWS::EC2::Instance",),
    "elasticfilesystem": ("AWS::EFS::FileSystem",),
    "fsx": ("AWS::FSx::FileSystem",),
    "rds": ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"),
    "s3": ("AWS::S3::Bucket",),
}
"""Config's types of what may replace a server, by the service that its ARN names."""
_COMPLIES: Final = {"COMPLIANT": True, "NON_COMPLIANT": False, "NOT_APPLICABLE": None}
_MOST_RESULTS: Final = 100
Results = Mapping[str, Iterable[Mapping[str, Any]] | Unknown]
"""The evaluation results of each rule, or why they are not known."""


def _read(asked: AwsAsked) -> Mapping[str, Compliance]:
    from inventory.clouds.aws_reach import pages

    client = asked.client("config")
    recorders = client.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    rules = pages(client, "describe_compliance_by_config_rule", "ComplianceByConfigRules")

    def results(rule: str) -> Iterable[Mapping[str, Any]]:
        return list(
            pages(
                client,
                "get_compliance_details_by_config_rule",
                "EvaluationResults",
                ConfigRuleName=rule,
                Limit=_MOST_RESULTS,
            )
        )

    names = [each["ConfigRuleName"] for each in rules]
    known = _config_ids(asked)
    ids = {each: known[each] for each in asked.ids}
    return compliance(ids, singly(asked, names, results, (_RESULTS,)), recorders)


def compliance(
    ids: Mapping[str, str], results: Results, recorders: Iterable[Mapping[str, Any]]
) -> Mapping[str, Compliance]:
    """Make the compliance of each resource of what Config says. Pure.

    ``ids`` leads from the id that was asked about to the one by which Config knows it. A rule
    whose results are not known leaves every resource's ruling by it unknown.
    """
    found, silent = defaultdict(list), []
    for rule, said in results.items():
        if isinstance(said, Unknown):
            silent.append(Ruling(policy=rule, complies=said))
            continue
        for each in said:
            judged = each["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
            found[judged["ResourceType"], judged["ResourceId"]].append(_ruling(rule, each))
    records = any(each.get("recording") for each in recorders)
    return {
        each: Compliance(
            rulings=(
                *(
                    one
                    for kind in _TYPES.get(service_of(each), ())
                    for one in found[kind, config_id]
                ),
                *silent,
            ),
            stale="" if records else "Config does not record here",
        )
        for each, config_id in ids.items()
    }


def _ruling(rule: str, said: Mapping[str, Any]) -> Ruling:
    word = said["ComplianceType"]
    new = Unknown(reason=Reason.UNREADABLE, detail=f"Config says {word}")
    return Ruling(
        policy=rule,
        complies=_COMPLIES.get(word, new),
        at=said.get("ResultRecordedTime"),
        detail=said.get("Annotation", ""),
    )


def _config_ids(asked: AwsAsked) -> dict[str, str]:
    """Return the ids by which Config knows what was asked about: of RDS, ids that do not change."""
    from inventory.clouds.aws_reach import pages

    known = {each: name_of(each) for each in asked.ids}
    if any(service_of(each) == "rds" for each in asked.ids):
        client = asked.client("rds")
        for each in pages(client, "describe_db_instances", "DBInstances"):
            known[each["DBInstanceArn"]] = each["DbiResourceId"]
        for each in pages(client, "describe_db_clusters", "DBClusters"):
            known[each["DBClusterArn"]] = each["DbClusterResourceId"]
    return known


READER = Reader(
    tells=Compliance,
    calls=(
        _RECORDERS,
        _RULES,
        _RESULTS,
        aws_call("rds:DescribeDBInstances"),
        aws_call("rds:DescribeDBClusters"),
    ),
    read=_read,
)

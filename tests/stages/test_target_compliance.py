"""What replaces a server breaks no policy of its account: judged, and read of both clouds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from surroundings import UNTOLD, at, look

from inventory.model.fact import Unknown
from migrate.checks.target_compliant import CHECK
from migrate.clouds.aws_readers.compliance import compliance as of_aws
from migrate.clouds.azure_readers.compliance import compliance as of_azure
from migrate.model.evidence import Outcome
from migrate.model.target_compliance import Compliance, Ruling

KEPT = Ruling(policy="encrypted-volumes", complies=True)
BROKEN = Ruling(policy="no-public-ip", complies=False, detail="it has one")
EXEMPT = Ruling(policy="windows-only", complies=None)
DOUBTFUL = Ruling(policy="required-tags", complies=UNTOLD)


@pytest.mark.parametrize(
    ("rulings", "stale", "parameters", "outcome", "words"),
    [
        ((KEPT, EXEMPT), "", {}, Outcome.PASSED, "it complies with 1 policy"),
        ((KEPT, BROKEN), "", {}, Outcome.FAILED, "it breaks no-public-ip (it has one)"),
        ((KEPT, BROKEN), "", {"except": ["No-Public-IP"]}, Outcome.PASSED, "complies with 1"),
        ((), "", {}, Outcome.UNKNOWN, "no policy has judged it yet"),
        ((EXEMPT,), "", {}, Outcome.UNKNOWN, "no policy has judged it yet"),
        ((KEPT, DOUBTFUL), "", {}, Outcome.UNKNOWN, "required-tags"),
        ((KEPT,), "Config does not record here", {}, Outcome.UNKNOWN, "does not record"),
        ((BROKEN,), "Config does not record here", {}, Outcome.FAILED, "it breaks no-public-ip"),
        ((KEPT,), "", {"policies": ["no-public-ip"]}, Outcome.UNKNOWN, "has not judged it"),
        ((KEPT,), "", {"policies": ["Encrypted-Volumes"]}, Outcome.PASSED, "complies"),
    ],
)
def test_it_complies(
    rulings: tuple[Ruling, ...],
    stale: str,
    parameters: dict[str, Any],
    outcome: Outcome,
    words: str,
) -> None:
    """A broken policy fails and is named; one that never judged it proves nothing."""
    result = look(CHECK, Compliance(rulings=rulings, stale=stale), parameters)
    assert result.outcome is outcome
    assert words in result.detail
    json.dumps(dict(result.observed))


RECORDING = [{"name": "default", "recording": True}]


def _result(word: str, resource: str = "i-1", kind: str = "AWS::EC2::Instance") -> dict[str, Any]:
    of = {"ConfigRuleName": "r", "ResourceType": kind, "ResourceId": resource}
    return {
        "EvaluationResultIdentifier": {"EvaluationResultQualifier": of},
        "ComplianceType": word,
        "ResultRecordedTime": at("2026-11-23"),
    }


@pytest.mark.parametrize(
    ("word", "complies"),
    [
        ("COMPLIANT", True),
        ("NON_COMPLIANT", False),
        ("NOT_APPLICABLE", None),
        ("INSUFFICIENT_DATA", Unknown),
        ("WORD_OF_NEXT_YEAR", Unknown),
    ],
)
def test_a_word_of_config_is_read(word: str, complies: object) -> None:
    """Too little data, and a new word, are unknown and not compliant."""
    told = of_aws({"i-1": "i-1"}, {"r": [_result(word)]}, RECORDING)["i-1"].rulings[0]
    assert (isinstance(told.complies, Unknown) and complies is Unknown) or (
        told.complies is complies
    )


def test_config_s_results_are_those_of_the_resource() -> None:
    """By type and Config's own id: a database's never changes, though its name may."""
    database = "arn:aws:rds:eu-west-2:123456789012:db:shop"
    results = [
        _result("COMPLIANT"),
        _result("NON_COMPLIANT", "i-2"),
        _result("NON_COMPLIANT", "db-ABC", "AWS::RDS::DBInstance"),
        _result("NON_COMPLIANT", "i-1", "AWS::EC2::Volume"),
    ]
    told = of_aws({"i-1": "i-1", database: "db-ABC"}, {"r": results}, RECORDING)
    assert [each.complies for each in told["i-1"].rulings] == [True]
    assert [each.complies for each in told[database].rulings] == [False]


def test_a_rule_of_config_that_is_not_told_is_unknown_for_each() -> None:
    """It may be broken by any of them."""
    told = of_aws({"i-1": "i-1"}, {"r": UNTOLD, "s": [_result("COMPLIANT")]}, RECORDING)["i-1"]
    assert look(CHECK, told).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("recorders", [[], [{"name": "default", "recording": False}]])
def test_config_that_does_not_record_is_stale(recorders: list[dict[str, Any]]) -> None:
    """What it says then is of former days."""
    told = of_aws({"i-1": "i-1"}, {"r": [_result("COMPLIANT")]}, recorders)["i-1"]
    assert told.stale
    assert look(CHECK, told).outcome is Outcome.UNKNOWN


VM = "/subscriptions/s/resourcegroups/g/providers/microsoft.compute/virtualmachines/web-1"


@pytest.mark.parametrize(
    ("word", "complies"),
    [
        ("Compliant", True),
        ("NonCompliant", False),
        ("Conflict", False),
        ("Exempt", None),
        ("Unknown", Unknown),
        ("WordOfNextYear", Unknown),
        (None, Unknown),
    ],
)
def test_a_state_of_azure_policy_is_read(word: str | None, complies: object) -> None:
    """Assignment and policy are both named; a new word is unknown."""
    state = {
        "resourceId": VM.replace("resourcegroups", "resourceGroups"),
        "complianceState": word,
        "timestamp": "2026-11-23T01:30:00Z",
        "policyAssignmentName": "SecurityCenterBuiltIn",
        "policyDefinitionReferenceId": "noPublicIp",
    }
    told = of_azure([VM, f"{VM}0"], [state])
    ruling = told[VM].rulings[0]
    assert ruling.policy == "SecurityCenterBuiltIn/noPublicIp"
    assert (isinstance(ruling.complies, Unknown) and complies is Unknown) or (
        ruling.complies is complies
    )
    assert told[f"{VM}0"].rulings == ()

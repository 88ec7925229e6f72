"""The loopback of AWS's services refuses what their models refuse, and answers by their models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aws_model import CUT, GARBAGE, AwsFaultError, AwsModel, aws_model
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError
from clouds import BRIEF

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.model.cloud_calls import aws_call
from inventory.model.cloud_settings import AwsSettings


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsModel]:
    """Return running services of two protocols, which the environment's credentials lead to."""
    with aws_model("mgn", "ssm") as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


def _client(aws: AwsModel, service: str) -> Any:
    settings = AwsSettings(
        region="eu-west-2", endpoints=aws.endpoints, patience=replace(BRIEF, attempts=1)
    )
    model = aws.models[service]
    calls = [aws_call(f"{service}:{each}", changes=True) for each in model.operation_names]
    return AwsReach(settings=settings).client(
        service, AwsPlace(region="eu-west-2"), calls, changes=True
    )


def test_an_operation_answers_what_it_was_given(aws: AwsModel) -> None:
    """Parameters arrive, and the result comes back, by REST and by JSON alike."""
    aws.answers("mgn", "DescribeSourceServers")(
        lambda **asked: {"items": [{"sourceServerID": asked["filters"]["sourceServerIDs"][0]}]}
    )
    aws.says("ssm", "DescribeInstanceInformation", InstanceInformationList=[])
    server = "s-" + "a" * 17
    told = _client(aws, "mgn").describe_source_servers(filters={"sourceServerIDs": [server]})
    assert [each["sourceServerID"] for each in told["items"]] == [server]
    assert _client(aws, "ssm").describe_instance_information()["InstanceInformationList"] == []
    assert [each[:2] for each in aws.log] == [
        ("mgn", "DescribeSourceServers"),
        ("ssm", "DescribeInstanceInformation"),
    ]


def test_what_the_service_would_refuse_is_refused(aws: AwsModel) -> None:
    """An enumeration's word that does not exist, and an id of the wrong form, are errors."""
    aws.says("mgn", "ChangeServerLifeCycleState")
    mgn = _client(aws, "mgn")
    with pytest.raises(ClientError, match="READY_FOR_CUTOVER"):
        mgn.change_server_life_cycle_state(
            sourceServerID="s-" + "a" * 17, lifeCycle={"state": "TOTALLY_READY"}
        )
    with pytest.raises(ClientError, match="does not match"):
        mgn.change_server_life_cycle_state(
            sourceServerID="x" * 19, lifeCycle={"state": "READY_FOR_TEST"}
        )


def test_an_answer_that_is_none_of_the_service_s_is_the_test_s_fault(aws: AwsModel) -> None:
    """A result that the model does not allow does not leave."""
    aws.says("mgn", "DescribeSourceServers", servers=[])
    with pytest.raises(ClientError, match="WrongTest"):
        _client(aws, "mgn").describe_source_servers()


def test_what_has_no_behaviour_says_so(aws: AwsModel) -> None:
    """Nothing is answered by chance."""
    with pytest.raises(ClientError, match="does nothing here"):
        _client(aws, "mgn").describe_jobs()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (AwsFaultError("ThrottlingException", status=429), ClientError),
        (CUT, ConnectionClosedError),
        (GARBAGE, ResponseParserError),
    ],
)
def test_faults_happen_as_often_as_they_are_wanted(
    aws: AwsModel, fault: Any, error: type[Exception]
) -> None:
    """Then the service answers again."""
    aws.says("mgn", "DescribeSourceServers", items=[])
    aws.fail("mgn", "*", fault, times=1)
    mgn = _client(aws, "mgn")
    with pytest.raises(error):
        mgn.describe_source_servers()
    assert mgn.describe_source_servers()["items"] == []

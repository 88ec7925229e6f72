"""Alarms on what replaces a server reach somebody: judged, and read of both clouds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from surroundings import UNTOLD, look

from inventory.model.fact import Unknown
from migrate.checks.target_monitored import CHECK
from migrate.clouds.aws_readers.alarms import Said as SaidByAws
from migrate.clouds.aws_readers.alarms import alarms as of_aws
from migrate.clouds.azure_readers.alarms import Said as SaidByAzure
from migrate.clouds.azure_readers.alarms import alarms as of_azure
from migrate.model.evidence import Outcome
from migrate.model.target_alarms import Alarm, Alarms

CPU = Alarm(name="cpu", watches=("CPUUtilization",), enabled=True, receivers=1)
DOWN = Alarm(name="down", watches=("StatusCheckFailed",), enabled=True, receivers=2)
BOTH = {"metrics": ["StatusCheckFailed", "cpuutilization"]}


@pytest.mark.parametrize(
    ("alarms", "parameters", "outcome", "words"),
    [
        ((CPU,), {}, Outcome.PASSED, "cpu (1)"),
        ((CPU, DOWN), BOTH, Outcome.PASSED, "alarms on StatusCheckFailed reach somebody: down (2)"),
        ((CPU,), BOTH, Outcome.FAILED, "no alarm watches StatusCheckFailed"),
        ((), {}, Outcome.FAILED, "no alarm is set on it"),
        ((replace(CPU, enabled=False),), {}, Outcome.FAILED, "every alarm on it is disabled: cpu"),
        (
            (replace(CPU, receivers=0, why="it has no action"),),
            {},
            Outcome.FAILED,
            "no alarm on it reaches anybody (cpu: it has no action)",
        ),
        ((replace(CPU, receivers=UNTOLD),), {}, Outcome.UNKNOWN, "made by a test"),
        ((replace(CPU, receivers=UNTOLD), DOWN), {}, Outcome.PASSED, "down (2)"),
        ((replace(CPU, has_data=False),), {}, Outcome.UNKNOWN, "cpu (no data)"),
        ((replace(CPU, has_data=False), DOWN), {}, Outcome.PASSED, "down (2)"),
    ],
)
def test_it_is_watched(
    alarms: tuple[Alarm, ...], parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """One enabled alarm that reaches somebody passes; alarms that nobody hears fail."""
    result = look(CHECK, Alarms(alarms=alarms), parameters)
    assert result.outcome is outcome
    assert words in result.detail
    json.dumps(dict(result.observed))


TOPIC = "arn:aws:sns:eu-west-2:123456789012:oncall"
FOREIGN = "arn:aws:sns:eu-west-2:999999999999:oncall"


def _aws(*actions: str, **more: Any) -> dict[str, Any]:
    return {
        "AlarmName": "cpu",
        "AlarmArn": "arn:aws:cloudwatch:eu-west-2:123456789012:alarm:cpu",
        "ActionsEnabled": True,
        "AlarmActions": list(actions),
        "StateValue": "OK",
        "MetricName": "CPUUtilization",
        "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
        **more,
    }


def _subscription(arn: str) -> dict[str, Any]:
    return {"TopicArn": TOPIC, "SubscriptionArn": arn, "Protocol": "email", "Endpoint": "a@b.uk"}


CONFIRMED = _subscription(f"{TOPIC}:0a1b")
PENDING = _subscription("PendingConfirmation")


def test_aws_subscriptions_count_once_they_are_confirmed() -> None:
    """One that waits for its owner's click reaches nobody; no address is kept of any."""
    told = of_aws("i-1", SaidByAws(metric=[_aws(TOPIC)], subscriptions=[CONFIRMED, PENDING]))
    assert [each.receivers for each in told.alarms] == [1]
    assert "a@b.uk" not in repr(told)
    waiting = of_aws("i-1", SaidByAws(metric=[_aws(TOPIC)], subscriptions=[PENDING]))
    assert [(each.receivers, each.why) for each in waiting.alarms] == [
        (0, "no subscription of its topic is confirmed")
    ]


@pytest.mark.parametrize(
    ("actions", "receivers"),
    [
        (("arn:aws:automate:eu-west-2:ec2:recover",), 0),
        ((), 0),
        ((FOREIGN,), Unknown),
        (("arn:aws:lambda:eu-west-2:123456789012:function:page",), Unknown),
        ((FOREIGN, TOPIC), 1),
    ],
)
def test_where_aws_actions_lead(actions: tuple[str, ...], receivers: object) -> None:
    """Recovering an instance tells nobody; who is behind another account's topic is unknown."""
    told = of_aws("i-1", SaidByAws(metric=[_aws(*actions)], subscriptions=[CONFIRMED]))
    found = told.alarms[0].receivers
    assert (isinstance(found, Unknown) and receivers is Unknown) or found == receivers


@pytest.mark.parametrize(("state", "has_data"), [("OK", True), ("INSUFFICIENT_DATA", False)])
def test_an_aws_alarm_says_whether_it_has_data(*, state: str, has_data: bool) -> None:
    """One on a metric that nobody publishes would never be raised."""
    told = of_aws("i-1", SaidByAws(metric=[_aws(TOPIC, StateValue=state)]))
    assert told.alarms[0].has_data is has_data


def test_aws_alarms_of_expressions_and_of_alarms_count() -> None:
    """A metric within an expression is watched, and so is what a composite alarm's rule names."""
    metric = {"MetricName": "StatusCheckFailed", "Dimensions": _aws()["Dimensions"]}
    inner = _aws(MetricName=None, Dimensions=[], Metrics=[{"MetricStat": {"Metric": metric}}])
    above = {**_aws(TOPIC), "AlarmName": "all", "AlarmRule": 'ALARM("cpu") AND NOT ALARM(night)'}
    told = of_aws("i-1", SaidByAws(metric=[inner], composite=[above], subscriptions=[CONFIRMED]))
    assert [(each.name, each.watches, each.receivers) for each in told.alarms] == [
        ("cpu", ("StatusCheckFailed",), 0),
        ("all", ("StatusCheckFailed",), 1),
    ]


def test_an_aws_alarm_on_something_else_of_that_name_is_not_its_own() -> None:
    """A bucket and a database may both be called shop; the dimension says which is meant."""
    bucket = _aws(TOPIC, Dimensions=[{"Name": "BucketName", "Value": "shop"}])
    said = SaidByAws(metric=[bucket], subscriptions=[CONFIRMED])
    assert of_aws("arn:aws:s3:::shop", said).alarms
    assert not of_aws("arn:aws:rds:eu-west-2:123456789012:db:shop", said).alarms


SCOPE = "/subscriptions/s/resourcegroups/g"
VM = f"{SCOPE}/providers/microsoft.compute/virtualmachines/web-1"
GROUP_ID = f"{SCOPE}/providers/microsoft.insights/actiongroups/oncall"


def _rule(scope: str = VM, **more: Any) -> dict[str, Any]:
    """Return a metric alert rule (format as documented: metricAlerts 2018-03-01)."""
    return {
        "name": "cpu",
        "properties": {
            "enabled": True,
            "scopes": [scope.upper()],
            "criteria": {"allOf": [{"metricName": "Percentage CPU"}]},
            "actions": [{"actionGroupId": GROUP_ID.upper()}],
            **more,
        },
    }


def _group(**more: Any) -> dict[str, Any]:
    return {"id": GROUP_ID, "properties": {"enabled": True, **more}}


EMAIL = {"name": "a", "emailAddress": "a@b.uk", "status": "Enabled"}


@pytest.mark.parametrize(
    ("group", "receivers"),
    [
        (_group(emailReceivers=[EMAIL]), 1),
        (_group(emailReceivers=[{**EMAIL, "status": "Disabled"}]), 0),
        (_group(emailReceivers=[{**EMAIL, "status": "NotSpecified"}]), 0),
        (_group(emailReceivers=[EMAIL], enabled=False), 0),
        (_group(webhookReceivers=[{"name": "pager"}], emailReceivers=[EMAIL]), 2),
        (_group(), 0),
    ],
)
def test_azure_receivers_count_while_they_are_enabled(
    group: dict[str, Any], receivers: int
) -> None:
    """A group that is switched off, or a person who unsubscribed, is not reached."""
    told = of_azure(VM, SaidByAzure(metric=[_rule()], groups=[group]))
    assert [each.receivers for each in told.alarms] == [receivers]
    assert "a@b.uk" not in repr(told)


@pytest.mark.parametrize(
    ("scope", "more", "found"),
    [
        (VM, {}, 1),
        (SCOPE, {"targetResourceType": "Microsoft.Compute/virtualMachines"}, 1),
        (SCOPE, {"targetResourceType": "Microsoft.Sql/servers/databases"}, 0),
        (f"{SCOPE}x", {}, 0),
        (VM[:-1], {}, 0),
    ],
)
def test_an_azure_rule_covers_what_is_within_its_scope(
    scope: str, more: dict[str, Any], found: int
) -> None:
    """A group's rule covers its machines, and a name that only begins alike is another's."""
    told = of_azure(VM, SaidByAzure(metric=[_rule(scope, **more)], groups=[_group()]))
    assert len(told.alarms) == found


def test_an_azure_group_elsewhere_is_not_seen() -> None:
    """Whom a group of another subscription reaches is unknown, not nobody."""
    told = of_azure(VM, SaidByAzure(metric=[_rule()]))
    assert isinstance(told.alarms[0].receivers, Unknown)


def _processing(kind: str, **more: Any) -> dict[str, Any]:
    action = {"actionType": kind, "actionGroupIds": [GROUP_ID]}
    return {
        "name": "quiet",
        "properties": {"enabled": True, "scopes": [SCOPE], "actions": [action], **more},
    }


@pytest.mark.parametrize(
    ("rule", "processing", "receivers"),
    [
        (_rule(), _processing("RemoveAllActionGroups"), 0),
        (_rule(), _processing("RemoveAllActionGroups", enabled=False), 1),
        (_rule(), _processing("RemoveAllActionGroups", schedule={"timeZone": "UTC"}), Unknown),
        (_rule(actions=[]), _processing("AddActionGroups"), 1),
        (_rule(actions=[]), _processing("AddActionGroups", conditions=[{"field": "x"}]), 0),
    ],
)
def test_azure_processing_rules_add_and_keep_away(
    rule: dict[str, Any], processing: dict[str, Any], receivers: object
) -> None:
    """One that always holds alerts back leaves nobody; one that does so at times is unknown."""
    group = _group(emailReceivers=[EMAIL])
    told = of_azure(VM, SaidByAzure(metric=[rule], groups=[group], processing=[processing]))
    found = told.alarms[0].receivers
    assert (isinstance(found, Unknown) and receivers is Unknown) or found == receivers


def test_azure_log_and_health_alerts_count_and_other_activity_does_not() -> None:
    """An alert on deletions of whatever says nothing of how the machine is."""
    log = _rule(actions={"actionGroups": [GROUP_ID]}, criteria={"allOf": [{"query": "x"}]})
    health = _rule(
        SCOPE,
        actions={"actionGroups": [{"actionGroupId": GROUP_ID}]},
        condition={"allOf": [{"field": "category", "equals": "ResourceHealth"}]},
    )
    deletes = _rule(
        SCOPE, condition={"allOf": [{"field": "category", "equals": "Administrative"}]}, actions={}
    )
    group = _group(emailReceivers=[EMAIL])
    told = of_azure(VM, SaidByAzure(log=[log], activity=[health, deletes], groups=[group]))
    assert [(each.watches, each.receivers) for each in told.alarms] == [
        (("log search",), 1),
        (("resource health",), 1),
    ]

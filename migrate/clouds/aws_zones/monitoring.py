"""Log groups of CloudWatch, and topics of SNS with those who are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Unknown
from migrate.clouds.zones import AwsZoneAsked, partly
from migrate.model.landing_monitoring import Alert, Logs, Monitoring
from migrate.model.reader import Reader

_LOGS = aws_call("logs:DescribeLogGroups")
_TOLD = aws_call("sns:ListSubscriptionsByTopic")
_GONE = frozenset({"NotFound", "NotFoundException", "InvalidParameter"})
_WAITS = frozenset({"PendingConfirmation", "pending confirmation"})


def _read(asked: AwsZoneAsked) -> Mapping[str, Monitoring]:
    logs = partly(asked, lambda: _logs(asked), _LOGS)
    topics = {each: _told(asked, each) for each in asked.zone.alerts}
    alerts = {each: told for each, told in topics.items() if told is not None}
    return {asked.id: Monitoring(logs=logs, alerts=alerts)}


def _logs(asked: AwsZoneAsked) -> Mapping[str, Logs]:
    from inventory.clouds.aws_reach import pages

    groups = (
        each
        for name in asked.zone.logs
        for each in pages(
            asked.client("logs"), "describe_log_groups", "logGroups", logGroupNamePrefix=name
        )
    )
    return {
        each["logGroupName"]: Logs(usable=True, kept_days=each.get("retentionInDays"))
        for each in groups
        if each["logGroupName"] in asked.zone.logs
    }


def _told(asked: AwsZoneAsked, topic: str) -> Alert | Unknown | None:
    """Return who is told by a topic, or None when there is none. Subscriptions go by topic."""
    from inventory.clouds.aws_failures import FAILURES, code_of
    from inventory.clouds.aws_reach import pages

    def ask() -> Alert | None:
        sns = asked.client("sns")
        try:
            return alert(pages(sns, "list_subscriptions_by_topic", "Subscriptions", TopicArn=topic))
        except FAILURES as error:
            if code_of(error) in _GONE:
                return None
            raise

    return partly(asked, ask, _TOLD)


def alert(subscriptions: Iterable[Mapping[str, Any]]) -> Alert:
    """Make it of what ListSubscriptionsByTopic says. Pure. Addresses are not kept."""
    confirmed: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for each in subscriptions:
        waits = each["SubscriptionArn"] in _WAITS
        (waiting if waits else confirmed)[each["Protocol"]] += 1
    return Alert(
        receivers=tuple(f"{count} {kind}" for kind, count in sorted(confirmed.items())),
        silent=tuple(
            f"{count} {kind} not confirmed yet" for kind, count in sorted(waiting.items())
        ),
    )


READER = Reader(tells=Monitoring, calls=(_LOGS, _TOLD), read=_read)

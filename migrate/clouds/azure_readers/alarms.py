"""Azure Monitor's alert rules on a resource, and how many enabled receivers their groups have.

Metric alerts, log search alerts and alerts on resource health count. Alert processing rules add
groups, or keep alerts from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.model.reader import Reader
from migrate.model.target_alarms import Alarm, Alarms

_METRIC: Final = "2018-03-01"
_ACTIVITY: Final = "2020-10-01"
_LOG: Final = "2023-12-01"
_GROUPS: Final = "2023-01-01"
_PROCESSING: Final = "2021-08-08"
_RECEIVERS_OF_PEOPLE: Final = ("emailReceivers", "smsReceivers")
"""Those that can be disabled by whoever gets them."""
_OTHER_RECEIVERS: Final = (
    "armRoleReceivers",
    "automationRunbookReceivers",
    "azureAppPushReceivers",
    "azureFunctionReceivers",
    "eventHubReceivers",
    "incidentReceivers",
    "itsmReceivers",
    "logicAppReceivers",
    "voiceReceivers",
    "webhookReceivers",
)
_HEALTH: Final = "resourcehealth"
_REMOVE: Final = "removeallactiongroups"
_ADD: Final = "addactiongroups"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What Azure Monitor lists in one subscription, as Azure writes it."""

    metric: Sequence[Mapping[str, Any]] = ()
    activity: Sequence[Mapping[str, Any]] = ()
    log: Sequence[Mapping[str, Any]] = ()
    groups: Sequence[Mapping[str, Any]] = ()
    processing: Sequence[Mapping[str, Any]] = ()


def _read(asked: AzureAsked) -> Mapping[str, Alarms]:
    arm, here = asked.arm, f"/subscriptions/{asked.place}/providers"
    said = Said(
        metric=tuple(arm.pages(f"{here}/Microsoft.Insights/metricAlerts", _METRIC)),
        activity=tuple(arm.pages(f"{here}/Microsoft.Insights/activityLogAlerts", _ACTIVITY)),
        log=tuple(arm.pages(f"{here}/Microsoft.Insights/scheduledQueryRules", _LOG)),
        groups=tuple(arm.pages(f"{here}/Microsoft.Insights/actionGroups", _GROUPS)),
        processing=tuple(arm.pages(f"{here}/Microsoft.AlertsManagement/actionRules", _PROCESSING)),
    )
    return {each: alarms(each, said) for each in asked.ids}


def alarms(resource_id: str, said: Said) -> Alarms:
    """Make the alarms of one resource of what its subscription lists. Pure; ids in lower case."""
    reached = {each["id"].lower(): _receivers_of(each["properties"]) for each in said.groups}
    rules = [
        *(
            (each, _watched_by_metric(each), _groups(each["properties"].get("actions")))
            for each in said.metric
        ),
        *((each, ("log search",), _groups(each["properties"].get("actions"))) for each in said.log),
        *(
            (each, ("resource health",), _groups(each["properties"].get("actions")))
            for each in said.activity
            if _is_on_health(each)
        ),
    ]
    processing = [each for each in said.processing if _applies(each, resource_id)]
    return Alarms(
        alarms=tuple(
            _alarm(rule, watches, groups, processing, reached)
            for rule, watches, groups in rules
            if _covers(rule["properties"], resource_id)
        )
    )


def _alarm(
    rule: Mapping[str, Any],
    watches: tuple[str, ...],
    groups: Sequence[str],
    processing: Sequence[Mapping[str, Any]],
    reached: Mapping[str, int],
) -> Alarm:
    properties = rule["properties"]
    added = [one for each in processing for one in _action_groups(each, _ADD)]
    receivers, why = _receivers([*groups, *added], reached)
    muting = [each for each in processing if _has_action(each, _REMOVE)]
    always = [each["name"] for each in muting if not _is_partial(each)]
    if always:
        receivers, why = 0, f"the processing rule {always[0]} keeps it from every group"
    elif muting and receivers:
        detail = f"the processing rule {muting[0]['name']} keeps it from its groups at times"
        receivers = Unknown(reason=Reason.NOT_TOLD, detail=detail)
    return Alarm(
        name=rule["name"],
        watches=watches,
        enabled=bool(properties.get("enabled", True)),
        receivers=receivers,
        why=why,
    )


def _receivers(groups: Sequence[str], reached: Mapping[str, int]) -> tuple[int | Unknown, str]:
    found = sum(reached.get(each, 0) for each in dict.fromkeys(groups))
    foreign = [each for each in groups if each not in reached]
    if found or not groups:
        return found, "" if found else "it has no action group"
    if foreign:
        detail = f"the action group {foreign[0]} is not in this subscription"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail), ""
    return 0, "no receiver of its action groups is enabled"


def _receivers_of(group: Mapping[str, Any]) -> int:
    if not group.get("enabled", True):
        return 0
    people = [
        each
        for kind in _RECEIVERS_OF_PEOPLE
        for each in group.get(kind) or ()
        if (each.get("status") or "").lower() == "enabled"
    ]
    return len(people) + sum(len(group.get(kind) or ()) for kind in _OTHER_RECEIVERS)


def _covers(properties: Mapping[str, Any], resource_id: str) -> bool:
    kind = (properties.get("targetResourceType") or "").lower()
    fits = not kind or f"/providers/{kind}/" in resource_id
    return fits and any(_within(resource_id, each) for each in properties.get("scopes") or ())


def _within(resource_id: str, scope: str) -> bool:
    """Tell whether a scope covers a resource; one that was given without its slash is kept so."""
    whole = f"/{scope.lower().strip('/')}".rstrip("/")
    return resource_id == whole or resource_id.startswith(f"{whole}/")


def _watched_by_metric(rule: Mapping[str, Any]) -> tuple[str, ...]:
    criteria = rule["properties"].get("criteria") or {}
    names = [each.get("metricName") for each in criteria.get("allOf") or ()]
    return tuple(dict.fromkeys(each for each in names if each)) or ("availability test",)


def _groups(actions: Any) -> list[str]:
    """Return the ids of the action groups of a rule, whichever of the three shapes it has."""
    found = actions.get("actionGroups") or () if isinstance(actions, Mapping) else actions or ()
    ids = [each if isinstance(each, str) else each.get("actionGroupId") for each in found]
    return [each.lower() for each in ids if each]


def _is_on_health(rule: Mapping[str, Any]) -> bool:
    condition = rule["properties"].get("condition") or {}
    return any(
        (each.get("field") or "").lower() == "category"
        and (each.get("equals") or "").lower() == _HEALTH
        for each in condition.get("allOf") or ()
    )


def _applies(rule: Mapping[str, Any], resource_id: str) -> bool:
    properties = rule["properties"]
    return bool(properties.get("enabled", True)) and any(
        _within(resource_id, each) for each in properties.get("scopes") or ()
    )


def _actions(rule: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    found: Iterable[Mapping[str, Any]] = rule["properties"].get("actions") or ()
    return found


def _has_action(rule: Mapping[str, Any], kind: str) -> bool:
    return any((each.get("actionType") or "").lower() == kind for each in _actions(rule))


def _action_groups(rule: Mapping[str, Any], kind: str) -> list[str]:
    if _is_partial(rule):
        return []
    of_kind = [each for each in _actions(rule) if (each.get("actionType") or "").lower() == kind]
    return [one.lower() for each in of_kind for one in each.get("actionGroupIds") or ()]


def _is_partial(rule: Mapping[str, Any]) -> bool:
    """Tell whether a processing rule holds at times, or for some alerts, only."""
    return bool(rule["properties"].get("conditions") or rule["properties"].get("schedule"))


READER = Reader(
    tells=Alarms,
    calls=(
        azure_call("GET Microsoft.Insights/metricAlerts"),
        azure_call("GET Microsoft.Insights/activityLogAlerts"),
        azure_call("GET Microsoft.Insights/scheduledQueryRules"),
        azure_call("GET Microsoft.Insights/actionGroups"),
        azure_call("GET Microsoft.AlertsManagement/actionRules"),
    ),
    read=_read,
)

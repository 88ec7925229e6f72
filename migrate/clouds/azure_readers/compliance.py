"""Azure Policy: the latest states of resources, so many resources a question.

A resource of which Azure Policy holds no state has not been judged, or no policy applies to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.model.reader import Reader
from migrate.model.target_compliance import Compliance, Ruling

_VERSION: Final = "2019-10-01"
_QUERY: Final = "Microsoft.PolicyInsights/policyStates/queryResults"
_AT_ONCE: Final = 25
"""Resources a question: their ids all go into its address."""
_NEXT: Final = "@odata.nextLink"
_WANTED: Final = (
    "resourceId,complianceState,timestamp,policyAssignmentName,policyDefinitionName,"
    "policyDefinitionReferenceId"
)
_COMPLIES: Final = {
    "compliant": True,
    "noncompliant": False,
    "conflict": False,
    "exempt": None,
    "protected": None,
}


def _read(asked: AzureAsked) -> Mapping[str, Compliance]:
    from inventory.clouds.aws_reach import in_chunks

    states = [
        each
        for some in in_chunks(asked.ids, _AT_ONCE)
        for each in _states(asked, " or ".join(f"resourceId eq '{one}'" for one in some))
    ]
    return compliance(asked.ids, states)


def _states(asked: AzureAsked, which: str) -> Iterator[Mapping[str, Any]]:
    """Yield the states of some resources, page by page; each page is asked for by POST."""
    path = (
        f"/subscriptions/{asked.place}/providers/Microsoft.PolicyInsights"
        "/policyStates/latest/queryResults"
    )
    arm, asked_for = asked.arm, {"filter_": which, "select_": _WANTED}
    following, seen = asked_for, set()
    while True:
        page = arm.post(path, _VERSION, {}, **following)
        yield from page["value"]
        token = parse_qs(urlsplit(page.get(_NEXT) or "").query).get("$skiptoken", [""])[0]
        if not token:
            return
        if token in seen:
            raise ValueError(f"the page {token} comes again")
        seen.add(token)
        following = {**asked_for, "skiptoken_": token}


def compliance(ids: Iterable[str], states: Iterable[Mapping[str, Any]]) -> Mapping[str, Compliance]:
    """Make the compliance of each resource of the records that Azure Policy holds. Pure."""
    found = defaultdict(list)
    for each in states:
        found[each["resourceId"].lower()].append(_ruling(each))
    return {each: Compliance(rulings=tuple(found[each])) for each in ids}


def _ruling(said: Mapping[str, Any]) -> Ruling:
    word = said.get("complianceState") or "nothing"
    new = Unknown(reason=Reason.UNREADABLE, detail=f"Azure Policy says {word}")
    policy = said.get("policyDefinitionReferenceId") or said.get("policyDefinitionName") or "?"
    at = said.get("timestamp")
    return Ruling(
        policy=f"{said.get('policyAssignmentName') or '?'}/{policy}",
        complies=_COMPLIES.get(word.lower(), new),
        at=datetime.fromisoformat(at) if at else None,
    )


READER = Reader(
    tells=Compliance,
    # Azure has two actions for this question; guides of others add the second to the role Reader.
    calls=(azure_call(f"POST {_QUERY}", f"{_QUERY}/read", f"{_QUERY}/action"),),
    read=_read,
)

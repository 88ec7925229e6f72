"""Whether Azure Policy would deny a server that is not there yet.

A rule is judged on what is known of the server: its type, region, size and tags. Whatever else a
rule speaks of is not known, and then it may be that the whole rule is neither true nor false.
Read: Microsoft Learn, Azure Policy definition structure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from migrate.clouds.zones import AzureZoneAsked

_MACHINE: Final = "Microsoft.Compute/virtualMachines"
_TAG: Final = re.compile(r"tags(?:\.|\[')?\[?'?(?P<name>[^'\]]+)'?\]?", re.IGNORECASE)
_PARAMETER: Final = re.compile(r"\[\s*parameters\('(?P<name>[^']+)'\)\s*\]", re.IGNORECASE)
_TAG_OF_PARAMETER: Final = re.compile(
    r"\[\s*concat\('tags\[',\s*parameters\('(?P<name>[^']+)'\),\s*'\]'\)\s*\]", re.IGNORECASE
)
_ABSENT: Final = object()


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What is known of a server that is to be made."""

    region: str
    size: str | None
    """None when it is not known yet."""
    tags: Mapping[str, str]


def planned(asked: AzureZoneAsked) -> list[Planned]:
    """Return the servers that are to land in a zone: one for each size, and one without."""
    sizes = [*asked.sizes, *([None] if asked.unsized or not asked.sizes else [])]
    return [Planned(region=asked.zone.region, size=each, tags=asked.zone.tags) for each in sizes]


def holds(rule: Any, parameters: Mapping[str, Any], server: Planned) -> bool | None:
    """Tell whether the ``if`` of a rule is true of a server; None when that is not known."""
    if not isinstance(rule, dict):
        return None
    if "allOf" in rule:
        return _all([holds(each, parameters, server) for each in rule["allOf"]])
    if "anyOf" in rule:
        found = [holds(each, parameters, server) for each in rule["anyOf"]]
        return _not(_all([_not(each) for each in found]))
    if "not" in rule:
        return _not(holds(rule["not"], parameters, server))
    if "field" not in rule:
        return None
    return _compared(_value(resolved(rule["field"], parameters), server), rule, parameters)


def speaks_of_tags(rule: Any) -> bool:
    """Tell whether a rule speaks of tags anywhere."""
    if isinstance(rule, dict):
        field = rule.get("field")
        of_tags = isinstance(field, str) and "tags" in field.lower()
        return of_tags or any(speaks_of_tags(each) for each in rule.values())
    return isinstance(rule, list) and any(speaks_of_tags(each) for each in rule)


def _all(found: list[bool | None]) -> bool | None:
    if any(each is False for each in found):
        return False
    return None if any(each is None for each in found) else True


def _not(found: bool | None) -> bool | None:  # noqa: FBT001 - three-valued, it is the operand
    return None if found is None else not found


def resolved(value: Any, parameters: Mapping[str, Any]) -> Any:
    """Return a value with the parameter that it names put in; an unknown one leaves it as it is."""
    if not isinstance(value, str):
        return value
    found = _PARAMETER.fullmatch(value)
    if found:
        return _named(found["name"], parameters, value)
    found = _TAG_OF_PARAMETER.fullmatch(value)
    name = _named(found["name"], parameters, None) if found else None
    return f"tags[{name}]" if name else value


def _named(name: str, parameters: Mapping[str, Any], otherwise: Any) -> Any:
    lower = {key.lower(): value for key, value in parameters.items()}
    return lower.get(name.lower(), otherwise)


def _value(field: Any, server: Planned) -> Any:
    """Return what a field is of the server: its text, absent, or None when it is not known."""
    if not isinstance(field, str) or field.startswith("["):
        return None
    known: dict[str, str | None] = {
        "type": _MACHINE,
        "location": server.region,
        f"{_MACHINE}/sku.name".lower(): server.size,
    }
    if field.lower() in known:
        return known[field.lower()]
    tag = _TAG.fullmatch(field) if field.lower().startswith("tags") else None
    if tag is None:
        return None
    tags = {key.lower(): value for key, value in server.tags.items()}
    return tags.get(tag["name"].lower(), _ABSENT)


def _compared(value: Any, rule: Mapping[str, Any], parameters: Mapping[str, Any]) -> bool | None:
    if value is None:
        return None
    for name, given in rule.items():
        positive = _OPERATORS.get(name)
        wanted = resolved(given, parameters)
        if positive is None:
            continue
        if isinstance(wanted, str) and wanted.startswith("["):
            return None
        operator, negated = positive
        found = operator(value, wanted)
        return _not(found) if negated else found
    return None


def _text(value: Any) -> str:
    return "" if value is _ABSENT else str(value).lower()


def _listed(wanted: Any) -> list[str]:
    return [str(each).lower() for each in wanted] if isinstance(wanted, list) else []


def _equals(value: Any, wanted: Any) -> bool:
    return _text(value) == str(wanted).lower()


def _in(value: Any, wanted: Any) -> bool:
    return _text(value) in _listed(wanted)


def _like(value: Any, wanted: Any) -> bool:
    return fnmatchcase(_text(value), str(wanted).lower())


def _contains(value: Any, wanted: Any) -> bool:
    return str(wanted).lower() in _text(value)


def _exists(value: Any, wanted: Any) -> bool:
    return (value is not _ABSENT) is (str(wanted).lower() == "true")


_OPERATORS: Final = {
    "equals": (_equals, False),
    "notEquals": (_equals, True),
    "in": (_in, False),
    "notIn": (_in, True),
    "like": (_like, False),
    "notLike": (_like, True),
    "contains": (_contains, False),
    "notContains": (_contains, True),
    "exists": (_exists, False),
}

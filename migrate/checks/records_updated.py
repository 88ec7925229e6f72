"""The records that named the old server say that it is gone: asset register, diagrams and others.

Each record is declared by a word of its own: ``asset-register-updated``, ``diagrams-updated``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._asked import schema
from migrate.checks._record import AGE, ROLE, Terms, judge
from migrate.model.check import Asked, Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_RECORDS = ["asset-register", "diagrams"]


def _asks(parameters: Mapping[str, Any]) -> tuple[Asked, ...]:
    return tuple(
        Asked(
            about=f"{record}-updated",
            what=f"It is marked as gone in the {record.replace('-', ' ')}.",
            role=parameters.get("role", ""),
        )
        for record in parameters.get("records", _RECORDS)
    )


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    terms = Terms(max_age_days=parameters.get("max_age_days"))
    return judge(sight, _asks(parameters), terms)


CHECK = Check(
    parameters=schema(
        records={
            "description": "Which records: each is declared as its name with -updated after it.",
            "type": "array",
            "items": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"},
            "minItems": 1,
            "uniqueItems": True,
            "default": _RECORDS,
        },
        max_age_days=AGE,
        role=ROLE,
    ),
    run=_run,
    reads="Looks whether somebody declared of each record by their own key that it was updated.",
    about=About.RECORD,
    asks=_asks,
)

"""Somebody declared what this playbook asks for, in a word of its own.

For what no other check knows: a change that was approved, a supplier who was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._asked import schema
from migrate.checks._record import AGE, ROLE, Terms, judge, last_act_at
from migrate.checks._say import unknown
from migrate.model.check import Asked, Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _asks(parameters: Mapping[str, Any]) -> tuple[Asked, ...]:
    if "about" not in parameters:
        return ()
    asked = Asked(
        about=parameters["about"],
        what=parameters.get("what", f"{parameters['about'].replace('-', ' ').capitalize()}."),
        document=parameters.get("document", ""),
        role=parameters.get("role", ""),
    )
    return (asked,)


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    if "about" not in parameters:
        return unknown("the playbook does not say what has to be declared; give about")
    terms = Terms(
        max_age_days=parameters.get("max_age_days"),
        not_before=last_act_at(sight) if parameters.get("after_acts") else None,
    )
    return judge(sight, _asks(parameters), terms)


CHECK = Check(
    parameters=schema(
        about={
            "description": "The word by which it is declared.",
            "type": "string",
            "pattern": "^[a-z][a-z0-9-]*$",
        },
        what={
            "description": "What is declared, one sentence.",
            "type": "string",
            "minLength": 1,
        },
        document={
            "description": "Which document has to be attached; none unless given.",
            "type": "string",
            "minLength": 1,
        },
        after_acts={
            "description": "Whether it counts only when it was declared after the last act on "
            "the old server.",
            "type": "boolean",
            "default": False,
        },
        max_age_days=AGE,
        role=ROLE,
    ),
    run=_run,
    reads="Looks whether somebody declared the playbook's word by their own key.",
    about=About.RECORD,
    asks=_asks,
)

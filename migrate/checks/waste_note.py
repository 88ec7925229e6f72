"""The old server left as waste with a registered carrier, and the transfer note is kept.

A virtual server leaves none: where discovery knew that it is one, nothing is asked. Whoever gives
waste away has to check that its carrier is registered, and to keep the transfer note (duty of care,
Environmental Protection Act 1990, section 34). Carriers of England carry numbers that begin with
CBDU or CBDL in the Environment Agency's register; for others give ``carrier``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from inventory.model.facts import VIRTUALISATION
from migrate.checks._asked import schema
from migrate.checks._record import AGE, ROLE, Terms, judge, last_act_at
from migrate.checks._say import passed, unknown
from migrate.model.check import Asked, Check, Sight
from migrate.model.evidence import Attestation, CheckResult
from migrate.model.playbook import About

_CARRIER = r"\bCBD[UL]\s?[0-9]{1,7}\b"


def _asks(parameters: Mapping[str, Any]) -> tuple[Asked, ...]:
    asked = Asked(
        about="waste-transfer-note",
        what="It was handed to a registered waste carrier, whose registration was looked up.",
        document="the waste transfer note",
        role=parameters.get("role", ""),
        names="the carrier's registration number",
    )
    return (asked,)


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    hypervisor = sight.past.known().value(VIRTUALISATION)
    if hypervisor not in {None, "none"}:
        return passed(f"it is a virtual server ({hypervisor}), which leaves no waste")
    try:
        carrier = re.compile(parameters.get("carrier", _CARRIER), re.IGNORECASE)
    except re.error as error:
        return unknown(f"a parameter is wrong: carrier: {error}")
    terms = Terms(
        max_age_days=parameters.get("max_age_days"),
        not_before=last_act_at(sight),
        also=partial(_fault, carrier),
    )
    return judge(sight, _asks(parameters), terms)


def _fault(carrier: re.Pattern[str], attestation: Attestation) -> str:
    named = carrier.search(attestation.statement)
    return "" if named else "its words do not name the carrier's registration, such as CBDU123456"


CHECK = Check(
    parameters=schema(
        carrier={
            "description": "Regular expression for the carrier's registration number.",
            "type": "string",
            "format": "regex",
            "default": _CARRIER,
        },
        max_age_days=AGE,
        role=ROLE,
    ),
    run=_run,
    reads="Looks whether somebody declared waste-transfer-note by their own key, with the note "
    "attached and the carrier's registration named.",
    about=About.RECORD,
    asks=_asks,
)

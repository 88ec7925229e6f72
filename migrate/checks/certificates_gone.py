"""Certificates that were the old server's are revoked, or named as still used elsewhere.

What discovery knew of its certificates decides: those that have ended or that nobody signed need
nothing; each other has to be named by its serial number in what was declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inventory.model.certificates import CERTIFICATES, Certificate
from inventory.model.fact import Unknown
from migrate.checks._asked import schema
from migrate.checks._record import AGE, ROLE, Terms, is_named, judge
from migrate.checks._say import listed, passed
from migrate.model.check import Asked, Check, Sight
from migrate.model.evidence import Attestation, CheckResult
from migrate.model.playbook import About


def _asks(parameters: Mapping[str, Any]) -> tuple[Asked, ...]:
    asked = Asked(
        about="certificates-revoked",
        what="Each of its certificates, by serial number, is revoked or still used elsewhere.",
        role=parameters.get("role", ""),
        names="the serial number of each certificate that is still valid",
    )
    return (asked,)


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    known = sight.past.known().of(CERTIFICATES)
    if isinstance(known, Unknown):
        result = judge(sight, _asks(parameters), Terms(max_age_days=parameters.get("max_age_days")))
        words = f"{result.detail}; which it had is not known: {known}"
        return replace(result, detail=words)
    found = (each.certificate for each in known.value if each.used_by)
    valid = {
        each.serial: each
        for each in found
        if each and not each.authority and not each.self_signed and each.not_after > sight.now
    }
    observed = {"valid": [_tell(each) for each in valid.values()]}
    if not valid:
        return passed("no certificate that others signed for it is valid any more", **observed)
    terms = Terms(
        max_age_days=parameters.get("max_age_days"), also=lambda each: _fault(each, list(valid))
    )
    result = judge(sight, _asks(parameters), terms)
    names = listed([_tell(each) for each in valid.values()], 50)
    return replace(
        result,
        detail=f"{result.detail}; still valid: {names}",
        observed={**result.observed, **observed},
    )


def _fault(attestation: Attestation, serials: list[str]) -> str:
    said = attestation.statement.replace(":", "")
    missing = [each for each in serials if not is_named(each, said)]
    return f"its words do not name {listed(missing, 50)}" if missing else ""


def _tell(certificate: Certificate) -> str:
    return f"{certificate.serial} ({certificate.subject or 'no subject'})"


CHECK = Check(
    parameters=schema(max_age_days=AGE, role=ROLE),
    run=_run,
    reads="Looks which certificates of the old server discovery knew that are still valid, and "
    "whether certificates-revoked names each.",
    about=About.RECORD,
    asks=_asks,
)

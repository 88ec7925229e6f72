"""The ground that checks of the record share: what was declared, by whom, with which document.

Nothing declared is unknown, and the result names the command to type. A declaration that lacks what
was asked for fails, and the result says what it lacks.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from inventory.amount import amount
from migrate.checks._asked import schema
from migrate.checks._say import failed, listed, passed, unknown
from migrate.model.check import Asked, Check, Sight
from migrate.model.evidence import Attestation, CheckResult
from migrate.model.playbook import About

Fault = Callable[[Attestation], str]
"""Says what a declaration lacks; empty when it lacks nothing."""

AGE: dict[str, Any] = {
    "description": "How many days old the declaration may be at the most.",
    "type": "integer",
    "minimum": 1,
}
ROLE: dict[str, Any] = {
    "description": "As what the person who declares it has to be named in decant.toml.",
    "type": "string",
    "minLength": 1,
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What makes a declaration count, besides what is asked for."""

    max_age_days: int | None = None
    not_before: datetime | None = None
    """When what is declared can have come about at the earliest."""
    also: Fault | None = None


def declared(
    asked: Asked,
    *,
    max_age_days: int | None = None,
    after_acts: bool = False,
    also: Fault | None = None,
) -> Check:
    """Return the check that people declared one thing.

    With ``after_acts`` a declaration of before the last act on the old server does not count: what
    is declared cannot have been true then.
    """

    def asks(parameters: Mapping[str, Any]) -> tuple[Asked, ...]:
        return (replace(asked, role=parameters.get("role", asked.role)),)

    def run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
        terms = Terms(
            max_age_days=parameters.get("max_age_days", max_age_days),
            not_before=last_act_at(sight) if after_acts else None,
            also=also,
        )
        return judge(sight, asks(parameters), terms)

    return Check(
        parameters=schema(
            max_age_days=AGE if max_age_days is None else {**AGE, "default": max_age_days},
            role={**ROLE, "default": asked.role} if asked.role else ROLE,
        ),
        run=run,
        reads=f"Looks whether somebody declared {asked.about} by their own key: {asked.what}",
        about=About.RECORD,
        asks=asks,
    )


def judge(sight: Sight, asked: Sequence[Asked], terms: Terms) -> CheckResult:
    """Say whether everything that is asked for was declared as it has to be."""
    good: list[Attestation] = []
    faults: list[str] = []
    commands: list[str] = []
    lacking: list[Asked] = []
    for each in asked:
        found = declarations(sight, each.about)
        whole = [one for one in found if not fault_of(one, each, terms, sight)]
        good += whole[-1:]
        if not found:
            lacking.append(each)
        elif not whole:
            faults += [f"{_who(one)}: {fault_of(one, each, terms, sight)}" for one in found]
            commands.append(command(sight, each))
    observed = {
        "asked": [each.about for each in asked],
        "attestations": [each.id for each in good],
        "declared": [_told(each) for each in good],
    }
    if faults:
        return failed(f"{listed(faults)}; declare it anew: {'; '.join(commands)}", **observed)
    if lacking:
        words = "; ".join(_ask(sight, each) for each in lacking)
        return unknown(f"nobody has declared {words}", **observed)
    words = "; ".join(f"{_who(each)}: {each.statement}" for each in good)
    return until(passed(words, **observed), good, terms.max_age_days)


def declarations(sight: Sight, about: str) -> list[Attestation]:
    """Return what stands under a word, oldest first."""
    return [each for each in sight.attestations if each.about == about]


def fault_of(each: Attestation, asked: Asked, terms: Terms, sight: Sight) -> str:
    """Say why a declaration does not count; empty when it does."""
    return (
        _wrong_person(each, asked, sight)
        or _wrong_time(each, terms, sight)
        or (f"{asked.document} is not attached (--file)" if _lacks(each, asked) else "")
        or (terms.also(each) if terms.also else "")
    )


def until(
    result: CheckResult, rests_on: Sequence[Attestation], max_age_days: int | None
) -> CheckResult:
    """Let a result count no longer than the declarations that it rests on."""
    ends = [each.expires for each in rests_on if each.expires is not None]
    if max_age_days is not None:
        ends += [each.at + timedelta(days=max_age_days) for each in rests_on]
    return replace(result, counts_until=min(ends, default=None))


def command(sight: Sight, asked: Asked, words: str = "TEXT") -> str:
    """Return what has to be typed to declare something."""
    file = " --file FILE" if asked.document else ""
    server = shlex.quote(sight.move.server)
    return f"decant attest {server} {asked.about} --as PERSON --because {words}{file}"


def last_act_at(sight: Sight) -> datetime | None:
    """Return when the last act on the old server was seen to have taken effect."""
    done = [each.result.at for each in sight.acts if each.done and each.result]
    return done[-1] if done else None


def is_named(tag: str, said: str) -> bool:
    """Tell whether words hold a serial number or a name as a word of its own."""
    return bool(re.search(rf"(?<![\w-]){re.escape(tag)}(?![\w-])", said, re.IGNORECASE))


def _wrong_person(each: Attestation, asked: Asked, sight: Sight) -> str:
    if sight.move.partners and each.partner not in sight.move.partners:
        return f"{each.partner} does not own the server"
    if asked.role and asked.role not in each.roles:
        return f"decant.toml does not name them as {asked.role}"
    return ""


def _wrong_time(each: Attestation, terms: Terms, sight: Sight) -> str:
    if each.at > sight.now:
        return "it is dated in the future"
    if terms.max_age_days is not None and sight.now - each.at > timedelta(days=terms.max_age_days):
        return f"it is older than {amount(terms.max_age_days, 'day')}"
    if terms.not_before is not None and each.at < terms.not_before:
        return f"it is of before the last act on the server, {terms.not_before:%Y-%m-%d %H:%M} UTC"
    return ""


def _lacks(each: Attestation, asked: Asked) -> bool:
    return bool(asked.document) and not each.documents


def _who(each: Attestation) -> str:
    return f"{each.person} ({each.partner}) declared {each.about} on {each.at:%Y-%m-%d}"


def _ask(sight: Sight, asked: Asked) -> str:
    who = f", as {asked.role}" if asked.role else ""
    return f"{asked.about} ({asked.what.rstrip('.')}){who}: {command(sight, asked)}"


def _told(each: Attestation) -> dict[str, Any]:
    return {
        "about": each.about,
        "person": each.person,
        "partner": each.partner,
        "at": each.at.isoformat(),
        "statement": each.statement,
        "documents": [
            {"name": one.name, "sha256": one.sha256, "size_bytes": one.size_bytes}
            for one in each.documents
        ],
    }

"""Every disk of the old server was sanitised or destroyed, with a certificate that names it.

The disks are those that discovery knew: each has to be named by its serial number (by its name,
where it has none) in what was declared, with the certificate attached. A disk that is named nowhere
fails. Source: NCSC, "Secure sanitisation and disposal of storage media": know your media, and have
it proved that each was sanitised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from inventory.model.facts import DISKS
from inventory.model.parts import Disk, Transport
from migrate.checks._asked import schema
from migrate.checks._record import (
    AGE,
    ROLE,
    Terms,
    command,
    declarations,
    fault_of,
    is_named,
    judge,
    last_act_at,
    until,
)
from migrate.checks._say import fact, failed, listed, passed, unknown
from migrate.model.check import Asked, Check, Sight
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.playbook import About

_WORD = "sanitisation-certificate"
_HIDING = "physical disks behind a RAID controller, of which discovery sees only the logical ones"


def _asks(parameters: Mapping[str, Any]) -> tuple[Asked, ...]:
    asked = Asked(
        about=_WORD,
        what="Each of its disks, named by serial number, was sanitised or destroyed, and how.",
        document="the sanitisation certificate",
        role=parameters.get("role", ""),
        names="the serial number of each disk",
    )
    return (asked,)


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    known = fact(sight.past.known(), DISKS, "the old server")
    if isinstance(known, CheckResult):
        return known
    disks = [each for each in known.value if each.size_bytes]
    if not disks:
        return unknown("discovery knew no disk of the old server, so none can be accounted for")
    staying, leaving = _parted(disks, parameters.get("elsewhere", ()))
    terms = Terms(max_age_days=parameters.get("max_age_days"), not_before=last_act_at(sight))
    (asked,) = _asks(parameters)
    result = judge(sight, (asked,), terms)
    tags = [_tag(each) for each in leaving]
    observed = {**result.observed, **_observed(staying, leaving)}
    if result.outcome is not Outcome.PASSED:
        detail = f"{result.detail}; it has to name: {listed(tags, 50)}"
        return replace(result, detail=detail, observed=observed)
    good = [each for each in declarations(sight, _WORD) if not fault_of(each, asked, terms, sight)]
    observed["attestations"] = [each.id for each in good]
    said = " ".join(each.statement for each in good)
    missing = [each for each in tags if not is_named(each, said)]
    if missing:
        return failed(
            f"not named in what was declared: {listed(missing, 50)}; declare all disks at once: "
            f"{command(sight, asked)}",
            **observed,
            missing=missing,
        )
    every = "the disk is" if len(tags) == 1 else f"all {len(tags)} disks are"
    words = [f"{every} named; {result.detail}"]
    if staying:
        words.append(f"in use elsewhere: {listed([_tag(each) for each in staying])}")
    words += [f"not seen: {each}" for each in observed["blind_spots"]]
    return until(passed("; ".join(words), **observed), good, terms.max_age_days)


def _parted(disks: Sequence[Disk], elsewhere: Sequence[str]) -> tuple[list[Disk], list[Disk]]:
    staying = [each for each in disks if {each.name, each.serial} & {*elsewhere}]
    return staying, [each for each in disks if each not in staying]


def _observed(staying: Sequence[Disk], leaving: Sequence[Disk]) -> dict[str, Any]:
    hiding = any(each.transport is Transport.RAID for each in leaving)
    return {
        "disks": [_tag(each) for each in leaving],
        "elsewhere": [_tag(each) for each in staying],
        "blind_spots": [_HIDING] if hiding else [],
    }


def _tag(disk: Disk) -> str:
    return (disk.serial or "").strip() or disk.name


CHECK = Check(
    parameters=schema(
        elsewhere={
            "description": "Disks, by serial number or name, that others go on using, such as "
            "those of a storage network. They are listed in the result.",
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "uniqueItems": True,
            "default": [],
        },
        max_age_days=AGE,
        role=ROLE,
    ),
    run=_run,
    reads=f"Compares the disks that discovery knew with those that {_WORD} names.",
    about=About.RECORD,
    asks=_asks,
)

"""The new server is as large as planned: that very size, or no fewer processors and memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.fact import Unknown
from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect, named
from migrate.checks._say import unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.planned import Planned
from migrate.model.playbook import About
from migrate.model.target_size import Capacity

_GIB: Final = 2**30


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = aspect(sight, Capacity)
    if isinstance(found, CheckResult):
        return found
    size = parameters.get("size")
    if size:
        return _judge_name(sight, found, size)
    planned = sight.planned
    if isinstance(planned, Unknown):
        return unknown(f"{named(sight)} is a {found.size}, but what was planned is {planned}")
    if parameters.get("exact"):
        return _judge_name(sight, found, planned.size)
    return _judge_capacity(sight, found, planned, parameters.get("at_most_times"))


def _judge_name(sight: Sight, found: Capacity, wanted: str) -> CheckResult:
    same = found.size.lower() == wanted.lower()
    faults = [] if same else [f"it is a {found.size}, not a {wanted}"]
    return judged(sight, faults, [], f"it is a {found.size}, as planned", found)


def _judge_capacity(
    sight: Sight, found: Capacity, planned: Planned, most: float | None
) -> CheckResult:
    faults: list[str] = []
    doubts: list[str] = []
    for what, has, wanted, unit in (
        ("vCPUs", found.vcpus, planned.vcpus, 1),
        ("GiB of memory", found.memory_bytes, planned.memory_bytes, _GIB),
    ):
        if isinstance(has, Unknown):
            doubts.append(f"its {what}: {has}")
        elif has < wanted:
            faults.append(f"{has / unit:g} {what}, {wanted / unit:g} planned")
        elif most is not None and has > wanted * most:
            faults.append(
                f"{has / unit:g} {what}, more than {most:g} times the {wanted / unit:g} planned"
            )
    fine = f"it is a {found.size}, no smaller than the planned {planned.size}"
    return judged(sight, faults, doubts, fine, {"found": found, "planned": planned})


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "exact": {
                "type": "boolean",
                "default": False,
                "description": "whether it must be the very size that was planned",
            },
            "size": {
                "type": "string",
                "minLength": 1,
                "description": "the size that it must be, in place of the planned one",
            },
            "at_most_times": {
                "type": "number",
                "minimum": 1,
                "description": "how many times the planned processors and memory are too many; "
                "without it, a larger server passes",
            },
        },
    },
    run=_run,
    reads="Asks the cloud for the new server's size and what that size has, and compares with the "
    "size that classification chose for the move's destination.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Capacity,),
        passes="It has at least the planned vCPUs and memory; with exact or size, that size.",
        fails="It has fewer vCPUs or less memory, or another size than it must have; with "
        "at_most_times, too many.",
        unknown="No size was planned, or the cloud does not describe the size that it has.",
    ),
)

"""The new server's metadata service answers only with a session token (IMDSv2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect, named
from migrate.checks._say import unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.plan import Destination
from migrate.model.playbook import About
from migrate.model.target import Machine
from migrate.model.target_metadata import MetadataService

_REQUIRED: Final = "required"
_OFF: Final = "disabled"
_APPLIED: Final = frozenset({None, "applied"})


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    if sight.move.to is not Destination.AWS:
        return unknown(
            f"{sight.move.server} goes to {sight.move.to.value}, where this does not apply: only "
            "AWS has IMDSv2. Write to: [aws] at this check in the playbook"
        )
    machine = aspect(sight, Machine)
    if isinstance(machine, CheckResult):
        return machine
    service = machine.metadata
    if service is None:
        return unknown(f"{named(sight)}: EC2 does not tell its metadata options")
    return _judge(sight, service, parameters.get("most_hops"))


def _judge(sight: Sight, service: MetadataService, most_hops: int | None) -> CheckResult:
    if service.endpoint == _OFF and service.state in _APPLIED:
        return judged(sight, [], [], "its metadata service is off", service)
    faults, doubts = [], []
    if service.tokens == "optional":
        faults.append("its metadata service answers without a session token (IMDSv1)")
    elif service.tokens != _REQUIRED:
        doubts.append(f"session tokens are {service.tokens}, which says nothing")
    if service.state not in _APPLIED:
        doubts.append(f"its metadata options are {service.state}")
    if most_hops is not None and service.hop_limit is None:
        doubts.append("its hop limit is not told")
    elif most_hops is not None and service.hop_limit and service.hop_limit > most_hops:
        faults.append(f"answers may take {service.hop_limit} hops, {most_hops} allowed")
    return judged(sight, faults, doubts, "session tokens are required", service)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "most_hops": {
                "type": "integer",
                "minimum": 1,
                "maximum": 64,
                "description": "how many hops an answer may take; 1 keeps it from containers",
            }
        },
    },
    run=_run,
    reads="Asks EC2 for the instance's metadata options.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Machine,),
        passes="Session tokens are required, or the service is off.",
        fails="Tokens are optional; with most_hops, the hop limit is higher.",
        unknown="A change is still pending; anywhere but on AWS: Azure's service has no tokens, "
        "and asks for a header instead.",
    ),
)

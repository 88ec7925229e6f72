"""The internet reaches nothing of the new server but what is allowed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_exposure import Exposure, Opening


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = aspect(sight, Exposure)
    if isinstance(found, CheckResult):
        return found
    allowed = parameters.get("allowed_ports", ())
    faults = [
        f"{each} from {each.source} by {each.rule}"
        for each in found.openings
        if not _is_allowed(each, allowed)
    ]
    if found.public_addresses and not parameters.get("public_address"):
        faults.append(f"it has the public address {', '.join(found.public_addresses)}")
    open_ = ", ".join(dict.fromkeys(str(each) for each in found.openings))
    unfiltered = "" if found.filtered else "; an interface has no filter of its own before it"
    fine = f"the internet may reach {open_ or 'nothing of it'}{unfiltered}"
    return judged(sight, faults, [], fine, found)


def _is_allowed(opening: Opening, allowed: Collection[str]) -> bool:
    if opening.protocol in allowed:
        return True
    ports: set[int] = set()
    for each in allowed:
        named, _, protocol = each.partition("/")
        if protocol == opening.protocol:
            first, _, last = named.partition("-")
            ports.update(range(int(first), int(last or first) + 1))
    return ports.issuperset(range(opening.first, opening.last + 1))


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "allowed_ports": {
                "type": "array",
                "items": {
                    "type": "string",
                    "pattern": "^(icmp|icmpv6|esp|ah|[0-9]{1,5}(-[0-9]{1,5})?/(tcp|udp))$",
                },
                "default": [],
                "description": "what the internet may reach: 443/tcp, 5000-5010/udp, icmp",
            },
            "public_address": {
                "type": "boolean",
                "default": False,
                "description": "whether it may have a public address of its own",
            },
        },
    },
    run=_run,
    reads="Asks the cloud for the new server's public addresses, and for the rules of the security "
    "groups before it (on Azure those of its subnets and of its interfaces, default rules "
    "included).",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Exposure,),
        passes="No public address, and no rule lets the internet in but to the allowed ports.",
        fails="It has a public address, or a rule lets the internet reach something else. The "
        "internet is any public range wider than a /16 (IPv4) or a /32 (IPv6).",
        unknown="A group, an interface or a list of addresses that matters cannot be seen.",
    ),
)

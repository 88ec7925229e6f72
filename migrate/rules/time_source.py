"""Clock does not depend on servers of the building."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_address

from inventory.model.fact import Observation
from inventory.model.network import TIME_SERVERS, TimeServer
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(servers: tuple[TimeServer, ...]) -> Judgement:
    inner = sorted({each.address for each in servers if _is_inner(each.address)})
    if inner:
        return Flagged(observed=", ".join(inner))
    return Passed() if servers else Flagged(observed="no time server is configured")


def _is_inner(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return "." not in address
    return found.is_private and not found.is_link_local


def _from(address: str) -> Observation:
    return TIME_SERVERS.known((TimeServer(address=address, kind="server", client="chrony"),))


RULE = Rule(
    title="The clock follows a server of the building, or none",
    why=(
        "A time server in the building may be gone or far away after the move, and a hypervisor "
        "no longer sets the clock. Sign-on by Kerberos fails at five minutes' difference."
    ),
    fix="Take time from the cloud (169.254.169.123 on AWS, the Hyper-V clock in Azure) or a pool.",
    source="General knowledge of both clouds' time services and of Kerberos",
    source_date=date(2026, 11, 23),
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(TIME_SERVERS, _judge),
    examples=(
        flags("a private address", _from("10.20.0.1")),
        flags("a short name", _from("timehost")),
        flags("none", TIME_SERVERS.known(())),
        passes("AWS's own", _from("169.254.169.123")),
        passes("a pool", _from("0.uk.pool.ntp.org")),
        passes("a public address", _from("85.199.214.98")),
        cannot_tell("not told", untold(TIME_SERVERS)),
    ),
    verified=False,
)

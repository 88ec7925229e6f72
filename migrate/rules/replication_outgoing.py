"""Firewall of the server lets the replication agent out."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.network import FIREWALL_POLICIES, ChainPolicy
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_SITE_RECOVERY
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

CLOSED = frozenset({"drop", "reject"})


def _judge(policies: tuple[ChainPolicy, ...]) -> Judgement:
    found = [
        f"{each.tool}, {each.chain}: {each.policy}"
        for each in policies
        if each.policy in CLOSED and "output" in each.chain.lower()
    ]
    return Flagged(observed="; ".join(found)) if found else Passed()


def _output(policy: str) -> Observation:
    return FIREWALL_POLICIES.known(
        (ChainPolicy(tool="iptables", chain="filter OUTPUT", policy=policy),)
    )


RULE = Rule(
    title="The server's firewall closes outgoing connections",
    why=(
        "The agent of AWS MGN connects to TCP 443 of AWS and TCP 1500 of the replication "
        "servers; that of Azure Migrate to TCP 443 and 9443 of the replication appliance."
    ),
    fix="Let these out before the agent is installed, and close them again after the cutover.",
    source=(
        "AWS MGN network requirements, docs.aws.amazon.com/mgn/latest/ug; Azure Site Recovery "
        "support matrix, articles/site-recovery/vmware-physical-azure-support-matrix.md@36f1051e"
    ),
    source_date=AZURE_SITE_RECOVERY.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(FIREWALL_POLICIES, _judge),
    examples=(
        flags("closed", _output("drop")),
        passes("open", _output("accept")),
        passes(
            "closed inwards alone",
            FIREWALL_POLICIES.known(
                (ChainPolicy(tool="iptables", chain="filter INPUT", policy="drop"),)
            ),
        ),
        cannot_tell("policies not told", untold(FIREWALL_POLICIES)),
    ),
)

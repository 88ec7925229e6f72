"""The server is no part of a Kubernetes cluster."""

from __future__ import annotations

from inventory.model.software import KUBERNETES_ROLES
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.parts import listed
from migrate.judging.reading import about
from migrate.judging.sources import OWN_REASONING
from migrate.model.rule import Judgement, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(roles: tuple[str, ...]) -> Judgement:
    return listed(roles, severity=Severity.CONDITION)


RULE = Rule(
    title="The server is part of a Kubernetes cluster",
    why=(
        "A cluster knows its nodes by name, address and certificate, and etcd does not bear "
        "members that are copied: a replicated node is no member any more."
    ),
    fix=(
        "Move the workloads, not the nodes: make a cluster at the destination (EKS, AKS), "
        "install the same manifests there, and move volumes and traffic."
    ),
    source=OWN_REASONING.citation,
    source_date=OWN_REASONING.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=about(KUBERNETES_ROLES, _judge),
    examples=(
        flags("a node", KUBERNETES_ROLES.known(("node",))),
        flags("a control plane", KUBERNETES_ROLES.known(("control-plane", "node"))),
        passes("nothing to Kubernetes", KUBERNETES_ROLES.known(())),
        cannot_tell("not told", untold(KUBERNETES_ROLES)),
    ),
)

"""Server is not fully paravirtualised."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import PRODUCT, VIRTUALISATION
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.sources import AWS_REPLICATION
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

XEN = "xen"
PARAVIRTUAL = frozenset({"xen-pv", "xen-domu"})


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    under = facts.of(VIRTUALISATION)
    if not isinstance(under, Known):
        return CannotTell(missing=(VIRTUALISATION,))
    if under.value in PARAVIRTUAL:
        return Flagged(observed=under.value)
    return _judge_xen(facts) if under.value == XEN else Passed()


def _judge_xen(facts: Facts) -> Judgement:
    # Only fully virtualised guests of Xen have firmware that names a product, "HVM domU".
    product = facts.of(PRODUCT)
    if isinstance(product, Known) and "HVM" in product.value.upper():
        return Passed()
    return CannotTell(missing=(PRODUCT,), because="whether Xen virtualises it fully was not told")


RULE = Rule(
    title="Fully paravirtualised server",
    why="AWS MGN does not replicate fully paravirtualised guests.",
    fix="Convert the guest to full virtualisation (HVM), or rebuild it on EC2.",
    source=AWS_REPLICATION.citation,
    source_date=AWS_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=_judge,
    examples=(
        flags("a paravirtual guest of Xen", VIRTUALISATION.known("xen-pv")),
        passes("VMware", VIRTUALISATION.known("vmware")),
        passes("a physical server", VIRTUALISATION.known("none")),
        passes(
            "a fully virtualised guest of Xen",
            VIRTUALISATION.known("xen"),
            PRODUCT.known("HVM domU"),
        ),
        cannot_tell("Xen, of which kind not told", VIRTUALISATION.known("xen"), untold(PRODUCT)),
        cannot_tell("virtualisation not told", untold(VIRTUALISATION)),
        cannot_tell(
            "Xen, with a product that does not tell",
            VIRTUALISATION.known("xen"),
            PRODUCT.known("domU"),
        ),
    ),
)

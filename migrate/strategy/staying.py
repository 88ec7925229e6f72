"""Why an application stays out of the public cloud: what shows it, and which proof is wanting.

The Cloud First policy asks of whoever does not use a public cloud for an evidenced decision: that
software as a service was considered first, that the cost was compared over the whole life with the
way out, and why it is value for money (www.gov.uk/guidance/government-cloud-first-policy, read on
22 November 2026). What of this is not known is a gap, and is told as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from migrate.model.plan import Destination
from migrate.model.strategy import Decision, Evidence, Strategy, WhyNotCloud
from migrate.model.supplier import Offer
from migrate.model.verdict import VERDICT_AXES, Cloud, Readiness, Severity
from migrate.strategy.both_sides import cost_evidence, cost_gaps
from migrate.strategy.observing import weighs
from migrate.strategy.products import entry_of

if TYPE_CHECKING:
    from migrate.model.cost import Costs
    from migrate.model.supplier import SupplierEntry
    from migrate.strategy.seen import Seen

POLICY: Final = "www.gov.uk/guidance/government-cloud-first-policy"


def staying(decided: Iterable[Decision], seen: Seen, costs: Costs) -> tuple[WhyNotCloud, ...]:
    """Return the record of each application that stays, in the order of the decisions."""
    return tuple(_record(each, seen, costs) for each in decided if stays(each))


def stays(decision: Decision) -> bool:
    """Tell whether an application is retained, or goes to the Hub."""
    return decision.strategy is Strategy.RETAIN or Destination.HUB in decision.destinations


def _record(decision: Decision, seen: Seen, costs: Costs) -> WhyNotCloud:
    entry = entry_of(decision.application, seen)
    proof = (
        *_decided(decision),
        *_found(decision, seen),
        *_answered(entry),
        *cost_evidence(decision, costs),
    )
    return WhyNotCloud(
        application=decision.application.key,
        name=decision.application.name,
        strategy=decision.strategy,
        destinations=decision.destinations,
        reason=decision.override.because if decision.override else decision.proposal.reason,
        evidence=proof,
        gaps=(*_gaps(decision, entry, proof), *cost_gaps(decision, costs)),
    )


def _decided(decision: Decision) -> Iterator[Evidence]:
    made, proposal = decision.override, decision.proposal
    if made:
        yield Evidence(what="decision", says=made.because, source=f"{made.by}, {made.at:%Y-%m-%d}")
    elif proposal.row:
        source = f"{proposal.source}, {proposal.source_date} [row {proposal.row}]"
        yield Evidence(what="decision", says=proposal.reason, source=source)


def _found(decision: Decision, seen: Seen) -> Iterator[Evidence]:
    """Tell what blocks it, and the ties to the building, each once for all clouds."""
    ties = seen.table.rules.get("physical-tie", {})
    told: dict[tuple[str, str, str], list[str]] = {}
    sources: dict[tuple[str, str, str], str] = {}
    for part in decision.application.components:
        for cloud in Cloud:
            verdict = seen.verdicts.get((part.server_id, cloud))
            for each in verdict.findings if verdict else ():
                blocks = each.severity is Severity.BLOCKER and each.axis in VERDICT_AXES
                if blocks or weighs(each, ties):
                    key = (part.server, each.title, each.observed)
                    told.setdefault(key, []).append(cloud.value)
                    sources[key] = f"{each.source}, {each.source_date} [{each.rule}]"
    for (server, title, observed), clouds in told.items():
        says = f"{server}: {title}: {observed} ({', '.join(clouds)})"
        yield Evidence(what="finding", says=says, source=sources[server, title, observed])


def _answered(entry: SupplierEntry | None) -> Iterator[Evidence]:
    if entry is None or entry.answered is None:
        return
    last = entry.answered
    offers = f"software as a service: {entry.saas.value}; in a public cloud: {entry.cloud.value}"
    words = f"; “{last.says}”" if last.says else ""
    who = entry.supplier or entry.product
    yield Evidence(
        what="supplier", says=f"{offers}{words}", source=f"{who}, {last.on}, to {last.by}"
    )


def _gaps(
    decision: Decision, entry: SupplierEntry | None, proof: Iterable[Evidence]
) -> Iterator[str]:
    kinds: Mapping[str, bool] = dict.fromkeys((each.what for each in proof), True)
    if "decision" not in kinds:
        yield "nobody has decided it and no row of the table holds"
    if decision.stale:
        yield f"it was decided before things changed: {'; '.join(decision.stale)}"
    for verdict in decision.verdicts:
        for axis in verdict.axes:
            if axis.readiness is Readiness.UNKNOWN:
                yield (
                    f"{axis.axis.value} for {verdict.cloud.value} is unknown: "
                    f"{axis.server}: {axis.because}"
                )
    yield from _supplier_gaps(decision, entry)


def _supplier_gaps(decision: Decision, entry: SupplierEntry | None) -> Iterator[str]:
    if decision.known.get("vendor-product") == "no":
        return
    if entry is None:
        yield "whether software as a service was considered is not recorded: decant suppliers ask"
    elif entry.saas is Offer.UNKNOWN:
        since = entry.waits_since
        asked = f"was asked on {since} and has not answered" if since else "was never asked"
        yield f"its supplier {asked} whether it is offered as a service: decant suppliers"
    elif entry.saas is Offer.YES and decision.strategy is Strategy.RETAIN:
        yield "its supplier offers it as a service, and yet it stays: say why, decant strategy set"

"""The readiness report as JSON, in the shape of ``readiness.schema.json``.

The shape is versioned: ``version`` goes up when a field changes its meaning or goes away; a new
field may come at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from inventory.model.codec import to_plain
from inventory.model.server import Server
from migrate.judging.collecting import collect_next
from migrate.model.report import Material
from migrate.model.verdict import VERDICT_AXES, Cloud, Verdict
from migrate.reports._readiness.fates import Fate, PartCost, fates
from migrate.reports._readiness.figures import (
    CloudFigures,
    assumptions,
    catalogue_dates,
    cloud_figures,
    like_for_like,
    rules_versions,
)
from migrate.reports._readiness.subjects import (
    Subject,
    clouds,
    done,
    every_verdict,
    subjects,
)

FORMAT: Final = "decant.readiness"
VERSION: Final = 1


def as_json(material: Material) -> str:
    """Write the report; the same material gives the same text."""
    every = subjects(material)
    judged = clouds(material)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "estate": material.estate,
        "at": material.at.isoformat(),
        "currency": material.currency,
        "rules_versions": rules_versions(material.verdicts),
        "catalogue_dates": {
            cloud.value: [day.isoformat() for day in days]
            for cloud, days in catalogue_dates(material.verdicts).items()
        },
        "assumptions": assumptions(material.verdicts),
        "summary": _summary(every, judged),
        "done": [to_plain(each) for each in done(material)],
        "applications": [_application(fate, judged) for fate in fates(material, every)],
        "servers": [_subject(subject, judged) for subject in every],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _summary(every: tuple[Subject, ...], judged: tuple[Cloud, ...]) -> dict[str, Any]:
    alike = like_for_like(every, judged)
    silent = sum(subject.is_silent() for subject in every)
    exported = sum(subject.only_told_of() for subject in every)
    following = collect_next(every_verdict(every))
    return {
        "servers": len(every),
        "answered": len(every) - silent - exported,
        "not_answered": silent + exported,
        "never_asked": exported,
        "collect_next": following.document() if following else None,
        "clouds": {cloud.value: _cloud(cloud_figures(every, cloud)) for cloud in judged},
        "like_for_like": {
            "servers": alike.servers,
            "monthly_cost_pence": {
                cloud.value: pence for cloud, pence in alike.monthly_cost_pence.items()
            },
        },
    }


def _cloud(figures: CloudFigures) -> dict[str, Any]:
    cost = figures.cost
    tallies = {
        axis.value: {readiness.value: number for readiness, number in tally.counts.items()}
        for axis, tally in figures.axes.items()
    }
    return tallies | {
        "not_judged": list(figures.not_judged),
        "monthly_cost_pence": cost.monthly_cost_pence if cost.priced else None,
        "priced_servers": cost.priced,
        "unpriced_servers": [to_plain(each) for each in cost.unpriced],
        "cost_leaves_out": dict(cost.incomplete),
    }


def _application(fate: Fate, judged: Iterable[Cloud]) -> dict[str, Any]:
    decision, proposal = fate.decision, fate.decision.proposal
    return {
        "key": decision.application.key,
        "name": decision.application.name,
        "servers": [each.server.id for each in fate.servers],
        "strategy": decision.strategy.value,
        "destinations": [each.value for each in decision.destinations],
        "decided": to_plain(decision.override) if decision.override else None,
        "changed_since": list(decision.stale),
        "proposal": to_plain(proposal),
        "verdicts": {each.cloud.value: to_plain(each.axes) for each in decision.verdicts},
        "costs": {cloud.value: _part_cost(fate.costs[cloud]) for cloud in judged},
    }


def _part_cost(cost: PartCost) -> dict[str, Any]:
    return {
        "monthly_cost_pence": cost.monthly_cost_pence if cost.priced else None,
        "priced_servers": cost.priced,
    }


def _subject(subject: Subject, judged: Iterable[Cloud]) -> dict[str, Any]:
    following = collect_next(subject.verdicts.values())
    heard = subject.last_heard()
    return _server(subject.server) | {
        "last_heard": heard.isoformat() if heard else None,
        "sources": list(subject.server.sources),
        "collect_next": following.document() if following else None,
        "judged_before_last_answer": subject.outdated(),
        "destination": subject.move.to.value if subject.move else None,
        "wave": subject.move.wave if subject.move else None,
        "verdicts": {cloud.value: _verdict(subject.verdicts.get(cloud)) for cloud in judged},
        "applications": [to_plain(each) for each in subject.applications],
        "uses": [to_plain(each) for each in subject.uses],
        "serves": [to_plain(each) for each in subject.serves],
    }


def _server(server: Server) -> dict[str, Any]:
    return {
        "id": server.id,
        "name": server.name,
        "target": server.target,
        "unreachable": to_plain(server.unreachable) if server.unreachable else None,
        "first_seen": server.first_seen.isoformat(),
        "last_asked": server.last_asked.isoformat(),
        "last_answered": server.last_answered.isoformat() if server.last_answered else None,
    }


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    axes = {axis.value: verdict.on(axis).value for axis in VERDICT_AXES}
    plain: dict[str, Any] = to_plain(verdict)
    for name in ("server_id", "server", "cloud"):
        del plain[name]
    return plain | axes

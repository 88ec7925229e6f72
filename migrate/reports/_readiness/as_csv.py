"""The readiness report as CSV: one row for each server and cloud."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import Final

from inventory.output import guarded
from migrate.model.report import Material
from migrate.model.verdict import VERDICT_AXES, Cloud, Readiness, Severity, Verdict
from migrate.reports._readiness.subjects import Subject, clouds, count, subjects, weightiest

COLUMNS: Final = (
    "server",
    "server_id",
    "cloud",
    "fit",
    "move",
    "support",
    "size",
    "region",
    "monthly_cost",
    "currency",
    "cost_leaves_out",
    "coverage",
    "blockers",
    "conditions",
    "missing_that_decide",
    "top_reasons",
    "answered",
    "catalogue_date",
    "rules_version",
)
TOP_REASONS: Final = 3


def as_csv(material: Material) -> str:
    """Write one row for each server and cloud, by server name; a header row comes first.

    ``monthly_cost`` is in whole units of the currency with two decimals, and empty when unknown.
    A cell that a spreadsheet would take for a formula gets a leading apostrophe.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for subject in subjects(material):
        for cloud in clouds(material) or tuple(Cloud):
            row = _row(subject, cloud, material.currency)
            writer.writerow({column: guarded(cell) for column, cell in row.items()})
    return text.getvalue()


def _row(subject: Subject, cloud: Cloud, currency: str) -> dict[str, str]:
    verdict = subject.verdicts.get(cloud)
    silent = subject.server.unreachable
    return {
        "server": subject.server.name,
        "server_id": subject.server.id,
        "cloud": cloud.value,
        "answered": str(silent) if silent else "yes",
        "currency": currency,
        **(_judgement(verdict) if verdict else _NOT_JUDGED),
    }


_NOT_JUDGED: Final = {
    **{axis.value: Readiness.UNKNOWN.value for axis in VERDICT_AXES},
    "cost_leaves_out": "everything",
    "top_reasons": "not judged for this cloud",
}


def _judgement(verdict: Verdict) -> dict[str, str]:
    size = verdict.size
    pence = size.monthly_cost_pence if size else None
    return {
        **{axis.value: verdict.on(axis).value for axis in VERDICT_AXES},
        "size": size.name if size else "",
        "region": size.region if size else "",
        "monthly_cost": "" if pence is None else f"{pence // 100}.{pence % 100:02d}",
        "cost_leaves_out": "; ".join(size.incomplete) if size else f"everything: {verdict.no_size}",
        "coverage": verdict.coverage,
        "blockers": str(count(verdict.findings, Severity.BLOCKER)),
        "conditions": str(count(verdict.findings, Severity.CONDITION)),
        "missing_that_decide": str(sum(missing.decides for missing in verdict.missing)),
        "top_reasons": "; ".join(_reasons(verdict)[:TOP_REASONS]),
        "catalogue_date": verdict.catalogue_date.isoformat(),
        "rules_version": verdict.rules_version,
    }


def _reasons(verdict: Verdict) -> list[str]:
    found = [
        f"{finding.severity.value}: {finding.title} ({finding.observed})"
        for finding in weightiest(verdict.findings)
        if finding.severity is not Severity.NOTE
    ]
    missing: dict[str, list[str]] = defaultdict(list)
    for each in verdict.missing:
        if each.decides:
            missing[each.why_unknown].append(each.title)
    unknown = [
        f"unknown: {titles[0] if len(titles) == 1 else f'{len(titles)} rules'} ({why})"
        for why, titles in missing.items()
    ]
    return found + unknown

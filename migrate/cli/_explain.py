"""A verdict in words: what was found and by whom, what is missing, and how the size came about."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.judging.collecting import collect_next
from migrate.model.verdict import CostLine, Finding, ManagedSize, Missing, Size, Verdict


def explained(verdict: Verdict) -> Iterator[str]:
    """Return the lines that explain one verdict."""
    yield f"{verdict.server} on {verdict.cloud.value}"
    for finding in verdict.findings:
        yield from _finding(finding)
    for missing in verdict.missing:
        yield _missing(missing)
    following = collect_next([verdict])
    if following:
        yield f"  collect next: {following}"
    yield from _size(verdict.size) if verdict.size else [f"  no size: {verdict.no_size}"]


def _finding(finding: Finding) -> Iterator[str]:
    yield f"  {finding.severity.value} ({finding.axis.value}): {finding.title}: {finding.observed}"
    yield f"    why: {finding.why}"
    effort = f" (effort: {finding.effort.value})" if finding.effort else ""
    yield f"    fix: {finding.fix}{effort}"
    yield f"    source: {finding.source}, {finding.source_date} [{finding.rule}]"


def _missing(missing: Missing) -> str:
    weight = "unknown" if missing.decides else "unknown, decides nothing"
    facts = ", ".join(missing.facts) or "the rule itself"
    return f"  {weight} ({missing.axis.value}): {missing.rule} needs {facts}: {missing.why_unknown}"


def _size(size: Size) -> Iterator[str]:
    yield f"  size: {size.name} in {size.region}: {size.why}"
    yield from (_line(line) for line in size.lines)
    yield from (f"    left out: {what}" for what in size.incomplete)
    yield from (f"    assumed: {what}" for what in size.assumptions)
    for managed in size.managed:
        yield from _managed(managed)


def _managed(managed: ManagedSize) -> Iterator[str]:
    where = f"  or {managed.database} on {managed.service}"
    yield f"{where}: {managed.name or 'no class'}: {managed.why}"
    yield from (_line(line) for line in managed.lines)


def _line(line: CostLine) -> str:
    cost = line.monthly_cost_pence
    said = "unknown" if cost is None else f"{cost // 100}.{cost % 100:02} GBP a month"
    return f"    {line.what}: {said} ({line.basis})"

"""One application in words: its verdicts, what the table read, and who decided what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from inventory.printable import printable

if TYPE_CHECKING:
    from migrate.model.strategy import ApplicationVerdict, Decision, Override


def shown_lines(decision: Decision, history: Sequence[Override]) -> Iterator[str]:
    """Return the lines that tell everything of one application."""
    return map(printable, _lines(decision, history))


def _lines(decision: Decision, history: Sequence[Override]) -> Iterator[str]:
    application, proposal = decision.application, decision.proposal
    yield f"{application.name} [{application.key}]"
    yield f"  servers: {', '.join(each.server for each in application.components)}"
    yield f"  one application by: {application.grouping.value}"
    to = " or ".join(each.value for each in decision.destinations)
    yield f"  strategy: {decision.strategy.value}{f' to {to}' if to else ''}"
    row = f" [row {proposal.row}, {proposal.confidence.value} confidence]" if proposal.row else ""
    yield f"  the table proposes {proposal.strategy.value}: {proposal.reason}{row}"
    if proposal.source:
        yield f"    source: {proposal.source}, {proposal.source_date}"
    if proposal.confirm:
        yield f"    confirm: {proposal.confirm}"
    for each in proposal.open_rows:
        inputs = ", ".join(each.inputs)
        yield f"    open: {each.strategy.value} by row {each.row}, which hangs on {inputs}"
    if proposal.find_out:
        yield f"    find out: {proposal.find_out}"
    for made in history:
        verb = "taken back" if made.withdrawn else made.strategy.value
        because = f": {made.because}" if made.because else ""
        yield f"  {made.at:%Y-%m-%d %H:%M} {made.by}: {verb}{because}"
    for changed in decision.stale:
        yield f"  changed since: {changed}"
    for verdict in decision.verdicts:
        yield from _verdict(verdict)
    yield "  what the table read:"
    yield from (f"    {name}: {value}" for name, value in decision.known.items())


def _verdict(verdict: ApplicationVerdict) -> Iterator[str]:
    for axis in verdict.axes:
        because = f" ({axis.server}: {axis.because})" if axis.because else ""
        yield f"  {verdict.cloud.value} {axis.axis.value}: {axis.readiness.value}{because}"

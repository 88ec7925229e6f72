"""What an act was refused for when the servers were looked at last, and nobody has put right. Pure.

From the record alone everything may seem to be in place: that a server has changed since its tests
is only seen by looking, and the refusal is what is left of that look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from migrate.model.act import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrate.model.case import Case
    from migrate.model.evidence import Evidence, Waiver
    from migrate.model.playbook import Stage

_PASSES = "schedule"
"""The condition that time alone puts right."""


@dataclass(frozen=True, kw_only=True)
class Lasting:
    """What lasts of a refusal."""

    at: datetime
    why: tuple[str, ...]
    """The reasons after which nothing was entered that may have put them right; never empty."""

    @property
    def words(self) -> str:
        """Say it in one sentence."""
        more = f" (and {len(self.why) - 1} more)" if len(self.why) > 1 else ""
        return f"refused {self.at:%Y-%m-%d %H:%M} UTC: {self.why[0]}{more}"


def lasting(case: Case, stage: Stage, refusals: Iterable[Refusal]) -> Lasting | None:
    """Return what lasts of the newest refusal of a stage's act; None when nothing does.

    A refusal by a key that the estate does not trust is nobody's.
    """
    where = (case.playbook.name, stage.name)
    mine = [each for each in refusals if each.signer and (each.playbook, each.stage) == where]
    if not mine:
        return None
    newest = max(mine, key=lambda each: each.at)
    settled = _entered_after(case, newest.at) | {f"{stage.name}/{_PASSES}"}
    why = tuple(each for each in newest.why if each.partition(": ")[0] not in settled)
    return Lasting(at=newest.at, why=why) if why else None


def _entered_after(case: Case, moment: datetime) -> set[str]:
    """Name the conditions of which something was entered since."""
    on_checks: list[Evidence | Waiver] = [*case.evidence, *case.waivers]
    checks = {f"{each.stage}/{each.check}" for each in on_checks if each.at > moment}
    words = {f"{each.stage}/approval" for each in case.approvals if each.at > moment}
    acts = {f"{each.intent.stage}/act" for each in case.acts if each.intent.at > moment}
    return checks | words | acts

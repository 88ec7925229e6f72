"""What is weak in a playbook that can be read: before it is needed, not when the gate refuses.

Pure: a playbook and the estate's partners and roles in, remarks out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from migrate.beneath import applicable
from migrate.gate import floor
from migrate.model.case import Case
from migrate.model.life import Step
from migrate.model.plan import Destination
from migrate.model.playbook import Playbook, Stage

_ORDER = tuple(Step)
_BOTH = ("one partner", "another partner")


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing that is wrong with a stage, or that deserves a second look."""

    stage: str
    wrong: bool
    """Whether the gate would never open; otherwise it is only odd."""
    what: str


def lint(
    playbook: Playbook, *, owners: Sequence[str] = _BOTH, roles: Collection[str] | None = None
) -> tuple[Remark, ...]:
    """Return what is wrong with a playbook, in the order of its stages.

    ``owners`` are the partners that own a server; ``roles`` those that people of the estate have,
    None when they are not known.
    """
    return tuple(
        remark
        for stage in playbook.stages
        for remark in (
            *_floor(playbook, stage, tuple(owners)),
            *_destinations(playbook, stage),
            *_times(playbook, stage),
            *_ways_back(stage),
            *_people(stage, roles),
            *_life(playbook, stage),
            *_use(playbook, stage),
        )
    )


def destinations(playbook: Playbook) -> tuple[Destination, ...]:
    """Return where a server may go by a playbook, as what replaces it allows."""
    return tuple(each for each in Destination if playbook.replacement.fits(each))


def _remark(stage: Stage, what: str, *, wrong: bool = False) -> Remark:
    return Remark(stage=stage.name, wrong=wrong, what=what)


def _floor(playbook: Playbook, stage: Stage, owners: tuple[str, ...]) -> Iterator[Remark]:
    if not stage.action:
        return
    for to in destinations(playbook):
        case = Case(
            server_id="",
            server="",
            to=to,
            playbook=playbook,
            evidence=(),
            approvals=(),
            ledger_fault=None,
            now=datetime.min.replace(tzinfo=UTC),
            owners=owners,
            fingerprints=None,
        )
        refusals = [each for each in floor(case, stage) if not each.met]
        for each in refusals:
            yield _remark(stage, f"never allowed for {to.value}: {each.why}", wrong=True)


def _destinations(playbook: Playbook, stage: Stage) -> Iterator[Remark]:
    for to in destinations(playbook):
        if stage.checks and not applicable(stage, to):
            yield _remark(stage, f"nothing is checked for {to.value}, so it never passes there")


def _times(playbook: Playbook, stage: Stage) -> Iterator[Remark]:
    for name in stage.needs:
        under = playbook.stage(name)
        if under is None or under.action or not under.valid_for:
            continue
        if stage.wait and under.valid_for <= stage.wait:
            what = f"{name} counts for {_days(under.valid_for)}, and this waits {_days(stage.wait)}"
            yield _remark(stage, f"{what} after it: it will have expired", wrong=True)
    if (
        stage.checks
        and stage.valid_for > timedelta(days=92)
        and not _ends_after_acts(playbook, stage)
    ):
        yield _remark(
            stage, f"its evidence counts for {_days(stage.valid_for)}: that is hardly fresh"
        )


def _ends_after_acts(playbook: Playbook, stage: Stage) -> bool:
    """Tell whether no act rests on a stage: then nothing is decided by its evidence."""
    return not any(stage.name in each.needs for each in playbook.acts())


def _ways_back(stage: Stage) -> Iterator[Remark]:
    if stage.action and not stage.rollback:
        yield _remark(stage, "it does not say how to go back from here (rollback)")


def _people(stage: Stage, roles: Collection[str] | None) -> Iterator[Remark]:
    if stage.approval and roles is not None:
        for role in stage.approval.roles:
            if role not in roles:
                what = f"nobody in decant.toml has the role {role!r}: give it under [[people]]"
                yield _remark(stage, f"{what}, roles = [...]", wrong=True)


def _life(playbook: Playbook, stage: Stage) -> Iterator[Remark]:
    if stage.reaches is None:
        return
    for each in playbook.stages[: playbook.stages.index(stage)]:
        if each.reaches and _ORDER.index(each.reaches) > _ORDER.index(stage.reaches):
            what = f"it reaches {stage.reaches.value!r} after {each.name} reached"
            yield _remark(stage, f"{what} {each.reaches.value!r}")


def _use(playbook: Playbook, stage: Stage) -> Iterator[Remark]:
    acts = [playbook.stages.index(each) for each in playbook.acts()]
    before_an_act = bool(acts) and playbook.stages.index(stage) < max(acts)
    needed = any(stage.name in each.needs for each in playbook.stages)
    if before_an_act and not needed:
        yield _remark(stage, "no later stage needs it: it holds nothing up")


def _days(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    return f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} hours"  # noqa: PLR2004

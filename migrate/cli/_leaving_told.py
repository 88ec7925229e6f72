"""What those who want to be told hear of a decommission."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from migrate.model.action import Aftermath
from migrate.model.event import Event, Happening

if TYPE_CHECKING:
    from migrate.model.plan import Move
    from migrate.stages.decommission import Departure


def events(at: datetime, move: Move, departure: Departure, *, undo: bool) -> tuple[Event, ...]:
    """Return what happened, oldest first; nothing when an earlier run had told of it all.

    That a migration service is at work is told once, by the run that had it begin.
    """
    told = []
    found = departure.found
    if found is not None and not found.effect.job:
        happened = Happening.INTERRUPTED
        if found.act.at_work:
            happened = _came_to(found.effect.aftermath, undo=found.act.intent.undo)
        told.append(_event(at, move, departure, happened, found.words))
    if departure.refused and departure.decision is not None:
        why = tuple(f"{each.stage}/{each.name}: {each.why}" for each in departure.decision.refusals)
        words = f"refused: {departure.what}"
        told.append(_event(at, move, departure, Happening.REFUSED, words, why))
    effect = departure.effect
    if effect is not None and (undo or departure.decision is not None):
        words = f"{effect.aftermath.value}: {departure.what}: {effect.detail}"
        told.append(_event(at, move, departure, _came_to(effect.aftermath, undo=undo), words))
    return tuple(told)


def cut_off(at: datetime, move: Move, error: BaseException) -> tuple[Event, ...]:
    """Return what is told of a run that was interrupted, or refused before the gate was asked."""
    interrupted = isinstance(error, KeyboardInterrupt)
    words = "interrupted: the next run looks what became of it" if interrupted else str(error)
    return (
        Event(
            happening=Happening.INTERRUPTED if interrupted else Happening.REFUSED,
            server=move.server,
            stage="",
            words=words,
            at=at,
        ),
    )


def _came_to(aftermath: Aftermath, *, undo: bool) -> Happening:
    wanted = Aftermath.NOT_DONE if undo else Aftermath.DONE
    if aftermath is wanted:
        return Happening.UNDONE if undo else Happening.DONE
    return Happening.INTERRUPTED if aftermath is Aftermath.UNKNOWN else Happening.FAILED


def _event(
    at: datetime,
    move: Move,
    departure: Departure,
    happening: Happening,
    words: str,
    details: tuple[str, ...] = (),
) -> Event:
    return Event(
        happening=happening,
        server=move.server,
        stage=departure.stage,
        words=words,
        details=details,
        at=at,
    )

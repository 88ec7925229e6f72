"""What a server's playbook asks people to declare, and what of it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.beneath import applicable
from migrate.model.check import Asked
from migrate.model.evidence import Attestation
from migrate.model.plan import Move
from migrate.model.playbook import About, Playbook
from migrate.playbooks import Shelf
from migrate.references import is_reference

DIFFERENCE = "difference:"


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something that one check of the playbook asks people to declare."""

    stage: str
    check: str
    """The check's id within the stage."""
    asked: Asked


def questions(shelf: Shelf, playbook: Playbook, move: Move) -> tuple[Question, ...]:
    """Return what the checks that are done for a move ask for, in the playbook's order."""
    found: list[Question] = []
    for stage in playbook.stages:
        for use in applicable(stage, move.to):
            given = {**use.parameters, **move.parameters.get(use.id, {})}
            known = {name: value for name, value in given.items() if not is_reference(value)}
            asks = shelf.checks[use.check].value.asks(known)
            found += [Question(stage=stage.name, check=use.id, asked=each) for each in asks]
    return tuple(found)


def compared(playbook: Playbook, move: Move) -> tuple[str, ...]:
    """Return the ids of the checks whose differences can be explained: those of both servers."""
    return tuple(
        dict.fromkeys(
            use.id
            for stage in playbook.stages
            for use in applicable(stage, move.to)
            if use.about is About.BOTH
        )
    )


def under(about: str, standing: Sequence[Attestation]) -> tuple[Attestation, ...]:
    """Return what stands under a word."""
    return tuple(each for each in standing if each.about == about)

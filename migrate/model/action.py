"""An action: one act on a server's way out, which only the gate may let through.

Most change the old server; those of migration services launch what is to replace it.

An action's file in ``migrate/actions`` holds an :class:`Action` under ``ACTION``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from inventory.model.asking import Access, Limits
from inventory.model.cloud_calls import Tally
from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Facts, Reason, Unknown
from migrate.model.plan import Move
from migrate.model.playbook import Builds

_NOT_LOOKED = Unknown(reason=Reason.NOT_ASKED, detail="nobody looked")
AT_WORK: Final = "at work"
_TAKES_NONE: Mapping[str, Any] = {"type": "object", "additionalProperties": False}


class Aftermath(Enum):
    """What is seen after an act, or after a crash in the middle of one."""

    DONE = "done"
    """The act has taken effect."""
    NOT_DONE = "not done"
    """The act has not taken effect."""
    UNKNOWN = "unknown"
    """It cannot be told, or only a part of it has."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What was seen after an act."""

    aftermath: Aftermath
    detail: str
    job: str = ""
    """The service's handle of what it is still doing; empty when it is not known to do anything."""
    gave_up: str = ""
    """The service's handle of what it ended without effect; empty when it tells of none."""
    launched: tuple[str, ...] | None = None
    """Ids of what the service launched by it, as the service tells; empty when nothing of it stands
    any more, None when that is not told."""

    @property
    def word(self) -> str:
        """Say in a word or two how the act stands."""
        return AT_WORK if self.job else self.aftermath.value

    @property
    def taken_back(self) -> str:
        """Say in a word or two how the taking back of an act stands: not done is its success."""
        words = {Aftermath.NOT_DONE: "taken back", Aftermath.DONE: "it still stands"}
        return words.get(self.aftermath, self.word)


@dataclass(frozen=True, kw_only=True)
class Task:
    """What an action is given: which server, how it is reached, and to what exactly it is done."""

    move: Move
    access: Access
    limits: Limits
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What the move says for this stage."""
    particulars: tuple[str, ...] = ()
    """What :attr:`Action.prepare` found, word for word, as it stands in the journal."""
    facts: Facts | Unknown = _NOT_LOOKED
    """What the old server said just now; only :attr:`Action.prepare` has them."""
    aws: AwsSettings = field(default_factory=AwsSettings)
    """How AWS is reached, by actions of its migration service."""
    azure: AzureSettings = field(default_factory=AzureSettings)
    """How Azure is reached, by actions of its migration services."""
    tally: Tally = field(default_factory=Tally)
    """Where the questions that are put to clouds are counted."""
    tell: Callable[[str], None] = lambda _: None
    """Where what takes long says what it waits for."""
    opened: dict[object, Any] = field(default_factory=dict)
    """Ways to clouds that were opened in this run; whoever gives the task closes them."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """To what exactly an act would be done; or why it cannot be said."""

    particulars: tuple[str, ...] = ()
    """One sentence or line each, without secrets: everything that taking it back needs, too."""
    refusal: str = ""
    """Why the act cannot be done; empty when it can."""
    remedy: str = ""
    """What would help; empty when nothing is known to. ``STAGE`` stands for the stage's name."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One act, and the way back from it."""

    describe: Callable[[Task], str]
    """What it would do, one sentence, exactly."""
    apply: Callable[[Task], Effect]
    """Do it, then look. Never raises for what the server does; says what is known. Doing it twice
    leaves what doing it once leaves."""
    look: Callable[[Task], Effect]
    """Only look whether it has taken effect. Changes nothing."""
    restore: Callable[[Task], Effect] | None = None
    """Take it back, then look: NOT_DONE is what it should come to. None when it cannot be taken
    back from here."""
    prepare: Callable[[Task], Prepared] = lambda _task: Prepared()
    """Only look, before the gate is asked, to what exactly it would be done. What it finds is
    entered before the act, so that even after a crash it is known what has to be taken back."""
    parameters: Mapping[str, Any] = field(default_factory=lambda: _TAKES_NONE)
    """JSON Schema of what a move may say for its stage."""
    changes: tuple[str, ...] = ()
    """Parts of the old server's fingerprint that the act itself may change, such as
    ``listeners``."""
    settles_seconds: float = 0
    """How long after it was begun it may still take effect, though whoever began it is gone."""
    leaves_off: bool = False
    """Whether the old server cannot be asked any more afterwards."""
    builds: Builds = Builds.NOTHING
    """What it brings into being; the gate asks less or other things where nothing stands yet."""
    moves: bool = False
    """Whether it is an act of a migration service, so that the old server goes on as it is."""

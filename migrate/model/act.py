"""The journal of acts: what was about to be done, and what was seen of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrate.model.action import Aftermath
from migrate.model.evidence import Fingerprint


@dataclass(frozen=True, kw_only=True)
class Intent:
    """Written before an act: from here on it may have taken effect."""

    id: str
    """Digest of its ledger row."""
    server_id: str
    playbook: str
    stage: str
    action: str
    undo: bool = False
    """Whether it takes the act back."""
    what: str
    """What was about to be done, one sentence."""
    particulars: tuple[str, ...] = ()
    """To what exactly, as the action found it before: all that taking it back needs."""
    relied_on: tuple[str, ...]
    """Identifiers of the evidence and approvals by which the gate allowed it; empty for one that
    takes an act back, which needs nobody's leave."""
    before: Fingerprint
    """What the old server was like when the gate allowed it."""
    changes: tuple[str, ...]
    """Parts of the old server's fingerprint that the act itself changes."""
    holder: str
    """Who did it: user, machine, process."""
    at: datetime
    signer: str = ""
    """Key that signed it; empty when the estate does not trust it."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """Written after an act, or when a later run looked what became of one."""

    id: str
    """Digest of its ledger row."""
    server_id: str
    intent: str
    """Identifier of the intent."""
    aftermath: Aftermath
    detail: str
    after: Fingerprint | None
    """What the old server was like afterwards; None where nobody could look."""
    job: str = ""
    """The handle by which a migration service is still doing it; empty when none is known to."""
    launched: tuple[str, ...] | None = None
    """What a migration service launched by it, as it told then; see
    :attr:`migrate.model.action.Effect.launched`."""
    at: datetime
    signer: str = ""
    """Key that signed it; empty when the estate does not trust it."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """An intent together with what is known of it by now."""

    intent: Intent
    result: Result | None
    """The newest; None while nobody has told what became of it."""

    @property
    def open(self) -> bool:
        """Whether it is not known what became of it."""
        return self.result is None or self.result.aftermath is Aftermath.UNKNOWN

    @property
    def done(self) -> bool:
        """Whether it was seen to have taken effect, and was begun by whom the estate trusts."""
        found = self.result.aftermath if self.result else Aftermath.UNKNOWN
        return bool(self.intent.signer) and found is Aftermath.DONE

    @property
    def at_work(self) -> str:
        """The handle by which a migration service is doing it; empty when none was seen to."""
        return self.result.job if self.open and self.result else ""

    @property
    def switched_off(self) -> bool:
        """Whether it left the server off."""
        return self.done and "power" in self.intent.changes


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Written when an act was asked for and the gate refused it."""

    id: str
    """Digest of its ledger row."""
    server_id: str
    playbook: str
    stage: str
    why: tuple[str, ...]
    at: datetime
    signer: str = ""
    """Key that signed it; empty when the estate does not trust it."""

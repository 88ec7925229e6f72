"""What a migration service launched, as the act that saw its launch end entered it. Pure.

So nobody has to copy an id into ``decant.toml``; one that stands there has to be the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from inventory.errors import RefusedError
from inventory.model import spelling
from inventory.model.fact import Facts, Unknown
from inventory.model.hardware import CLOUD_INSTANCE
from migrate.model.act import Act
from migrate.model.evidence import Evidence, Fingerprint
from migrate.model.plan import Move
from migrate.model.playbook import Builds, Playbook

_EC2: Final = "i-"


@dataclass(frozen=True, kw_only=True)
class Launched:
    """What stands in the old server's place, as a migration service told."""

    resource: str
    """An instance's id or ARN, or a resource id."""
    stage: str
    """The stage whose act launched it."""
    begun: datetime
    """When that act was begun: nothing that was seen before was it."""
    seen: datetime
    """When it was seen to stand."""

    def __str__(self) -> str:
        """Say which it is, and how that is known."""
        return f"{self.resource}, launched by {self.stage}, as the service told {_at(self.seen)}"


def launched(acts: Iterable[Act], playbook: Playbook) -> Launched | None:
    """Return what the newest act that launched anything, and stands, has launched.

    ``acts`` are a server's, in the ledger's order. None when nothing was launched, when it was
    removed again by an act since, or when the service did not say what it is. What nobody whom the
    estate trusts has signed counts for nothing.
    """
    for name, mine in reversed(_by_stage(acts, playbook).items()):
        stage = playbook.stage(name)
        told = next((each for each in reversed(mine) if _told(each) is not None), None)
        builds = stage is not None and stage.builds is not Builds.NOTHING
        if mine[-1].done and (told or builds):
            return _launched(mine[0], told) if told else None
    return None


def resolved(move: Move, found: Launched | None) -> Move:
    """Return a move with what was launched as its resource, unless ``decant.toml`` names one."""
    by_hand = None if move.launched_by else move.resource
    if by_hand is not None or found is None:
        return replace(move, resource=by_hand, launched_by="")
    return replace(move, resource=found.resource, launched_by=found.stage)


def contradiction(move: Move, found: Launched | None) -> str:
    """Say that ``decant.toml`` names another one than was launched; empty when it does not."""
    if found is None or move.launched_by or not move.resource:
        return ""
    if bare(move.resource) == bare(found.resource):
        return ""
    return f"decant.toml names {move.resource} for {move.server}, and what stands there is {found}"


def sure_of(move: Move, found: Launched | None) -> Move:
    """Return :func:`resolved`, for whatever is proved of it or done by it.

    Raises:
        RefusedError: ``decant.toml`` names another one than was launched.

    """
    wrong = contradiction(move, found)
    if wrong:
        raise RefusedError(
            wrong,
            hint="take its instance or vm out of decant.toml, and run decant plan; if another one "
            f"was launched beside decant, decant migrate {move.server} --undo --apply, and let the "
            "playbook launch it",
        )
    return resolved(move, found)


def mistaken(
    move: Move,
    found: Launched | None,
    new: Facts | Unknown | None,
    target: Fingerprint,
    evidence: Iterable[Evidence],
) -> tuple[str, ...]:
    """Say why what answers as the new server is not its cloud resource; empty when it may be.

    It says itself that it is another instance; or it answered before that was launched, as the copy
    does whose address still stands in ``decant.toml``.
    """
    own = spelling.cloud_instance(new.value(CLOUD_INSTANCE)) if isinstance(new, Facts) else None
    resource = bare(move.resource or "")
    if own and own != resource and own.startswith(_EC2) and resource.startswith(_EC2):
        return (f"server: {move.replacement} is {own}, and not {resource}",)
    identity = target.parts.get("identity")
    before = (
        each
        for each in evidence
        if found and each.signer and each.at < found.begun
        if each.fingerprints.target.parts.get("identity") == identity
    )
    if found is None or identity is None or not any(before):
        return ()
    why = f"server: {move.replacement} answered as the same server before {found.stage} launched"
    return (f"{why} {found.resource}: give that one's address as replacement in decant.toml",)


def bare(resource: str) -> str:
    """Return an instance's id without its ARN, or a resource id, in one spelling."""
    return resource.rpartition(":instance/")[2].lower().rstrip("/")


def _by_stage(acts: Iterable[Act], playbook: Playbook) -> dict[str, Sequence[Act]]:
    """Return the acts of each stage since it was begun last, in the order in which that was."""
    found: dict[str, list[Act]] = {}
    for act in acts:
        intent = act.intent
        if intent.playbook != playbook.name or not intent.signer:
            continue
        if not intent.undo:
            found.pop(intent.stage, None)
        found.setdefault(intent.stage, []).append(act)
    return dict(found)


def _told(act: Act) -> tuple[str, ...] | None:
    return act.result.launched if act.result and act.result.signer else None


def _launched(first: Act, told: Act) -> Launched | None:
    result, ids = told.result, _told(told)
    if result is None or not ids:
        return None
    return Launched(
        resource=ids[0], stage=first.intent.stage, begun=first.intent.at, seen=result.at
    )


def _at(moment: datetime) -> str:
    return f"on {moment:%Y-%m-%d %H:%M} UTC"

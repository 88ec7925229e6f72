"""Heads of the ledger that are kept where whoever can write to the database cannot take them away.

Against them shows what a chain alone cannot: that its tail was cut off, or all of it replaced. A
head that is kept can only forbid, so it counts whoever put it there; that something is kept at all
counts only when it is signed by a key that the estate trusts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from inventory.errors import BadInputError, PartlyUnknownError, UsageError
from migrate.ledger.chain import Verification
from migrate.ledger.statements import (
    STATEMENT,
    ForgedError,
    UnreadableError,
    check_sealed,
    open_sealed,
    seal,
)

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

    from migrate.ledger.trust import Trust

HEAD_TYPE = "urn:decant:head:v1"


@dataclass(frozen=True, kw_only=True, order=True)
class Head:
    """The last entry of the ledger as it once was."""

    entries: int
    """How many there were."""
    digest: str
    """Of the last of them."""


class Anchor(Protocol):
    """A place outside where heads are kept, and whence nobody should be able to take them."""

    @property
    def where(self) -> str:
        """Where it is, as decant.toml names it."""
        ...

    def keep(self, head: Head, envelope: str) -> str:
        """Keep a head; say what it was kept as.

        Raises:
            PartlyUnknownError: the place does not answer, or refuses.
            BadInputError: what is kept there could be taken away again.

        """
        ...

    def heads(self) -> Sequence[Head]:
        """Return every head that was ever kept there.

        Raises:
            PartlyUnknownError: the place does not answer, or what it holds cannot be read.

        """
        ...

    def envelope(self, head: Head) -> str:
        """Return the signed statement of a head that is kept there.

        Raises:
            PartlyUnknownError: the place does not answer.

        """
        ...


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What one anchor says of the ledger."""

    where: str
    heads: int = 0
    newest: Head | None = None
    fault: str = ""
    """What the ledger lacks that is kept there; empty when it lacks nothing."""
    unknown: str = ""
    """Why the anchor cannot vouch for the ledger; empty when it can."""


def head_statement(found: Verification, at: datetime) -> str:
    """Write a head as an in-toto statement: canonical JSON.

    Raises:
        UsageError: there is no entry yet.

    """
    if not found.entries:
        raise UsageError("the ledger is empty: there is nothing to anchor")
    return json.dumps(
        {
            "_type": STATEMENT,
            "subject": [{"name": "ledger", "digest": {"sha256": found.head}}],
            "predicateType": HEAD_TYPE,
            "predicate": {
                "entries": found.entries,
                "head": found.head,
                "at": at.astimezone(UTC).isoformat(timespec="seconds"),
            },
        },
        sort_keys=True,
        separators=(",", ":"),
    )


def keep_head(
    anchors: Iterable[Anchor], found: Verification, *, at: datetime, signer: Signer
) -> tuple[str, ...]:
    """Keep the head of a ledger that was found whole in every anchor; say what it was kept as.

    Raises:
        UsageError: there is no entry yet.
        PartlyUnknownError: a place does not answer, or refuses; those before it hold it.
        BadInputError: what is kept there could be taken away again.

    """
    envelope = seal(head_statement(found, at), signer)
    head = Head(entries=found.entries, digest=found.head)
    return tuple(each.keep(head, envelope) for each in anchors)


def head_of(envelope: str) -> Head:
    """Read which head an envelope speaks of; its signature is not looked at.

    Raises:
        UnreadableError: it is none of a head.

    """
    sealed = open_sealed(envelope)
    try:
        said = json.loads(sealed.payload)
        if said["_type"] != STATEMENT or said["predicateType"] != HEAD_TYPE:
            raise UnreadableError("it is no head of a ledger")
        entries, digest = said["predicate"]["entries"], said["predicate"]["head"]
        return Head(entries=int(entries), digest=str(digest))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableError(f"it is no head of a ledger: {error}") from error


def holding(anchor: Anchor, found: Verification, trust: Trust) -> Holding:
    """Compare a ledger that was read with what one anchor holds."""
    try:
        heads = tuple(sorted(anchor.heads()))
        if not heads:
            return Holding(where=anchor.where, unknown=f"{anchor.where} holds no head yet")
    except (PartlyUnknownError, BadInputError) as error:
        return Holding(where=anchor.where, unknown=f"{anchor.where} does not tell: {error}")
    newest = heads[-1]
    unknown = _distrusted(anchor, newest, trust)
    lost = [each for each in heads if not _holds(found, each)]
    fault = (
        f"entry {lost[0].entries}, whose digest {anchor.where} keeps, is not in it: "
        "its tail was cut off, or it was rewritten"
        if lost
        else ""
    )
    return Holding(
        where=anchor.where, heads=len(heads), newest=newest, fault=fault, unknown=unknown
    )


def _holds(found: Verification, head: Head) -> bool:
    return 0 < head.entries <= len(found.digests) and found.digests[head.entries - 1] == head.digest


def _distrusted(anchor: Anchor, head: Head, trust: Trust) -> str:
    try:
        envelope = anchor.envelope(head)
        sealed = open_sealed(envelope)
        if head_of(envelope) != head:
            return f"the newest head that {anchor.where} holds says something else than its name"
        if sealed.key not in trust.tools:
            return f"the newest head that {anchor.where} holds is not signed by a trusted key"
        check_sealed(sealed, trust.lines[sealed.key])
    except (UnreadableError, ForgedError) as error:
        return f"the newest head that {anchor.where} holds is not as it was signed: {error}"
    except (PartlyUnknownError, BadInputError) as error:
        return f"{anchor.where} does not tell: {error}"
    return ""

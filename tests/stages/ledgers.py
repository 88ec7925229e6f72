"""A small ledger with an entry of every kind, as rows, and what a tamperer does to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from securesystemslib.signer import Signature

from inventory.errors import StoreError
from inventory.estate import Person
from inventory.store.chain import START, ChainRow
from migrate.ledger.chain import row_digest
from migrate.ledger.examining import Examination, Examined
from migrate.ledger.keys import key_id, public_key
from migrate.ledger.statements import Entry, Place, kind_of, seal, statement
from migrate.ledger.trust import Trust
from migrate.model.act import Intent, Refusal, Result
from migrate.model.action import Aftermath
from migrate.model.evidence import (
    Approval,
    Attestation,
    CheckResult,
    Document,
    Evidence,
    Fingerprint,
    Fingerprints,
    Outcome,
    Revocation,
    Waiver,
)
from tests.stages.workbenches import KEYS

NOW = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=14)
SEEN = Fingerprints(
    source=Fingerprint(parts={"identity": "aa"}),
    target=Fingerprint(parts={"identity": "cc"}),
    playbook=Fingerprint(parts={"playbook": "dd"}),
)
PEOPLE = {
    "Ann": Person(name="Ann", partner="SBC", key=KEYS["Ann"].line, roles=("service owner",)),
    "Ben": Person(name="Ben", partner="EHDC", key=KEYS["Ben"].line),
}
TRUST = Trust(
    tools=frozenset({key_id(KEYS["tests"].line)}),
    people=PEOPLE,
    lines={key_id(KEYS[who].line): KEYS[who].line for who in ("tests", "Ann", "Ben")},
)


class Liar:
    """Eve, who signs under the name of the tool's key."""

    public_key = public_key(KEYS["tests"].line)

    def sign(self, payload: bytes) -> Signature:
        """Sign with her own key."""
        return Signature(self.public_key.keyid, KEYS["Eve"].signer.sign(payload).signature)


def evidence(server: str = "s1", check: str = "tcp", outcome: Outcome = Outcome.PASSED) -> Evidence:
    """Return what one check saw."""
    return Evidence(
        id="",
        server_id=server,
        playbook="rehost",
        stage="test",
        check=check,
        result=CheckResult(outcome=outcome, detail="port 443 answered", observed={"ports": [443]}),
        fingerprints=SEEN,
        at=NOW,
        expires=LATER,
    )


def approval(person: str = "Ann", partner: str = "SBC", *, withdrawn: bool = False) -> Approval:
    """Return somebody's agreement."""
    return Approval(
        id="",
        server_id="s1",
        playbook="rehost",
        stage="approve",
        person=person,
        partner=partner,
        evidence=("e1",),
        fingerprints=SEEN,
        at=NOW,
        expires=LATER,
        withdrawn=withdrawn,
    )


def every_kind() -> list[tuple[str, Entry]]:
    """Return an entry of each kind, with the name of the key that signs it."""
    intent = Intent(
        id="",
        server_id="s1",
        playbook="rehost",
        stage="off",
        action="power-off-ssh",
        what="power off web-1",
        relied_on=("e1",),
        before=SEEN.source,
        changes=("power",),
        holder="root@here",
        at=NOW,
    )
    return [
        ("tests", evidence()),
        ("tests", evidence("s2", "dns", Outcome.UNKNOWN)),
        ("Ann", approval()),
        ("Ben", _waiver()),
        ("Ann", _attestation()),
        ("Ben", _revocation()),
        ("tests", intent),
        ("tests", _result()),
        ("tests", _refusal()),
    ]


def _waiver() -> Waiver:
    return Waiver(
        id="",
        server_id="s1",
        playbook="rehost",
        stage="test",
        check="dns",
        reason="it has no name",
        person="Ben",
        partner="EHDC",
        fingerprints=SEEN,
        at=NOW,
        expires=LATER,
    )


def _attestation() -> Attestation:
    paper = Document(name="certificate.pdf", sha256="ab" * 32, size_bytes=9)
    return Attestation(
        id="",
        server_id="s1",
        about="sanitisation-certificate",
        statement="it was shredded",
        person="Ann",
        partner="SBC",
        documents=(paper,),
        at=NOW,
        expires=None,
    )


def _revocation() -> Revocation:
    return Revocation(
        id="", server_id="s1", evidence="e1", reason="wrong server", person="Ben", at=NOW
    )


def _result() -> Result:
    return Result(
        id="",
        server_id="s1",
        intent="i1",
        aftermath=Aftermath.DONE,
        detail="it is off",
        after=SEEN.source,
        at=NOW,
    )


def _refusal() -> Refusal:
    return Refusal(
        id="", server_id="s2", playbook="rehost", stage="off", why=("was never run",), at=NOW
    )


def written(entries: Iterable[tuple[str, Entry]], after: Sequence[ChainRow] = ()) -> list[ChainRow]:
    """Return the rows of entries, each signed in its place, after those that are there."""
    rows = list(after)
    for who, entry in entries:
        previous = rows[-1].digest if rows else START
        body = seal(
            statement(entry, Place(entry=len(rows) + 1, previous=previous)), KEYS[who].signer
        )
        rows.append(
            row_of(len(rows) + 1, previous, kind_of(entry), entry.server_id, body),
        )
    return rows


def row_of(seq: int, previous: str, kind: str, subject: str, body: str) -> ChainRow:
    """Return a row with the digest that it must have."""
    at = NOW + timedelta(seconds=seq)
    digest = row_digest(previous=previous, seq=seq, at=at, kind=kind, subject=subject, body=body)
    return ChainRow(
        seq=seq,
        moment=at.isoformat(timespec="microseconds"),
        kind=kind,
        subject=subject,
        body=body,
        previous=previous,
        digest=digest,
    )


def rechained(rows: Sequence[ChainRow]) -> list[ChainRow]:
    """Return rows as somebody leaves them who numbers and chains them anew: no chain shows that."""
    made: list[ChainRow] = []
    for seq, row in enumerate(rows, start=1):
        previous = made[-1].digest if made else START
        made.append(row_of(seq, previous, row.kind, row.subject, row.body))
    return made


@dataclass(frozen=True, kw_only=True)
class Read:
    """What reading rows came to."""

    fault: str
    """Empty when they are whole."""
    entries: int
    """How many were whole."""
    examined: tuple[Examined, ...]


def read(rows: Iterable[ChainRow], trust: Trust = TRUST) -> Read:
    """Read and verify rows."""
    examination = Examination(rows, replace(trust, verified=set()))
    found: list[Examined] = []
    try:
        found.extend(examination.entries())
        fault = examination.verification.fault or ""
    except StoreError as error:
        fault = str(error)
    return Read(fault=fault, entries=examination.verification.entries, examined=tuple(found))

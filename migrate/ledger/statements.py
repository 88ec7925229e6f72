"""Every entry of the ledger as a signed in-toto statement in a DSSE envelope, and back.

A statement's predicate holds the entry and its place in the chain, so that a signed statement can
stand nowhere else. A check that passed or failed is an in-toto test result; everything else is of
our own types, described in docs/evidence.md.

Sources: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md (v1),
https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md (v0.1),
https://github.com/secure-systems-lab/dsse/blob/master/envelope.md (v1).
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from inventory.model.codec import fast_from_json, to_plain
from migrate.fingerprint import digest
from migrate.ledger.keys import key_id, verifier
from migrate.model.act import Intent, Refusal, Result
from migrate.model.evidence import (
    Approval,
    Attestation,
    Evidence,
    Fingerprints,
    Outcome,
    Revocation,
    Waiver,
)

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

Entry = Evidence | Approval | Revocation | Waiver | Attestation | Intent | Result | Refusal
E = TypeVar("E", Evidence, Approval, Revocation, Waiver, Attestation, Intent, Result, Refusal)

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
KINDS: Mapping[str, type] = {
    "evidence": Evidence,
    "approval": Approval,
    "revocation": Revocation,
    "waiver": Waiver,
    "attestation": Attestation,
    "intent": Intent,
    "result": Result,
    "refusal": Refusal,
}
"""Every kind of entry, by the word that stands for it in the ledger."""
_NOT_SIGNED = ("id", "signer", "roles")
_TOLD = {Outcome.PASSED: "PASSED", Outcome.FAILED: "FAILED"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the chain an entry stands."""

    entry: int
    """1 is the first."""
    previous: str
    """Digest of the entry before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """An envelope, opened. Its signature is not verified yet."""

    key: str
    """Fingerprint of the key that is said to have signed it."""
    signature: bytes
    payload: bytes
    """The statement, as it was signed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """What an entry's envelope holds, once read. Nothing of it is verified yet."""

    kind: str
    place: Place
    said: bytes
    """The entry, as JSON."""
    sealed: Sealed

    @property
    def key(self) -> str:
        """Fingerprint of the key that is said to have signed it."""
        return self.sealed.key


class UnreadableError(ValueError):
    """An envelope is not as we write them."""


class ForgedError(ValueError):
    """A signature does not fit what it stands under."""


class _Signature(msgspec.Struct):
    keyid: str
    sig: str


class _Envelope(msgspec.Struct, rename={"payload_type": "payloadType"}):
    payload: str
    payload_type: str
    signatures: tuple[_Signature]


class _Inner(msgspec.Struct):
    ledger: Place | None = None
    said: msgspec.Raw = msgspec.Raw()


class _Predicate(_Inner):
    decant: _Inner | None = None


class _Statement(msgspec.Struct, rename={"type": "_type", "predicate_type": "predicateType"}):
    type: str
    predicate_type: str
    predicate: _Predicate


_ENVELOPES = msgspec.json.Decoder(_Envelope)
_STATEMENTS = msgspec.json.Decoder(_Statement)


def kind_of(entry: Entry) -> str:
    """Return the word for an entry's kind."""
    return next(word for word, kind in KINDS.items() if isinstance(entry, kind))


def statement(entry: Entry, place: Place) -> str:
    """Write an entry as a statement: canonical JSON. Identifier and signer are not part of it."""
    body = {key: value for key, value in to_plain(entry).items() if key not in _NOT_SIGNED}
    said = {"ledger": asdict(place), "said": body}
    kind = f"urn:decant:{kind_of(entry)}:v1"
    if isinstance(entry, Evidence) and entry.result.outcome in _TOLD:
        kind, said = TEST_RESULT, {**_test_result(entry), "decant": said}
    return _json(
        {
            "_type": STATEMENT,
            "subject": _subjects(entry),
            "predicateType": kind,
            "predicate": said,
        }
    )


def seal(text: str, signer: Signer) -> str:
    """Sign a statement, and return its envelope as JSON."""
    from securesystemslib.dsse import Envelope

    envelope = Envelope(text.encode(), PAYLOAD_TYPE, {})
    envelope.sign(signer)
    return _json(envelope.to_dict())


def open_sealed(text: str) -> Sealed:
    """Open an envelope; its signature is not looked at.

    Raises:
        UnreadableError: it is no envelope of one statement with one signature.

    """
    try:
        envelope = _ENVELOPES.decode(text)
        (signature,) = envelope.signatures
        payload, raw = _decoded(envelope.payload), _decoded(signature.sig)
    except ValueError as error:  # msgspec's and binascii's errors are of that kind
        raise UnreadableError(f"it is no signed statement: {error}") from error
    if envelope.payload_type != PAYLOAD_TYPE:
        raise UnreadableError("it holds no in-toto statement")
    return Sealed(key=signature.keyid, signature=raw, payload=payload)


def _decoded(text: str) -> bytes:
    """Decode base64 as it is written in one way only: bits that stand for nothing must be none."""
    raw = binascii.a2b_base64(text, strict_mode=True)
    end = raw[len(raw) - (len(raw) % 3 or 3) :]
    if not text.endswith(binascii.b2a_base64(end, newline=False).decode()):
        raise UnreadableError("its base64 is not as it is written")
    return raw


def read_envelope(text: str) -> Signed:
    """Read an entry's envelope; its signature is not looked at.

    Raises:
        UnreadableError: it is not as :func:`seal` writes it.

    """
    sealed = open_sealed(text)
    try:
        said = _STATEMENTS.decode(sealed.payload)
    except ValueError as error:
        raise UnreadableError(f"it is no statement of an entry: {error}") from error
    kind = said.predicate_type
    inner: _Inner = said.predicate
    if kind == TEST_RESULT and said.predicate.decant is not None:
        kind, inner = "urn:decant:evidence:v1", said.predicate.decant
    if said.type != STATEMENT or inner.ledger is None:
        raise UnreadableError("it is no statement of an entry")
    return Signed(
        kind=kind.removeprefix("urn:decant:").removesuffix(":v1"),
        place=inner.ledger,
        said=bytes(inner.said),
        sealed=sealed,
    )


def check_sealed(sealed: Sealed, line: str) -> None:
    """Verify an envelope's signature by the public key of a line.

    Raises:
        ForgedError: the key did not sign what the envelope holds.

    """
    from cryptography.exceptions import InvalidSignature

    try:
        verifier(line)(sealed.signature, pre_authentication(sealed.payload))
    except InvalidSignature as error:
        raise ForgedError(f"its signature is not by {key_id(line)}") from error


def pre_authentication(payload: bytes) -> bytes:
    """Return what is signed of a statement (DSSE v1, PAE)."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def entry_of(signed: Signed, identifier: str, signer: str) -> Entry:
    """Return the entry that an envelope holds.

    Raises:
        UnreadableError: it is of no kind that we know, or not of that kind's shape.

    """
    kind = KINDS.get(signed.kind)
    if kind is None:
        raise UnreadableError(f"it is of no known kind: {signed.kind}")
    given = b',"id":"%b","signer":%b}' % (identifier.encode(), msgspec.json.encode(signer))
    try:
        entry: Entry = fast_from_json(signed.said.removesuffix(b"}") + given, kind)
    except ValueError as error:
        raise UnreadableError(f"it is no {signed.kind}: {error}") from error
    return entry


def _test_result(evidence: Evidence) -> dict[str, Any]:
    passed = evidence.result.outcome is Outcome.PASSED
    name = f"{evidence.stage}/{evidence.check}"
    playbook = {"sha256": digest(asdict(evidence.fingerprints.playbook))}
    return {
        "result": _TOLD[evidence.result.outcome],
        "configuration": [{"name": evidence.playbook, "digest": playbook}],
        "passedTests" if passed else "failedTests": [name],
    }


def _subjects(entry: Entry) -> list[dict[str, Any]]:
    fingerprints = getattr(entry, "fingerprints", None)
    if isinstance(fingerprints, Fingerprints):
        sides = [
            ("old server", digest(asdict(fingerprints.source))),
            ("new server", digest(asdict(fingerprints.target))),
            ("playbook", digest(asdict(fingerprints.playbook))),
        ]
    else:
        sides = [("server", digest(entry.server_id))]
    if isinstance(entry, Attestation):
        # A list: a file that is called "server" does not take the server's place.
        sides += [(each.name, each.sha256) for each in entry.documents]
    return [{"name": name, "digest": {"sha256": value}} for name, value in sides]


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

"""Every entry of the ledger as a signed in-toto statement in a DSSE envelope, and back.

A statement's predicate holds the entry and its place in the chain, so that a signed statement can
stand nowhere else. A check that passed or failed is an in-toto test result; everything else is of
our own types, described in docs/evidence.md.

Sources: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md (v1),
https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md (v0.1),
https://github.com/secure-systems-lab/dsse/blob/master/envelope.md (v1).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from inventory.model.codec import fast_from_json, to_plain
from migrate.fingerprint import digest
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
    from securesystemslib.signer import Signer, SSlibKey

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


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What an envelope holds, once read."""

    kind: str
    place: Place
    body: Mapping[str, Any]
    """The entry, as JSON."""
    key: str
    """Fingerprint of the key that is said to have signed it."""


class UnreadableError(ValueError):
    """An envelope is not as we write them."""


class ForgedError(ValueError):
    """A signature does not fit what it stands under."""


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


def read_envelope(text: str) -> Signed:
    """Read an envelope; its signature is not looked at.

    Raises:
        UnreadableError: it is not as :func:`seal` writes it.

    """
    try:
        envelope = json.loads(text)
        (signature,) = envelope["signatures"]
        said = json.loads(base64.b64decode(envelope["payload"], validate=True))
        kind, predicate = said["predicateType"], said["predicate"]
        if kind == TEST_RESULT:
            kind, predicate = "urn:decant:evidence:v1", predicate["decant"]
        if envelope["payloadType"] != PAYLOAD_TYPE or said["_type"] != STATEMENT:
            raise UnreadableError("it is no in-toto statement")
        return Signed(
            kind=kind.removeprefix("urn:decant:").removesuffix(":v1"),
            place=Place(**predicate["ledger"]),
            body=predicate["said"],
            key=signature["keyid"],
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableError(f"it is no signed statement: {error}") from error


def check_signature(text: str, key: SSlibKey) -> None:
    """Verify an envelope's one signature.

    Raises:
        ForgedError: the key did not sign what the envelope holds.

    """
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError

    try:
        Envelope.from_dict(json.loads(text)).verify([key], 1)
    except (VerificationError, KeyError, TypeError, ValueError) as error:
        raise ForgedError(f"its signature is not by {key.keyid}") from error


def entry_of(signed: Signed, identifier: str, signer: str) -> Entry:
    """Return the entry that an envelope holds.

    Raises:
        UnreadableError: it is of no kind that we know, or not of that kind's shape.

    """
    kind = KINDS.get(signed.kind)
    if kind is None:
        raise UnreadableError(f"it is of no known kind: {signed.kind}")
    body = {**signed.body, "id": identifier, "signer": signer}
    try:
        entry: Entry = fast_from_json(_json(body), kind)
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
        sides = {
            "old server": digest(asdict(fingerprints.source)),
            "new server": digest(asdict(fingerprints.target)),
            "playbook": digest(asdict(fingerprints.playbook)),
        }
    else:
        sides = {"server": digest(entry.server_id)}
    if isinstance(entry, Attestation):
        sides |= {each.name: each.sha256 for each in entry.documents}
    return [{"name": name, "digest": {"sha256": value}} for name, value in sides.items()]


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def signed_fields(kind: type) -> tuple[str, ...]:
    """Return the fields of a kind of entry that are signed."""
    return tuple(each.name for each in fields(kind) if each.name not in _NOT_SIGNED)

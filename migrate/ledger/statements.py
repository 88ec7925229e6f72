"""Evidence and approvals as in-toto statements, and back.

Each is an in-toto Statement v1 whose subjects are the old server, the new one and the playbook,
by the digest of their fingerprints; the predicate is our own, described in docs/evidence.md.
Source: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md (v1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from migrate.fingerprint import digest
from migrate.model.evidence import (
    Approval,
    CheckResult,
    Evidence,
    Fingerprint,
    Fingerprints,
    Outcome,
)

CHECK_RESULT = "urn:decant:check-result:v1"
APPROVAL = "urn:decant:approval:v1"


def evidence_statement(evidence: Evidence) -> str:
    """Write evidence as a statement: canonical JSON. The identifier is not part of it."""
    predicate = {
        **_common(evidence),
        "check": evidence.check,
        "outcome": evidence.result.outcome.value,
        "detail": evidence.result.detail,
        "observed": dict(evidence.result.observed),
    }
    return _statement(CHECK_RESULT, evidence.fingerprints, predicate)


def approval_statement(approval: Approval) -> str:
    """Write an approval as a statement: canonical JSON. The identifier is not part of it."""
    predicate = {
        **_common(approval),
        "person": approval.person,
        "partner": approval.partner,
        "evidence": list(approval.evidence),
        "withdrawn": approval.withdrawn,
    }
    return _statement(APPROVAL, approval.fingerprints, predicate)


def read_evidence(identifier: str, statement: str) -> Evidence:
    """Read evidence back. Raises ValueError or KeyError when it is not such a statement."""
    said = _predicate(statement, CHECK_RESULT)
    return Evidence(
        id=identifier,
        **_read_common(said),
        check=said["check"],
        result=CheckResult(
            outcome=Outcome(said["outcome"]), detail=said["detail"], observed=said["observed"]
        ),
    )


def read_approval(identifier: str, statement: str) -> Approval:
    """Read an approval back. Raises ValueError or KeyError when it is not such a statement."""
    said = _predicate(statement, APPROVAL)
    return Approval(
        id=identifier,
        **_read_common(said),
        person=said["person"],
        partner=said["partner"],
        evidence=tuple(said["evidence"]),
        withdrawn=said["withdrawn"],
    )


def _common(entry: Evidence | Approval) -> dict[str, Any]:
    return {
        "server": entry.server_id,
        "playbook": entry.playbook,
        "stage": entry.stage,
        "at": entry.at.isoformat(),
        "expires": entry.expires.isoformat(),
        "fingerprints": asdict(entry.fingerprints),
    }


def _read_common(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "server_id": said["server"],
        "playbook": said["playbook"],
        "stage": said["stage"],
        "at": datetime.fromisoformat(said["at"]),
        "expires": datetime.fromisoformat(said["expires"]),
        "fingerprints": Fingerprints(
            **{
                side: Fingerprint(parts=seen["parts"], unknown=tuple(seen["unknown"]))
                for side, seen in said["fingerprints"].items()
            }
        ),
    }


def _statement(kind: str, fingerprints: Fingerprints, predicate: Mapping[str, Any]) -> str:
    from google.protobuf.json_format import MessageToDict
    from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
    from in_toto_attestation.v1.statement import Statement

    subjects = [
        ResourceDescriptor(name=name, digest={"sha256": digest(asdict(fingerprint))}).pb
        for name, fingerprint in (
            ("old server", fingerprints.source),
            ("new server", fingerprints.target),
            ("playbook", fingerprints.playbook),
        )
    ]
    statement = Statement(subjects, kind, dict(predicate))
    statement.validate()
    return json.dumps(MessageToDict(statement.pb), sort_keys=True, separators=(",", ":"))


def _predicate(statement: str, kind: str) -> Mapping[str, Any]:
    read = json.loads(statement)
    if read["predicateType"] != kind:
        raise ValueError(f"it is a {read['predicateType']}, not a {kind}")
    predicate: Mapping[str, Any] = read["predicate"]
    return predicate

"""The chain shows each alteration and where; a cut tail shows against a head kept elsewhere."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

from inventory.store.chain import ChainRow
from migrate.ledger.chain import START, row_digest, verify
from migrate.ledger.statements import (
    Entry,
    ForgedError,
    Place,
    check_sealed,
    entry_of,
    open_sealed,
    read_envelope,
    seal,
    statement,
)
from migrate.model.evidence import (
    Approval,
    Attestation,
    CheckResult,
    Document,
    Evidence,
    Fingerprint,
    Fingerprints,
    Outcome,
)
from tests.stages.ledgers import row_of
from tests.stages.workbenches import KEYS

NOW = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
SEEN = Fingerprints(
    source=Fingerprint(parts={"identity": "aa", "packages": "bb"}),
    target=Fingerprint(parts={"identity": "cc"}, unknown=("cloud: timed out",)),
    playbook=Fingerprint(parts={"playbook": "dd", "plan": "ee"}),
)
EVIDENCE = Evidence(
    id="x",
    server_id="s1",
    playbook="rehost",
    stage="test",
    check="tcp",
    result=CheckResult(
        outcome=Outcome.PASSED, detail="port 5432 answered", observed={"ports": [5432], "ms": 1.5}
    ),
    fingerprints=SEEN,
    at=NOW,
    expires=NOW + timedelta(days=14),
)
PLACE = Place(entry=7, previous="ab" * 32)
APPROVAL = Approval(
    id="x",
    server_id="s1",
    playbook="rehost",
    stage="approve",
    person="Ann",
    partner="SBC",
    evidence=("e1", "e2"),
    fingerprints=SEEN,
    at=NOW,
    expires=NOW + timedelta(days=14),
)


def chain(count: int) -> list[ChainRow]:
    """Return a whole chain of so many entries."""
    rows: list[ChainRow] = []
    previous = START
    for seq in range(1, count + 1):
        row = row_of(seq, previous, "evidence", f"server-{seq % 3}", json.dumps({"n": seq}))
        previous = row.digest
        rows.append(row)
    return rows


def test_a_whole_chain_is_whole() -> None:
    """An untouched chain verifies, and its head is the digest of its last entry."""
    rows = chain(5)
    found = verify(rows)
    assert (found.fault, found.entries, found.head) == (None, 5, rows[-1].digest)
    assert verify([]).head == START


@pytest.mark.parametrize("position", range(6))
@pytest.mark.parametrize(
    "change",
    [
        {"body": '{"n": 0}'},
        {"kind": "approval"},
        {"subject": "server-9"},
        {"moment": (NOW - timedelta(days=1)).isoformat()},
        {"moment": "yesterday"},
        {"previous": "f" * 64},
        {"digest": "f" * 64},
        {"seq": 99},
    ],
)
def test_any_alteration_is_found_where_it_is(position: int, change: dict[str, object]) -> None:
    """Whatever is altered in an entry, that entry is named and nothing after it is counted."""
    rows = chain(6)
    rows[position] = replace(rows[position], **change)
    found = verify(rows)
    assert found.fault is not None
    assert str(position + 1) in found.fault
    assert found.entries == position


@given(st.integers(1, 8), st.data())
def test_dropping_doubling_and_swapping_are_found(count: int, data: st.DataObject) -> None:
    """No rearrangement of the entries is taken for the chain."""
    rows = chain(count + 1)
    at = data.draw(st.integers(0, count - 1))
    for broken in (
        rows[:at] + rows[at + 1 :],
        [*rows[:at], rows[at], *rows[at:]],
        [*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]],
    ):
        assert verify(broken).fault is not None


def test_a_cut_tail_shows_against_a_head_kept_elsewhere() -> None:
    """Without a kept head a cut tail cannot show; with it, it does."""
    rows = chain(6)
    head = rows[-1].digest
    assert verify(rows[:4]).fault is None
    assert "its tail was cut" in (verify(rows[:4], known_head=head).fault or "")
    assert verify(rows, known_head=head).fault is None
    assert verify(rows, known_head=rows[2].digest).fault is None


def test_a_time_is_the_same_time_in_every_zone() -> None:
    """The digest does not depend on the zone in which a time is given."""
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    said = {"previous": START, "seq": 1, "kind": "note", "subject": "s", "body": "{}"}
    assert row_digest(**said, at=elsewhere) == row_digest(**said, at=NOW)


@pytest.mark.parametrize("entry", [EVIDENCE, APPROVAL], ids=["evidence", "approval"])
def test_evidence_and_approvals_come_back_as_they_were(entry: Entry) -> None:
    """Envelopes hold everything but identifier and signer, which are the ledger's to give."""
    signed = read_envelope(seal(statement(entry, PLACE), KEYS["tests"].signer))
    assert signed.place == PLACE
    assert entry_of(signed, "x", "") == entry


def test_a_statement_is_an_in_toto_statement() -> None:
    """The specification's own library takes it, and it holds what the specification asks."""
    said = json.loads(statement(EVIDENCE, PLACE))
    parsed = Statement.copy_from_pb(json_format.ParseDict(said, statement_pb2.Statement()))
    parsed.validate()
    assert said["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert [each["name"] for each in said["subject"]] == ["old server", "new server", "playbook"]
    assert all(len(each["digest"]["sha256"]) == 64 for each in said["subject"])
    assert said["predicate"]["result"] == "PASSED"
    assert said["predicate"]["passedTests"] == ["test/tcp"]


def test_what_could_not_be_told_is_no_test_result() -> None:
    """The published predicate knows passed and failed alone; unknown is neither."""
    result = replace(EVIDENCE.result, outcome=Outcome.UNKNOWN)
    said = json.loads(statement(replace(EVIDENCE, result=result), PLACE))
    assert said["predicateType"] == "urn:decant:evidence:v1"


def test_an_altered_statement_is_not_signed() -> None:
    """A signature stands under exactly what was signed, by exactly that key."""
    envelope = seal(statement(EVIDENCE, PLACE), KEYS["tests"].signer)
    check_sealed(open_sealed(envelope), KEYS["tests"].line)
    other = json.loads(envelope)
    other["payload"] = base64.b64encode(statement(APPROVAL, PLACE).encode()).decode()
    with pytest.raises(ForgedError):
        check_sealed(open_sealed(json.dumps(other)), KEYS["tests"].line)
    with pytest.raises(ForgedError):
        check_sealed(open_sealed(envelope), KEYS["Eve"].line)


def test_a_file_called_server_does_not_take_the_servers_place() -> None:
    """A declaration speaks of the server and of each file, whatever its name."""
    file = Document(name="server", sha256="ab" * 32, size_bytes=7)
    declared = Attestation(
        id="",
        server_id="s1",
        about="waste-note",
        statement="handed over",
        person="Ann",
        partner="SBC",
        documents=(file,),
        at=NOW,
    )
    said = json.loads(statement(declared, PLACE))
    digests = [each["digest"]["sha256"] for each in said["subject"]]
    assert len(digests) == 2
    assert digests[1] == file.sha256 != digests[0]

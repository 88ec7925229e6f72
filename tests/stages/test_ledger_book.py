"""The ledger as it is kept: what is entered comes back whole, in order, and by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.errors import BadInputError
from inventory.store.opening import open_store
from inventory.store.store import Store
from migrate.ledger.book import enter, enter_next, read_ledger
from migrate.ledger.chain import START, verify
from migrate.ledger.keys import key_id, pem, public_key, verifier
from migrate.ledger.signers import trusted
from migrate.ledger.statements import KINDS, kind_of
from migrate.ledger.trust import Trust
from migrate.model.act import Intent, Refusal, Result
from migrate.model.action import Aftermath
from migrate.model.evidence import (
    Approval,
    Attestation,
    CheckResult,
    Fingerprint,
    Outcome,
    Revocation,
    Waiver,
)
from tests.stages.ledgers import NOW, PEOPLE, SEEN, TRUST, Liar, evidence, row_of
from tests.stages.test_ledger import chain
from tests.stages.workbenches import KEYS

LATER = NOW + timedelta(days=1)
ABOUT = {"id": "", "server_id": "s1", "at": NOW}
SPOKEN = {**ABOUT, "person": "Ann", "partner": "SBC"}
PLACED = {"playbook": "rehost", "stage": "test"}
INTENT = Intent(
    **ABOUT,
    **PLACED,
    action="off",
    what="off",
    relied_on=(),
    before=Fingerprint(parts={"identity": "aa"}),
    changes=("power",),
    holder="h",
)
APPROVAL = Approval(**SPOKEN, **PLACED, evidence=("e",), fingerprints=SEEN, expires=LATER)
WAIVER = Waiver(**SPOKEN, **PLACED, check="tcp", reason="r", fingerprints=SEEN, expires=LATER)
ATTESTATION = Attestation(**SPOKEN, about="told", statement="told")
REVOCATION = Revocation(**ABOUT, evidence="e", reason="r", person="Ann")
REFUSAL = Refusal(**ABOUT, **PLACED, why=("no",))
RESULT = Result(**ABOUT, intent="", aftermath=Aftermath.DONE, detail="d", after=None)


def stored(folder: Path) -> Store:
    """Return an empty store; it is closed with its folder."""
    return open_store(f"sqlite:///{folder}/ledger.db")


def put(store: Store, entry: object, who: str = "tests") -> object:
    """Enter something, signed by somebody."""
    return enter(store, entry, at=NOW, signer=KEYS[who].signer)  # type: ignore[type-var]


def test_every_kind_of_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    """With its digest as its identifier and its key as its signer, each under its own heading."""
    with stored(tmp_path) as store:
        seen, ann = put(store, evidence()), "Ann"
        begun = put(store, INTENT)
        assert isinstance(begun, Intent)
        ended = put(store, replace(RESULT, intent=begun.id))
        refused = put(store, REFUSAL)
        spoken = [put(store, each, ann) for each in (APPROVAL, WAIVER, ATTESTATION, REVOCATION)]
        ledger = read_ledger(store, TRUST)
    assert (ledger.verification.fault, ledger.verification.entries) == (None, 8)
    assert (*ledger.evidence, *ledger.refusals) == (seen, refused)
    roles = PEOPLE["Ann"].roles
    approval, waiver, attestation, revocation = spoken
    assert ledger.approvals == (replace(approval, roles=roles),)  # type: ignore[type-var]
    assert ledger.attestations == (replace(attestation, roles=roles),)  # type: ignore[type-var]
    assert (*ledger.waivers, *ledger.revocations) == (waiver, revocation)
    (act,) = ledger.acts
    assert (act.intent, act.result) == (begun, ended)
    assert act.done
    assert ledger.verification.digests[-1] == revocation.id  # type: ignore[attr-defined]
    assert {kind_of(each) for each in (evidence(), INTENT, RESULT, REFUSAL)} | {
        kind_of(each) for each in (APPROVAL, WAIVER, ATTESTATION, REVOCATION)
    } == set(KINDS)


@pytest.mark.parametrize("who", ["Ann", "Ben", "Eve", "tests"])
def test_what_a_key_may_say_is_what_it_is_trusted_for(tmp_path: Path, who: str) -> None:
    """The tool's for what it sees and does, a person's for that person's own words."""
    with stored(tmp_path) as store:
        for entry in (evidence(), INTENT, REFUSAL, APPROVAL, WAIVER, ATTESTATION):
            put(store, entry, who)
        put(store, replace(APPROVAL, partner="EHDC"), who)
        put(store, replace(APPROVAL, person="Nobody"), who)
        ledger = read_ledger(store, TRUST)
    tools = [*ledger.evidence, *(each.intent for each in ledger.acts), *ledger.refusals]
    assert {bool(each.signer) for each in tools} == {who == "tests"}
    words = [ledger.approvals[0], *ledger.waivers, *ledger.attestations]
    assert {bool(each.signer) for each in words} == {who == "Ann"}
    assert not any(each.signer or each.roles for each in ledger.approvals[1:])
    if who != "Ann":
        assert not any(each.roles for each in (*ledger.approvals, *ledger.attestations))


def test_nobody_gives_themselves_a_role_or_a_signer(tmp_path: Path) -> None:
    """Both are the estate's to say, whatever is written into an entry."""
    with stored(tmp_path) as store:
        put(store, replace(APPROVAL, roles=("service owner", "king"), signer="x"), "Ann")
        put(store, replace(evidence(), signer="x"), "Eve")
        ledger = read_ledger(store, TRUST)
    assert ledger.approvals[0].roles == PEOPLE["Ann"].roles
    assert ledger.approvals[0].signer == key_id(KEYS["Ann"].line)
    assert ledger.evidence[0].signer == ""


def test_only_a_trusted_word_tells_what_became_of_an_act(tmp_path: Path) -> None:
    """The newest of those counts; a stranger's leaves it as it was."""
    with stored(tmp_path) as store:
        begun = put(store, INTENT)
        assert isinstance(begun, Intent)
        done = replace(RESULT, intent=begun.id)
        put(store, done, "Eve")
        put(store, replace(done, intent="another"))
        assert read_ledger(store, TRUST).acts[0].open
        assert read_ledger(store, TRUST).unresolved("s1") is not None
        put(store, done)
        assert read_ledger(store, TRUST).acts[0].done
        put(store, replace(done, aftermath=Aftermath.NOT_DONE), "Ann")
        assert read_ledger(store, TRUST).acts[0].done
        put(store, replace(done, aftermath=Aftermath.NOT_DONE))
        assert not read_ledger(store, TRUST).acts[0].done
        assert read_ledger(store, TRUST).unresolved("s1") is None


def test_each_server_has_its_own_part(tmp_path: Path) -> None:
    """Its entries, its acts and its last act; nothing of another's."""
    with stored(tmp_path) as store:
        mine, other = put(store, evidence("s1")), put(store, evidence("s2"))
        begun = [put(store, replace(INTENT, stage=each)) for each in ("a", "b", "a")]
        put(store, replace(INTENT, server_id="s2"))
        ledger = read_ledger(store, TRUST)
    assert ledger.of("s1").evidence == (mine,)
    assert ledger.of("s2").evidence == (other,)
    assert ledger.of("s3").evidence == ledger.of("s3").acts == ()
    assert ledger.of("s1").verification == ledger.verification
    oldest, last = ledger.unresolved("s1"), ledger.last_act("s1")
    assert oldest is not None
    assert last is not None
    assert (oldest.intent, last.intent) == (begun[0], begun[2])
    of_b = ledger.last_act("s1", "b")
    assert of_b is not None
    assert of_b.intent == begun[1]
    assert ledger.last_act("s1", "c") is None
    assert ledger.unresolved("s3") is None
    assert len(ledger.acts) == 4


def test_an_entry_is_made_directly_after_what_was_read_or_not_at_all(tmp_path: Path) -> None:
    """When something was entered since, nothing is: the gate has to be asked again."""
    signer = KEYS["tests"].signer
    with stored(tmp_path) as store:
        empty = read_ledger(store, TRUST).verification
        assert (empty.entries, empty.head) == (0, START)
        first = enter_next(store, evidence(), after=empty, at=NOW, signer=signer)
        assert first is not None
        assert enter_next(store, evidence(), after=empty, at=NOW, signer=signer) is None
        one = read_ledger(store, TRUST).verification
        assert (one.entries, one.head, one.fault) == (1, first.id, None)
        assert enter_next(store, evidence(), after=one, at=NOW, signer=signer) is not None
        assert read_ledger(store, TRUST).verification.entries == 2


def test_a_forged_signature_is_a_fault_unless_it_is_not_looked_at(tmp_path: Path) -> None:
    """Of the servers that are asked about, or of all; nothing of such a ledger is relied on."""
    with stored(tmp_path) as store:
        put(store, evidence("s1"))
        enter(store, evidence("s2"), at=NOW, signer=Liar())  # type: ignore[arg-type]
        trusts = [replace(TRUST, verified=set()) for _ in range(4)]
        all_of_it = read_ledger(store, trusts[0])
        assert "entry 2 is forged" in str(all_of_it.verification.fault)
        assert (all_of_it.evidence, all_of_it.of("s1").evidence) == ((), ())
        assert read_ledger(store, trusts[1], of="s2").verification.fault is not None
        assert read_ledger(store, trusts[2], of="s1").verification.fault is None
        assert read_ledger(store, trusts[3], signatures=False).verification.fault is None


def test_a_test_result_that_nobody_could_tell_apart_is_read_as_what_it_is(tmp_path: Path) -> None:
    """Passed, failed and unknown evidence come back with their own outcomes."""
    with stored(tmp_path) as store:
        for outcome in Outcome:
            result = CheckResult(outcome=outcome, detail="d")
            put(store, replace(evidence(), result=result))
        found = [each.result.outcome for each in read_ledger(store, TRUST).evidence]
    assert found == list(Outcome)


def test_whoever_comes_or_goes_changes_the_digest_of_trust() -> None:
    """A person, their partner, key or roles, or a key of the tool's; their order does not."""
    ann, ben = PEOPLE["Ann"], PEOPLE["Ben"]
    others = (
        replace(TRUST, tools=frozenset()),
        replace(TRUST, people={"Ann": ann}),
        replace(TRUST, people={"Ann": replace(ann, partner="EHDC"), "Ben": ben}),
        replace(TRUST, people={"Ann": replace(ann, roles=()), "Ben": ben}),
        replace(TRUST, people={"Ann": replace(ann, key=KEYS["Eve"].line), "Ben": ben}),
        replace(TRUST, people={"Ann": replace(ann, name="Amy"), "Ben": ben}),
    )
    assert len({TRUST.digest, *(each.digest for each in others)}) == len(others) + 1
    assert replace(TRUST, people={"Ben": ben, "Ann": ann}).digest == TRUST.digest


def test_a_key_is_somebodys_own_only_with_name_and_partner() -> None:
    """All three have to fit."""
    key = key_id(KEYS["Ann"].line)
    assert TRUST.is_key_of(key, "Ann", "SBC")
    assert not TRUST.is_key_of(key, "Ann", "EHDC")
    assert not TRUST.is_key_of(key, "Ben", "EHDC")
    assert not TRUST.is_key_of(key, "Nobody", "SBC")
    assert not TRUST.is_key_of("", "Ann", "SBC")
    assert not Trust().is_key_of(key, "Ann", "SBC")


def test_an_entry_replaced_by_a_whole_one_shows_in_the_next() -> None:
    """Else whoever can write into the database could put anything in a revocation's place."""
    rows = chain(4)
    forged = row_of(2, rows[0].digest, "evidence", "server-2", "{}")
    found = verify([rows[0], forged, *rows[2:]])
    assert found.fault == "entry 3 does not follow the entry before it"
    assert found.entries == 2


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 !!!", "ssh-ed25519 AAAA"])
def test_what_is_no_public_key_is_refused(line: str) -> None:
    """With the beginning of what was given."""
    for use in (key_id, public_key, verifier, pem):
        if use is key_id and line.endswith("AAAA"):
            continue  # a fingerprint can be taken of anything
        with pytest.raises(BadInputError, match="this is no public key"):
            use(line)


def test_a_key_that_nobody_trusts_signs_nothing() -> None:
    """Its public half is told, so that it can be added."""
    line = KEYS["Eve"].line
    with pytest.raises(BadInputError, match="is not one that"):
        trusted("file:x", line, TRUST.lines)
    mine = KEYS["tests"].line
    assert trusted("file:x", mine, TRUST.lines) == mine

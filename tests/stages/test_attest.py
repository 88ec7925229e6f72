"""What people say by their own keys: declared, taken back, excepted, revoked; and what it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.errors import BadInputError, RefusedError, UsageError
from inventory.estate import Person
from migrate.casefile import case_of
from migrate.documents import documents_of
from migrate.gate import satisfied
from migrate.ledger.book import enter
from migrate.model.evidence import Attestation, Evidence, Outcome
from migrate.model.plan import Move
from migrate.people import end_of, in_words, person_of
from migrate.selection import one_move
from migrate.stages import attest, except_check, plan, revoke, test
from migrate.stages.except_check import Word
from tests.stages.ledgers import Liar
from tests.stages.workbenches import KEYS, Scene, own_key, scene

PLAYBOOK = """\
title: declare, compare and switch off
stages:
  - name: papers
    help: people said what only they know
    valid_for: 14d
    checks:
      - check: backup-restored
      - check: attested
        id: told
        with: {about: supplier-told, what: The supplier knows of it.}
      - check: listeners-parity
        excusable: true
  - name: test
    help: the new server runs
    needs: [papers]
    valid_for: 14d
    checks:
      - check: ec2-instance
"""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene in which web-1 is planned by a playbook that asks people."""
    with scene(tmp_path) as made:
        (tmp_path / "playbooks" / "papers.yaml").write_text(PLAYBOOK)
        moves = (replace(made.bench.estate.moves[0], playbook="papers"),)
        made.bench = replace(made.bench, estate=replace(made.bench.estate, moves=moves))
        plan.run(made.bench)
        yield made


def move(made: Scene) -> Move:
    """Return the move of web-1."""
    return one_move(made.bench.store, "web-1")


def declare(made: Scene, about: str, person: str = "Ann", **more: object) -> Attestation:
    """Let somebody declare something by their own key."""
    given = {"statement": "it is so", **more}
    return attest.run(made.bench, move(made), about, person=person, sign=own_key, **given)  # type: ignore[arg-type]


def paper(folder: Path) -> Path:
    """Return a file to attach."""
    path = folder / "restore.pdf"
    path.write_bytes(b"%PDF restored")
    return path


def ran(made: Scene) -> dict[str, Evidence]:
    """Run the stage's checks, and return what each came to."""
    proof = test.run(made.bench, move(made), "papers")
    return {each.check: each for each in proof.evidence}


def counts(made: Scene, check: str) -> tuple[bool, str]:
    """Return whether a check is satisfied by the record, and why."""
    playbook = made.bench.shelf.read("papers")
    stage = playbook.stage("papers")
    assert stage is not None
    decision = satisfied(case_of(made.bench, move(made), playbook), stage)
    return next((each.met, each.why) for each in decision.conditions if each.name == check)


def test_a_declaration_makes_its_check_pass_with_the_documents_digest(web: Scene) -> None:
    """Before it is unknown; afterwards person, words and SHA-256 stand in the evidence."""
    assert ran(web)["backup-restored"].result.outcome is Outcome.UNKNOWN
    documents = documents_of((paper(web.folder),))
    entered = declare(web, "backup-restored", documents=documents)
    assert entered.signer == KEYS["Ann"].signer.public_key.keyid
    found = ran(web)["backup-restored"].result
    assert found.outcome is Outcome.PASSED
    assert found.observed["attestations"] == [entered.id]
    assert found.observed["declared"][0]["documents"][0]["sha256"] == documents[0].sha256


def test_evidence_counts_no_longer_than_the_declaration(web: Scene) -> None:
    """Its end is the earlier of the stage's and the declaration's."""
    ends = web.clock.now + timedelta(days=2)
    declare(web, "supplier-told", expires=ends)
    assert ran(web)["told"].expires == ends
    declare(web, "supplier-told")
    assert ran(web)["told"].expires > ends


def test_what_nobody_asks_for_is_refused_with_what_was_meant(web: Scene) -> None:
    """A slip is caught when it is typed, not when the audit comes."""
    with pytest.raises(UsageError, match="asks for 'backup-restord'") as caught:
        declare(web, "backup-restord")
    assert "did you mean backup-restored" in (caught.value.hint or "")
    assert "supplier-told" in (caught.value.hint or "")
    with pytest.raises(UsageError) as caught:
        declare(web, "told")
    assert "told asks for supplier-told; " in (caught.value.hint or "")


def test_a_difference_is_explained_by_its_check_and_key(web: Scene) -> None:
    """The check must be one that compares the servers, and the key must be there."""
    said = declare(web, "difference:listeners-parity:missing:443/tcp")
    assert said.about == "difference:listeners-parity:missing:443/tcp"
    for wrong in ("difference:ec2-instance:x", "difference:listeners-parity:", "difference:x"):
        with pytest.raises(UsageError):
            declare(web, wrong)


@pytest.mark.parametrize("person", ["Eve", "Nobody"])
def test_only_people_of_the_estate_declare(web: Scene, person: str) -> None:
    """Who speaks for nobody is refused, and told who does."""
    with pytest.raises(UsageError, match="speaks for nobody") as caught:
        declare(web, "supplier-told", person=person)
    assert "Ann (SBC), Ben (EHDC)" in (caught.value.hint or "")


def test_somebody_elses_key_makes_no_declaration(web: Scene) -> None:
    """An entry in Ann's name that Eve signed stands for nothing."""
    attest.run(
        web.bench,
        move(web),
        "supplier-told",
        person="Ann",
        sign=lambda _person: KEYS["Eve"].signer,
        statement="trust me",
    )
    assert ran(web)["told"].result.outcome is Outcome.UNKNOWN


def test_what_is_taken_back_revokes_what_rests_on_it(web: Scene) -> None:
    """The evidence that passed by it proves nothing from then on, and says who took it back."""
    declare(web, "supplier-told")
    passed = ran(web)["told"]
    assert counts(web, "told")[0]
    _, voided = attest.withdraw(
        web.bench, move(web), "supplier-told", person="Ann", sign=own_key, statement="wrong firm"
    )
    assert [each.id for each in voided] == [passed.id]
    met, why = counts(web, "told")
    assert not met
    assert "Ann revoked it" in why
    assert "wrong firm" in why
    assert ran(web)["told"].result.outcome is Outcome.UNKNOWN


def test_only_what_rests_on_it_and_is_not_revoked_yet_is_revoked(web: Scene) -> None:
    """Evidence of before an explanation never rested on it, and nothing is revoked twice."""
    ran(web)
    about = "difference:listeners-parity:missing:99/tcp"
    declare(web, about)

    def take(word: str) -> tuple[Evidence, ...]:
        return attest.withdraw(
            web.bench, move(web), word, person="Ann", sign=own_key, statement="x"
        )[1]

    assert take(about) == ()
    declare(web, "supplier-told")
    told = ran(web)["told"]
    revoke.run(web.bench, told.id, person="Ben", sign=own_key, reason="x")
    assert take("supplier-told") == ()


def test_nothing_can_be_taken_back_that_does_not_stand(web: Scene) -> None:
    """Neither twice nor for another person."""
    declare(web, "supplier-told")

    def take(person: str) -> None:
        attest.withdraw(
            web.bench, move(web), "supplier-told", person=person, sign=own_key, statement="x"
        )

    with pytest.raises(UsageError, match="nothing that Ben declared"):
        take("Ben")
    take("Ann")
    with pytest.raises(UsageError, match="nothing that Ann declared"):
        take("Ann")


def test_it_lists_what_is_asked_and_what_stands(web: Scene) -> None:
    """Every word of the playbook, in order, and every declaration that stands."""
    declare(web, "supplier-told")
    asked, standing = attest.lacking_and_standing(web.bench, move(web))
    words = [(each.stage, each.check, each.asked.about) for each in asked]
    assert words == [
        ("papers", "backup-restored", "backup-restored"),
        ("papers", "told", "supplier-told"),
    ]
    assert [each.about for each in standing] == ["supplier-told"]


UNTIL = timedelta(days=30)


def say(
    made: Scene, person: str, reason: str | None, *, until: timedelta | None = UNTIL
) -> except_check.Exemption:
    """Let somebody except web-1 from listeners-parity."""
    word = Word(reason=reason, until=made.clock.now + until if until else None)
    return except_check.run(
        made.bench, move(made), "listeners-parity", word, person=person, sign=own_key
    )[1]


def differ(made: Scene) -> None:
    """Let the new server listen on a port fewer, so that the comparison fails."""
    made.say("web-1-new", lambda said: said.replace(b"0.0.0.0:80 ", b"0.0.0.0:81 "))
    assert ran(made)["listeners-parity"].result.outcome is not Outcome.PASSED


def test_two_people_of_two_partners_except_a_server_for_one_reason(web: Scene) -> None:
    """One person's word is not enough; the second agrees to the first's words and end."""
    differ(web)
    assert say(web, "Ann", "port moved").counting == ()
    assert not counts(web, "listeners-parity")[0]
    after = say(web, "Ben", None, until=None)
    assert {each.person for each in after.counting} == {"Ann", "Ben"}
    assert len({each.expires for each in after.counting}) == 1
    met, why = counts(web, "listeners-parity")
    assert met
    assert "excepted by Ann (SBC) and Ben (EHDC): port moved" in why


def test_two_reasons_are_not_one(web: Scene) -> None:
    """Each may be right, but they did not agree."""
    differ(web)
    say(web, "Ann", "port moved")
    assert say(web, "Ben", "nobody needs it").counting == ()
    assert not counts(web, "listeners-parity")[0]


def test_an_exception_ends_is_taken_back_and_dies_with_a_change(web: Scene) -> None:
    """It is bound to time, to people and to what stands there."""
    differ(web)
    say(web, "Ann", "port moved")
    assert say(web, "Ben", "port moved").counting
    ended = except_check.withdraw(
        web.bench, move(web), "listeners-parity", person="Ben", sign=own_key
    )[1]
    assert ended.counting == ()
    assert say(web, "Ben", None).counting
    web.clock.now += UNTIL + timedelta(days=1)
    (state,) = except_check.excusable(web.bench, move(web))
    assert (state.waivers, state.counting) == ((), ())


def test_nobody_agrees_where_nobody_spoke(web: Scene) -> None:
    """There are no words to take, or too many."""
    differ(web)
    with pytest.raises(UsageError, match="nobody did yet"):
        say(web, "Ben", None)
    with pytest.raises(UsageError, match="until when"):
        say(web, "Ann", "port moved", until=None)
    say(web, "Ann", "port moved")
    with pytest.raises(UsageError, match="nobody did yet"):
        say(web, "Ann", None)


def test_only_excusable_checks_that_were_run_and_did_not_pass(web: Scene) -> None:
    """The playbook decides what can be excepted, and nobody excepts what nobody looked at."""
    word = Word(reason="x", until=web.clock.now + UNTIL)

    def refused(check: str, kind: type[Exception], says: str) -> None:
        with pytest.raises(kind, match=says):
            except_check.run(web.bench, move(web), check, word, person="Ann", sign=own_key)

    refused("backup-restored", RefusedError, "lets nobody be excepted")
    refused("listener-parity", UsageError, "has no check")
    refused("listeners-parity", RefusedError, "was never run")
    ran(web)
    refused("listeners-parity", RefusedError, "it needs no exception")


def test_a_partner_that_does_not_own_the_server_excepts_nothing(web: Scene) -> None:
    """Only owners say what may be left out, and what is true of it."""
    differ(web)
    owned = replace(web.bench.estate.moves[0], partners=("SBC",))
    web.bench = replace(web.bench, estate=replace(web.bench.estate, moves=(owned,)))
    plan.run(web.bench)
    with pytest.raises(UsageError, match="EHDC does not own"):
        say(web, "Ben", "port moved")
    with pytest.raises(UsageError, match="EHDC does not own"):
        declare(web, "supplier-told", person="Ben")


def test_revoked_evidence_proves_nothing_and_cannot_be_revoked_twice(web: Scene) -> None:
    """The beginning of its identifier is enough; the reason is told where it is lacking."""
    declare(web, "supplier-told")
    evidence = ran(web)["told"]

    def take(identifier: str) -> Evidence:
        return revoke.run(
            web.bench, identifier, person="Ben", sign=own_key, reason="another server"
        )[1]

    assert take(evidence.id[:10]).id == evidence.id
    assert "Ben revoked it: another server" in counts(web, "told")[1]
    with pytest.raises(UsageError, match="Ben revoked it already"):
        take(evidence.id)
    with pytest.raises(UsageError, match="no evidence begins"):
        take("0123456789abcdef")
    with pytest.raises(UsageError, match="at least 6"):
        take(evidence.id[:5])


def test_a_forged_entry_about_another_server_keeps_no_evidence_counting(web: Scene) -> None:
    """Whoever writes into the database cannot forbid it so; it is refused for its own server's."""
    declare(web, "supplier-told")
    told = ran(web)["told"]

    def forge(server_id: str) -> None:
        forged = replace(told, id="", server_id=server_id)
        enter(web.bench.store, forged, at=web.bench.clock(), signer=Liar())  # type: ignore[arg-type]

    def take(entry: Evidence) -> Evidence:
        return revoke.run(web.bench, entry.id, person="Ben", sign=own_key, reason="x")[1]

    forge("another-server")
    assert take(told).id == told.id
    again = ran(web)["told"]
    forge(told.server_id)
    with pytest.raises(RefusedError, match="is forged"):
        take(again)


def test_a_revocation_is_refused_where_the_chain_is_broken(web: Scene) -> None:
    """An entry that was altered is a fault wherever it stands; signatures are not needed to see."""
    declare(web, "supplier-told")
    told = ran(web)["told"]
    other = replace(told, id="", server_id="another-server")
    enter(web.bench.store, other, at=web.bench.clock(), signer=KEYS["tests"].signer)
    with closing(sqlite3.connect(web.folder / "decant.db", isolation_level=None)) as file:
        file.execute("DROP TRIGGER chain_no_update")
        file.execute("UPDATE chain SET body = body || ' ' WHERE subject = 'another-server'")
    with pytest.raises(RefusedError, match="was altered"):
        revoke.run(web.bench, told.id, person="Ben", sign=own_key, reason="x")


def test_what_is_no_evidence_is_taken_back_otherwise(web: Scene) -> None:
    """The hint names the command."""
    entered = declare(web, "supplier-told")
    with pytest.raises(UsageError) as caught:
        revoke.run(web.bench, entered.id, person="Ann", sign=own_key, reason="x")
    assert "--withdraw" in (caught.value.hint or "")


def test_files_are_hashed_and_faults_named(tmp_path: Path) -> None:
    """Empty, missing, folders and files of one name are refused with their path."""
    good = paper(tmp_path)
    (found,) = documents_of((good,))
    assert (found.name, found.size_bytes) == ("restore.pdf", 13)
    empty = tmp_path / "empty.pdf"
    empty.touch()
    for wrong in (empty, tmp_path / "none.pdf", tmp_path):
        with pytest.raises(BadInputError) as caught:
            documents_of((wrong,))
        assert str(wrong) in str(caught.value)
    odd = tmp_path / "a\x1b[2Jb.pdf"
    odd.write_bytes(b"x")
    with pytest.raises(BadInputError, match="can be printed"):
        documents_of((odd,))
    (tmp_path / "b").mkdir()
    twin = tmp_path / "b" / "restore.pdf"
    twin.write_bytes(b"x")
    with pytest.raises(UsageError, match="two files are named"):
        documents_of((good, twin))
    with pytest.raises(UsageError, match="too many"):
        documents_of((good,) * 21)


def test_words_are_one_line_and_the_same_words_the_same_text() -> None:
    """Blanks and line ends do not keep two people from agreeing."""
    assert in_words("  port\n moved ") == "port moved"
    for wrong in ("", " \n", "a\x1b[31mb", "x" * 4001):
        with pytest.raises(UsageError):
            in_words(wrong)


def test_a_day_ends_at_midnight_in_the_united_kingdom(web: Scene) -> None:
    """In summer that is an hour earlier by UTC; a day that is over is refused."""
    now = web.clock.now
    assert end_of(now.date(), now).hour == 0
    summer = now.replace(year=2027, month=7, day=1).date()
    assert end_of(summer, now).hour == 23
    with pytest.raises(UsageError, match="is over"):
        end_of(now.date() - timedelta(days=1), now)


def test_a_person_is_found_by_name(web: Scene) -> None:
    """As decant.toml names them."""
    found = person_of(web.bench.estate, "Ann")
    assert isinstance(found, Person)
    assert found.partner == "SBC"


def test_an_explanation_that_is_taken_back_explains_nothing(web: Scene) -> None:
    """A comparison that passed by it is revoked with it, and fails when it is run again."""
    differ(web)
    keys = [each["key"] for each in ran(web)["listeners-parity"].result.observed["differences"]]
    assert keys
    words = [f"difference:listeners-parity:{key}" for key in keys]
    for about in words:
        declare(web, about)
    assert ran(web)["listeners-parity"].result.outcome is Outcome.PASSED
    assert counts(web, "listeners-parity")[0]
    attest.withdraw(web.bench, move(web), words[0], person="Ann", sign=own_key, statement="no")
    assert "Ann revoked it" in counts(web, "listeners-parity")[1]
    assert ran(web)["listeners-parity"].result.outcome is Outcome.FAILED

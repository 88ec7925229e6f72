"""What people say, as they type it: declarations, exceptions and revocations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from terminal import Decant, Said

from migrate.demo.fleet_keys import make_key, write_private
from migrate.people import end_of

PLAYBOOK = """\
title: leaves by what people say
stages:
  - name: papers
    help: people said what only they know
    valid_for: 14d
    checks:
      - check: backup-restored
      - check: accepted-by-owner
      - check: listeners-parity
        excusable: true
"""
ESTATE = """\
[estate]
name = "made"

[[partners]]
name = "SBC"
share = 50

[[partners]]
name = "EHDC"
share = 50

[[people]]
name = "Ann Other"
partner = "SBC"
key = "KEY OF Ann Other"

[[people]]
name = "Ben Other"
partner = "EHDC"
key = "KEY OF Ben Other"
roles = ["service owner"]

[signing]
key = "file:tests.key"
trusted = ["KEY OF tests"]

[[moves]]
server = "web-1"
to = "hub"
playbook = "own"
replacement = "NEW"
"""


@pytest.fixture
def saying(decant: Decant, recording: Callable[[str], str]) -> Decant:
    """Return a terminal in an estate whose playbook asks people; the servers differ by a port."""
    old, new = recording("web-1.quiet"), recording("web-1-new")
    path = Path(new.removeprefix("recorded://"))
    path.write_bytes(path.read_bytes().replace(b"0.0.0.0:80 ", b"0.0.0.0:81 "))
    text = ESTATE.replace("NEW", new)
    for name in ("Ann Other", "Ben Other", "tests"):
        made = make_key()
        write_private(Path(f"{name}.key"), made)
        text = text.replace(f"KEY OF {name}", made.public)
    Path("decant.toml").write_text(text)
    Path("playbooks").mkdir()
    Path("playbooks/own.yaml").write_text(PLAYBOOK)
    assert decant("discover", old, new).code == 0
    assert decant("plan").code == 0
    return decant


def by(person: str) -> tuple[str, ...]:
    """Return the words by which somebody speaks with their own key."""
    return ("--as", person, "--key", f"file:{person}.key")


LAST = datetime.now(UTC).date() + timedelta(days=30)
"""The last day of an exception."""
ANN, BEN = by("Ann Other"), by("Ben Other")
BENS_FOR_ANN = ("--as", "Ann Other", "--key", "file:Ben Other.key")


def states(saying: Decant) -> dict[str, str]:
    """Return what stands under each word."""
    rows = saying("attest", "web-1", "--format", "json").json()
    return {each["about"]: each["state"] for each in rows}


def outcomes(said: Said) -> dict[str, str]:
    """Return what each check came to."""
    return {each["check"]: each["outcome"] for each in said.json()}


def ran(saying: Decant) -> dict[str, str]:
    """Run the stage and return what each check came to."""
    return outcomes(saying("test", "web-1", "--stage", "papers", "--format", "json"))


def test_it_lists_what_is_asked_and_what_is_lacking(saying: Decant) -> None:
    """Word, stage, check, and what has to be shown by whom."""
    said = saying("attest", "web-1")
    assert said.code == 0
    assert "with the record of the restore" in said.out
    assert "by service owner" in said.out
    assert states(saying) == {"backup-restored": "lacking", "service-acceptance": "lacking"}


def test_a_declaration_from_the_command_that_the_check_names(saying: Decant) -> None:
    """Unknown at first; what the result says to type is typed; then it passes."""
    said = saying("test", "web-1", "--stage", "papers", "--format", "json")
    assert outcomes(said)["backup-restored"] == "unknown"
    detail = next(each["detail"] for each in said.json() if each["check"] == "backup-restored")
    command = detail.partition("decant ")[2]
    assert command == "attest web-1 backup-restored --as PERSON --because TEXT --file FILE"
    Path("restore.txt").write_text("restored on lab-2")
    words = ("--because", "restored on lab-2", "--file", "restore.txt")
    entered = saying("attest", "web-1", "backup-restored", *ANN, *words)
    assert (entered.code, entered.err) == (0, "")
    assert entered.lines[0] == "Ann Other (SBC) declares backup-restored of web-1"
    assert sha256(b"restored on lab-2").hexdigest() in entered.lines[1]
    assert entered.lines[-1] == "next: decant test web-1 --stage papers"
    assert "restored on lab-2" in states(saying)["backup-restored"]
    assert ran(saying)["backup-restored"] == "passed"
    back = ("--because", "it was old", "--withdraw")
    taken = saying("attest", "web-1", "backup-restored", *ANN, *back)
    assert taken.lines[-1] == "revoked, since it rests on that: papers/backup-restored"
    assert states(saying)["backup-restored"] == "lacking"


def test_an_explained_difference_says_which_test_comes_next(saying: Decant) -> None:
    """The check whose difference it was."""
    about = "difference:listeners-parity:missing:tcp/80"
    said = saying("attest", "web-1", about, *ANN, "--because", "it moved")
    assert (said.code, said.err) == (0, "")
    assert said.lines[-1] == "next: decant test web-1 --stage papers"


def test_what_a_check_will_not_count_is_said_at_once(saying: Decant) -> None:
    """A missing document and a wrong role are warned of when they are entered."""
    said = saying("attest", "web-1", "service-acceptance", *ANN, "--because", "fine")
    assert said.code == 0
    assert "does not name Ann Other as service owner" in said.err
    said = saying("attest", "web-1", "backup-restored", *ANN, "--because", "fine")
    assert "the record of the restore is not attached" in said.err
    assert ran(saying) == {
        "backup-restored": "failed",
        "accepted-by-owner": "failed",
        "listeners-parity": "failed",
    }


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("backup-restord", *ANN, "--because", "x"), 2, "did you mean backup-restored"),
        (("backup-restored", "--because", "x"), 2, "--as PERSON is lacking"),
        (("backup-restored", *ANN), 2, "--because TEXT is lacking"),
        (("backup-restored", *ANN, "--because", "x", "--file", "none.pdf"), 5, "none.pdf"),
        (("backup-restored", *ANN, "--because", "x", "--expires", "2020-01-01"), 2, "is over"),
        (("backup-restored", *ANN, "--because", "x", "--withdraw"), 2, "nothing that Ann Other"),
        (
            ("backup-restored", *BENS_FOR_ANN, "--because", "x"),
            5,
            "is not one that decant.toml trusts for this",
        ),
    ],
)
def test_what_cannot_be_declared_says_why(
    saying: Decant, words: tuple[str, ...], code: int, says: str
) -> None:
    """Nothing is entered, and the exit code tells whose fault it is."""
    said = saying("attest", "web-1", *words)
    assert said.code == code
    assert says in said.err
    assert saying("ledger", "export").lines == []


def test_a_second_person_agrees_to_the_firsts_words(saying: Decant) -> None:
    """The first is told what the second has to type; with it, the exception counts."""
    assert ran(saying)["listeners-parity"] == "failed"
    words = ("--because", "the port moved", "--until", str(LAST))
    first = saying("except", "web-1", "listeners-parity", *ANN, *words)
    assert first.code == 0
    assert "does not count yet" in first.out
    asked = "decant except web-1 listeners-parity --stage papers --as PERSON --agree"
    assert first.lines[-1].endswith(asked)
    second = saying("except", "web-1", "listeners-parity", *BEN, "--agree")
    ends = end_of(LAST, datetime.now(UTC))
    assert second.lines[0].endswith(f"{ends:%Y-%m-%d %H:%M} UTC: the port moved")
    assert second.lines[-1] == "it counts, by Ann Other (SBC) and Ben Other (EHDC)"
    (row,) = saying("except", "web-1", "--format", "json").json()
    assert (row["outcome"], row["state"]) == ("failed", "excepted")
    taken = saying("except", "web-1", "listeners-parity", *BEN, "--withdraw")
    assert "no longer excepts" in taken.lines[0]
    (row,) = saying("except", "web-1", "--format", "json").json()
    assert row["state"] == "not enough"


def test_an_exception_is_for_a_quarter_at_the_most(saying: Decant) -> None:
    """Unless the estate's policy says otherwise; nothing is entered, and the last day is told."""
    ran(saying)
    entered = len(saying("ledger", "export").lines)
    day = datetime.now(UTC).date() + timedelta(days=94)
    words = ("except", "web-1", "listeners-parity", *ANN, "--because", "it moved")
    said = saying(*words, "--until", str(day))
    assert said.code == 2
    assert "an exception counts for 92 days at the most, and this is for 94" in said.err
    assert f"--until {day - timedelta(days=2)}" in said.err
    assert len(saying("ledger", "export").lines) == entered
    assert saying(*words, "--until", str(day - timedelta(days=2))).code == 0
    path = Path("decant.toml")
    path.write_text(f"{path.read_text()}\n[policy]\nexception_days = 100\n")
    assert saying(*words, "--until", str(day)).code == 0


def test_other_words_are_pointed_out(saying: Decant) -> None:
    """Two reasons do not count together, and the second person sees the first's."""
    ran(saying)
    until = ("--until", str(LAST))
    saying("except", "web-1", "listeners-parity", *ANN, "--because", "it moved", *until)
    said = saying("except", "web-1", "listeners-parity", *BEN, "--because", "who cares", *until)
    assert "Ann Other (SBC) gave another reason: it moved" in said.err
    assert "does not count yet" in said.out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("accepted-by-owner", *ANN, "--because", "x", "--until", str(LAST)), 4, "lets nobody"),
        (("listeners-parity", *ANN, "--because", "x", "--until", str(LAST)), 4, "never run"),
        (("listeners-parity", *ANN, "--agree"), 4, "never run"),
        (("listeners-parity", *ANN), 2, "--agree"),
        (("listeners-parity", "--because", "x"), 2, "--as PERSON is lacking"),
    ],
)
def test_what_cannot_be_excepted_says_why(
    saying: Decant, words: tuple[str, ...], code: int, says: str
) -> None:
    """A check that must pass, one that nobody ran, words that are lacking."""
    said = saying("except", "web-1", *words)
    assert said.code == code
    assert says in said.err


def test_evidence_is_revoked_by_its_identifier(saying: Decant) -> None:
    """From then on it proves nothing, and the ledger tells who said so."""
    Path("restore.txt").write_text("restored")
    paper = ("--because", "restored", "--file", "restore.txt")
    saying("attest", "web-1", "backup-restored", *ANN, *paper)
    assert ran(saying)["backup-restored"] == "passed"
    rows = [json.loads(each) for each in saying("ledger", "export").lines]
    first = next(each for each in rows if each["kind"] == "evidence")
    said = saying("revoke", first["digest"][:12], *BEN, "--because", "another server")
    assert said.code == 0
    assert said.lines[0].startswith("Ben Other revokes papers/backup-restored of ")
    again = saying("revoke", first["digest"], *BEN, "--because", "x")
    assert again.code == 2
    assert "Ben Other revoked it already: another server" in again.err
    assert saying("revoke", "abc", *BEN, "--because", "x").code == 2


@pytest.mark.parametrize("command", ["attest", "except", "revoke"])
def test_each_help_begins_with_an_example(decant: Decant, command: str) -> None:
    """The first indented line can be typed."""
    said = decant(command, "--help")
    example = next(line for line in said.lines[3:] if line.startswith("      "))
    assert example.strip().startswith(f"decant {command}")

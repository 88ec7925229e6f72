"""From plan to decommission, as a person types it, over recorded servers."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Decant, Said, on_terminal

from migrate.demo.fleet_keys import make_key, write_private

PLAYBOOK = """\
title: leaves by checks that need no network
stages:
  - name: test
    help: the new server does the old one's work
    valid_for: 14d
    checks:
      - check: listeners-parity
  - name: approve
    help: both agree
    needs: [test]
    valid_for: 14d
    approval: {partners: 2}
  - name: power-off
    help: it is switched off
    needs: [test, approve]
    action: power-off-ssh
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
def leaving(decant: Decant, recording: Callable[[str], str]) -> Decant:
    """Return a terminal in an estate in which web-1 is planned to leave."""
    old, new = recording("web-1.quiet"), recording("web-1-new")
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


def agree(leaving: Decant, person: str, *more: str) -> Said:
    """Let somebody approve web-1 by their own key."""
    return leaving("approve", "web-1", "--as", person, "--key", f"file:{person}.key", *more)


def test_somebody_elses_key_does_not_speak_for_them(leaving: Decant) -> None:
    """A key that is not the person's own is refused, and nothing is entered."""
    leaving("test", "web-1")
    said = leaving("approve", "web-1", "--as", "Ann Other", "--key", "file:Ben Other.key")
    assert said.code == 5
    assert "is not one that decant.toml trusts for this" in said.err
    assert len(leaving("ledger", "export").lines) == 1


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("Ann Other.key", "hint: --key file:Ann Other.key"),
        ("file:Ann Other.key.pub", "hint: --key file:Ann Other.key"),
    ],
)
def test_a_slip_in_naming_a_key_is_told_by_what_should_be_typed(
    leaving: Decant, key: str, hint: str
) -> None:
    """A path without what it is, and a public key, are what people type first."""
    leaving("test", "web-1")
    said = leaving("approve", "web-1", "--as", "Ann Other", "--key", key)
    assert said.code == 2
    assert said.err.splitlines()[-1] == hint


def test_without_a_key_nothing_is_tested(leaving: Decant) -> None:
    """What is not signed proves nothing, so the command says how to make a key."""
    path = Path("decant.toml")
    path.write_text(path.read_text().replace('key = "file:tests.key"\n', ""))
    for words in (("test", "web-1"), ("decommission", "web-1", "--apply")):
        said = leaving(*words)
        assert said.code == 5
        assert "there is no key to sign with" in said.err
        assert "ssh-keygen -t ed25519" in said.err


def test_nothing_planned_is_said_so(decant: Decant) -> None:
    """Each command that needs a move says what to do first."""
    decant("init")
    for words in (("test", "web-1"), ("decommission", "web-1"), ("test", "--all")):
        said = decant(*words)
        assert said.code == 2
        assert "error: nothing is planned yet" in said.err
        assert "decant plan" in said.err


def test_the_plan_lists_moves_and_who_has_none(leaving: Decant) -> None:
    """The replacement is no server without a move: it has arrived."""
    said = leaving("plan")
    assert said.lines[1].split()[:3] == ["1", "web-1", "hub"]
    assert "without a move" not in said.err
    assert leaving("plan", "--format", "json").json()["moves"][0]["server"] == "web-1"


def test_untested_is_refused_with_every_reason_and_what_would_meet_it(leaving: Decant) -> None:
    """The dry run and the earnest attempt say the same, and both end with 4."""
    for words in (("decommission", "web-1"), ("decommission", "web-1", "--apply")):
        said = leaving(*words)
        assert said.code == 4
        assert "test / listeners-parity: was never run" in said.out
        assert "→ decant test web-1 --stage test" in said.out
        assert "→ decant approve web-1 --stage approve --as PERSON" in said.out
        assert "refused:" in said.lines[-1]
    document = leaving("decommission", "web-1", "--format", "json").json()
    assert document["allowed"] is False
    assert {each["met"] for each in document["conditions"]} == {True, False}


def test_proved_and_agreed_is_permitted_and_explained(leaving: Decant) -> None:
    """Testing, two approvals, and then the dry run says that it would be done."""
    said = leaving("test", "web-1")
    assert said.code == 0
    assert said.lines[1].split()[:4] == ["web-1", "test", "listeners-parity", "passed"]
    for person in ("Ann Other", "Ben Other"):
        said = agree(leaving, person)
        assert (said.code, said.err) == (0, "")
    said = leaving("decommission", "web-1", "--explain")
    assert said.code == 0
    assert said.lines[0].startswith("would power off web-1")
    assert "not met" not in said.out
    assert "permitted: all" in said.out
    standing = [each for each in leaving("status").lines if " web-1 " in each]
    assert standing[0].split()[-3:] == ["decant", "decommission", "web-1"]
    withdrawn = agree(leaving, "Ben Other", "--withdraw")
    assert withdrawn.code == 0
    assert leaving("decommission", "web-1").code == 4


def test_who_agrees_twice_is_told_that_it_stands(leaving: Decant) -> None:
    """Nothing is entered and nobody is told twice; after a new test it is another agreement."""
    leaving("test", "web-1")
    assert " agrees to 1 result for web-1; counts until " in agree(leaving, "Ann Other").out
    again = agree(leaving, "Ann Other")
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("Ann Other (SBC) agreed to 1 result for web-1 already, on 20")
    assert again.out.endswith("; nothing was entered\n")
    assert len(leaving("ledger", "export").lines) == 2
    leaving("test", "web-1")
    assert " agrees to 1 result for web-1; counts until " in agree(leaving, "Ann Other").out
    agree(leaving, "Ann Other", "--withdraw")
    assert " agrees to 1 result for web-1; counts until " in agree(leaving, "Ann Other").out


def test_one_condition_is_not_met(leaving: Decant) -> None:
    """It is said of one as of one."""
    leaving("test", "web-1")
    assert leaving("decommission", "web-1").lines[-1].startswith("refused: 1 of ")
    assert "conditions is not met; nothing was changed" in leaving("decommission", "web-1").out


def test_what_passed_without_seeing_all_is_no_success(leaving: Decant) -> None:
    """The gate would not count it, so whoever tests hears why at once, and the code is 3."""
    path = Path("decant.toml")
    path.write_text(path.read_text().replace('to = "hub"', 'to = "aws"\ninstance = "i-1"'))
    assert leaving("plan").code == 0
    said = leaving("test", "web-1")
    assert " passed " in said.lines[1]
    assert "warning: web-1: nothing of this counts: not all of the new server" in said.err
    assert "cloud: unknown" in said.err
    assert said.code == 3


def test_what_is_not_reached_by_ssh_is_told_nothing(leaving: Decant) -> None:
    """Even when it is permitted, nothing but SSH is acted on, and that is no success."""
    leaving("test", "web-1")
    agree(leaving, "Ann Other")
    agree(leaving, "Ben Other")
    said = leaving("decommission", "web-1", "--apply")
    assert said.code == 3
    assert "not done:" in said.lines[-1]
    kinds = [each["kind"] for each in leaving("ledger", "show", "web-1", "--format", "json").json()]
    assert kinds == ["evidence", "approval", "approval", "intent", "result"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("approve", "web-1", "--as", "Eve"), 2, "'Eve' speaks for nobody here"),
        (("approve", "web-1", "--as", "Ann Other", "--stage", "x"), 2, "in a stage 'x'"),
        (("approve", "web-1", "--as", "Ann Other"), 4, "cannot be approved"),
        (("approve", "web-1", "--as", "Ann Other"), 4, "hint: decant test web-1 --stage test"),
        (("decommission", "web-1", "--wait", "soon"), 2, "'soon' is no length of time: write 45s"),
        (("decommission", "web-1", "--wait", "-5"), 2, "'-5' is no length of time: write 45s"),
        (("approve", "web-1"), 2, "missing option '--as'"),
        (("test", "web-1", "--stage", "nothing"), 2, "has no stage 'nothing'"),
        (("test", "wbe-1"), 2, "did you mean web-1?"),
        (("test", "--wave", "7"), 2, "there is no wave 7"),
        (("test",), 2, "no server was named"),
        (("decommission", "db-9"), 2, "no move is planned for 'db-9'"),
        (("ledger", "verify", "--head", "f" * 64), 4, "its tail was cut"),
    ],
)
def test_what_is_typed_wrongly_is_named(
    leaving: Decant, words: tuple[str, ...], code: int, says: str
) -> None:
    """With the exit code that is documented, and a remedy."""
    said = leaving(*words)
    assert said.code == code
    assert says in said.err
    assert said.out == ""


def test_the_ledger_is_verified_shown_and_exported(leaving: Decant) -> None:
    """The head that verify prints is the digest of the last line that export prints."""
    leaving("test", "web-1")
    leaving("decommission", "web-1", "--apply")
    said = leaving("ledger", "verify")
    assert said.out.startswith("whole: 2 entries, head ")
    head = said.lines[0].split()[-1]
    exported = [json.loads(line) for line in leaving("ledger", "export").lines]
    assert [each["kind"] for each in exported] == ["evidence", "refusal"]
    assert exported[-1]["digest"] == head
    assert leaving("ledger", "verify", "--head", head).code == 0
    envelope = json.loads(exported[0]["body"])
    statement = json.loads(base64.b64decode(envelope["payload"]))
    assert statement["_type"] == "https://in-toto.io/Statement/v1"


def test_a_playbook_that_breaks_names_its_line(leaving: Decant) -> None:
    """A typing error in a playbook is bad input, with file, line and field."""
    path = Path("playbooks/own.yaml")
    path.write_text(PLAYBOOK.replace("listeners-parity", "listeners-partiy"))
    said = leaving("decommission", "web-1")
    assert said.code == 5
    assert "own.yaml:7:" in said.err
    assert "unknown check 'listeners-partiy'" in said.err


def test_verify_says_who_signed_and_names_strangers(leaving: Decant) -> None:
    """A key that decant.toml stops trusting is named with its entries; --strict refuses them."""
    leaving("test", "web-1")
    agree(leaving, "Ann Other")
    said = leaving("ledger", "verify", "--strict")
    assert said.code == 0
    assert {" ".join(line.split()[:5]) for line in said.lines[1:]} == {
        "1 signed by the tool,",
        "1 signed by Ann Other",
    }
    path = Path("decant.toml")
    text = path.read_text()
    start = text.index('[[people]]\nname = "Ann Other"')
    path.write_text(text[:start] + text[text.index('[[people]]\nname = "Ben Other"') :])
    said = leaving("ledger", "verify")
    assert said.code == 0
    assert "entry 2, approval of web-1, SHA256:" in said.out
    assert "decant.toml does not trust the key" in said.out
    assert leaving("ledger", "verify", "--strict").code == 4


def test_every_entry_is_shown_with_its_signer(leaving: Decant) -> None:
    """And with the whole id where a program reads it, so that it can be revoked."""
    leaving("test", "web-1")
    agree(leaving, "Ann Other")
    rows = leaving("ledger", "show", "--format", "json").json()
    assert [each["signer"] for each in rows] == ["the tool", "Ann Other (SBC)"]
    assert rows[1]["what"] == "Ann Other (SBC) agrees to 1 result in approve"
    assert all(len(each["id"]) == 64 for each in rows)


def test_eighty_columns_show_a_line_a_server_and_few_an_entry(leaving: Decant) -> None:
    """Nothing is folded that need not be, and the command that comes next is whole."""
    leaving("test", "web-1")
    agree(leaving, "Ann Other")
    wide = on_terminal(200, "-P", "-m", "migrate", "status")
    assert "to" in wide.splitlines()[5].split()
    assert "approve/approval: 1 of 2 partners agreed" in wide
    said = on_terminal(80, "-P", "-m", "migrate", "status")
    assert max(map(len, said.splitlines())) <= 80
    (mine,) = [line for line in said.splitlines() if " web-1 " in line]
    assert mine.endswith("decant approve web-1 --stage approve --as PERSON")
    shown = on_terminal(80, "-P", "-m", "migrate", "ledger", "show", "web-1")
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.splitlines()[0].split() == ["entry", "at", "what", "id"]
    assert len(shown.splitlines()) <= 1 + 2 * 3


def test_what_has_not_changed_is_told_without_loading_the_gate(leaving: Decant) -> None:
    """The second time all is told again; once something was entered it is judged."""
    leaving("test", "web-1")
    telling = (sys.executable, "-X", "importtime", "-P", "-m", "migrate", "status")
    first, second = (
        subprocess.run(telling, capture_output=True, text=True, check=True) for _ in range(2)
    )
    assert first.stdout == second.stdout
    assert ("migrate.gate" in first.stderr, "migrate.gate" in second.stderr) == (True, False)
    agree(leaving, "Ann Other")
    third = subprocess.run(telling, capture_output=True, text=True, check=True)
    assert "EHDC 1" in third.stdout
    assert "SBC 1" not in third.stdout


def test_what_has_to_be_looked_into_is_told_on_a_narrow_terminal(leaving: Decant) -> None:
    """Why, beneath the table: that the last attempt was refused, and for what."""
    leaving("test", "web-1")
    agree(leaving, "Ann Other")
    agree(leaving, "Ben Other")
    playbook = Path("playbooks/own.yaml")
    playbook.write_text(playbook.read_text() + "\n")
    assert leaving("decommission", "web-1", "--apply").code == 4
    said = on_terminal(80, "-P", "-m", "migrate", "status")
    assert max(map(len, said.splitlines())) <= 80
    told = said[said.index("web-1: refused ") :].split("\n\n")[0]
    assert "passed, but void: the playbook or the plan changed" in " ".join(told.split())


def test_who_signed_for_another_is_told_in_a_table(leaving: Decant) -> None:
    """Where it is neither the tool nor the person whose words they are."""
    leaving("test", "web-1")
    agree(leaving, "Ann Other")
    assert "[signed by" not in leaving("ledger", "show").out
    path = Path("decant.toml")
    text = path.read_text()
    path.write_text(text[: text.index("[[people]]")] + text[text.index("[signing]") :])
    assert "in approve [signed by nobody that decant.toml trusts]" in leaving("ledger", "show").out


def test_a_bundle_is_written_once_and_its_script_verifies_it(leaving: Decant) -> None:
    """By a shell and openssl alone."""
    leaving("test", "web-1")
    said = leaving("ledger", "export", "--bundle", "evidence")
    assert (said.code, said.out) == (0, "evidence\n")
    ran = subprocess.run(["sh", "evidence/verify.sh"], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("whole: 1 entries, 0 of them by keys that are not here")
    assert leaving("ledger", "export", "--bundle", "evidence").code == 2


def anchored(leaving: Decant) -> None:
    """Name a file in which heads are kept, and prove all that powering off asks."""
    path = Path("decant.toml")
    path.write_text(f'{path.read_text()}\n[ledger]\nanchors = ["file:heads"]\n')
    leaving("test", "web-1")
    agree(leaving, "Ann Other")
    agree(leaving, "Ben Other")


def test_nothing_is_switched_off_before_a_head_was_kept(leaving: Decant) -> None:
    """An anchor that holds nothing refuses acts, and nothing else; then it vouches."""
    anchored(leaving)
    said = leaving("decommission", "web-1")
    assert said.code == 4
    assert "it is not known whether it is whole" in said.out
    assert "heads holds no head yet" in said.out
    assert leaving("status").code == 0
    said = leaving("ledger", "verify")
    assert (said.code, "not vouched for" in said.err) == (3, True)
    assert leaving("ledger", "verify", "--no-anchors").code == 0
    said = leaving("ledger", "anchor")
    assert said.code == 0
    assert said.lines[0].endswith("heads, head of 3 entries")
    assert leaving("decommission", "web-1").code == 0
    assert "all of 1 head are in it, up to entry 3" in leaving("ledger", "verify").out


def test_an_older_copy_of_the_database_refuses(leaving: Decant) -> None:
    """Restored after a withdrawal was entered, it lacks what is kept: nothing is done by it."""
    anchored(leaving)
    leaving("ledger", "anchor")
    saved = Path("decant.db").read_bytes()
    assert agree(leaving, "Ben Other", "--withdraw").code == 0
    leaving("ledger", "anchor")
    for left in Path().glob("decant.db-*"):
        left.unlink()
    Path("decant.db").write_bytes(saved)
    said = leaving("decommission", "web-1")
    assert said.code == 4
    assert "its tail was cut off, or it was rewritten" in said.out
    for words in (("ledger", "verify"), ("ledger", "anchor")):
        said = leaving(*words)
        assert said.code == 4
        assert "entry 4, whose digest" in said.err


def test_anchoring_nowhere_says_how(leaving: Decant) -> None:
    """It names the table of decant.toml."""
    said = leaving("ledger", "anchor")
    assert said.code == 5
    assert "[ledger] anchors" in said.err


def test_status_says_whose_turn_it_is(leaving: Decant) -> None:
    """Counts first, then the servers of each turn, and the partners whose word is lacking."""
    said = leaving("status")
    assert [" ".join(line.split()) for line in said.lines[:3]] == [
        "2 servers",
        "1 to test",
        "1 nothing left to do",
    ]
    leaving("test", "web-1")
    assert "1 to approve: EHDC 1, SBC 1" in " ".join(leaving("status").out.split())
    agree(leaving, "Ann Other")
    assert "1 to approve: EHDC 1 1 nothing" in " ".join(leaving("status").out.split())
    agree(leaving, "Ben Other")
    rows = leaving("status", "--format", "json").json()
    assert [(each["server"], each["turn"]) for each in rows] == [
        ("web-1", "switch off"),
        ("web-1-new", "nobody"),
    ]
    assert leaving("status", "--wave", "9").err.startswith("there is no server in wave 9")

"""The composed script gives the same answers in every shell that servers have."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from sleeping import ended, own_seconds

from inventory.discovery.compose import Sound, Tidy, compose
from inventory.discovery.frames import read_answers
from inventory.model.collector import Answer
from inventory.model.fact import Reason, Unknown

BOUNDARY = "0123456789abcdef"
UNFINISHED = Unknown(reason=Reason.UNREACHABLE)
SHELLS = {"dash": "dash", "bash": "bash", "busybox": "busybox sh", "ksh": "ksh93", "mksh": "mksh"}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> list[str]:
    """Return the words that start each shell that is installed."""
    words = SHELLS[request.param].split()
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed: apt-get install {request.param}")
    return words


def ask(
    shell: list[str], questions: dict[str, str], *, noise: str = "", seconds: int = 10
) -> dict[str, Answer | Unknown]:
    """Let a shell read the composed script, and read what it says."""
    script = compose(questions, boundary=BOUNDARY, question_seconds=seconds)
    done = subprocess.run(
        [*shell, "-s"],
        input=f"{noise}{script}".encode(),
        capture_output=True,
        check=True,
        timeout=30,
    )
    return read_answers(done.stdout, questions, unfinished=UNFINISHED)


def test_answers_come_back_byte_for_byte(shell: list[str]) -> None:
    """Quotes, no last line feed, emptiness and bytes beyond ASCII pass through unchanged."""
    got = ask(
        shell,
        {
            "quotes": """echo "it's \\$5" '`id`'""",
            "unended": "printf 'no line feed'",
            "empty": ":",
            "lines": "printf '\\n\\n a \\n\\n'",
            "bytes": "printf '\\303\\251\\000\\377'",
        },
    )
    assert {name: answer.text for name, answer in got.items() if isinstance(answer, Answer)} == {
        "quotes": "it's $5 `id`\n",
        "unended": "no line feed",
        "empty": "",
        "lines": "\n\n a \n\n",
        "bytes": "é\0\N{REPLACEMENT CHARACTER}",
    }


def test_each_question_has_its_own_status_and_shell(shell: list[str]) -> None:
    """A failure, an exit or a syntax error costs only its own question."""
    got = ask(
        shell,
        {
            "exits": "echo before; exit 3; echo after",
            "broken": "if then (",
            "missing": "no-such-command-anywhere",
            "sets": "left=over; cd /; set -e; umask 000; PATH=/nowhere",
            "fine": 'echo "${left-nothing}"; umask',
        },
    )
    assert got["exits"] == Answer(text="before\n", exit_status=3)
    assert isinstance(got["broken"], Answer)
    assert got["broken"].exit_status != 0
    assert got["missing"] == Answer(text="", exit_status=127)
    assert isinstance(got["fine"], Answer)
    assert got["fine"].text.split() == ["nothing", "0077"] or got["fine"].text.split()[1] == "077"


@pytest.mark.parametrize("kind", [Tidy, Sound])
def test_tidy_questions_share_a_shell(shell: list[str], kind: type[Tidy]) -> None:
    """Parameters, the field separator and patterns are as ever for the next; a return is fine."""
    got = ask(
        shell,
        {
            "first": kind("set -- a b; set -f; IFS=:; echo one; return 3"),
            "second": kind(
                'echo "${2-none}"; for each in /dev/nul[l]; do echo $each; done; a="b c"; echo $a'
            ),
            "third": "echo 3",
            "streams": kind("{ echo x >&3; } 2>/dev/null || echo shut; cat; echo lost >&2"),
        },
    )
    assert got["first"] == Answer(text="one\n", exit_status=3)
    assert got["second"] == Answer(text="none\n/dev/null\nb c\n")
    assert got["third"] == Answer(text="3\n")
    assert got["streams"] == Answer(text="shut\n")
    assert ask(shell, {"bad": kind("exit 7"), "last": kind("echo 2")}) == {
        "bad": Answer(exit_status=7),
        "last": Answer(text="2\n"),
    }


@pytest.mark.parametrize(
    ("fault", "status"), [("exit 5", 5), ("if then (", None), (": </no/such/file; false", None)]
)
def test_a_tidy_question_that_is_not_costs_only_itself(
    shell: list[str], fault: str, status: int | None
) -> None:
    """Where it ends the shell that it shares, its status is told, and another asks the rest."""
    got = ask(
        shell,
        {"one": Tidy("echo 1"), "bad": Tidy(f"echo bad; {fault}"), "two": Tidy("echo 2")},
    )
    assert got["one"] == Answer(text="1\n")
    assert got["two"] == Answer(text="2\n")
    assert isinstance(got["bad"], Answer)
    assert got["bad"].exit_status == status if status else got["bad"].exit_status != 0
    assert ask(shell, {"bad": Tidy("exit 7")})["bad"] == Answer(exit_status=7)


def test_nothing_more_is_asked_when_nobody_listens(shell: list[str], tmp_path: Path) -> None:
    """A connection that is gone costs the server no more questions."""
    questions = {
        "first": Tidy("echo heard; sleep 0.3; echo unheard"),
        **{f"q{each}": Tidy(f"echo asked >>{tmp_path}/asked") for each in range(3)},
    }
    script = compose(questions, boundary=BOUNDARY, question_seconds=10)
    with subprocess.Popen([*shell, "-s"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdin
        assert started.stdout
        started.stdin.write(script.encode())
        started.stdin.close()
        while b"heard" not in started.stdout.readline():
            pass
        started.stdout.close()
        started.wait(timeout=10)
    assert not Path(tmp_path, "asked").exists()


def test_a_question_has_no_input_and_a_plain_environment(shell: list[str]) -> None:
    """Nothing is read from us; the locale is C, the path is full, the error stream is dropped."""
    got = ask(
        shell,
        {
            "input": "cat; read line || echo none",
            "environment": 'echo "$LC_ALL [$SUDO]"; case $PATH in */sbin:*) echo full;; esac',
            "errors": "echo lost >&2; echo kept",
        },
    )
    texts = [answer.text for answer in got.values() if isinstance(answer, Answer)]
    assert texts == ["none\n", "C []\nfull\n", "kept\n"]


@pytest.mark.skipif(shutil.which("timeout") is None, reason="timeout is not installed")
@pytest.mark.parametrize("kind", [str, Tidy, Sound])
def test_a_slow_question_costs_only_itself(shell: list[str], kind: type[str]) -> None:
    """A question that never ends is stopped with all that it started; the next is answered."""
    started, sleeps = time.monotonic(), own_seconds()
    slow = f"echo half; sleep {sleeps} | cat"
    questions = {"first": "echo 1", "slow": slow, "last": "echo 2"}
    questions = {name: kind(wording) for name, wording in questions.items()}
    got = ask(shell, questions, seconds=1)
    assert time.monotonic() - started < 25
    assert got["first"] == Answer(text="1\n", exit_status=0)
    assert isinstance(got["slow"], Unknown)
    assert got["slow"].reason is Reason.TIMED_OUT
    assert got["last"] == Answer(text="2\n", exit_status=0)
    assert ended(sleeps)


def test_every_slow_question_has_its_full_limit(shell: list[str]) -> None:
    """Questions that are each quick enough are all answered, however long they take together."""
    got = ask(shell, {f"q{number}": "sleep 0.8; echo done" for number in range(4)}, seconds=2)
    assert [answer.text for answer in got.values() if isinstance(answer, Answer)] == ["done\n"] * 4


def test_what_a_login_says_first_is_passed_over(shell: list[str]) -> None:
    """Greetings on either stream, with or without a line feed, spoil nothing."""
    noise = "echo 'Welcome!'; echo quota >&2; printf 'no line feed'\n"
    assert ask(shell, {"fine": "echo fine"}, noise=noise)["fine"] == Answer(
        text="fine\n", exit_status=0
    )


def test_half_a_script_runs_nothing(shell: list[str], tmp_path: Path) -> None:
    """A script that was cut on its way does not run its first half."""
    script = compose({"a": f"echo ran > {tmp_path}/ran"}, boundary=BOUNDARY, question_seconds=5)
    for cut in range(0, len(script) - len("decant </dev/null 2>/dev/null\nexit 0\n"), 97):
        subprocess.run(
            [*shell, "-s"], input=script[:cut].encode(), capture_output=True, check=False
        )
        assert not (tmp_path / "ran").exists()


def test_nothing_but_the_boundary_frames(shell: list[str]) -> None:
    """The boundary is among no arguments, so a list of processes cannot break the frames."""
    question = "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"
    got = ask(shell, {"processes": question, "fine": "echo fine"})
    assert isinstance(got["processes"], Answer)
    assert BOUNDARY not in got["processes"].text
    assert got["fine"] == Answer(text="fine\n", exit_status=0)


def test_many_long_questions_are_asked(shell: list[str]) -> None:
    """More than one variable can hold is put into several."""
    questions = {f"q{number}": f"# {'x' * 20_000}\necho {number}" for number in range(12)}
    got = ask(shell, questions)
    assert got == {
        name: Answer(text=f"{number}\n", exit_status=0) for number, name in enumerate(questions)
    }


def test_privilege_is_used_only_where_it_is_allowed(shell: list[str]) -> None:
    """What root is not needed for, or may not be asked for, is run as it is."""
    got = ask(shell, {"plain": "privileged printf '%s\\n' 'a b' '$c'"})
    assert got["plain"] == Answer(text="a b\n$c\n", exit_status=0)

"""One voice for every error, one exit code for each kind, and help that starts at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Decant

SCRIPT = Path(sys.executable).parent / "decant"
ALLOWED = {"click", "inventory", "migrate", "playbooks", "decant"}


def test_help_lists_the_commands_in_the_order_of_the_flow(decant: Decant) -> None:
    """What comes first is typed first."""
    said = decant("--help")
    assert said.code == 0
    flow = ("init", "discover", "servers", "classify", "plan", "test", "decommission", "report")
    places = [said.out.index(f"\n  {name} ") for name in flow]
    assert places == sorted(places)


def test_help_imports_no_more_than_it_needs() -> None:
    """Help is part of the interface: no SDK, no database and no table printer is imported."""
    program = """
import sys
before = set(sys.modules)
from migrate.console import run
run(["--help"])
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(new - sys.stdlib_module_names), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    assert set(done.stderr.split()) <= ALLOWED
    assert "click" in done.stderr


@pytest.mark.parametrize(
    "command",
    ["init", "discover", "servers", "show", "applications", "connections"],
)
def test_each_help_begins_with_an_example(decant: Decant, command: str) -> None:
    """The first indented line after the sentence can be typed as it stands."""
    said = decant(command, "--help")
    assert said.code == 0
    example = next(line for line in said.lines[3:] if line.startswith("      "))
    assert example.strip().startswith(f"decant {command}")


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (("servrs",), "error: no such command 'servrs'", "decant --help"),
        (("servers", "--colour"), "error: no such option", "decant servers --help"),
        (("show",), "error: missing argument 'NAME'", "decant show --help"),
        (("servers", "--format", "xml"), "error: invalid value for '--format'", "decant servers"),
        (("servers",), "error: there is no estate here", "decant init"),
    ],
)
def test_a_wrong_call_is_said_in_two_lines(
    decant: Decant, words: tuple[str, ...], error: str, hint: str
) -> None:
    """What is wrong, and what to do about it; exit code 2 and nothing on standard output."""
    said = decant(*words)
    assert (said.code, said.out) == (2, "")
    first, *_, last = said.err.splitlines()
    assert first.startswith(error)
    assert last.startswith("hint: ")
    assert hint in last


def test_a_wrong_file_is_bad_input(decant: Decant) -> None:
    """Exit code 5; file, line and field are named."""
    decant("init")
    Path("decant.toml").write_text('[estate]\nname = "x"\n\n[discovery]\nat_once = "many"\n')
    said = decant("servers")
    assert said.code == 5
    assert "decant.toml:5: discovery.at_once" in said.err


def test_verbose_shows_where_an_error_comes_from(decant: Decant) -> None:
    """The traceback is there for those who ask, and the two lines stay the last."""
    said = decant("-v", "servers")
    assert "Traceback" in said.err
    assert said.err.splitlines()[-1].startswith("hint: ")
    assert "Traceback" not in decant("servers").err


def test_what_is_our_fault_is_called_a_bug(decant: Decant) -> None:
    """An error outside the tree ends with 70, and says that it is not the user's."""
    decant("init")
    Path("collectors").mkdir()
    Path("collectors/rude.py").write_text(RUDE_COLLECTOR)
    said = decant("discover", "local")
    assert said.code == 70
    assert "error: this is a bug" in said.err
    assert "Traceback" in said.err


RUDE_COLLECTOR = '''\
"""Has no words for its question."""

from inventory.model.collector import Collector

COLLECTOR = Collector(script=7, tells=(), read=list, examples=())
'''


def test_a_broken_plug_in_stops_the_run_and_is_named(decant: Decant) -> None:
    """Nothing is asked with a question missing."""
    decant("init")
    Path("collectors").mkdir()
    Path("collectors/broken.py").write_text('"""Broken."""\nCOLLECTOR = 1 +\n')
    said = decant("discover", "local")
    assert said.code == 5
    assert "broken.py:2" in said.err


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    """``decant … | head`` is quiet; as nobody knows the result, it is neither fine nor findings."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [SCRIPT, "--help"],
        cwd=tmp_path,
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=30,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_an_interruption_keeps_what_was_stored(
    tmp_path: Path, recording: Callable[[str], str]
) -> None:
    """Ctrl-C ends promptly with 130, says how to go on, and the store stays whole."""
    subprocess.run([SCRIPT, "init"], cwd=tmp_path, check=True)
    never = tmp_path / "collectors"
    never.mkdir()
    (never / "slow.py").write_text(SLOW_COLLECTOR)
    command = [SCRIPT, "discover", "local", recording("web-1")]
    with subprocess.Popen(command, cwd=tmp_path, text=True, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("web-1 answered")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - began < 10
    assert "error: interrupted" in err
    assert "run the same command to go on" in err
    done = subprocess.run(
        [SCRIPT, "servers"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "web-1" in done.stdout


SLOW_COLLECTOR = '''\
"""Takes its time."""

from inventory.model.collector import Collector
from inventory.model.fact import FactKey

KEY = FactKey[str](name="own.slow", kind=str, help="What takes long")
COLLECTOR = Collector(
    script="sleep 30",
    tells=(KEY,),
    read=lambda answer: [KEY.known(answer.text)],
    examples=(),
)
'''

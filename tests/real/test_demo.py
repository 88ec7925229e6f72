"""The demo runs from first to last: it refuses before the tests, and permits after them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from migrate.demo.fleet_needs import why_not

MINUTE = 60


def play(folder: Path, *options: str) -> str:
    """Run the demo to its end, and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if name != "DECANT_ESTATE"}
    done = subprocess.run(
        [sys.executable, "-m", "migrate", "demo", "--folder", str(folder), *options],
        env={**environment, "HOME": str(folder.parent), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=14 * MINUTE,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def of_processor() -> float:
    """Return the seconds of processor that ended children took: others at work do not count."""
    now = os.times()
    return now.children_user + now.children_system


def commands(transcript: str) -> list[tuple[str, int]]:
    """Return each command that was typed, and its exit code."""
    pattern = r"^\$ decant (.*?)$.*?^\(exit code (\d+)"
    found = re.findall(pattern, transcript, re.MULTILINE | re.DOTALL)
    return [(line, int(code)) for line, code in found]


def assert_refused_then_permitted(transcript: str, folder: Path) -> None:
    """Assert what the demo promises, by its own transcript and by what it leaves behind."""
    typed = commands(transcript)
    of_web = [(line, code) for line, code in typed if " web-1" in f" {line}"]
    tested = next(at for at, (line, _) in enumerate(of_web) if line == "test web-1")
    before = [code for line, code in of_web[:tested] if "--apply" in line]
    after = [code for line, code in of_web[tested:] if "--apply" in line]
    assert before == [4]
    assert after[-1] == 0
    assert ("decommission cache-1 --apply", 4) in typed
    assert "the new server changed since: listeners" in transcript
    assert f"{folder}/readiness.html" in transcript
    assert (folder / "readiness.html").read_text().startswith("<!DOCTYPE html>")
    assert "<testsuites" in (folder / "validate.xml").read_text()


@pytest.mark.namespaces
@pytest.mark.sshd
@pytest.mark.moto
@pytest.mark.skipif(why_not() is not None, reason=f"no servers in namespaces: {why_not()}")
def test_the_demo_on_real_servers(tmp_path: Path) -> None:
    """On real OpenSSH servers in namespaces."""
    folder = tmp_path / "estate"
    began = of_processor()
    transcript = play(folder)
    assert "real OpenSSH servers" in transcript
    assert_refused_then_permitted(transcript, folder)
    assert of_processor() - began < 2 * MINUTE


@pytest.mark.moto
def test_the_demo_without_root(tmp_path: Path) -> None:
    """On embedded servers that answer with recordings, which it says."""
    folder = tmp_path / "estate"
    transcript = play(folder, "--embedded")
    assert "recorded" in transcript
    assert_refused_then_permitted(transcript, folder)

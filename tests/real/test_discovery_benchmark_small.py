"""The benchmarks of discovery run at small size: they measure, they judge, they leave nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fleet import needs_namespaces

from benchmarks.discovery.groups import group_root
from inventory.errors import BadInputError


def _why_not() -> str | None:
    """Return why processor time cannot be counted by groups here; None when it can."""
    try:
        folder = group_root()
    except BadInputError as error:
        return str(error)
    return None if os.access(folder, os.W_OK) else f"{folder} cannot be written"


pytestmark = [
    *needs_namespaces,
    pytest.mark.sshd,
    pytest.mark.skipif(_why_not() is not None, reason=f"control groups: {_why_not()}"),
]

ROOT = Path(__file__).parents[2]


def begin(folder: Path, program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a benchmark from the top of the checkout; while it runs, it keeps all in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", f"benchmarks.discovery.{program}", *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_decant_is_measured_beside_openssh(tmp_path: Path) -> None:
    """Every contender got facts from every server; times, bytes and memory are no zeros."""
    names = "decant,ssh-tuned,ssh-answer,script-alone"
    into = tmp_path / "figures.json"
    arguments = ("--servers", "3", "--rounds", "1", "--only", names, "--json", str(into))
    ran = begin(tmp_path, "speed", *arguments)
    said, complained = ran.communicate(timeout=240)
    assert ran.returncode == 0, complained
    rows = {each["name"]: each for each in json.loads(into.read_text())["rows"]}
    assert list(rows) == names.split(",")
    for each in rows.values():
        assert each["failed"] is None
        assert each["servers_ms"]["median"] > 1
        assert each["answer_bytes"]["median"] > 10_000
        assert each["peak_bytes"] > 1_000_000
    assert rows["decant"]["client_ms"]["median"] > 1
    assert rows["script-alone"]["client_ms"]["median"] < 1
    assert "client CPU, OpenSSH tuned ÷ Decant" in said
    assert [each.name for each in tmp_path.iterdir()] == [into.name]


def test_a_fault_is_told_beside_healthy_servers(tmp_path: Path) -> None:
    """One fault, two healthy servers: the verdict, its time and its words in a table."""
    ran = begin(tmp_path, "failures", "--only", "MaxSessions", "--healthy", "2")
    said, complained = ran.communicate(timeout=240)
    assert ran.returncode == 0, complained + said
    (verdict,) = [line for line in said.splitlines() if line.startswith("| MaxSessions 0 |")]
    assert "opens no session" in verdict
    assert "| 2 of 2, the slowest in" in verdict
    assert verdict.endswith("| yes |")


@pytest.mark.skipif(not shutil.which("pgrep"), reason="pgrep is not installed (procps)")
def test_an_interrupted_benchmark_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C half way: every server, folder and group is gone, and the exit code says so."""
    ran = begin(tmp_path, "speed", "--servers", "3", "--rounds", "100", "--only", "ssh-answer")
    assert ran.stderr is not None
    while "round 2 of" not in (line := ran.stderr.readline()):
        assert line, "it ended by itself"
    (folder,) = tmp_path.iterdir()
    groups = list(group_root().glob(f"{folder.name}-*"))
    assert len(groups) == 2
    ran.send_signal(signal.SIGINT)
    _, complained = ran.communicate(timeout=60)
    assert ran.returncode == 130
    assert "interrupted" in complained
    assert list(tmp_path.iterdir()) == []
    assert [each for each in groups if each.exists()] == []
    assert _servers_of(folder.name) == []


def _servers_of(folder: str) -> list[str]:
    """Return the processes that still name the benchmark's folder, a moment after its end."""
    for _ in range(20):
        found = subprocess.run(["pgrep", "-f", folder], capture_output=True, text=True, check=False)
        if not found.stdout:
            break
        time.sleep(0.1)
    return found.stdout.split()


def test_wrong_arguments_are_told_before_anything_starts(tmp_path: Path) -> None:
    """A slip of the pen costs nothing: the message names it, and what there is."""
    ran = begin(tmp_path, "speed", "--only", "decant,rsh")
    _, complained = ran.communicate(timeout=60)
    assert ran.returncode == 2
    assert "no such contender: rsh" in complained
    assert "ssh-tuned" in complained


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_who_is_not_root_is_told_so() -> None:
    """Without root there is nothing to measure with; no traceback."""
    ran = subprocess.run(
        [sys.executable, "-c", NOBODY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith("error: this needs root on Linux")


NOBODY = """
import os, sys
from benchmarks.discovery import memory
os.setuid(65534)
sys.argv = ["memory"]
memory.main()
"""

"""The benchmarks of discovery run at small size: they measure, they judge, they leave nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from fleet import needs_namespaces

from benchmarks.discovery.groups import group_root

pytestmark = [*needs_namespaces, pytest.mark.sshd]

ROOT = Path(__file__).parents[2]


def begin(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a benchmark from the top of the checkout."""
    return subprocess.Popen(
        [sys.executable, "-m", f"benchmarks.discovery.{program}", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def left() -> set[str]:
    """Return the folders and groups that benchmarks keep while they run."""
    folders = (Path(tempfile.gettempdir()), group_root())
    return {str(each) for folder in folders for each in folder.glob("decant-benchmark-*")}


def test_decant_is_measured_beside_openssh(tmp_path: Path) -> None:
    """Every contender got facts from every server; times, bytes and memory are no zeros."""
    before = left()
    names = "decant,ssh-tuned,ssh-answer,script-alone"
    into = tmp_path / "figures.json"
    ran = begin("speed", "--servers", "3", "--rounds", "1", "--only", names, "--json", str(into))
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
    assert left() - before == set()


def test_a_fault_is_told_beside_healthy_servers() -> None:
    """One fault, two healthy servers: the verdict, its time and its words in a table."""
    ran = begin("failures", "--only", "MaxSessions", "--healthy", "2")
    said, complained = ran.communicate(timeout=240)
    assert ran.returncode == 0, complained + said
    (verdict,) = [line for line in said.splitlines() if line.startswith("| MaxSessions 0 |")]
    assert "opens no session" in verdict
    assert "| 2 of 2, the slowest in" in verdict
    assert verdict.endswith("| yes |")


@pytest.mark.skipif(not shutil.which("pgrep"), reason="pgrep is not installed (procps)")
def test_an_interrupted_benchmark_leaves_nothing() -> None:
    """Ctrl-C half way: every server, folder and group is gone, and the exit code says so."""
    before = left()
    ran = begin("speed", "--servers", "3", "--rounds", "100", "--only", "ssh-answer")
    assert ran.stderr is not None
    while "round 2 of" not in (line := ran.stderr.readline()):
        assert line, "it ended by itself"
    (folder,) = {Path(each).name for each in left() - before if each.startswith("/tmp")}
    ran.send_signal(signal.SIGINT)
    _, complained = ran.communicate(timeout=60)
    assert ran.returncode == 130
    assert "interrupted" in complained
    assert left() - before == set()
    assert _servers_of(folder) == []


def _servers_of(folder: str) -> list[str]:
    """Return the processes that still name the benchmark's folder, a moment after its end."""
    for _ in range(20):
        found = subprocess.run(["pgrep", "-f", folder], capture_output=True, text=True, check=False)
        if not found.stdout:
            break
        time.sleep(0.1)
    return found.stdout.split()


def test_wrong_arguments_are_told_before_anything_starts() -> None:
    """A slip of the pen costs nothing: the message names it, and what there is."""
    ran = begin("speed", "--only", "decant,rsh")
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

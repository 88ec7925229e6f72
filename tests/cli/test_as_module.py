"""``python -m migrate`` is the same program as the console script, wherever it is called."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

MODULE = (sys.executable, "-m", "migrate")
SCRIPT = (str(Path(sys.executable).with_name("decant")),)


@pytest.mark.parametrize("program", [MODULE, SCRIPT], ids=["module", "script"])
def test_an_estates_folders_are_not_taken_for_decants_own(
    program: tuple[str, ...], tmp_path: Path
) -> None:
    """An estate has folders of playbooks and checks, and may have any other file and folder."""
    for each in ("playbooks", "checks", "inventory"):
        (tmp_path / each).mkdir()
    for each in ("click.py", "json.py", "ssl.py"):
        (tmp_path / each).write_text(f'raise SystemExit("{each} of the estate was run")\n')
    command = [*program, "playbook", "list", "--format", "csv"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    assert "\nrehost-aws," in done.stdout


def test_it_runs_from_a_checkout_that_is_not_installed() -> None:
    """There the folder it is called in is the one where it lies; -S leaves out what is installed.

    Only what it needs is found, by PYTHONPATH.
    """
    done = subprocess.run(
        [sys.executable, "-S", "-m", "migrate", "--version"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("decant ")

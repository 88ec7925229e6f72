"""Readers are fed what no server ever said, guided by which of their lines that reaches."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

FUZZER = Path(__file__).parents[1] / "fuzz" / "readers.py"


def test_no_reader_fails_on_what_a_fuzzer_finds(tmp_path: Path) -> None:
    """So many inputs, the same each time; ``tests/fuzz/readers.py`` goes on for longer."""
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed: there is none for this Python or machine")
    done = subprocess.run(
        [
            *(sys.executable, str(FUZZER), str(tmp_path / "corpus")),
            *("-seed=1", "-runs=60000", "-max_len=8000", f"-artifact_prefix={tmp_path}/"),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr

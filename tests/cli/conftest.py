"""A person at a terminal: types ``decant …`` in an estate folder, and sees what comes back."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from terminal import Decant, Said

from migrate.console import run


@pytest.fixture
def decant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Decant:
    """Return a function that runs a command line, in an empty folder and a bare environment."""
    for name in tuple(os.environ):
        if name.startswith(("DECANT_", "AWS_", "AZURE_", "SSH_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    here = tmp_path / "estate"
    here.mkdir()
    monkeypatch.chdir(here)

    def type_in(*words: str) -> Said:
        capsys.readouterr()
        code = run(list(words))
        said = capsys.readouterr()
        return Said(code=code, out=said.out, err=said.err)

    return type_in


@pytest.fixture
def recording(tmp_path: Path) -> Callable[[str], str]:
    """Return a function from a recorded server's name to its target, ``recorded://…``."""

    def target(name: str) -> str:
        path = tmp_path / f"{name}.txt"
        recorded = files("migrate.demo").joinpath("recordings", path.name)
        path.write_bytes(recorded.read_bytes())
        return f"recorded://{path}"

    return target


@pytest.fixture
def shop(decant: Decant, recording: Callable[[str], str]) -> Decant:
    """Return the same, once the web shop of the demo was discovered."""
    assert decant("init").code == 0
    names = ("web-1", "app-1", "db-1", "cache-1")
    assert decant("discover", *(recording(name) for name in names)).code == 0
    return decant

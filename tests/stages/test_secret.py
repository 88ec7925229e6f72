"""A secret is named by where it is kept; it is shown to nobody."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from inventory.errors import BadInputError, MissingExtraError, UsageError
from inventory.secret import Keeper, Reference, Secret, fetch, is_reference


@pytest.mark.parametrize(
    ("text", "keeper", "name"),
    [
        ("env:SSH_PASSWORD", Keeper.ENVIRONMENT, "SSH_PASSWORD"),
        ("file:~/phrase", Keeper.FILE, "~/phrase"),
        ("keyring:decant/root@web-1", Keeper.KEYRING, "decant/root@web-1"),
    ],
)
def test_references_are_read_and_written(text: str, keeper: Keeper, name: str) -> None:
    """Each form is understood, and written as it was typed."""
    assert Reference.parse(text) == Reference(keeper=keeper, name=name)
    assert str(Reference.parse(text)) == text


@pytest.mark.parametrize("text", ["hunter2", "env:", "", ":x", "keyring:hunter2", "pass:hunter2"])
def test_what_is_no_reference_is_not_repeated(text: str) -> None:
    """It may be the secret itself, typed where its place should be."""
    assert not is_reference(text)
    with pytest.raises(UsageError) as caught:
        Reference.parse(text)
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"
    assert caught.value.hint


def test_the_environment_keeps_secrets() -> None:
    """A variable is read; one that is empty or missing is named."""
    reference = Reference.parse("env:A")
    assert fetch(reference, {"A": " word "}).value == " word "
    for environment in ({}, {"A": ""}):
        with pytest.raises(BadInputError, match="no secret under env:A"):
            fetch(reference, environment)


def test_a_file_keeps_secrets(tmp_path: Path) -> None:
    """One line end is no part of it; what else is there, is."""
    file = tmp_path / "phrase"
    file.touch(0o600)
    file.write_text("two words\n")
    assert fetch(Reference.parse(f"file:{file}"), {}).value == "two words"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """The remedy is said, and the secret is not used."""
    file = tmp_path / "phrase"
    file.write_text("hunter2\n")
    file.chmod(mode)
    with pytest.raises(BadInputError, match="others than its owner") as caught:
        fetch(Reference.parse(f"file:{file}"), {})
    assert "chmod 600" in str(caught.value.hint)
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """So is a folder."""
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(BadInputError) as caught:
            fetch(Reference.parse(f"file:{path}"), {})
        assert str(path) in str(caught.value)


def test_a_pipe_is_as_good_as_a_file() -> None:
    """A secret that another program writes, as <(pass show …) does, is never on a disk."""
    reading, writing = os.pipe()
    os.write(writing, b"word\n")
    os.close(writing)
    assert fetch(Reference.parse(f"file:/dev/fd/{reading}"), {}).value == "word"
    os.close(reading)


def test_a_keyring_keeps_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked by service and name; its own failure is told in its words."""
    ring = ModuleType("keyring")

    def get(service: str, name: str) -> str | None:
        if name == "locked":
            raise RuntimeError("the ring is locked")
        return "word" if (service, name) == ("decant", "a/b") else None

    vars(ring)["get_password"] = get
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert fetch(Reference.parse("keyring:decant/a/b"), {}).value == "word"
    with pytest.raises(BadInputError, match="no secret under keyring:decant/none"):
        fetch(Reference.parse("keyring:decant/none"), {})
    with pytest.raises(BadInputError, match="the ring is locked"):
        fetch(Reference.parse("keyring:decant/locked"), {})


def test_a_keyring_that_is_not_installed_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(MissingExtraError, match="not installed") as caught:
        fetch(Reference.parse("keyring:decant/a"), {})
    assert "decant[keyring]" in str(caught.value.hint)


def test_a_secret_in_hand_does_not_show_itself() -> None:
    """Neither printing nor formatting gives it away."""
    assert "hunter2" not in f"{Secret('hunter2')} {Secret('hunter2')!r}"

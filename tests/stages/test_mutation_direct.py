"""Tests that are called without pytest are called with all of their parameters and fixtures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.mutation.direct import any_fails

SOURCE = """
import pytest

CALLED = []


@pytest.fixture
def folder(tmp_path):
    yield tmp_path


@pytest.mark.parametrize("a", [1, 2])
@pytest.mark.parametrize(("b", "c"), [(3, 4), (5, 6)])
def test_sets(a, b, c):
    CALLED.append((a, b, c))


def test_files(tmp_path):
    CALLED.append(tmp_path.is_dir())


def test_fixture(folder):
    CALLED.append(folder.is_dir())


def test_more_than_is_known(monkeypatch):
    raise AssertionError
"""


@pytest.fixture
def made() -> Iterator[ModuleType]:
    """Give a module of tests."""
    module = ModuleType("made_for_direct")
    exec(compile(SOURCE, str(Path(__file__)), "exec"), module.__dict__)  # noqa: S102 - our own text
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def test_every_combination_is_called(made: ModuleType) -> None:
    """Of parameters, with a folder, and with a fixture of the file's own; no other test is."""
    assert not any_fails([made.__name__])
    sets = {(1, 3, 4), (2, 3, 4), (1, 5, 6), (2, 5, 6)}
    assert set(made.CALLED) == {*sets, True}
    assert len(made.CALLED) == len(sets) + 2


def test_one_that_fails_is_told(made: ModuleType) -> None:
    """Whatever it raises."""
    made.CALLED = None
    assert any_fails([made.__name__])

"""Promises of mutation testing's own parts: what is mutated, and what must be imported anew."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.mutation.imports import dependents
from benchmarks.mutation.scope import judged_lines

RULE = '''"""A rule."""

LIMIT = 8
SHOWN = 9


def _judge(seen):
    return _flag(seen) if seen > LIMIT else 0


def _flag(seen):
    return seen


def _made():
    return SHOWN


RULE = Rule(
    title="A title",
    judge=about(KEY, _judge),
    examples=(flags("nine", _made()),),
)
'''


def test_of_a_rule_only_what_judges_is_mutated() -> None:
    """Its limit, its judge and what that calls are; its words and what its examples use are not."""
    assert judged_lines(ast.parse(RULE)) == {3, 7, 8, 11, 12, 21}


def test_of_another_module_everything_is_mutated() -> None:
    """All that it defines, and not what it imports."""
    assert judged_lines(ast.parse("import os\n\nA = 1\n\n\ndef f():\n    return A\n")) == {3, 6, 7}


def test_what_uses_a_module_is_imported_anew_with_it() -> None:
    """Directly, through others, and by the folder of rules."""
    found = dependents("migrate.judging.limits")
    assert "migrate.rules.aws_volume_size" in found
    assert "migrate.rules.aws_kernel_drivers" not in found
    assert "tests.stages.test_classify" in found
    assert "migrate.stages.classify" in found


@pytest.fixture
def mutating() -> ModuleType:
    """Return what makes mutants, where Cosmic Ray is installed."""
    pytest.importorskip("cosmic_ray")
    return import_module("benchmarks.mutation.mutants")


@pytest.mark.parametrize(
    ("source", "change"),
    [
        ("if a in b:\n    c()\n", "+ if a not in b:"),
        ("if a and b:\n    c()\n", "+ if b:"),
        ("x = [a for a in b if c]\n", "+ x = [a for a in b if True]"),
        ("x = 1 if a else 2\n", "+ x = 1 if False else 2"),
        ("x = any(a)\n", "+ x = all(a)"),
        ("x = a > 8\n", "+ x = a >= 8"),
    ],
)
def test_each_fault_is_made(mutating: ModuleType, tmp_path: Path, source: str, change: str) -> None:
    """One at a time, each told by the line that it changes."""
    path = tmp_path / "module.py"
    path.write_text(source)
    assert any(change in each.change.splitlines() for each in mutating.mutants(path))


def test_what_is_flagged_is_let_through(mutating: ModuleType) -> None:
    """The fault that matters most: a finding, or an unknown, that becomes a pass."""
    operator = mutating.operators()["LetThrough"]
    made = mutating.mutate_code("x = Flagged(observed='8')\n", operator, 0)
    assert made is not None
    assert "Passed()" in made
    assert "Flagged" not in made

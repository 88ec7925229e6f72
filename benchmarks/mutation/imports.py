"""Which modules import which, so that a changed one is imported anew wherever it is used."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_RULES = "migrate.rules"


def module_of(path: Path) -> str:
    """Return the dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def path_of(module: str) -> Path:
    """Return the file of a dotted name."""
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def dependents(module: str) -> frozenset[str]:
    """Return the modules, tests among them, that import this one, directly or through others."""
    found: set[str] = set()
    waiting = {module}
    while waiting:
        found |= waiting
        waiting = {name for name, uses in _graph().items() if uses & waiting} - found
    return frozenset(found - {module})


@cache
def _graph() -> dict[str, frozenset[str]]:
    paths = [
        path for top in ("migrate", "tests", "inventory") for path in (ROOT / top).rglob("*.py")
    ]
    rules = {module_of(path) for path in (ROOT / "migrate/rules").glob("[!_]*.py")}
    return {
        module_of(path): frozenset(_used(path.read_text(encoding="utf-8"), rules)) for path in paths
    }


def _used(source: str, rules: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for each in ast.walk(ast.parse(source)):
        if isinstance(each, ast.ImportFrom) and each.module:
            found |= {each.module, *(f"{each.module}.{alias.name}" for alias in each.names)}
        elif isinstance(each, ast.Import):
            found |= {alias.name for alias in each.names}
        elif isinstance(each, ast.Constant) and each.value == _RULES:
            found |= set(rules)
    return found

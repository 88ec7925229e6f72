"""Which lines of a file are product: those that judge, not those that describe or show."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator


def judged_lines(tree: ast.Module) -> frozenset[int]:
    """Return the lines in which a fault could change what is judged.

    Of a rule's file these are the rule's ``judge`` and whatever it reaches: not its words, its
    source or its examples.
    """
    tops = [each for each in tree.body if not isinstance(each, ast.Import | ast.ImportFrom)]
    rule = next((each for each in tops if "RULE" in _defined(each)), None)
    wanted: Iterable[ast.AST] = tops if rule is None else _reached(tops, rule)
    return frozenset(line for each in wanted for line in _lines(each))


def _reached(tops: list[ast.stmt], rule: ast.stmt) -> list[ast.AST]:
    judges = [
        each.value
        for each in ast.walk(rule)
        if isinstance(each, ast.keyword) and each.arg == "judge"
    ]
    names = {name for each in judges for name in _named(each)}
    return [*judges, *(top for top in _fixed_point(tops, names) if top is not rule)]


def _fixed_point(tops: list[ast.stmt], names: set[str]) -> list[ast.stmt]:
    reached: list[ast.stmt] = []
    while True:
        more = [each for each in tops if each not in reached and _defined(each) & names]
        if not more:
            return reached
        reached += more
        names |= {name for each in more for name in _named(each)}


def _defined(top: ast.stmt) -> set[str]:
    if isinstance(top, ast.FunctionDef | ast.ClassDef):
        return {top.name}
    return {
        each.id
        for each in ast.walk(top)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def _named(tree: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(tree) if isinstance(each, ast.Name))


def _lines(node: ast.AST) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]

"""The mutants of a file: each is the file with one small fault."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator

from benchmarks.mutation.operators import OWN
from benchmarks.mutation.scope import judged_lines

_COSMIC_RAY: Final = (
    "NumberReplacer",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ZeroIterationForLoop",
    "ExceptionReplacer",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in (
            *("Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt"),
            *("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is"),
        )
    ),
    *(
        f"ReplaceBinaryOperator_{pair}"
        for pair in (
            *("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul"),
            *("BitOr_BitAnd", "BitAnd_BitOr"),
        )
    ),
)
"""Of each comparison the boundary and the contrary: the others are killed with these."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A file with one fault."""

    path: Path
    line: int
    operator: str
    source: str
    change: str
    """The lines that differ: ``- before`` and ``+ after``."""


def operators(more: Iterable[type[Operator]] = ()) -> dict[str, Operator]:
    """Return each operator by name: those of Cosmic Ray that tell most, ours, and those given."""
    found = {name: cosmic_ray.plugins.get_operator(f"core/{name}")() for name in _COSMIC_RAY}
    return found | {each.__name__: each() for each in (*OWN, *more)}


def mutants(path: Path, more: Iterable[type[Operator]] = ()) -> Iterator[Mutant]:
    """Make every mutant of a file, each once, in the order of operators."""
    source = path.read_text(encoding="utf-8")
    lines = judged_lines(ast.parse(source))
    seen: set[str | None] = {_essence(source)}
    for name, operator in operators(more).items():
        places = [
            place
            for node in ast_nodes(get_ast(source))
            for place in operator.mutation_positions(node)
        ]
        for occurrence, ((line, _column), _end) in enumerate(places):
            if line not in lines:
                continue
            made = _mutated(source, operator, occurrence)
            essence = _essence(made) if made is not None else None
            if made is not None and essence is not None and essence not in seen:
                seen.add(essence)
                change = _change(source, made)
                yield Mutant(path=path, line=line, operator=name, source=made, change=change)


def _mutated(source: str, operator: Operator, occurrence: int) -> str | None:
    """Return the file with one fault; None where Cosmic Ray makes none, or cannot."""
    try:
        made: str | None = mutate_code(source, operator, occurrence)
    except AttributeError:  # it cannot replace an exception that is named with its module
        return None
    return made


class _Unannotated(ast.NodeTransformer):
    """Takes away what no mutant may differ in: annotations, which are never run, and signatures."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Empty it."""
        node.annotation = ast.Constant(value=None)
        return node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        """Take them all alike: ``*`` and ``/`` among them are no operators."""
        node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        node.posonlyargs, node.kwonlyargs = [], []
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Empty it."""
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Empty it, and those within."""
        node.returns = None
        return self.generic_visit(node)


def _essence(source: str) -> str | None:
    """Return what a source does: not how it is written, nor its annotations; None for no Python."""
    try:
        return ast.dump(_Unannotated().visit(ast.parse(source)))
    except SyntaxError:
        return None


def _change(before: str, after: str) -> str:
    told = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(
        f"{line[0]} {line[1:].strip()}" for line in told if line[:3] not in {"---", "+++", "@@ "}
    )

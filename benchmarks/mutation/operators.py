"""Faults that Cosmic Ray does not know and that matter to a verdict, as operators of its kind."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Final

import parso
from cosmic_ray.operators.operator import Example, Operator
from parso.tree import BaseNode, NodeOrLeaf

Position = tuple[tuple[int, int], tuple[int, int]]
_MET: Final = '__import__("migrate.model.case", fromlist=["met"]).met("", "", "")'
_PASSED: Final = '__import__("migrate.model.rule", fromlist=["Passed"]).Passed()'


class Rewriting(Operator):
    """An operator that writes other code in the place of parts of a node."""

    @abstractmethod
    def rewritings(self, node: NodeOrLeaf) -> Iterator[str]:
        """Give each code that may stand in the place of a node."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Position]:
        """Give the node's place once for each code that may stand there."""
        for _each in self.rewritings(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        """Put the code of that number in the node's place."""
        code = list(self.rewritings(node))[index]
        return parso.parse(node.get_first_leaf().prefix + code.strip())

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Give none: the operators are shown in the record of decisions."""
        return ()


class LetThrough(Rewriting):
    """What a rule flags, cannot tell or spares, it passes."""

    def rewritings(self, node: NodeOrLeaf) -> Iterator[str]:
        """Give a pass for each call that makes another judgement."""
        named = _called(node)
        if named in {"Flagged", "CannotTell", "NotApplicable", "lacking"}:
            yield _PASSED


class StuckCondition(Rewriting):
    """A condition holds always, or never."""

    def rewritings(self, node: NodeOrLeaf) -> Iterator[str]:
        """Give both for each ``if``: a statement's, an expression's, a comprehension's."""
        above = node.parent
        if above is None or above.type not in {"if_stmt", "test", "comp_if", "while_stmt"}:
            return
        before = node.get_previous_sibling()
        if before is not None and getattr(before, "value", "") in {"if", "elif", "while"}:
            if above.type != "while_stmt":
                yield "True"
            yield "False"


class DropOperand(Rewriting):
    """One part of an ``and`` or ``or`` is not looked at."""

    def rewritings(self, node: NodeOrLeaf) -> Iterator[str]:
        """Give the node without each of its parts."""
        if node.type not in {"and_test", "or_test"} or not isinstance(node, BaseNode):
            return
        word = node.children[1].get_code()
        parts = [each.get_code() for each in node.children[::2]]
        for dropped in range(len(parts)):
            yield word.join(parts[:dropped] + parts[dropped + 1 :])


class SwapMembership(Rewriting):
    """``in`` becomes ``not in``, and the reverse."""

    def rewritings(self, node: NodeOrLeaf) -> Iterator[str]:
        """Give the other word."""
        if node.parent is not None and node.parent.type == "comparison":
            words = " ".join(node.get_code().split())
            if words in {"in", "not in"}:
                yield "not in" if words == "in" else "in"


class SwapFunction(Rewriting):
    """``all`` becomes ``any``, ``min`` becomes ``max``, and the reverse."""

    _OTHER: Final = {"all": "any", "any": "all", "min": "max", "max": "min"}

    def rewritings(self, node: NodeOrLeaf) -> Iterator[str]:
        """Give the other function's name where one is called."""
        if node.type == "name" and node.parent is not None and _called(node.parent) == node.value:
            other = self._OTHER.get(node.value)
            if other:
                yield other


def _called(node: NodeOrLeaf) -> str:
    if node.type != "atom_expr" or not isinstance(node, BaseNode):
        return ""
    name, trailer = node.children[0], node.children[1]
    calls = len(node.children) == 2 and trailer.get_code().startswith("(")  # noqa: PLR2004 - f and (x)
    return name.get_code().strip() if calls and name.type == "name" else ""


OWN: Final[tuple[type[Operator], ...]] = (
    LetThrough,
    StuckCondition,
    DropOperand,
    SwapMembership,
    SwapFunction,
)


class Permit(Rewriting):
    """What the gate does not find met, it finds met."""

    def rewritings(self, node: NodeOrLeaf) -> Iterator[str]:
        """Give a condition that holds for each call that makes one that does not."""
        if _called(node) == "unmet":
            yield _MET


class NoReason(Rewriting):
    """A function that says why something is refused says nothing."""

    def rewritings(self, node: NodeOrLeaf) -> Iterator[str]:
        """Give an empty text for each text that is returned."""
        above = node.parent
        if above is None or above.type != "return_stmt" or node.type not in _TEXTS:
            return
        if node.type != "string" or node.get_code().strip() != '""':
            yield '""'


class LoseEntry(Rewriting):
    """What is told one after the other is not told."""

    def rewritings(self, node: NodeOrLeaf) -> Iterator[str]:
        """Give a statement that does nothing for each that is run for what it does."""
        above = node.parent
        if above is not None and above.type == "simple_stmt" and node.type in _EFFECTS:
            yield "None"


_TEXTS: Final = {"string", "fstring", "strings"}
_EFFECTS: Final = {"atom_expr", "power", "yield_expr"}

PERMITTING: Final[tuple[type[Operator], ...]] = (Permit, NoReason, LoseEntry)
"""Faults by which a gate lets through what it should refuse."""

"""Any parts of one kind can be sorted, whatever is unknown of each."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import inventory.model
from inventory.model.ordered import Ordered
from inventory.model.parts import Package

for _module in pkgutil.iter_modules(inventory.model.__path__):
    importlib.import_module(f"inventory.model.{_module.name}")

# What is not a number has no place in an order, and nothing of ours reads one.
st.register_type_strategy(float, st.floats(allow_nan=False))

_KINDS = sorted(Ordered.__subclasses__(), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.__name__)
def test_parts_of_a_kind_sort_alike_from_any_order(kind: type[Ordered]) -> None:
    """No two parts of the model end a sorting, and the order that they come in does not show."""

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.from_type(kind), min_size=2, max_size=5), st.randoms())
    def sorts(parts: list[Ordered], random: object) -> None:
        shuffled = list(parts)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        assert sorted(parts) == sorted(shuffled)

    sorts()


def test_the_unknown_comes_first() -> None:
    """A package of no architecture stands before its namesake that has one."""
    bare, built = (
        Package(name="musl", version="1", architecture=architecture, manager="apk")
        for architecture in (None, "x86_64")
    )
    assert sorted([built, bare]) == [bare, built]

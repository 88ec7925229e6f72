"""A glance at an estate's settings never lets pass what the JSON Schema refuses."""

from __future__ import annotations

import copy
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from inventory.estate_faults import estate_schema
from inventory.estate_file import make_estate
from inventory.schema_glance import plainly_fits

SCHEMA = estate_schema()
FULL: dict[str, Any] = tomllib.loads(
    files("inventory").joinpath("estate.template.toml").read_text(encoding="utf-8")
) | {
    "partners": [{"name": "SBC", "share": 99.5}],
    "people": [
        {"name": "Jane Doe", "partner": "SBC", "key": "ssh-ed25519 AAAA jane", "roles": ["owner"]}
    ],
    "signing": {"key": "file:key", "trusted": ["ssh-ed25519 AAAB"]},
    "freezes": [{"from": "2027-03-25", "until": "2027-04-09", "why": "year end"}],
    "ledger": {"anchors": ["s3://bucket/prefix"]},
    "notify": [{"events": ["done"], "email": ["ict@example.org"]}],
    "sites": [{"name": "DC1", "networks": ["10.0.0.0/8"], "rate": 5}],
    "database": {"url": "sqlite:///decant.db"},
}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 1, 100, 1001, 0.5, 1.0, float("nan"), "", "a", "fail", "env:A"]),
    st.lists(st.sampled_from(["", "a", 1]), max_size=2),
    st.dictionaries(st.sampled_from(["name", "url", "share"]), st.just("a"), max_size=2),
)


def _places(value: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [where, *(each for name, child in children for each in _places(child, (*where, name)))]


def _put(table: Any, where: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(table)
    parent = changed
    for name in where[:-1]:
        parent = parent[name]
    parent[where[-1]] = value
    return changed


def _also(where: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Return a place, and beside it some that are not there: fields that are known, and none."""
    return [where, *((*where[:-1], name) for name in ("rate", "at_once", "sudo", "moves", "other"))]


PLACES = [
    each
    for place in _places(FULL)
    if place
    for each in (_also(place) if isinstance(place[-1], str) else [place])
]


@settings(max_examples=600, deadline=None)
@given(where=st.sampled_from(PLACES), value=VALUES)
def test_what_passes_at_a_glance_satisfies_the_schema(where: tuple[Any, ...], value: Any) -> None:
    """Whatever stands wherever: yes is said only where the library says yes."""
    table = _put(FULL, where, value)
    if plainly_fits(table, SCHEMA, SCHEMA):
        assert Draft202012Validator(SCHEMA).is_valid(table)


def test_usual_settings_pass_at_a_glance() -> None:
    """It is of use: the settings of an estate with partners, sites and a database pass."""
    assert plainly_fits(FULL, SCHEMA, SCHEMA)


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("a", {"format": "date"}),
        ("a", {"type": ["string", "null"]}),
        (1, {"$ref": "https://elsewhere.example/schema"}),
        ({"a": 1}, {"additionalProperties": True}),
        (1, {"enum": [True]}),
    ],
)
def test_what_it_does_not_know_it_leaves_to_the_library(value: Any, schema: Any) -> None:
    """A keyword, a type or a reference beyond its few is no yes."""
    assert not plainly_fits(value, schema, schema)


def test_an_estate_is_read_without_the_library(tmp_path: Path) -> None:
    """Loading the library would cost more than the command."""
    make_estate(tmp_path, "North")
    program = """
import sys
from pathlib import Path
from inventory.estate_file import read_estate
assert read_estate(Path(sys.argv[1]), {}).name == "North"
assert "jsonschema" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True, timeout=30)

"""Values survive being stored, equal values are equal text, and a wrong shape is never let by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model.codec import (
    encode,
    fast_from_json,
    from_json,
    parts_from_json,
    plain_from_json,
    to_json,
)
from inventory.model.parts import BootType, Disk, Listener, Protocol


@dataclass(frozen=True, kw_only=True)
class Everything:
    """One field of each type that models use."""

    when: datetime
    day: date | None
    period: timedelta
    price: Decimal
    boot: BootType
    disks: tuple[Disk, ...]
    parameters: dict[str, Any]
    note: str | None = None


WHOLE = Everything(
    when=datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC),
    day=date(2027, 9, 1),
    period=timedelta(hours=72),
    price=Decimal("0.10"),
    boot=BootType.UEFI,
    disks=(Disk(name="sda", size_bytes=2**50, encrypted=None),),
    parameters={"ports": [80, 443], "strict": True},
)


@pytest.mark.parametrize("write", [to_json, encode])
def test_every_type_of_the_models_comes_back(write: Callable[[Any], str | bytes]) -> None:
    """Times stay aware, decimals exact, enums enums, tuples tuples."""
    assert from_json(write(WHOLE), Everything) == WHOLE


def test_equal_values_are_equal_text() -> None:
    """The order in which a mapping was made does not show, so that texts can be digested."""
    assert to_json({"b": 1, "a": 2}) == to_json({"a": 2, "b": 1}) == '{"a":2,"b":1}'


def test_equal_values_are_equal_bytes() -> None:
    """Mappings and sets that were made otherwise do not show in the quick text either."""
    assert encode({"b": {3, 1}, "a": 2}) == encode({"a": 2, "b": {1, 3}}) == b'{"a":2,"b":[1,3]}'


@pytest.mark.parametrize(
    ("value", "kind"),
    [("half an emoji: \ud83d", str), ({80: "http"}, dict[int, str]), (2**70, int), (-1.5, float)],
)
def test_what_the_quick_encoder_cannot_write_comes_back_too(value: object, kind: Any) -> None:
    """Broken text from a server, and mappings by numbers, are stored as they are."""
    assert from_json(encode(value, kind), kind) == value


def test_what_a_class_works_out_is_no_part_of_it() -> None:
    """A property that is remembered in the value is not written with it."""
    disk = Everything(**vars(WHOLE))
    object.__setattr__(disk, "remembered", 7)
    assert encode(disk) == encode(WHOLE)


def test_generic_values_are_left_alone() -> None:
    """A value without a type is plain JSON, and comes back as it is."""
    plain = {"rack": ["B4", 7, None, 1.5]}
    assert from_json(to_json(plain, object), object) == plain


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", int),
        ('"many"', int),
        ("null", int),
        ('"carrier pigeon"', BootType),
        ('{"protocol":"tcp","address":"::"}', Listener),
        ("[7]", tuple[Listener, ...]),
        ("7", tuple[Listener, ...]),
        ('"noon"', datetime),
        ('"much"', Decimal),
    ],
)
def test_a_wrong_shape_is_an_error(text: str, kind: Any) -> None:
    """Whatever is wrong with a stored text, it is a ValueError and no half-read value."""
    for read in (from_json, fast_from_json):
        with pytest.raises(ValueError):  # noqa: PT011 - the words are of whichever layer saw it
            read(text, kind)


@given(
    st.lists(
        st.builds(
            Listener,
            protocol=st.sampled_from(Protocol),
            address=st.text(),
            port=st.integers(),
            process=st.none() | st.text(),
            pid=st.none() | st.integers(),
        )
    ).map(tuple)
)
def test_any_listeners_come_back(listeners: tuple[Listener, ...]) -> None:
    """No text that a server may send is altered."""
    kind = tuple[Listener, ...]
    assert from_json(to_json(listeners, kind), kind) == listeners
    assert from_json(encode(listeners, kind), kind) == listeners
    assert fast_from_json(encode(listeners, kind), kind) == listeners


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.text() | st.lists(st.integers())))
def test_the_parts_of_an_object_are_what_it_holds(plain: dict[str, Any]) -> None:
    """Each can be read by itself, whatever its name is; what is not wanted is left out."""
    parts = parts_from_json(encode(plain))
    assert {name: plain_from_json(part) for name, part in parts.items()} == plain
    some = set(sorted(plain)[::2])
    assert parts_from_json(encode(plain), some) == {name: parts[name] for name in some}


def test_parts_that_only_the_slower_reader_can_read_are_read() -> None:
    """Half an emoji comes back as it was, in a name as in a value."""
    parts = parts_from_json(b'{"a\\ud83d":1,"b":"\\ud83d"}')
    read = {name: plain_from_json(part) for name, part in parts.items()}
    assert read == {"a\ud83d": 1, "b": "\ud83d"}


@pytest.mark.parametrize("text", [b"{", b"[1]", b"7", b'"a"', b"{1:2}", b""])
def test_parts_of_what_is_no_object_are_an_error(text: bytes) -> None:
    """A cut or other text has none."""
    with pytest.raises(ValueError):  # noqa: PT011 - the words are of whichever layer saw it
        parts_from_json(text)

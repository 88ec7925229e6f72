"""What firmware says when nobody filled it in is told from what tells a server from another."""

from __future__ import annotations

import pytest

from inventory.model.placeholders import is_placeholder, is_unfilled, uuid_or_none


@pytest.mark.parametrize(
    ("text", "unfilled", "placeholder"),
    [
        ("To Be Filled By O.E.M.", True, True),
        ("0000 0000", True, True),
        ("123456789", True, True),
        ("VMware-none", False, True),
        ("1.10", False, True),
        ("Standard PC (Q35 + ICH9, 2009)", False, False),
        ("CZ3309L4BC", False, False),
    ],
)
def test_a_version_is_filled_in_though_it_identifies_nobody(
    text: str, *, unfilled: bool, placeholder: bool
) -> None:
    """A number of ones and noughts is a fine version, and no serial number."""
    assert (is_unfilled(text), is_placeholder(text)) == (unfilled, placeholder)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4C4C4544-0042-3510-8052-B4C04F4A4B32\n", "4c4c4544-0042-3510-8052-b4c04f4a4b32"),
        ("03000200-0400-0500-0006-000700080009", None),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", None),
        ("not settable", None),
        ("", None),
    ],
)
def test_a_uuid_that_many_boards_have_is_none(text: str, told: str | None) -> None:
    """Makers' defaults, in either byte order, tell nobody from another."""
    assert uuid_or_none(text) == told

"""What firmware says when its maker filled nothing in."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = frozenset({
    "",
    "0123456789",
    "123456789",
    "1234567890",
    "base board serial number",
    "chassis serial number",
    "default",
    "default string",
    "empty",
    "invalid",
    "n/a",
    "na",
    "no asset tag",
    "none",
    "not applicable",
    "not available",
    "not provided",
    "not settable",
    "not specified",
    "null",
    "o.e.m.",
    "oem",
    "sernum0",
    "serial",
    "system manufacturer",
    "system product name",
    "system serial number",
    "to be filled by o.e.m.",
    "to be filled by o.e.m",
    "to be filled by oem",
    "undefined",
    "unknown",
})  # fmt: skip
_ONE_CHARACTER: Final = re.compile(r"(.)\1*\Z")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_FACTORY_UUIDS: Final = frozenset({
    "03000200-0400-0500-0006-000700080009",
    "00020003-0004-0005-0006-000700080009",
    "12345678-1234-5678-90ab-cddeefaabbcc",
})  # fmt: skip
"""AMI's default in both byte orders, and another board maker's."""


def is_placeholder(text: str) -> bool:
    """Tell whether a text such as a serial number was never filled in."""
    plain = text.strip().lower()
    squeezed = re.sub(r"[\s.:_-]", "", plain)
    return plain in _WORDS or not squeezed or bool(_ONE_CHARACTER.match(squeezed))


def uuid_or_none(text: str) -> str | None:
    """Return a UUID in lower case; None when it is none, or was never filled in."""
    plain = text.strip().lower()
    if not _UUID.match(plain) or is_placeholder(plain) or plain in _FACTORY_UUIDS:
        return None
    return plain

"""What stands where an identifier should be when nobody filled it in, or when many share it.

Put together from what others had to refuse: GLPI's default blacklists (src/Blacklist.php, read
2026-11-23), osquery's ``kPlaceholderHardwareUUIDList`` and its issue 8887, cloud-init's names for
no instance, and the addresses that protocols give to what is shared.
"""

from __future__ import annotations

import re
import uuid
from typing import Final

_WORDS: Final = frozenset({
    "(none)", "(null string)", "base board serial number", "chassis serial number", "default",
    "default string", "default_string", "empty", "eval", "iatpass", "invalid", "n/a", "na",
    "no asset information", "no asset tag", "none", "not applicable", "not available",
    "not known", "not present", "not provided", "not settable", "not specified", "null", "o.e.m.",
    "oem", "oem not specify", "oem_serial", "sernum0", "serial", "serial number", "standard",
    "system manufacturer", "system product name", "system serial number", "systemserialnumb",
    "t.b.d", "t.b.d.", "tbd", "to be filled by o.e.m", "to be filled by o.e.m.",
    "to be filled by oem", "tulip computers", "undefined", "uninitialized", "unknow", "unknown",
})  # fmt: skip
_ASCENDING: Final = "01234567890123456789"
_GIVEN_OUT: Final = 4
"""Up to so many digits that count upwards may be a number that somebody gave out."""
_MAKERS_PREFIX: Final = re.compile(r"(?:vmware|sys|sn|mb|asset)-", re.IGNORECASE)
_UUIDS: Final = frozenset({
    "00020003-0004-0005-0006-000700080009",
    "00010203-0405-0607-0809-0a0b0c0d0e0f",
    "02000100-0300-0400-0005-000600070008",
    "03000200-0400-0500-0006-000700080009",
    "03020100-0504-0706-0809-0a0b0c0d0e0f",
    "10000000-0000-8000-0040-000000000000",
    "12345678-1234-5678-90ab-cddeefaabbcc",
    "6ab5b300-538d-1014-9fb5-b0684d007b53",
    "deadbeef-dead-beef-dead-beefdeadbeef",
})  # fmt: skip
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANCES: Final = frozenset({"iid-datasource-none", "iid-local01", "nocloud", "i-00000000"})
"""What cloud-init writes where there is no cloud, and what its documentation's examples say."""
_NAMES: Final = ("localhost", "localhost4", "localhost6", "(none)", "unknown", "none", "n/a")


def is_unfilled(text: str) -> bool:
    """Tell whether nobody filled in a text of firmware: a maker, a model, a version, a number."""
    squeezed = _squeezed(text)
    return text.strip().lower() in _WORDS or len(set(squeezed)) <= 1 or _counts(squeezed)


def is_placeholder(text: str) -> bool:
    """Tell whether a serial number or the like was never filled in, or tells nobody from another.

    Of a version that would be too much: ``1.10`` is one, and no serial number.
    """
    number = _MAKERS_PREFIX.sub("", text.strip())
    return is_unfilled(text) or is_unfilled(number) or set(_squeezed(number)) <= {"0", "1"}


def uuid_or_none(text: str) -> str | None:
    """Return a UUID in lower case; None when it is none, or when many servers have it."""
    plain = text.strip().lower()
    if not _UUID.fullmatch(plain) or is_shared_uuid(uuid.UUID(plain)):
        return None
    return plain


def is_shared_uuid(one: uuid.UUID) -> bool:
    """Tell whether firmware of many makers has this UUID, in either byte order."""
    swapped = uuid.UUID(bytes_le=one.bytes)
    of_one_byte = len(set(one.bytes)) == 1
    return of_one_byte or str(one) in _UUIDS or str(swapped) in _UUIDS


def is_no_instance(text: str) -> bool:
    """Tell whether this is what stands for a cloud's instance where there is no cloud."""
    return text.lower() in _INSTANCES or is_placeholder(text)


def is_no_name(text: str) -> bool:
    """Tell whether many servers are called so because nobody called them anything."""
    return text.split(".", 1)[0].lower() in _NAMES


def _squeezed(text: str) -> str:
    return re.sub(r"[\s.:_-]", "", text.lower())


def _counts(text: str) -> bool:
    """Tell whether it counts upwards: ``0123456789``, ``12345``, ``123456789000``."""
    digits = text.rstrip("0") if text.endswith("00") else text
    return len(digits) > _GIVEN_OUT and digits.isdigit() and digits in _ASCENDING

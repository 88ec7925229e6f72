"""Identifiers in one spelling, so that equal ones are equal; None for what identifies nothing."""

from __future__ import annotations

import re
import uuid
from ipaddress import ip_address, ip_interface
from typing import Final

from inventory.model.placeholders import is_no_instance, is_no_name, is_placeholder, is_shared_uuid

LONGEST: Final = 253
"""Characters of a value that are looked at: no FQDN is longer."""
_UUID: Final = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\Z")
_OF_VMWARE: Final = re.compile(r"vmware-((?:[0-9a-f]{2}[ -]?){16})\Z", re.IGNORECASE)
_DNS: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_-]+)*\Z")
_EVERYWHERE: Final = frozenset({"10.0.2.15", "172.17.0.1", "192.168.122.1"})
"""VirtualBox's NAT gives the first to every guest; Docker and libvirt the others to themselves."""


def firmware_uuid(text: str | None) -> str | None:
    """Return an SMBIOS UUID in whichever of its two byte orders sorts first.

    Old firmware, hypervisors and tools disagree about the order of the first three fields
    (SMBIOS 2.6, DSP0134 7.2.1); either spelling is the same server.
    """
    plain = _clean(text).strip("{}").lower()
    if not _UUID.match(plain):
        return None
    given = uuid.UUID(plain)
    swapped = uuid.UUID(bytes_le=given.bytes)
    return None if is_shared_uuid(given) else min(str(given), str(swapped))


def uuid_of_serial(text: str | None) -> str | None:
    """Return the SMBIOS UUID that VMware writes into the serial number, spelled as usual.

    ``VMware-42 13 7e 0d 93 c2 5c 58-2b 5a 7a 1d 5a 3c 0f 11``
    """
    found = _OF_VMWARE.match(_clean(text))
    return firmware_uuid(str(uuid.UUID(re.sub(r"[ -]", "", found[1])))) if found else None


def serial(text: str | None) -> str | None:
    """Return a serial number without the spaces, in capitals: tools differ in both."""
    found = re.sub(r"\s", "", _clean(text)).upper()
    return None if is_placeholder(_clean(text)) else found


def manager_uuid(text: str | None) -> str | None:
    """Return a UUID that a manager of hypervisors gave, in lower case, with dashes."""
    plain = _clean(text).strip("{}").lower()
    if not _UUID.match(plain):
        return None
    return None if is_shared_uuid(uuid.UUID(plain)) else str(uuid.UUID(plain))


def cloud_instance(text: str | None) -> str | None:
    """Return a cloud's identifier of an instance, in lower case."""
    found = _clean(text).lower()
    return None if is_no_instance(found) else found


def machine_id(text: str | None) -> str | None:
    """Return the identifier of an installation, without dashes."""
    found = _clean(text).lower().replace("-", "")
    return None if is_placeholder(found) else found


def fqdn(text: str | None) -> str | None:
    """Return a fully qualified name in lower case; None for a name without a domain."""
    found = _clean(text).lower().rstrip(".")
    return None if "." not in found or _is_address(found) or is_no_name(found) else found


def short_name(text: str | None) -> str | None:
    """Return the name before the first dot, in lower case; all of it when it is no DNS name."""
    found = _clean(text).lower().rstrip(".")
    if not found or _is_address(found) or is_no_name(found):
        return None
    return found.split(".", 1)[0] if _DNS.match(found) else found


def address(text: str | None) -> str | None:
    """Return an IP address that one server may have to itself, without its prefix length."""
    try:
        found = ip_interface(_clean(text).partition("%")[0]).ip
    except ValueError:
        return None
    nobodys = found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified
    return None if nobodys or str(found) in _EVERYWHERE else str(found)


def _is_address(text: str) -> bool:
    if ":" not in text and not text.replace(".", "").isdigit():
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _clean(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()[:LONGEST]

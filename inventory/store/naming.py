"""What people call a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.errors import UsageError
from inventory.model.facts import FQDN, HOSTNAME
from inventory.model.target import Target

if TYPE_CHECKING:
    from inventory.model.fact import Facts


def name_in(facts: Facts) -> str:
    """Return the short name that the server calls itself; empty when it does not say."""
    full = facts.value(HOSTNAME) or (facts.value(FQDN) or "").split(".", 1)[0]
    return full.replace("\0", "").strip()


def address_in(target: str) -> str:
    """Return the address of a target, by which a server goes that has not told its name."""
    try:
        return Target.parse(target).host or target
    except UsageError:
        return target

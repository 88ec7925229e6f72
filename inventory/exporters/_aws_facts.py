"""What the formats of Amazon's migration tools want to know of a server, from its facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inventory.collectors._secrets import LEFT_OUT
from inventory.model import spelling
from inventory.model.fact import Facts
from inventory.model.facts import FQDN, HOSTNAME, INTERFACES
from inventory.model.macs import own_mac
from inventory.model.placement import EXTERNAL_IDS, TAGS, TARGET_SETTINGS, Tag

_OF_TOOLS: Final = ("mgn:", "cmf:")
"""What tags begin with that importers made of a tool's notes on its own work."""


def host_name(facts: Facts) -> str | None:
    """Return the fully qualified name, or else the short one."""
    return facts.value(FQDN) or facts.value(HOSTNAME)


def addresses(facts: Facts) -> tuple[str, ...]:
    """Return the addresses that a server has to itself, in the order of its interfaces."""
    told = (text for each in facts.value(INTERFACES) or () for text in each.addresses)
    return tuple(dict.fromkeys(filter(None, map(spelling.address, told))))


def macs(facts: Facts) -> tuple[str, ...]:
    """Return the MAC addresses that a server has to itself."""
    told = (own_mac(each) for each in facts.value(INTERFACES) or ())
    return tuple(dict.fromkeys(filter(None, told)))


def number_of(facts: Facts, inventory: str) -> str | None:
    """Return what another inventory numbers a server by."""
    told = facts.value(EXTERNAL_IDS) or ()
    return next((each.value for each in told if each.name == inventory), None)


def tags(facts: Facts) -> tuple[Tag, ...]:
    """Return the tags that are for others: what these tools say of their own work is not.

    Nor are those of which something was left out because it may be secret.
    """
    return tuple(
        each
        for each in facts.value(TAGS) or ()
        if LEFT_OUT not in each.value and not each.name.startswith(_OF_TOOLS)
    )


def settings(facts: Facts) -> Mapping[str, str]:
    """Return what another tool's plan makes of a server at its target."""
    return {each.name: each.value for each in facts.value(TARGET_SETTINGS) or () if each.value}

"""How much it says that two records agree in something, and what that depends on.

Two records are one server when at least two independent groups agree, and together weigh enough.
One group alone never merges, whatever it weighs: clones share firmware or machine-id, a new server
takes over a name or an address. The weights only put kinds in order, and keep the weak ones from
adding up to more than they are: a short name and an address are just enough, if each is one
server's only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MERGE: Final = 60
"""What agreeing groups must weigh together."""
GROUPS: Final = 2
"""How many independent groups must agree."""
ASK: Final = 35
"""From here on, what is not enough to merge is shown to people."""


@dataclass(frozen=True, kw_only=True)
class Weight:
    """What one kind of identifier is worth."""

    group: str
    """Kinds of one group are not independent of each other; the heaviest of them counts."""
    points: int
    words: str


WEIGHTS: Final = {
    "smbios_uuid": Weight(group="firmware", points=60, words="SMBIOS UUID"),
    "serial": Weight(group="firmware", points=50, words="serial number"),
    "instance_uuid": Weight(group="manager", points=60, words="instance UUID of the manager"),
    "cloud_instance": Weight(group="manager", points=60, words="cloud instance"),
    "machine_id": Weight(group="installation", points=60, words="machine-id"),
    "mac": Weight(group="network", points=50, words="MAC addresses"),
    "some_macs": Weight(group="network", points=25, words="some MAC addresses"),
    "fqdn": Weight(group="name", points=45, words="FQDN"),
    "name": Weight(group="name", points=35, words="name"),
    "address": Weight(group="address", points=25, words="IP address"),
}
"""By kind. ``name`` is the short name: a host name, or what a hypervisor or a list calls it."""

DECISIVE: Final = ("machine_id", "smbios_uuid", "instance_uuid", "cloud_instance")
"""Both known and different: two servers, whatever else agrees."""


@dataclass(frozen=True, kw_only=True)
class Replaceable:
    """When a kind may differ all the same."""

    unless: frozenset[str]
    """One of these kinds must agree."""
    groups: int
    """And so many independent groups."""


REPLACEABLE: Final = {
    "serial": Replaceable(
        unless=frozenset({"smbios_uuid", "instance_uuid", "cloud_instance"}), groups=GROUPS
    ),
    "mac": Replaceable(
        unless=frozenset({"smbios_uuid", "serial", "instance_uuid", "cloud_instance"}),
        groups=GROUPS + 1,
    ),
}
"""Both known and different: two servers, unless these agree. Tools read the serial number of the
chassis, of the board or of the system. Network cards are changed; but a copy that kept its
original's UUID and name has other cards as well, so a third group must agree."""

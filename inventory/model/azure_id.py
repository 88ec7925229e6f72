"""What an Azure resource id says: subscription, group, type and name. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RESOURCE_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/\s]+)"
    r"/resourceGroups/(?P<group>[^/\s]+)"
    r"/providers/(?P<namespace>[^/\s]+)/(?P<path>[^/\s]+/[^/\s]+(?:/[^/\s]+/[^/\s]+)*)/?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class AzureId:
    """A resource id, taken apart. Azure compares all of it without regard to case."""

    subscription: str
    group: str
    namespace: str
    """``Microsoft.Compute``."""
    type: str
    """Within the namespace: ``virtualMachines``, ``servers/databases``."""
    name: str
    """Of the resource itself, without its parents."""

    @property
    def is_virtual_machine(self) -> bool:
        """Whether it names a virtual machine."""
        return (self.namespace.lower(), self.type.lower()) == (
            "microsoft.compute",
            "virtualmachines",
        )

    @classmethod
    def parse(cls, text: str) -> AzureId | None:
        """Take a resource id apart; None when it is not one."""
        match = _RESOURCE_ID.fullmatch(text)
        if not match:
            return None
        path = match["path"].split("/")
        return cls(
            subscription=match["subscription"],
            group=match["group"],
            namespace=match["namespace"],
            type="/".join(path[0::2]),
            name=path[-1],
        )

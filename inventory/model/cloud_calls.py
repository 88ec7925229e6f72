"""Calls of clouds' interfaces, declared as data: what may be asked, and what that needs.

What asks a cloud declares its calls. A client that is made for it refuses every other, and the
least privileges that are printed come from the same declarations.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

_PROVIDERS: Final = "providers/"


class Provider(Enum):
    """Whose cloud."""

    AWS = "aws"
    AZURE = "azure"


class Purpose(Enum):
    """What calls are made for; privileges are printed for one purpose at a time."""

    LOOK = "look"
    """Looking: checks, inventory, catalogue. It changes nothing."""
    MIGRATE = "migrate"
    """Acting on moves, behind the gate."""
    LEDGER = "ledger"
    """Keeping the ledger's heads outside, and signing with keys that a cloud holds."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One operation of a provider's interface."""

    provider: Provider
    name: str
    """``ec2:DescribeInstances`` (the client's name of the service, the operation as its model
    writes it), or ``GET Microsoft.Compute/virtualMachines`` (see :func:`azure_call_name`)."""
    permissions: tuple[str, ...]
    """What must be allowed for it: IAM actions, or actions of Azure roles."""
    changes: bool = False
    """Whether it changes anything; such a call is only sent where changing was asked for."""
    purpose: Purpose = Purpose.LOOK
    is_data: bool = False
    """Whether its permissions are what Azure's roles call data actions."""


def aws_call(
    name: str, *permissions: str, changes: bool = False, purpose: Purpose | None = None
) -> Call:
    """Declare an operation of AWS; its permission is its own name unless given.

    What changes something is for migrating, and all else for looking, unless a purpose is given.
    """
    return Call(
        provider=Provider.AWS,
        name=name,
        permissions=permissions or (name,),
        changes=changes,
        purpose=purpose or _usual(changes=changes),
    )


def azure_call(
    name: str,
    *permissions: str,
    changes: bool = False,
    purpose: Purpose | None = None,
    is_data: bool = False,
) -> Call:
    """Declare an operation of Azure; what a GET needs is the type's ``read`` unless given.

    Its purpose is found as in :func:`aws_call`.
    """
    return Call(
        provider=Provider.AZURE,
        name=name,
        permissions=permissions or (f"{name.partition(' ')[2]}/read",),
        changes=changes,
        purpose=purpose or _usual(changes=changes),
        is_data=is_data,
    )


def _usual(*, changes: bool) -> Purpose:
    return Purpose.MIGRATE if changes else Purpose.LOOK


def azure_call_name(method: str, path: str) -> str:
    """Return the name of a request to Resource Manager: method and type, without any name.

    >>> azure_call_name("GET", "/subscriptions/1/providers/Microsoft.Compute/virtualMachines")
    'GET Microsoft.Compute/virtualMachines'
    >>> azure_call_name("GET", "/subscriptions/1/resourceGroups/a")
    'GET Microsoft.Resources/subscriptions/resourceGroups'
    """
    whole = path.strip("/")
    begin = whole.lower().rfind(_PROVIDERS)
    namespace, *rest = whole[begin + len(_PROVIDERS) :].split("/")
    if begin < 0 or not rest:
        return f"{method} Microsoft.Resources/{'/'.join(whole.split('/')[0::2])}"
    return f"{method} {'/'.join([namespace, *rest[0::2]])}"


@dataclass(kw_only=True)
class Tally:
    """How often clouds were asked, by place and call. Safe between threads."""

    _asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, place: str, name: str) -> None:
        """Count one request that went out; one that is sent again counts again."""
        with self._lock:
            self._asked[place, name] += 1
        if self is not IN_ALL:
            IN_ALL.add(place, name)

    def clear(self) -> None:
        """Begin at nothing again."""
        with self._lock:
            self._asked.clear()

    @property
    def total(self) -> int:
        """How many requests went out in all."""
        return self._asked.total()

    def rows(self) -> tuple[tuple[str, str, int], ...]:
        """Return place, call and how often, in order."""
        with self._lock:
            return tuple((*key, count) for key, count in sorted(self._asked.items()))


IN_ALL: Final = Tally()
"""What the running command asked in all, whoever counted it; the console begins it anew.

It is one for the process, so that no client can be made that goes uncounted.
"""

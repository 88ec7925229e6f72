"""What controls a server's power from outside: a hypervisor, or the server's own management board.

An interface for what is to come; nothing here implements it yet. An estate that has one gives it to
:class:`migrate.actions.power_off_ssh.PowerOff`.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from migrate.model.plan import Move


class Power(Enum):
    """What is known of a server's power."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "not known"


class Controller(Protocol):
    """Switches servers on and off, and tells which they are. Never raises for what it meets."""

    def state(self, move: Move) -> Power:
        """Tell whether the old server is on. Changes nothing."""
        ...

    def power_on(self, move: Move) -> str:
        """Switch the old server on; one that is on stays so. Return why not, or nothing."""
        ...

    def power_off(self, move: Move) -> str:
        """Cut the old server's power; one that is off stays so. Return why not, or nothing."""
        ...

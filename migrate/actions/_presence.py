"""Whether a server is still there, as far as its SSH port shows it from here. Only looks."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass

from inventory.model.target import DEFAULT_PORTS, Target
from migrate.knock import Heard, Knock, knock
from migrate.model.action import Aftermath, Effect

_GREETING_BYTES = 256
_PAUSE_SECONDS = 1.0
_IN_A_ROW = 2
_GONE = frozenset({Knock.REFUSED, Knock.TIMED_OUT, Knock.NO_ROUTE})


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What is watched, and how."""

    target: Target
    """The server, reached by ``ssh``."""
    witness: Target | None
    """Another server that should answer from here; None when there is none."""
    knock_seconds: float
    """How long one knock may take."""

    def until(self, wait_seconds: float) -> Effect:
        """Knock once a second until the server is gone twice in a row, or the time is over.

        Gone is silent or without a route. A server that is silent while the witness is silent too
        is not known to be gone: the fault may be at this end. A refused port shows that something
        at the address still answers, so it is gone only on loopback, where the machine itself
        answers for every address.
        """
        deadline = time.monotonic() + wait_seconds
        times_gone = 0
        while True:
            heard = self._knock(self.target)
            times_gone = times_gone + 1 if heard.knock in _GONE else 0
            settled = times_gone >= _IN_A_ROW
            if settled and (heard.knock is not Knock.REFUSED or self._on_loopback):
                return self._gone(heard)
            if time.monotonic() >= deadline and (settled or not times_gone):
                return self._shut(heard) if settled else self._still_there(heard)
            time.sleep(_PAUSE_SECONDS)

    @property
    def _on_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.target.host).is_loopback
        except ValueError:
            return self.target.host == "localhost"

    def _knock(self, target: Target) -> Heard:
        port = target.port or DEFAULT_PORTS["ssh"]
        return knock(target.host, port, self.knock_seconds, greeting_bytes=_GREETING_BYTES)

    def _gone(self, heard: Heard) -> Effect:
        words = f"{self.target} answered no more, twice in a row ({heard})"
        if heard.knock is Knock.REFUSED:
            return _effect(Aftermath.DONE, f"{words}; on loopback that is what off looks like")
        if self.witness is None:
            return _effect(Aftermath.DONE, f"{words}; there was no other server to compare with")
        other = self._knock(self.witness)
        if other.knock is Knock.OPEN:
            return _effect(Aftermath.DONE, f"{words}, while {self.witness} does answer")
        return _effect(
            Aftermath.UNKNOWN,
            f"{words}, but {self.witness} does not answer either ({other}): "
            "the network from here may be at fault",
        )

    def _shut(self, heard: Heard) -> Effect:
        return _effect(
            Aftermath.UNKNOWN,
            f"{self.target}: its SSH port is closed, but its address still answers ({heard}): "
            "that does not show that its power is off",
        )

    def _still_there(self, heard: Heard) -> Effect:
        if heard.knock is not Knock.OPEN:
            return _effect(Aftermath.UNKNOWN, f"{self.target}: {heard}")
        if b"SSH-" in heard.greeting:
            return _effect(Aftermath.NOT_DONE, f"{self.target} still answers with SSH")
        said = "says nothing" if not heard.greeting else "is not SSH"
        return _effect(
            Aftermath.UNKNOWN, f"{self.target}: something takes connections there, but {said}"
        )


def _effect(aftermath: Aftermath, detail: str) -> Effect:
    return Effect(aftermath=aftermath, detail=detail)

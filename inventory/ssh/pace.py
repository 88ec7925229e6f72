"""How fast we knock: a rate of new connections, and rests before knocking again."""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING

from inventory.errors import LateError

if TYPE_CHECKING:
    from inventory.model.site import Site

_EVER = float("inf")
_FIRST_REST_SECONDS = 0.1
_LONGEST_REST_SECONDS = 2.0
_MOST_TRIES = 12


class Pace:
    """Spaces new connections evenly, for each site by itself. Safe to use from many threads."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()

    def wait(self, site: Site | None, rate: float | None, until: float = _EVER) -> None:
        """Wait for one's turn to connect, at ``rate`` or the site's own; None waits for nothing.

        Raises:
            LateError: the turn would come after ``until``, on the monotonic clock. It is left to
                others, and nothing was waited for.

        """
        if site and site.rate:
            rate = site.rate
        if not rate:
            return
        key = site.name if site else ""
        with self._lock:
            turn = max(time.monotonic(), self._next.get(key, 0.0))
            if turn >= until:
                raise LateError
            self._next[key] = turn + 1 / rate
        self._over.wait(turn - time.monotonic())

    def rest(self, seconds: float) -> None:
        """Do nothing for so long, or until the run ends."""
        self._over.wait(seconds)

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._over.set()


class Patience:
    """How often, and for how long, one server is knocked at that turns us away."""

    def __init__(self, *, seconds: float) -> None:
        """Begin no try later than ``seconds`` from now."""
        self.started = time.monotonic()
        """When it was first knocked at."""
        self._end = self.started + seconds
        self.tries = 1

    def rest(self) -> float | None:
        """Return how long to rest before the next try; None when this was the last.

        The rests double, and are drawn at random so that those who were turned away together do
        not come again together.
        """
        longest = min(_FIRST_REST_SECONDS * 2**self.tries, _LONGEST_REST_SECONDS)
        seconds = random.uniform(longest / 4, longest)
        if self.tries >= _MOST_TRIES or time.monotonic() + seconds >= self._end:
            return None
        self.tries += 1
        return seconds

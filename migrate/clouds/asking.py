"""What a reader is given: a place, the ids of resources there, and how they are asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from inventory.model.cloud_calls import Call

if TYPE_CHECKING:
    from inventory.clouds.aws_reach import AwsPlace, AwsReach
    from inventory.clouds.azure_reach import Arm, AzureReach

T = TypeVar("T")
SHARED_SECONDS: Final = 60
"""How long what one reader was told is good enough for the next."""


@dataclass(kw_only=True)
class Shared:
    """What several readers of a place ask alike, asked once a minute. Safe between threads."""

    now: Callable[[], float] = time.monotonic
    """Seconds, never going back."""
    _told: dict[Hashable, tuple[float, Any]] = field(default_factory=dict)
    _locks: dict[Hashable, threading.Lock] = field(default_factory=dict)

    def once(self, key: Hashable, ask: Callable[[], T]) -> T:
        """Return what was told under a key within the last minute, or ask; failures are not kept.

        Raises:
            Exception: whatever asking raises.

        """
        with self._locks.setdefault(key, threading.Lock()):
            at, told = self._told.get(key, (None, None))
            if at is None or self.now() - at > SHARED_SECONDS:
                at, told = self.now(), ask()
                self._told[key] = (at, told)
            return cast("T", told)

    def forget(self) -> None:
        """Let everything be asked anew."""
        self._told.clear()


@dataclass(frozen=True, kw_only=True)
class AwsAsked:
    """Resources of one region of one account."""

    reach: AwsReach
    place: AwsPlace
    ids: tuple[str, ...]
    """As AWS's interfaces take them: ``i-0a1b…``."""
    calls: Collection[Call]
    """What may be asked."""
    shared: Shared = field(default_factory=Shared)
    """What other readers of this run asked of any place."""

    @property
    def at_once(self) -> int:
        """Most questions at the same time."""
        return self.reach.settings.patience.at_once

    def client(self, service: str) -> Any:
        """Return a boto3 client that sends only the reader's calls."""
        return self.reach.client(service, self.place, self.calls)


@dataclass(frozen=True, kw_only=True)
class AzureAsked:
    """Resources of one subscription."""

    reach: AzureReach
    place: str
    """The subscription's id."""
    ids: tuple[str, ...]
    """Resource ids in lower case, which is how answers are to be keyed."""
    calls: Collection[Call]
    """What may be asked."""
    shared: Shared = field(default_factory=Shared)
    """What other readers of this run asked of any place."""

    @property
    def at_once(self) -> int:
        """Most questions at the same time."""
        return self.reach.settings.patience.at_once

    @property
    def arm(self) -> Arm:
        """A reader of Resource Manager that sends only the reader's calls."""
        return self.reach.arm(self.calls)

    def client(self, kind: type[T]) -> T:
        """Return a management client of the SDK that sends only the reader's calls."""
        return self.reach.client(kind, self.place, self.calls)

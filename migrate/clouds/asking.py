"""What a reader is given: a place, the ids of resources there, and how they are asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from inventory.model.cloud_calls import Call

if TYPE_CHECKING:
    from inventory.clouds.aws_reach import AwsPlace, AwsReach
    from inventory.clouds.azure_reach import Arm, AzureReach

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class AwsAsked:
    """Resources of one region of one account."""

    reach: AwsReach
    place: AwsPlace
    ids: tuple[str, ...]
    """As AWS's interfaces take them: ``i-0a1b…``."""
    calls: Collection[Call]
    """What may be asked."""

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

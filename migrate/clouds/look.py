"""One look at the clouds a run: each resource, asked once and remembered for a few minutes."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.model.azure_id import AzureId
from inventory.model.cloud_calls import Provider, Tally
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked, AzureAsked, Shared
from migrate.clouds.aws import look_at_instance
from migrate.clouds.aws_names import id_of, service_of
from migrate.clouds.aws_others import as_resource
from migrate.clouds.azure import look_at_resource
from migrate.clouds.objects_s3 import S3Objects
from migrate.clouds.readers import read, readers
from migrate.model.plan import Destination, Move

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import AzureReach
    from inventory.model.cloud_settings import AwsSettings, AzureSettings
    from migrate.model.check import CloudResource
    from migrate.model.objects import ObjectStore
    from migrate.model.reader import Reader

T = TypeVar("T")
FRESH_SECONDS: Final = 300
"""How long what was told counts as seen now; evidence is of what was seen when it was entered."""
_PROVIDERS: Final = {Destination.AWS: Provider.AWS, Destination.AZURE: Provider.AZURE}


def open_clouds(
    aws: AwsSettings, azure: AzureSettings, *, now: Callable[[], float] = time.monotonic
) -> CloudLook:
    """Return the clouds, to be looked at during one run. Nothing is asked before it is needed."""
    return CloudLook(aws=aws, azure=azure, now=now)


@dataclass(frozen=True, kw_only=True)
class CloudLook:
    """The clouds as one run sees them; see :class:`migrate.model.check.Clouds`. Thread-safe."""

    aws: AwsSettings
    azure: AzureSettings
    now: Callable[[], float]
    """Seconds, never going back."""
    tally: Tally = field(default_factory=Tally)
    """How often readers asked."""
    _expected: dict[tuple[Provider, object], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )
    _shared: Shared = field(init=False)
    _seen: dict[object, tuple[float, Any]] = field(default_factory=dict)
    _locks: dict[object, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock)
    )
    opened: dict[object, Any] = field(default_factory=dict)
    """The ways to the clouds that were opened in this run, also by others; closed with it."""

    def __post_init__(self) -> None:
        """Let what readers share grow old by the same clock."""
        object.__setattr__(self, "_shared", Shared(now=self.now))

    def expect(self, moves: Iterable[Move]) -> None:
        """Say whose resources will be looked at, so that they are asked together."""
        for move in moves:
            found = self._find(move)
            if not isinstance(found, Unknown):
                provider, place, resource = found
                self._expected[provider, place].add(resource)

    def forget(self) -> None:
        """Let everything be asked anew, as after an act."""
        self._seen.clear()
        self._shared.forget()

    def close(self) -> None:
        """Let go of every connection."""
        for each in self.opened.values():
            each.close()

    def told(self, move: Move, aspect: type[T]) -> T | Unknown:
        """Return one aspect of the move's resource; see :meth:`Clouds.told`."""
        found = self._find(move)
        if isinstance(found, Unknown):
            return found
        provider, place, resource = found
        self._expected[provider, place].add(resource)
        reader = readers(provider).get(aspect)
        if reader is None:
            detail = f"{aspect.__name__} is not read from {provider.value}"
            return Unknown(reason=Reason.NOT_ASKED, detail=detail)
        key = (provider, place, aspect)
        with self._locks.setdefault(key, threading.Lock()):
            at, known = self._seen.get(key, (0.0, {}))
            if resource not in known or self.now() - at > FRESH_SECONDS:
                ids = tuple(sorted(self._expected[provider, place]))
                at, known = self.now(), read(reader, self._asked(place, ids, reader.calls))
                self._seen[key] = (at, known)
        return cast("T | Unknown", known[resource])

    def listed(
        self, to: Destination, aspect: type[T], about: str = ""
    ) -> Mapping[str, T | Unknown]:
        """Return what each place tells of something that is no move's; :meth:`Clouds.listed`."""
        provider = _PROVIDERS.get(to)
        reader = readers(provider).get(aspect) if provider else None
        if provider is None or reader is None:
            detail = f"{aspect.__name__} is not read from {to.value}"
            return {to.value: Unknown(reason=Reason.NOT_ASKED, detail=detail)}
        found = {str(each): self._of(each, reader, about) for each in self._places(provider, about)}
        detail = "no subscription is named; give it under [azure] in decant.toml"
        return found or {to.value: Unknown(reason=Reason.NOT_ASKED, detail=detail)}

    def _places(self, provider: Provider, about: str) -> tuple[AwsPlace | str, ...]:
        if provider is Provider.AWS:
            reach = self._aws()
            return (reach.place_of(about),) if about.startswith("arn:") else reach.places()
        parsed = AzureId.parse(about)
        return (parsed.subscription,) if parsed else self.azure.all_subscriptions

    def _of(self, place: AwsPlace | str, reader: Reader[Any], about: str) -> Any:
        key = (place, reader.tells, about)
        with self._locks.setdefault(key, threading.Lock()):
            at, known = self._seen.get(key, (0.0, None))
            if known is None or self.now() - at > FRESH_SECONDS:
                asked = self._asked(place, (about,), reader.calls)
                at, known = self.now(), read(reader, asked)[about]
                self._seen[key] = (at, known)
        return known

    def resource(self, move: Move) -> CloudResource | Unknown:
        """Describe the move's cloud resource, or say why that cannot be known."""
        named = _named(move)
        if isinstance(named, Unknown):
            return named
        key = (move.to, named)
        with self._locks.setdefault(key, threading.Lock()):
            at, known = self._seen.get(key, (0.0, None))
            if known is None or self.now() - at > FRESH_SECONDS:
                at, known = self.now(), self._described(move, named)
                self._seen[key] = (at, known)
            return cast("CloudResource | Unknown", known)

    def objects(self, where: str) -> ObjectStore | Unknown:
        """Return what holds the objects under an address; nothing is asked yet."""
        scheme, _, rest = where.partition("://")
        bucket, _, prefix = rest.partition("/")
        if scheme != "s3" or not bucket:
            detail = "only S3 can be read: write s3://bucket/prefix"
            return Unknown(reason=Reason.NOT_ASKED, detail=detail)
        prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        return S3Objects(reach=self._aws(), bucket=bucket, prefix=prefix)

    def _described(self, move: Move, named: str) -> CloudResource | Unknown:
        if move.to is Destination.AZURE:
            return look_at_resource(self._azure(), named)
        if service_of(named) != "ec2":
            return as_resource(lambda aspect: self.told(move, aspect), service_of(named))
        return look_at_instance(self._aws(), named)

    def _find(self, move: Move) -> tuple[Provider, AwsPlace | str, str] | Unknown:
        """Return whose it is, where it is, and the id by which readers are asked of it."""
        named = _named(move)
        if isinstance(named, Unknown):
            return named
        provider = _PROVIDERS[move.to]
        if provider is Provider.AWS:
            return provider, self._aws().place_of(named), id_of(named)
        parsed = AzureId.parse(named)
        if parsed is None:
            detail = f"{named!r} is not an Azure resource id: /subscriptions/…/providers/…"
            return Unknown(reason=Reason.NOT_ASKED, detail=detail)
        return provider, parsed.subscription.lower(), named.rstrip("/").lower()

    def _asked(self, place: AwsPlace | str, ids: tuple[str, ...], calls: Any) -> Any:
        if isinstance(place, AwsPlace):
            return AwsAsked(
                reach=self._aws(), place=place, ids=ids, calls=calls, shared=self._shared
            )
        return AzureAsked(
            reach=self._azure(), place=place, ids=ids, calls=calls, shared=self._shared
        )

    def _aws(self) -> AwsReach:
        with self._locks.setdefault(Provider.AWS, threading.Lock()):
            if Provider.AWS not in self.opened:
                self.opened[Provider.AWS] = AwsReach(settings=self.aws, tally=self.tally)
            return cast("AwsReach", self.opened[Provider.AWS])

    def _azure(self) -> AzureReach:
        from inventory.clouds.azure_reach import AzureReach as Reach

        with self._locks.setdefault(Provider.AZURE, threading.Lock()):
            if Provider.AZURE not in self.opened:
                self.opened[Provider.AZURE] = Reach(settings=self.azure, tally=self.tally)
            return cast("AzureReach", self.opened[Provider.AZURE])


def _named(move: Move) -> str | Unknown:
    if move.to not in _PROVIDERS:
        detail = f"{move.server} goes to {move.to.value}, which has no resource to look at"
        return Unknown(reason=Reason.NOT_ASKED, detail=detail)
    if not move.resource:
        field_name = "instance" if move.to is Destination.AWS else "vm"
        detail = (
            f"no resource is named for {move.server}; give its move {field_name} = … in "
            "decant.toml, or resource = … where what replaces it is no server"
        )
        return Unknown(reason=Reason.NOT_ASKED, detail=detail)
    return move.resource

"""One look at the clouds a run: each resource, asked once and remembered for a few minutes."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.model.azure_id import AzureId
from inventory.model.cloud_calls import Provider, Tally
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import SHARED_SECONDS, AwsAsked, AzureAsked, Shared
from migrate.clouds.aws import look_at_instance
from migrate.clouds.aws_names import id_of, service_of
from migrate.clouds.aws_others import as_resource
from migrate.clouds.azblob import BlobService
from migrate.clouds.azure import look_at_resource
from migrate.clouds.objects_azblob import CALLS as BLOB_CALLS
from migrate.clouds.objects_azblob import BlobObjects
from migrate.clouds.objects_s3 import S3Objects
from migrate.clouds.readers import read, readers
from migrate.clouds.singly import ahead
from migrate.model.check import CloudResource
from migrate.model.plan import Destination, Move

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import AzureReach
    from inventory.model.cloud_settings import AwsSettings, AzureSettings
    from migrate.model.objects import ObjectStore
    from migrate.model.reader import Reader

T = TypeVar("T")
FRESH_SECONDS: Final = 300
"""How long what was told counts as seen now; evidence is of what was seen when it was entered."""
_ASPECTS_AT_ONCE: Final = 4
"""How many aspects are read at the same time; each asks as often at once as the settings allow."""
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

    def expect(self, moves: Iterable[Move], aspects: Collection[type] = ()) -> None:
        """Say whose resources will be looked at; see :meth:`Clouds.expect`."""
        anyone: dict[tuple[Provider, object], Move] = {}
        for move in moves:
            found = self._find(move)
            if not isinstance(found, Unknown):
                provider, place, resource = found
                self._expected[provider, place].add(resource)
                anyone[provider, place] = move
        reading = (
            partial(self.told, move, aspect) for aspect in aspects for move in anyone.values()
        )
        ahead(reading, _ASPECTS_AT_ONCE)

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
        return self._told(found, aspect, FRESH_SECONDS)

    def _told(
        self, found: tuple[Provider, AwsPlace | str, str], aspect: type[T], fresh: float
    ) -> T | Unknown:
        provider, place, resource = found
        self._expected[provider, place].add(resource)
        reader = readers(provider).get(aspect)
        if reader is None:
            detail = f"{aspect.__name__} is not read from {provider.value}"
            return Unknown(reason=Reason.NOT_ASKED, detail=detail)
        key = (provider, place, aspect)
        with self._locks.setdefault(key, threading.Lock()):
            at, known = self._seen.get(key, (0.0, {}))
            if resource not in known or self.now() - at > fresh:
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
        """Describe the move's cloud resource, or say why that cannot be known.

        A machine of several that are expected is described with them. One that their place does
        not speak of is asked for by itself: only that says whether it exists.
        """
        named = _named(move)
        if isinstance(named, Unknown):
            return named
        if move.to is Destination.AWS and service_of(named) != "ec2":
            return as_resource(lambda aspect: self.told(move, aspect), service_of(named))
        return self._together(move, named) or self._alone(move, named)

    def _together(self, move: Move, named: str) -> CloudResource | Unknown | None:
        """Describe it with the others that are expected in its place; None when that says nothing.

        Evidence is bound to it: so what was told a minute ago is asked anew.
        """
        found = self._find(move)
        if isinstance(found, Unknown) or not _is_machine(found[2]):
            return None
        if not self._expected[found[:2]] - {found[2]}:
            return None
        seen = self._told(found, CloudResource, SHARED_SECONDS)
        if isinstance(seen, Unknown):
            return None if seen.reason is Reason.NOT_TOLD else seen
        # Alone it would be called as the move calls it, and fingerprints must not differ by that.
        return replace(seen, id=named) if move.to is Destination.AZURE else seen

    def _alone(self, move: Move, named: str) -> CloudResource | Unknown:
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
        account, _, below = rest.partition("/") if scheme == "azblob" else ("", "", rest)
        bucket, _, prefix = below.partition("/")
        prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        if scheme == "s3" and bucket:
            return S3Objects(reach=self._aws(), bucket=bucket, prefix=prefix)
        if scheme == "azblob" and account and bucket:
            return BlobObjects(service=self._blobs(account), container=bucket, prefix=prefix)
        detail = "write s3://bucket/prefix, or azblob://account/container/prefix"
        return Unknown(reason=Reason.NOT_ASKED, detail=detail)

    def _blobs(self, account: str) -> BlobService:
        key = ("blobs", account)
        with self._locks.setdefault(key, threading.Lock()):
            if key not in self.opened:
                self.opened[key] = BlobService(
                    settings=self.azure,
                    account=account,
                    calls=BLOB_CALLS,
                    tally=self.tally,
                    who=self._azure().credential,
                )
            return cast("BlobService", self.opened[key])

    def _described(self, move: Move, named: str) -> CloudResource | Unknown:
        if move.to is Destination.AZURE:
            return look_at_resource(self._azure(), named)
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


def _is_machine(resource: str) -> bool:
    """Say whether an id, as readers are asked of it, is a virtual machine's."""
    parsed = AzureId.parse(resource)
    return parsed.is_virtual_machine if parsed else resource.startswith("i-")


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

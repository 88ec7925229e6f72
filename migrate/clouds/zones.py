"""Landing zones asked of their clouds: every reader by aspect, and what each is given."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.errors import DecantError
from inventory.estate_zones import LandingZone
from inventory.model.cloud_calls import Call, Provider, Tally
from inventory.model.fact import Reason, Unknown
from inventory.registry import Registry
from migrate.clouds.asking import AwsAsked, AzureAsked, Shared
from migrate.clouds.readers import read
from migrate.model.reader import Reader

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import AzureReach
    from inventory.model.cloud_settings import AwsSettings, AzureSettings
    from migrate.model.landing import Landing

T = TypeVar("T")
REGISTRIES: Final[Mapping[Provider, Registry[Reader[Any]]]] = {
    Provider.AWS: Registry(package="migrate.clouds.aws_zones", attribute="READER", kind=Reader),
    Provider.AZURE: Registry(package="migrate.clouds.azure_zones", attribute="READER", kind=Reader),
}


@dataclass(frozen=True, kw_only=True)
class AwsZoneAsked(AwsAsked):
    """A landing zone of AWS; its name is the one id."""

    zone: LandingZone
    sizes: tuple[str, ...]
    """The sizes that are to land there, or beside it in the same region."""

    @property
    def id(self) -> str:
        """The id under which the aspect is told."""
        return self.zone.name


@dataclass(frozen=True, kw_only=True)
class AzureZoneAsked(AzureAsked):
    """A landing zone of Azure; its name is the one id."""

    zone: LandingZone
    sizes: tuple[str, ...]
    """The sizes that are to land there, or beside it in the same region."""
    unsized: bool = False
    """Whether servers are to land of which no size is known."""

    @property
    def id(self) -> str:
        """The id under which the aspect is told."""
        return self.zone.name

    @property
    def here(self) -> str:
        """The path of the zone's subscription."""
        return f"/subscriptions/{self.place}"


@dataclass(frozen=True, kw_only=True)
class ZoneLook:
    """The clouds, as landing zones are asked of them in one run; closed when it ends.

    Safe between threads.
    """

    aws: AwsSettings
    azure: AzureSettings
    tally: Tally = field(default_factory=Tally)
    _reaches: dict[Provider, Any] = field(default_factory=dict)
    _shared: Shared = field(default_factory=Shared)
    """What conditions ask alike, asked once a minute."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def told(self, landing: Landing, aspect: type[T]) -> T | Unknown:
        """Return one aspect of a zone, or why it is not known."""
        zone = landing.zone
        reader = readers(Provider(zone.cloud)).get(aspect)
        if reader is None:
            return Unknown(reason=Reason.NOT_ASKED, detail=f"{zone.cloud} is not asked for this")
        lacking = self._lacking(zone)
        if lacking:
            return Unknown(reason=Reason.NOT_ASKED, detail=lacking)
        known: Any = read(reader, self._asked(landing, reader.calls))[zone.name]
        told: T | Unknown = known
        return told

    def meant(self, zone: LandingZone) -> LandingZone:
        """Return the zone with its account and region, where it left them to the estate."""
        if zone.cloud == Provider.AWS.value:
            return replace(zone, region=zone.region or self.aws.region or "")
        account = (zone.account or self.azure.subscription or "").lower()
        return replace(zone, account=account, region=zone.region or self.azure.region or "")

    def _lacking(self, zone: LandingZone) -> str:
        """Return why a zone cannot be asked about; nothing when it can."""
        settings = self.aws if zone.cloud == Provider.AWS.value else self.azure
        if not zone.region:
            return f"give landing zone {zone.name} its region, or [{zone.cloud}]"
        if zone.region not in settings.allowed_regions:
            return f"the estate does not allow the region {zone.region}"
        if zone.cloud == Provider.AZURE.value and not zone.account:
            return f"give landing zone {zone.name} its account, or [azure] its subscription"
        return ""

    def forget(self) -> None:
        """Let everything be asked anew."""
        self._shared.forget()

    def close(self) -> None:
        """Let go of every connection."""
        for each in self._reaches.values():
            each.close()

    def _asked(self, landing: Landing, calls: tuple[Call, ...]) -> AwsZoneAsked | AzureZoneAsked:
        zone = landing.zone
        given: dict[str, Any] = {
            "ids": (zone.name,),
            "calls": calls,
            "shared": self._shared,
            "zone": zone,
            "sizes": tuple(sorted(landing.beside.sizes)),
        }
        if zone.cloud == Provider.AWS.value:
            place = AwsPlace(account=zone.account, region=zone.region)
            return AwsZoneAsked(reach=self._aws(), place=place, **given)
        unsized = bool(landing.beside.unsized)
        return AzureZoneAsked(reach=self._azure(), place=zone.account, unsized=unsized, **given)

    def _aws(self) -> AwsReach:
        with self._lock:
            if Provider.AWS not in self._reaches:
                self._reaches[Provider.AWS] = AwsReach(settings=self.aws, tally=self.tally)
            made: AwsReach = self._reaches[Provider.AWS]
            return made

    def _azure(self) -> AzureReach:
        from inventory.clouds.azure_reach import AzureReach as Reach

        with self._lock:
            if Provider.AZURE not in self._reaches:
                self._reaches[Provider.AZURE] = Reach(settings=self.azure, tally=self.tally)
            made: AzureReach = self._reaches[Provider.AZURE]
            return made


@cache
def readers(provider: Provider) -> Mapping[type, Reader[Any]]:
    """Return the readers of landing zones of a provider, by the aspect that each tells."""
    return {plugin.value.tells: plugin.value for plugin in REGISTRIES[provider].all().values()}


def calls(provider: Provider) -> tuple[Call, ...]:
    """Return every call that these readers make, once each, in order."""
    found = {call.name: call for each in readers(provider).values() for call in each.calls}
    return tuple(found[name] for name in sorted(found))


def partly(asked: AwsAsked | AzureAsked, ask: Callable[[], T], *calls: Call) -> T | Unknown:
    """Return what is asked, or why it is not known, so that the rest can still be told.

    ``calls`` are those that must be allowed for it.
    """
    allow = ", ".join(each for call in calls for each in call.permissions)
    if isinstance(asked, AwsAsked):
        from inventory.clouds import aws_failures as failing
    else:
        from inventory.clouds import azure_failures as failing  # type: ignore[no-redef]
    try:
        return ask()
    except failing.FAILURES as error:
        return failing.unknown_of(error, allow=allow)
    except (DecantError, OSError) as error:
        return Unknown(reason=Reason.NOT_ASKED, detail=str(error))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        detail = f"the answer could not be read: {error!r}"
        return Unknown(reason=Reason.UNREADABLE, detail=detail)

"""What Azure runs and keeps beside servers, listed by Resource Manager type by type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from inventory.model.cloud_calls import Call, azure_call
from inventory.model.fact import Unknown
from inventory.model.resource import Listing, Resource
from inventory.sources import _azure_resource as read
from inventory.sources._listing import unless_failed

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import Arm
    from inventory.model.cloud_calls import Tally
    from inventory.model.cloud_settings import AzureSettings

_SQL: Final = "2021-11-01"
_POSTGRESQL: Final = "2024-08-01"
_MYSQL: Final = "2023-12-30"
_STORAGE: Final = "2023-05-01"
_NETWORK: Final = "2024-05-01"
_COMPUTE: Final = "2024-07-01"
_HAS_NONE: Final = frozenset({"FeatureNotSupportedForAccount", "MissingSubscriptionRegistration"})
"""Codes by which Azure says that there can be none: a storage account that is not for files
(https://github.com/turbot/steampipe-plugin-azure/issues/474), and a provider that is not registered
(decision 0028)."""
Said = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What is listed by each resource of a type, as no listing has those of all."""

    path: str
    """After the id of what they are within."""
    type: str
    read: Callable[[Said, str], Resource]


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One type of resource, listed over a subscription."""

    type: str
    version: str
    read: Callable[[Said, str], Resource]
    parts: _Parts | None = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """What asking it sends."""
        types = (self.type, *((self.parts.type,) if self.parts else ()))
        return tuple(azure_call(f"GET {each}") for each in types)


def _databases(of: str, reader: Callable[[Said, str], Resource]) -> _Parts:
    return _Parts(path="databases", type=f"{of}/databases", read=reader)


_QUESTIONS: Final = (
    _Question(
        type="Microsoft.Sql/servers",
        version=_SQL,
        read=read.sql_server,
        parts=_databases("Microsoft.Sql/servers", read.sql_database),
    ),
    _Question(
        type="Microsoft.Sql/managedInstances",
        version=_SQL,
        read=read.managed_instance,
        parts=_databases("Microsoft.Sql/managedInstances", read.sql_database),
    ),
    _Question(
        type="Microsoft.DBforPostgreSQL/flexibleServers",
        version=_POSTGRESQL,
        read=read.postgresql_server,
        parts=_databases("Microsoft.DBforPostgreSQL/flexibleServers", read.flexible_database),
    ),
    _Question(
        type="Microsoft.DBforMySQL/flexibleServers",
        version=_MYSQL,
        read=read.mysql_server,
        parts=_databases("Microsoft.DBforMySQL/flexibleServers", read.flexible_database),
    ),
    _Question(
        type="Microsoft.Storage/storageAccounts",
        version=_STORAGE,
        read=read.storage_account,
        parts=_Parts(
            path="fileServices/default/shares",
            type="Microsoft.Storage/storageAccounts/fileServices/shares",
            read=read.file_share,
        ),
    ),
    _Question(type="Microsoft.Network/loadBalancers", version=_NETWORK, read=read.load_balancer),
    _Question(
        type="Microsoft.Network/applicationGateways", version=_NETWORK, read=read.load_balancer
    ),
    _Question(
        type="Microsoft.Compute/virtualMachineScaleSets", version=_COMPUTE, read=read.scale_set
    ),
)
CALLS: Final = tuple(call for each in _QUESTIONS for call in each.calls)


def azure_resources(settings: AzureSettings, subscription: str, tally: Tally) -> Iterator[Listing]:
    """Yield what Azure tells of each type in a subscription; one that fails costs only itself."""
    from inventory.clouds.azure_reach import AzureReach

    with AzureReach(settings=settings, tally=tally) as reach:
        arm = reach.arm(CALLS)
        source = f"azure:{subscription.lower()}"
        allowed = frozenset(each.lower() for each in settings.allowed_regions)
        for each in _QUESTIONS:
            yield from _asked(arm, each, source, allowed)


def _asked(
    arm: Arm, question: _Question, source: str, allowed: frozenset[str]
) -> Iterator[Listing]:
    call, subscription = question.calls[0], source.partition(":")[2]
    path = f"/subscriptions/{subscription}/providers/{question.type}"
    told = _listed(arm, path, question.version, call, lambda said: question.read(said, source))
    if isinstance(told, Unknown):
        yield Listing(source=source, question=call.name, told=told)
        return
    here = tuple(each for each in told if each.region in allowed)
    beside = frozenset(each.key for each in told if each.region not in allowed)
    yield Listing(source=source, question=call.name, told=here, beside=beside)
    if question.parts:
        yield from _parts(arm, question, question.parts, here)


def _parts(
    arm: Arm, question: _Question, parts: _Parts, within: tuple[Resource, ...]
) -> Iterator[Listing]:
    """Yield what is within each resource; it is where that is, and Azure does not say so again."""
    call = question.calls[1]
    for one in within:

        def part(said: Said, of: Resource = one) -> Resource:
            found = parts.read(said, of.source)
            return replace(found, region=found.region or of.region)

        told = _listed(arm, f"{one.id}/{parts.path}", question.version, call, part)
        yield Listing(source=one.source, question=call.name, of=one.key, told=told)


def _listed(
    arm: Arm, path: str, version: str, call: Call, reader: Callable[[Said], Resource]
) -> tuple[Resource, ...] | Unknown:
    from inventory.clouds.azure_failures import FAILURES, unknown_of

    def ask() -> tuple[Resource, ...]:
        try:
            return tuple(reader(said) for said in arm.pages(path, version))
        except FAILURES as error:
            if _code(error) in _HAS_NONE:
                return ()
            raise

    allow = ", ".join(call.permissions)
    return unless_failed(ask, FAILURES, lambda error: unknown_of(error, allow=allow))


def _code(error: Exception) -> str:
    return str(getattr(getattr(error, "error", None), "code", None) or "")

"""Every reader, by provider and aspect; and reading one aspect of a place, or why it is unknown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Final, TypeVar

from inventory.errors import DecantError
from inventory.model.cloud_calls import Call, Provider
from inventory.model.fact import Reason, Unknown
from inventory.registry import Registry
from migrate.clouds.asking import AwsAsked, AzureAsked
from migrate.model.reader import Reader

REGISTRIES: Final[Mapping[Provider, Registry[Reader[Any]]]] = {
    Provider.AWS: Registry(package="migrate.clouds.aws_readers", attribute="READER", kind=Reader),
    Provider.AZURE: Registry(
        package="migrate.clouds.azure_readers", attribute="READER", kind=Reader
    ),
}
S = TypeVar("S")
T = TypeVar("T")
_MISREAD = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@cache
def readers(provider: Provider) -> Mapping[type, Reader[Any]]:
    """Return the readers of a provider by the aspect that each tells."""
    return {plugin.value.tells: plugin.value for plugin in REGISTRIES[provider].all().values()}


def calls(provider: Provider) -> tuple[Call, ...]:
    """Return every call that readers of a provider make, once each, in order."""
    found = {call.name: call for each in readers(provider).values() for call in each.calls}
    return tuple(found[name] for name in sorted(found))


def read(reader: Reader[Any], asked: AwsAsked | AzureAsked) -> Mapping[str, object]:
    """Return what a reader tells of each id that it was asked of; what it cannot is unknown."""
    told = unless_failed(asked, reader.calls, lambda: reader.read(asked))
    if isinstance(told, Unknown):
        return _none(asked, told)
    missing = Unknown(
        reason=Reason.NOT_TOLD, detail=f"{asked.place} was asked and does not speak of it"
    )
    return {each: told.get(each, missing) for each in asked.ids}


def unless_failed(
    asked: AwsAsked | AzureAsked, calls: Collection[Call], ask: Callable[[], T]
) -> T | Unknown:
    """Return what asking brings, or why that cannot be known; ``calls`` are those that it makes."""
    failures, unknown_of = _failures(asked)
    allow = ", ".join(sorted({each for call in calls for each in call.permissions}))
    try:
        return ask()
    except failures as error:
        return unknown_of(error, allow=allow)
    except (DecantError, OSError) as error:
        return Unknown(reason=Reason.NOT_ASKED, detail=str(error))
    except _MISREAD as error:
        detail = f"the answer could not be read: {error!r}"
        return Unknown(reason=Reason.UNREADABLE, detail=detail)


def each_read(said: Mapping[str, S], make: Callable[[S], T | Unknown]) -> Mapping[str, T | Unknown]:
    """Return what is made of each thing that was said; one that is unreadable costs only itself."""
    told: dict[str, T | Unknown] = {}
    for key, one in said.items():
        try:
            told[key] = make(one)
        except _MISREAD as error:
            detail = f"what is said of {key} could not be read: {error!r}"
            told[key] = Unknown(reason=Reason.UNREADABLE, detail=detail)
    return told


def _failures(
    asked: AwsAsked | AzureAsked,
) -> tuple[tuple[type[Exception], ...], Callable[..., Unknown]]:
    """Return what asking may raise, and what puts it into words; only that provider's SDK loads."""
    if isinstance(asked, AwsAsked):
        from inventory.clouds import aws_failures

        return aws_failures.FAILURES, aws_failures.unknown_of
    from inventory.clouds import azure_failures

    return azure_failures.FAILURES, azure_failures.unknown_of


def _none(asked: AwsAsked | AzureAsked, why: Unknown) -> Mapping[str, object]:
    return dict.fromkeys(
        asked.ids, Unknown(reason=why.reason, detail=f"{asked.place}: {why.detail}")
    )

"""The keys that encrypt disks can be used, are rotated and do not end soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from inventory.model.fact import Unknown
from migrate.checks._say import failed, passed, unknown
from migrate.conditions._together import each_named, names, together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_keys import Key, Keys

_SOON = timedelta(days=90)
"""A key that ends sooner would end while servers move: our own measure."""


def _judge(told: Keys, landing: Landing) -> CheckResult:
    named = landing.zone.keys
    bad, there = each_named(named, told.keys, "key")
    parts = [
        part
        for each, key in there.items()
        for part in _key(each.rpartition("/")[2], key, landing.now)
    ]
    return together([*bad, *parts], none="")


def _key(name: str, key: Key, now: datetime) -> Iterator[CheckResult]:
    if isinstance(key.enabled, Unknown):
        yield unknown(f"{name}: {key.enabled}")
    elif not key.enabled:
        yield failed(f"{name} is {key.state or 'disabled'}")
    if key.expires and key.expires < now + _SOON:
        yield failed(f"{name} ends on {key.expires:%Y-%m-%d}")
    if key.begins and key.begins > now:
        yield failed(f"{name} may be used from {key.begins:%Y-%m-%d} on only")
    if isinstance(key.rotated, Unknown):
        yield unknown(f"{name}: whether it is rotated is {key.rotated}")
    elif not key.rotated:
        yield failed(f"{name} is not rotated")
    else:
        until = f", until {key.expires:%Y-%m-%d}" if key.expires else ""
        yield passed(f"{name} is enabled and rotated{until}")


CONDITION = Condition(
    aspect=Keys,
    judge=_judge,
    passes="Every key is enabled, is rotated by itself, and does not end within 90 days.",
    fails="A key does not exist, is disabled or about to be deleted, ends, or is not rotated.",
    unknown="The zone names no key; it may not be read; a state that is new to us.",
    beforehand=names("key", "keys"),
)

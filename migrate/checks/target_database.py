"""The managed database is up, backed up, encrypted, closed to the internet, and set as asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from inventory.amount import amount
from inventory.model.fact import Unknown
from migrate.checks._asked import flag, schema
from migrate.checks._conditions import (
    Condition,
    aspect,
    customers_key,
    either,
    encrypted,
    holds,
    met,
    serves,
    together,
    unmet,
    untold,
)
from migrate.checks._say import listed
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_database import Database

_RETENTION_DAYS: Final = 7


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    seen = aspect(sight, Database, "the database")
    if isinstance(seen, CheckResult):
        return seen
    set_to = {} if isinstance(seen.parameters, Unknown) else seen.parameters
    wanted = {name: set_to.get(name, "") for name in parameters.get("parameters", {})}
    observed = replace(seen, parameters=wanted)  # a whole engine's would be hundreds
    return together(sight, list(_conditions(sight, seen, parameters)), {"database": observed})


def _conditions(sight: Sight, seen: Database, parameters: Mapping[str, Any]) -> Iterator[Condition]:
    yield serves(f"its state is {seen.state or 'not given'}", up=seen.up)
    least = parameters.get("retention_days", _RETENTION_DAYS)
    yield either(seen.retention_days, "its backups", lambda days: _kept(days, least))
    yield encrypted(told=seen.encrypted)
    if parameters.get("customer_key", False) and seen.key_owner is not None:
        yield customers_key(seen.key_owner)
    if not parameters.get("public", False):
        yield either(seen.public, "who may reach it", _closed)
    if parameters.get("standby", False):
        yield holds(
            told=seen.standby,
            yes="another zone stands ready",
            no="no other zone stands ready",
            what="its standby",
        )
    if parameters.get("protected", False):
        yield holds(
            told=seen.protected,
            yes="protected from deletion",
            no="it may be deleted at once",
            what="its protection from deletion",
        )
    if "restorable_minutes" in parameters:
        most = timedelta(minutes=parameters["restorable_minutes"])
        yield either(
            seen.restorable_until,
            "until when it can be restored",
            lambda until: (met if sight.now - until <= most else unmet)(
                f"it can be restored as of {until:%Y-%m-%d %H:%M} UTC"
            ),
        )
    yield from _set(seen, parameters.get("parameters", {}))


def _kept(days: int, least: int) -> Condition:
    if days == 0:
        return unmet("no automatic backups are taken")
    words = f"automatic backups are kept for {amount(days, 'day')}"
    return met(words) if days >= least else unmet(f"{words}, not {least}")


def _closed(public: Any) -> Condition:
    if public:
        return unmet("its settings let the internet reach it")
    return met("closed to the internet")


def _set(seen: Database, wanted: Mapping[str, str]) -> Iterator[Condition]:
    if not wanted:
        return
    if seen.pending:
        yield unmet(f"a restart is awaited by {listed(list(seen.pending))}")
    if isinstance(seen.parameters, Unknown):
        yield untold(f"its parameters: {seen.parameters}")
        return
    for name, value in wanted.items():
        is_set = seen.parameters.get(name)
        if is_set is None:
            yield untold(f"its parameter {name} is not told")
        elif is_set.lower() == value.lower():
            yield met(f"{name} is {is_set}")
        else:
            yield unmet(f"its parameter {name} is {is_set}, not {value}")


CHECK = Check(
    parameters=schema(
        retention_days={
            "description": "How many days automatic backups must be kept at the least.",
            "type": "integer",
            "minimum": 1,
            "default": _RETENTION_DAYS,
        },
        restorable_minutes={
            "description": "How long ago the latest moment that it can be restored to may be. Not "
            "looked at unless given; Azure does not tell it.",
            "type": "integer",
            "minimum": 1,
        },
        customer_key=flag("Whether it must be encrypted by a key of the customer's own."),
        public=flag("Whether the internet may reach it."),
        standby=flag("Whether another zone must stand ready."),
        protected=flag("Whether it must be protected from deletion."),
        parameters={
            "description": "What parameters of the engine must be set to, as its provider writes "
            "them: rds.force_ssl, require_secure_transport.",
            "type": "object",
            "additionalProperties": {"type": "string"},
        },
    ),
    run=_run,
    reads="Lists RDS's instances and clusters with their parameters, or Azure's SQL databases and "
    "flexible servers with their firewall rules and parameters.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Database,),
        passes="It is up, its automatic backups are kept long enough, it is encrypted, its "
        "settings keep the internet out, and its parameters are as asked for.",
        fails="One of these is seen not to be so, or a restart is awaited by what was set.",
        unknown="A state that is new to us or says neither, a parameter that is not told, "
        "protection from deletion in Azure (there it is a lock).",
    ),
)

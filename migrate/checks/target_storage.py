"""The bucket, file system or storage account is there, encrypted, private, and has a way back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from inventory.amount import amount
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
)
from migrate.checks._say import listed
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_storage import Kept, Storage


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    seen = aspect(sight, Storage, "storage")
    if isinstance(seen, CheckResult):
        return seen
    return together(sight, list(_conditions(seen, parameters)), {"storage": seen})


def _conditions(seen: Storage, parameters: Mapping[str, Any]) -> Iterator[Condition]:
    state = f"its state is {seen.state}" if seen.state else f"the {seen.kind} is there"
    yield serves(state, up=seen.up)
    yield encrypted(told=seen.encrypted)
    if parameters.get("customer_key", False) and seen.key_owner is not None:
        yield customers_key(seen.key_owner)
    if not parameters.get("public", False):
        yield either(seen.public, "who may read it", _private)
    if parameters.get("closed_network", False):
        yield either(seen.every_network, "which networks it answers", _closed)
    if parameters.get("transit_encrypted", False):
        yield holds(
            told=seen.transit_encrypted,
            yes="takes encrypted connections only",
            no="it takes connections that are not encrypted",
            what="which connections it takes",
        )
    if parameters.get("kept", True):
        least = parameters.get("kept_days", 1)
        yield either(seen.kept, "what is kept of what is deleted", lambda kept: _kept(kept, least))


def _private(public: Any) -> Condition:
    return unmet("anybody may read it without signing in") if public else met("not public")


def _closed(every_network: Any) -> Condition:
    words = "it answers from every network, the internet included"
    return unmet(words) if every_network else met("closed to other networks")


def _kept(kept: Collection[Kept], least: int) -> Condition:
    if not kept:
        return unmet("nothing is kept of what is overwritten or deleted")
    long = [each for each in kept if each.days is None or each.days >= least]
    words = listed([_said(each) for each in long or kept])
    days = amount(least, "day")
    return met(f"kept: {words}") if long else unmet(f"kept for less than {days}: {words}")


def _said(kept: Kept) -> str:
    return kept.what if kept.days is None else f"{kept.what} for {amount(kept.days, 'day')}"


CHECK = Check(
    parameters=schema(
        customer_key=flag("Whether it must be encrypted by a key of the customer's own."),
        public=flag("Whether anybody may read it without signing in."),
        closed_network=flag("Whether it must answer from chosen networks only."),
        transit_encrypted=flag("Whether it must take encrypted connections only."),
        kept=flag(
            "Whether something must be kept of what is overwritten or deleted: versions, deleted "
            "items, automatic backups.",
            default=True,
        ),
        kept_days={
            "description": "For how many days at the least, where a length is set.",
            "type": "integer",
            "minimum": 1,
            "default": 1,
        },
    ),
    run=_run,
    reads="Asks S3 for the bucket's settings, EFS or FSx for the file system, or Azure for the "
    "storage account with its blob and file services.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Storage,),
        passes="It is there and serves, is encrypted, cannot be read without signing in, and "
        "something is kept of what is deleted.",
        fails="One of these is seen not to be so.",
        unknown="A state that is new to us; which networks S3 answers, and which connections EFS "
        "and FSx take.",
    ),
)

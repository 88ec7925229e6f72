"""The records by which the stages meet: verdicts and the plan, as the store keeps them.

Every stage that needs what another stage found reads it here; stages never import each other.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from inventory.errors import StoreError
from inventory.model.codec import encode, fast_from_json, to_json
from inventory.store.identities import server_ids
from inventory.store.records import (
    latest_record,
    latest_records,
    put_record,
    put_records,
    record_keys,
)
from migrate.judging.remembering import of_each
from migrate.model.plan import Move, Plan
from migrate.model.verdict import Cloud, Finding, Missing, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from inventory.store.records import Record
    from inventory.store.store import Store

VERDICT: Final = "verdict"
PLAN: Final = "plan"
_PLAN_KEY: Final = "estate"
_ENCODER: Final = msgspec.json.Encoder()
_PARTS_KEPT: Final = 16_384
"""For how many findings and missing facts it is kept how they are written."""


def save_verdicts(store: Store, verdicts: Iterable[Verdict], *, at: datetime) -> None:
    """Keep verdicts, all of them or none; earlier ones stay as history.

    They are kept as they come, so that they need not be held.
    """
    save_bodies(store, (body_of(each) for each in verdicts), at=at)


class Body(NamedTuple):
    """A verdict as it is kept."""

    key: str
    """Names the server and the cloud."""
    text: str
    """JSON."""


def body_of(verdict: Verdict) -> Body:
    """Return a verdict as it is kept."""
    return Body(f"{verdict.server_id}:{verdict.cloud.value}", _text(verdict).decode())


def _text(verdict: Verdict) -> bytes:
    """Return what :func:`encode` does, in half the time: most servers share most findings."""
    try:
        lists = {name: [*map(_part, getattr(verdict, name))] for name in ("findings", "missing")}
        return _ENCODER.encode(vars(verdict) | lists)
    except ValueError:  # half an emoji, of which the other encoder writes all otherwise
        return encode(verdict)


@partial(of_each, kept=_PARTS_KEPT)
def _part(each: Finding | Missing) -> msgspec.Raw:
    return msgspec.Raw(_ENCODER.encode(each))


def save_bodies(store: Store, bodies: Iterable[Body], *, at: datetime) -> None:
    """Keep verdicts as :func:`save_verdicts` does."""
    put_records(store, kind=VERDICT, bodies=bodies, at=at)


def load_verdicts(
    store: Store, *, until: datetime | None = None, rules_version: str = ""
) -> tuple[Verdict, ...]:
    """Return the latest verdict for each server and cloud, by server name and cloud.

    With ``until``, the latest that was given by then; with ``rules_version``, by those rules. What
    was found of a record that is now known to be another's server is that server's.

    Raises:
        StoreError: a record cannot be read; the message names it.

    """
    holding = f'"rules_version":"{rules_version}"' if rules_version else ""
    records = latest_records(store, VERDICT, until=until, holding=holding)
    known_as = server_ids(store)
    latest: dict[tuple[str, str], Verdict] = {}
    for key, record in sorted(records.items(), key=lambda item: item[1].at):
        verdict: Verdict = _read(record, Verdict, f"verdict {key}", "classify")
        server_id = known_as.get(verdict.server_id, verdict.server_id)
        latest[server_id, verdict.cloud.value] = replace(verdict, server_id=server_id)
    return tuple(
        sorted(latest.values(), key=lambda each: (each.server, each.server_id, each.cloud.value))
    )


def load_verdict(store: Store, server_id: str, cloud: Cloud) -> Verdict | None:
    """Return the latest verdict on one server for one cloud, or None when it has none.

    What was found of a record that is now known to be this server counts as this server's.

    Raises:
        StoreError: the record cannot be read.

    """
    ids = (server_id, *(each for each, home in server_ids(store).items() if home == server_id))
    found = [latest_record(store, VERDICT, f"{each}:{cloud.value}") for each in ids]
    newest = max((each for each in found if each), key=lambda each: each.at, default=None)
    if newest is None:
        return None
    verdict: Verdict = _read(newest, Verdict, f"verdict {newest.key}", "classify")
    return replace(verdict, server_id=server_id)


def classified(store: Store) -> frozenset[str]:
    """Return the ids of the servers that a verdict was ever given on."""
    known_as = server_ids(store)
    judged = (key.partition(":")[0] for key in record_keys(store, VERDICT))
    return frozenset(known_as.get(each, each) for each in judged)


def save_plan(store: Store, plan: Plan) -> None:
    """Keep the estate's plan; earlier ones stay as history."""
    put_record(store, kind=PLAN, key=_PLAN_KEY, body=to_json(plan), at=plan.at)


def load_plan(store: Store) -> Plan | None:
    """Return the latest plan, or None when nothing was planned yet.

    A move of a record that is now known to be another's server is that server's; of two moves that
    have become one server's, the first in the plan's order stands.

    Raises:
        StoreError: the record cannot be read.

    """
    record = latest_records(store, PLAN).get(_PLAN_KEY)
    if record is None:
        return None
    plan: Plan = _read(record, Plan, "plan", "plan")
    known_as = server_ids(store)
    moves: dict[str, Move] = {}
    for each in plan.moves:
        server_id = known_as.get(each.server_id, each.server_id)
        moves.setdefault(server_id, replace(each, server_id=server_id))
    return replace(plan, moves=tuple(moves.values()))


def _read(record: Record, kind: Any, name: str, command: str) -> Any:
    try:
        return fast_from_json(record.body, kind)
    except ValueError as error:
        raise StoreError(
            f"the stored {name} cannot be read: {error}",
            hint=f"run decant {command} again with this version",
        ) from error

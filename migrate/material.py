"""Everything that reports and validation are made of, read from the store at one time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from inventory.applications.dependencies import dependencies
from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.applications.recognise import recognise
from inventory.store.servers import servers
from inventory.store.sightings import sightings
from migrate.ledger.book import read_ledger
from migrate.ledger.trust import Trust, trust_of
from migrate.model.report import Material
from migrate.records import load_plan, load_verdicts

if TYPE_CHECKING:
    from inventory.estate import Estate
    from inventory.store.store import Store


def gather(estate: Estate, store: Store, at: datetime) -> Material:
    """Read all of it; no server is asked.

    Raises:
        StoreError: something stored cannot be read.
        BadInputError: the estate's own fingerprints are wrong; the place names file and line.

    """
    found = servers(store)
    matcher = Matcher(load_fingerprints(estate.folder))
    return Material(
        estate=estate.name,
        at=at,
        servers=found,
        verdicts=load_verdicts(store),
        applications={server.id: recognise(server.facts, matcher) for server in found},
        dependencies=dependencies(found, sightings(store)),
        plan=load_plan(store),
        gone=_gone(store, trust_of(estate)),
    )


def _gone(store: Store, trust: Trust) -> Mapping[str, datetime]:
    """Return when each server was seen to be switched off; nothing of a ledger with a fault."""
    last = {act.intent.server_id: act for act in read_ledger(store, trust).acts}
    return {
        server_id: act.result.at
        for server_id, act in last.items()
        if act.switched_off and act.result
    }

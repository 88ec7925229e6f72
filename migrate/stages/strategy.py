"""Decide what becomes of each application: by the table, and by people where they decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from inventory.applications.dependencies import dependencies
from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.local_government import SYSTEMS_OF_COUNCILS, councils_systems
from inventory.applications.matcher import Matcher
from inventory.model.fact import FactKey, Facts
from inventory.model.facts import CONNECTIONS, INTERFACES, LISTENERS, VIRTUALISATION
from inventory.model.placement import ENVIRONMENT, NAMED_APPLICATIONS, POWER, STATUS
from inventory.registry import Registry
from inventory.store.servers import each_server
from inventory.store.sightings import sightings
from migrate.judging.derived import APPLICATIONS, Estatewide, derived
from migrate.judging.idleness import MEASURES
from migrate.model.rule import Rule
from migrate.model.strategy import Decision, Override
from migrate.records import load_verdicts
from migrate.strategy.deciding import decisions
from migrate.strategy.grouping import group
from migrate.strategy.keeping import every_event, standing_overrides
from migrate.strategy.reading import read_table
from migrate.strategy.register import by_every_name, entries
from migrate.strategy.seen import Seen, clients_of
from migrate.strategy.table import Table

if TYPE_CHECKING:
    from datetime import datetime

    from inventory.estate import Estate
    from inventory.model.application import Application
    from inventory.model.fact import Fact
    from inventory.model.server import Server
    from inventory.store.store import Store
    from migrate.model.supplier import SupplierEntry

KEPT: tuple[FactKey[Any], ...] = (
    *(CONNECTIONS, INTERFACES, LISTENERS, VIRTUALISATION),
    *(ENVIRONMENT, NAMED_APPLICATIONS, POWER, STATUS),
    *MEASURES,
)
"""The facts that dependencies and the inputs of the decision table are read from."""
RULES = Registry(package="migrate.rules", attribute="RULE", kind=Rule)


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What becomes of the estate's applications, and what that rests on."""

    decisions: tuple[Decision, ...]
    gone: tuple[Override, ...]
    """What was decided about applications that are not there any more."""
    seen: Seen
    """What was looked at to decide."""


def run(store: Store, estate: Estate, *, at: datetime) -> Decided:
    """Group the inventory into applications and decide on each as of a time; nothing is stored.

    Raises:
        BadInputError: the estate's own table, rules or fingerprints cannot be used.

    """
    table = table_of(estate)
    known, recognised = _read(store, Matcher(load_fingerprints(estate.folder)))
    verdicts = load_verdicts(store)
    overrides = standing_overrides(store)
    seen = Seen(
        servers={each.id: each for each in known},
        verdicts={(each.server_id, each.cloud): each for each in verdicts},
        clients=clients_of(dependencies(known, sightings(store))),
        suppliers=by_every_name(register(store)),
        table=table,
        at=at,
        hub_opens=estate.hub_opens,
    )
    applications = group(known, recognised, estate.applications)
    decided = tuple(decisions(applications, seen, overrides))
    there = {each.application.key for each in decided}
    return Decided(
        decisions=decided,
        gone=tuple(each for key, each in overrides.items() if key not in there),
        seen=seen,
    )


def table_of(estate: Estate) -> Table:
    """Return the decision table that the estate goes by.

    Raises:
        BadInputError: the estate's own table or rules cannot be used.

    """
    return read_table(estate.folder, RULES.all(estate.own("rules")))


def register(store: Store) -> dict[str, SupplierEntry]:
    """Return the supplier register, with every system that is known in general."""
    return entries(every_event(store), councils_systems(SYSTEMS_OF_COUNCILS))


def _read(
    store: Store, matcher: Matcher
) -> tuple[list[Server], dict[str, Fact[tuple[Application, ...]]]]:
    """Return the servers with the facts that decide, and what runs on each.

    Of what only recognition looks at, no more than a few hundred servers' facts are held at once.
    """
    alone = Estatewide.of(())
    known: list[Server] = []
    recognised = {}
    for server in each_server(store):
        recognised[server.id] = derived(server, alone, matcher).of(APPLICATIONS)
        facts = {key.name: server.facts[key.name] for key in KEPT if key.name in server.facts}
        known.append(replace(server, facts=Facts(facts)))
    return known, recognised

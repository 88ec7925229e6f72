"""The ground that checks of migration services share: the old server as it is replicated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.fact import Facts, Unknown
from inventory.model.identity import Identity
from migrate.checks._say import unknown
from migrate.matching import match, named
from migrate.model.check import Sight
from migrate.model.evidence import CheckResult
from migrate.model.replication import Replication, Replications

REPLICATED_AS: Final[dict[str, Any]] = {
    "type": "string",
    "minLength": 1,
    "description": "What the migration service calls the server: its id there, or its name. It is "
    "found by its names, addresses and cards unless given.",
}


def replication(sight: Sight, parameters: Mapping[str, Any]) -> Replication | CheckResult:
    """Return the old server's replication, or the unknown result that says why it is not known."""
    told = sight.clouds.listed(sight.move.to, Replications)
    known = [each for each in told.values() if isinstance(each, Replications)]
    untold = [str(each) for each in told.values() if isinstance(each, Unknown)]
    wanted = parameters.get("replicated_as")
    if not known:
        return unknown("; ".join(untold))
    move = sight.move
    found = (
        named(wanted, known)
        if wanted
        else match(move.server, _identity(sight), move.resource, known)
    )
    if isinstance(found, Unknown):
        return unknown("; ".join([found.detail, *untold]))
    return found


def seen(found: Replication) -> dict[str, Any]:
    """Return what is entered as observed of a replication."""
    return {
        "replicated_as": found.id,
        "service": found.service,
        "state": found.state,
        "lag_seconds": None if isinstance(found.lag_seconds, Unknown) else found.lag_seconds,
    }


def who(found: Replication) -> str:
    """Name it in a sentence."""
    return f"{found.service}: {found.name} ({found.id.rpartition('/')[2]})"


def _identity(sight: Sight) -> Identity | None:
    facts = sight.old if isinstance(sight.old, Facts) else sight.past.known()
    identity = Identity.of(facts)
    return identity if identity.pairs() else None

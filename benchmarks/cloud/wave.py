"""A wave of moves whose instances are judged by every check, as a stage's checks would be.

    python -m benchmarks.cloud.wave instances.json --checks target-running target-tagged

Prints, as JSON, how many came to which outcome by check, and how often AWS was asked.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from inventory.errors import UnreachableError
from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Facts
from inventory.model.sighting import Sighting, Use
from inventory.secret import Reference, Secret
from migrate.clouds.look import open_clouds
from migrate.model.check import Sight
from migrate.model.plan import Destination, Move
from migrate.model.planned import Planned
from migrate.workbench import CHECKS

REGION: Final = "eu-west-2"
_GIB: Final = 1 << 30
PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "target-right-size": {"exact": True},
    "target-tagged": {"tags": {"Owner": []}},
}


class _Nothing:
    """No past and no memory: these checks look at neither."""

    def looks(self, *_: object) -> tuple[datetime, ...]:
        """Return that it never answered."""
        return ()

    def sightings(self, *_: object) -> tuple[Sighting, ...]:
        """Return that nothing was seen."""
        return ()

    def uses(self, *_: object) -> tuple[Use, ...]:
        """Return that nothing was seen."""
        return ()

    def known(self, *_: object) -> Facts:
        """Return that nothing is known."""
        return Facts()

    def recall(self, key: str) -> None:
        """Remember nothing."""

    def keep(self, key: str, text: str) -> None:
        """Keep nothing."""


def main() -> None:
    """Judge every instance by every check."""
    parser = argparse.ArgumentParser()
    parser.add_argument("instances", type=Path)
    parser.add_argument("--checks", nargs="+", required=True)
    asked = parser.parse_args()
    moves = [_move(each) for each in json.loads(asked.instances.read_text())]
    clouds = open_clouds(AwsSettings(region=REGION), AzureSettings())
    judged = [CHECKS.one(name).value.of_cloud for name in asked.checks]
    clouds.expect(moves, {each for one in judged if one for each in one.always})
    now = datetime.now(UTC)
    sights = [_sight(each, clouds, now) for each in moves]
    counts: Counter[tuple[str, str]] = Counter()
    for name in asked.checks:
        check = CHECKS.one(name).value
        for sight in sights:
            counts[name, check.run(sight, PARAMETERS.get(name, {})).outcome.value] += 1
    clouds.close()
    outcomes = {f"{name} {outcome}": count for (name, outcome), count in sorted(counts.items())}
    print(json.dumps({"outcomes": outcomes, "requests": clouds.tally.total}))


def _move(instance: str) -> Move:
    return Move(
        server_id=instance,
        server=instance,
        source="",
        to=Destination.AWS,
        replacement=None,
        resource=instance,
        playbook="",
        wave=1,
        why_wave="",
    )


def _sight(move: Move, clouds: Any, now: datetime) -> Sight:
    planned = Planned(
        size="m5.large",
        region=REGION,
        vcpus=2,
        memory_bytes=8 * _GIB,
        monthly_cost_pence=None,
        catalogue_date=date(2026, 11, 1),
        at=now,
    )
    return Sight(
        move=move,
        old=Facts(),
        new=None,
        new_address=None,
        estate_addresses={},
        clouds=clouds,
        now=now,
        past=_Nothing(),
        memory=_Nothing(),
        fetch=_no_secret,
        planned=planned,
    )


def _no_secret(reference: Reference) -> Secret:
    raise UnreachableError(f"{reference} is not to be had here")


if __name__ == "__main__":
    main()

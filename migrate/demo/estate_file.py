"""The demo's ``decant.toml``, as a user would have written it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from inventory.model.target import Target
from migrate.demo.world import APPROVERS, TESTS, World

_ESTATE: Final = """\
[estate]
name = "Decant demo"
hub_opens = 2028-04-01
usd_to_gbp = 0.79
usd_to_gbp_date = 2026-11-01
"""
"""The day and the rate are examples."""
_OWNERS: Final = {"web-1": "Web team", "app-1": "Shop team", "cache-1": "Shop team"}


def estate_file(world: World) -> str:
    """Write the configuration of the demo's estate."""
    tables = [
        "# Written by the demo in place of what `decant init` left here.",
        _ESTATE,
        *(_table("[[partners]]", {"name": partner, "share": 50}) for partner in APPROVERS),
        *(
            _table(
                "[[people]]",
                {"name": person, "partner": partner, "key": world.signers[person].public},
            )
            for partner, person in APPROVERS.items()
        ),
        _table("[signing]", _signing(world)),
        _table("[discovery]", _discovery(world)),
        _table("[aws]", {"region": "eu-west-2"}),
        _table("[azure]", _azure(world)),
        *_moves(world),
    ]
    return "\n".join(tables)


def _discovery(world: World) -> dict[str, Any]:
    return {
        "targets": list(world.targets.values()),
        "identity": [str(world.key)],
        "known_hosts": [str(world.known_hosts)],
    }


def _signing(world: World) -> dict[str, Any]:
    tests = world.signers[TESTS]
    return {"key": f"file:{tests.path}", "trusted": [tests.public]}


def _azure(world: World) -> dict[str, Any]:
    subscription = world.clouds.subscription
    return {"subscription": subscription, "region": "uksouth", "credential": "environment"}


def _moves(world: World) -> list[str]:
    moves: dict[str, dict[str, Any]] = {
        "web-1": {
            "to": "aws",
            "replacement": world.targets["web-1-new"],
            "instance": world.clouds.instance,
            "playbook": "short-web",
            "wave": 1,
        },
        "cache-1": {
            "to": "azure",
            "replacement": world.targets["cache-1-new"],
            "vm": world.clouds.vm,
            "wave": 1,
        },
        "app-1": {"to": "aws", "wave": 2},
        "db-1": {"to": "azure", "wave": 2},
        # It never answered, so it is known by its address alone.
        Target.parse(world.targets["files-1"]).host: {"to": "retire", "wave": 2},
    }
    return [_move(world, server, move) for server, move in moves.items()]


def _move(world: World, server: str, move: dict[str, Any]) -> str:
    owner = {"owner": _OWNERS[server]} if server in _OWNERS else {}
    text = _table("[[moves]]", {"server": server, "playbook": "short", **move, **owner})
    for check, parameters in world.parameters.get(server, {}).items():
        text += "\n" + _table(f"[moves.parameters.{check}]", parameters)
    return text


def _table(header: str, values: Mapping[str, Any]) -> str:
    # What JSON writes for these (text, numbers, lists of text) is TOML too.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([header, *lines, ""])

"""What checks of cloud machines share: the resource as it exists, and the judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from inventory.model.fact import Unknown
from migrate.checks._conditions import as_json, named
from migrate.checks._say import failed, listed, passed, unknown
from migrate.model.check import CloudResource, Sight
from migrate.model.evidence import CheckResult
from migrate.model.plan import Destination


def resource(sight: Sight, to: Destination, what: str) -> CloudResource | CheckResult:
    """Return the move's resource as it exists, or the result that says why there is none."""
    if sight.move.to is not to:
        return unknown(f"{sight.move.server} goes to {sight.move.to.value}: there is no {what}")
    seen = sight.clouds.resource(sight.move)
    if isinstance(seen, Unknown):
        return unknown(f"{what} {sight.move.resource or ''}: {seen}".replace(" :", ":"))
    if not seen.exists:
        return failed(f"{what} {seen.id} does not exist: {seen.detail}", **asdict(seen))
    return seen


def judged(
    sight: Sight, faults: Sequence[str], doubts: Sequence[str], fine: str, seen: object
) -> CheckResult:
    """Say what it comes to: any fault fails it, else any doubt leaves it unknown.

    ``fine`` is said when there is neither; ``seen`` is kept as what was observed.
    """
    name, observed = named(sight), {"seen": as_json(seen)}
    if faults:
        return failed(f"{name}: {listed([*faults, *doubts])}", **observed)
    if doubts:
        return unknown(f"{name}: {listed([*doubts])}", **observed)
    return passed(f"{name}: {fine}", **observed)


def judge_running(seen: CloudResource, what: str, not_running: frozenset[str]) -> CheckResult:
    """Say whether a machine runs and its provider's own checks pass.

    A power state that is neither ``running`` nor among the ones known as not running is new to us:
    then it cannot be told.
    """
    name, observed = f"{what} {seen.id}", asdict(seen)
    if seen.power_state in not_running:
        return failed(f"{name} is {seen.power_state}", **observed)
    if seen.power_state != "running":
        state = seen.power_state or "not given"
        return unknown(f"{name}: its power state is {state}, which says nothing", **observed)
    if seen.healthy is None:
        return unknown(f"{name} runs, but its health is not told: {seen.detail}", **observed)
    if not seen.healthy:
        return failed(f"{name} runs, but is not well: {seen.detail}", **observed)
    return passed(f"{name} runs: {seen.detail}", **observed)

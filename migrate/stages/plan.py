"""Plan the way out: where each server goes, by which playbook, in which wave, and what is amiss."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from inventory.applications.dependencies import dependencies
from inventory.errors import BadInputError, Place
from inventory.estate import MoveSettings
from inventory.model.application import Dependency
from inventory.model.server import Server
from inventory.model.target import Target
from inventory.store.servers import servers
from inventory.store.sightings import sightings
from migrate.model.plan import Destination, Move, Plan
from migrate.model.verdict import Axis, Readiness, Verdict
from migrate.playbooks import parameters_fault
from migrate.records import load_verdicts, save_plan
from migrate.waves import SSH_PORT, waves
from migrate.workbench import Workbench


def run(bench: Workbench) -> Plan:
    """Make the plan from ``decant.toml`` and the inventory, and keep it.

    Raises:
        BadInputError: a move names a server that is not there, twice, or as its own replacement; a
            playbook or a parameter that cannot be used. The place names file and field.

    """
    known = servers(bench.store)
    settings = _chosen(bench, known)
    uses = dependencies(known, sightings(bench.store))
    level = waves(settings, uses)
    moves = tuple(
        _move(server, settings[server.id], level) for server in known if server.id in settings
    )
    replacements = {_target(each.replacement) for each in moves if each.replacement}
    plan = Plan(
        moves=tuple(sorted(moves, key=lambda each: (each.wave, each.server))),
        unplanned=tuple(
            each.name
            for each in known
            if each.id not in settings and _asked_at(each) not in replacements
        ),
        warnings=(
            *_wave_warnings(moves, uses),
            *_verdict_warnings(moves, load_verdicts(bench.store)),
            *_resource_warnings(moves),
        ),
        at=bench.clock(),
    )
    save_plan(bench.store, plan)
    return plan


def _target(text: str) -> Target:
    return Target.parse(text)


def _asked_at(server: Server) -> Target | None:
    """Return where a server was asked; None for one that is only known from exports."""
    return _target(server.target) if server.target else None


def _wrong(bench: Workbench, index: int, field: str, message: str, hint: str) -> BadInputError:
    place = Place(file=bench.estate.file, field=f"moves[{index}].{field}")
    return BadInputError(message, hint=hint, place=place)


def _chosen(bench: Workbench, known: Sequence[Server]) -> dict[str, MoveSettings]:
    arrived = {_target(each.replacement) for each in bench.estate.moves if each.replacement}
    chosen: dict[str, MoveSettings] = {}
    for index, move in enumerate(bench.estate.moves):
        named = _named(move.server, known, arrived)
        if len(named) != 1:
            problem = "no server" if not named else f"{len(named)} servers"
            message = f"there is {problem} named {move.server!r}"
            raise _wrong(bench, index, "server", message, "see decant servers; an id is exact")
        server = named[0]
        if server.id in chosen:
            message = f"a second move for {move.server!r}"
            raise _wrong(bench, index, "server", message, "give each server one move")
        if move.replacement and _target(move.replacement) == _asked_at(server):
            message = f"{move.server!r} is given as its own replacement"
            raise _wrong(bench, index, "replacement", message, "give the new server's address")
        _check_parameters(bench, index, move)
        chosen[server.id] = move
    return chosen


def _named(name: str, known: Sequence[Server], arrived: Collection[Target]) -> list[Server]:
    """Find who is meant: a replica answers by its original's name, but is not who leaves."""
    found = [server for server in known if name in {server.name, server.id, *server.also}]
    return [each for each in found if _asked_at(each) not in arrived] or found


def _check_parameters(bench: Workbench, index: int, move: MoveSettings) -> None:
    uses = {use.id: use for stage in bench.shelf.read(move.playbook).stages for use in stage.checks}
    for name, given in move.parameters.items():
        field = f"parameters.{name}"
        if name not in uses:
            hint = f"its checks are: {', '.join(uses)}"
            message = f"playbook {move.playbook} has no check {name!r}"
            raise _wrong(bench, index, field, message, hint)
        schema = bench.shelf.checks[uses[name].check].value.parameters
        fault = parameters_fault(schema, {**uses[name].parameters, **given})
        if fault:
            hint = "see docs/reference/checks.md for its parameters"
            raise _wrong(bench, index, field, fault, hint)


def _move(server: Server, move: MoveSettings, level: Mapping[str, int]) -> Move:
    by_hand = move.wave is not None
    return Move(
        server_id=server.id,
        server=server.name,
        source=server.target,
        to=Destination(move.to),
        replacement=move.replacement,
        resource=move.resource,
        playbook=move.playbook,
        wave=move.wave if move.wave is not None else level[server.id],
        why_wave="given in decant.toml" if by_hand else "after every server that it uses",
        owner=move.owner,
        parameters=dict(move.parameters),
    )


def _wave_warnings(moves: Sequence[Move], uses: Sequence[Dependency]) -> list[str]:
    by_id = {each.server_id: each for each in moves}
    warnings = []
    for each in uses:
        client, server = by_id.get(each.client), by_id.get(each.server)
        if client and server and client.wave < server.wave and each.port != SSH_PORT:
            warnings.append(
                f"{client.server} moves in wave {client.wave}, before {server.server} "
                f"(wave {server.wave}), which it uses on {each.protocol} port {each.port}"
            )
    return sorted(set(warnings))


def _verdict_warnings(moves: Sequence[Move], verdicts: Sequence[Verdict]) -> list[str]:
    found = {(each.server_id, each.cloud.value): each for each in verdicts}
    warnings = []
    for move in moves:
        if move.to not in {Destination.AWS, Destination.AZURE}:
            continue
        verdict = found.get((move.server_id, move.to.value))
        if verdict is None:
            warnings.append(f"{move.server} was never classified for {move.to.value}")
            continue
        for axis in (Axis.FIT, Axis.MOVE):
            if verdict.on(axis) in {Readiness.NOT_READY, Readiness.UNKNOWN}:
                said = verdict.on(axis).value
                warnings.append(f"{move.server}: {axis.value} for {move.to.value} is {said}")
    return warnings


def _resource_warnings(moves: Sequence[Move]) -> list[str]:
    return [
        f"{move.server}: no {'instance' if move.to is Destination.AWS else 'vm'} is given, "
        f"so nothing can be proved in {move.to.value}"
        for move in moves
        if move.to in {Destination.AWS, Destination.AZURE} and move.resource is None
    ]

"""Plan the way out: where each server goes, by which playbook, in which wave, and what is amiss."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from inventory.applications.dependencies import dependencies
from inventory.counterparts.matching import Counterparts
from inventory.errors import BadInputError, Place
from inventory.estate import MoveSettings
from inventory.model.application import Dependency
from inventory.model.server import Server
from inventory.model.target import Target
from inventory.store.resources import questions, resources
from inventory.store.servers import servers
from inventory.store.sightings import sightings
from migrate.arrived import cloud_of, twice
from migrate.arrived_resources import there_already
from migrate.launched import Launched, contradiction, launched, resolved
from migrate.ledger.book import read_about
from migrate.model.plan import Destination, Move, Plan
from migrate.model.verdict import Axis, Readiness, Verdict
from migrate.playbooks import parameters_fault, usual_playbook
from migrate.records import load_verdicts, save_plan
from migrate.strategy.heading import Heading, headings
from migrate.waves import SSH_PORT, waves
from migrate.workbench import Workbench

if TYPE_CHECKING:
    from migrate.model.strategy import Decision

BY_HAND = "given in decant.toml"
_AT_ONCE = 200
"""Of how many servers the ledger's entries are read together."""


def run(bench: Workbench, decided: Iterable[Decision] = ()) -> Plan:
    """Make the plan from ``decant.toml``, the inventory and what was decided, and keep it.

    A server that runs in a cloud already leaves nothing, unless ``decant.toml`` moves it. What
    ``decant.toml`` says of a server goes before what becomes of its applications; where the
    two differ, the plan warns.

    Raises:
        BadInputError: a move names a server that is not there, twice, or as its own replacement; a
            playbook or a parameter that cannot be used. The place names file and field.

    """
    known = servers(bench.store)
    by_hand = _chosen(bench, known)
    arrived = {_target(each.replacement) for each in by_hand.values() if each.replacement}
    leaving = {
        each.id: each for each in known if _asked_at(each) not in arrived and cloud_of(each) is None
    }
    heads = {each: head for each, head in headings(decided).items() if each in leaving}
    settings = {each: _following(leaving[each], head) for each, head in heads.items()} | by_hand
    uses = dependencies(known, sightings(bench.store))
    level = waves(settings, uses)
    moves = tuple(
        _move(
            server,
            settings[server.id],
            level,
            why_to=BY_HAND if server.id in by_hand else heads[server.id].why,
        )
        for server in known
        if server.id in settings
    )
    own = {each for each in {move.playbook for move in moves} if _builds_its_own(bench, each)}
    found = _launched(bench, [each for each in moves if each.playbook in own], known)
    moves = tuple(resolved(each, found.get(each.server_id)) for each in moves)
    plan = Plan(
        moves=tuple(sorted(moves, key=lambda each: (each.wave, each.server))),
        unplanned=tuple(
            each.name for each in known if each.id not in settings and each.id in leaving
        ),
        warnings=(
            *_wave_warnings(moves, uses),
            *_strategy_warnings(moves, heads, by_hand),
            *_verdict_warnings(moves, load_verdicts(bench.store)),
            *_resource_warnings([each for each in moves if each.playbook not in own]),
            *_launch_warnings(moves, found),
            *twice(moves, known),
            *there_already(moves, known, _counterparts(bench)),
        ),
        at=bench.clock(),
    )
    save_plan(bench.store, plan)
    return plan


def _target(text: str) -> Target:
    return Target.parse(text)


def _counterparts(bench: Workbench) -> Counterparts:
    return Counterparts(resources(bench.store), questions(bench.store))


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
    playbook = bench.shelf.read(_playbook(move))
    uses = {use.id: use for stage in playbook.stages for use in stage.checks}
    acts = {stage.name: bench.shelf.actions[str(stage.action)].value for stage in playbook.acts()}
    for name, given in move.parameters.items():
        field = f"parameters.{name}"
        if name not in uses and name in acts:
            fault = parameters_fault(acts[name].parameters, given)
            if fault:
                hint = f"see docs/reference/actions.md for what stage {name} may be given"
                raise _wrong(bench, index, field, fault, hint)
            continue
        if name not in uses:
            hint = f"its checks and acts are: {', '.join((*uses, *acts))}"
            message = f"playbook {_playbook(move)} has no check {name!r}"
            raise _wrong(bench, index, field, message, hint)
        schema = bench.shelf.checks[uses[name].check].value.parameters
        fault = parameters_fault(schema, {**uses[name].parameters, **given})
        if fault:
            hint = "see docs/reference/checks.md for its parameters"
            raise _wrong(bench, index, field, fault, hint)


def _playbook(move: MoveSettings) -> str:
    return move.playbook or usual_playbook(Destination(move.to), move.replacement)


def _following(server: Server, head: Heading) -> MoveSettings:
    """Return the move of a server that nobody gives one by hand."""
    return MoveSettings(server=server.id, to=head.to.value)


def _move(server: Server, move: MoveSettings, level: Mapping[str, int], *, why_to: str) -> Move:
    by_hand = move.wave is not None
    return Move(
        server_id=server.id,
        server=server.name,
        source=server.target,
        to=Destination(move.to),
        replacement=move.replacement,
        resource=move.resource,
        playbook=_playbook(move),
        wave=move.wave if move.wave is not None else level[server.id],
        why_wave=BY_HAND if by_hand else "after every server that it uses",
        why_to=why_to,
        owner=move.owner,
        partners=move.partners,
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


def _strategy_warnings(
    moves: Sequence[Move], heads: Mapping[str, Heading], by_hand: Collection[str]
) -> list[str]:
    warnings = []
    for move in moves:
        head = heads.get(move.server_id)
        if head and move.server_id in by_hand and head.to is not move.to:
            warnings.append(
                f"{move.server} goes to {move.to.value} by decant.toml, not to {head.to.value}: "
                f"{head.why}"
            )
        elif head and move.server_id not in by_hand and head.confirm:
            warnings.append(f"{move.server}, to {move.to.value}: first confirm: {head.confirm}")
    return warnings


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


def _launched(
    bench: Workbench, moves: Sequence[Move], known: Sequence[Server]
) -> dict[str, Launched]:
    """Return by server id what migration services told that they launched.

    Signatures are believed here: whatever proves or acts reads it again, and verifies them.
    """
    also = {each.id: (each.id, *each.also) for each in known}
    playbooks = {name: bench.shelf.read(name) for name in {each.playbook for each in moves}}
    told: dict[str, Launched] = {}
    for begin in range(0, len(moves), _AT_ONCE):
        some = moves[begin : begin + _AT_ONCE]
        records = {each.server_id: also.get(each.server_id, (each.server_id,)) for each in some}
        ledger = read_about(bench.store, bench.trust, records, signatures=False)
        for each in some:
            found = launched(ledger.of(each.server_id).acts, playbooks[each.playbook])
            if found is not None:
                told[each.server_id] = found
    return told


def _builds_its_own(bench: Workbench, playbook: str) -> bool:
    return bench.shelf.read(playbook).builds_its_own


def _launch_warnings(moves: Sequence[Move], found: Mapping[str, Launched]) -> list[str]:
    warnings = []
    for move in moves:
        own = found.get(move.server_id)
        wrong = contradiction(move, own)
        if wrong:
            warnings.append(f"{wrong}: nothing is proved of either until they agree")
        elif own and move.replacement is None:
            warnings.append(
                f"{move.server}: no replacement is given, the address of {own.resource}, so "
                f"nothing can be proved in {move.to.value}"
            )
    return warnings


def _resource_warnings(moves: Sequence[Move]) -> list[str]:
    return [
        f"{move.server}: no {'instance' if move.to is Destination.AWS else 'vm'} is given, "
        f"so nothing can be proved in {move.to.value}"
        for move in moves
        if move.to in {Destination.AWS, Destination.AZURE} and move.resource is None
    ]

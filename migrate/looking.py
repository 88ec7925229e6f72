"""A fresh look at a move: both servers and the cloud resource, asked in this very run.

Tests and decommission judge only what was seen in such a look, never what the inventory remembers.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from inventory.clouds.configured import aws_settings, azure_settings
from inventory.errors import RefusedError, UsageError
from inventory.model.cloud_calls import Tally
from inventory.model.fact import Facts, Unknown
from inventory.model.facts import INTERFACES
from inventory.model.run import Visit
from inventory.model.server import Server
from inventory.model.target import Target
from inventory.secret import fetch
from inventory.store.servers import servers
from migrate.fingerprint import awaited, digest, plan_parts, server_parts, with_resource
from migrate.launched import launched, mistaken
from migrate.ledger.book import Ledger
from migrate.memory import StoredMemory
from migrate.model.act import Act, Intent
from migrate.model.action import Aftermath, Task
from migrate.model.check import CloudResource, Sight
from migrate.model.evidence import Attestation, Fingerprint, Fingerprints
from migrate.model.plan import Move
from migrate.model.playbook import Playbook, Replacement
from migrate.past import StoredPast
from migrate.people import owners
from migrate.planned import planned
from migrate.questioning import ask_server
from migrate.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was seen, and its fingerprints."""

    sight: Sight
    fingerprints: Fingerprints


def look(bench: Workbench, move: Move, playbook: Playbook, ledger: Ledger, *, command: str) -> Look:
    """Ask both servers and the cloud, keep what they said as a run, and take fingerprints.

    A server that does not answer is seen as unknown, with its reason; but an old server that was
    switched off through the gate, and is still seen to be off, is as it was left.

    Raises:
        RefusedError: the old server's address now answers as another server.
        UsageError: it is not known where the old server is asked, or it would replace itself.

    """
    old, new = _source(move), _replacement(move, playbook)
    now = bench.clock()
    visits = bench.ask((old, new) if new else (old,), command=command)
    answered = visits[old][0]
    if answered is not None and answered.id != move.server_id:
        raise RefusedError(
            f"{move.source} now answers as another server than {move.server} ({answered.name})",
            hint="find out what happened there; then run decant discover and decant plan again",
        )
    entered = ledger.of(move.server_id)
    sight = Sight(
        move=move,
        old=_seen(visits[old][1]),
        new=_seen(visits[new][1]) if new else None,
        new_address=new.host if new else _service(move),
        estate_addresses=_addresses(servers(bench.store)),
        clouds=bench.clouds,
        now=now,
        past=StoredPast(store=bench.store, server_id=move.server_id),
        memory=StoredMemory(store=bench.store, server_id=move.server_id, clock=bench.clock),
        fetch=lambda reference: fetch(reference, os.environ),
        attestations=standing(entered, now),
        acts=entered.acts,
        ask=partial(ask_server, bench.access, bench.limits),
        planned=planned(bench.store, move),
        landing=partial(bench.landing.of_move, move),
        timeout_seconds=bench.limits.connect_seconds,
    )
    return Look(sight=sight, fingerprints=_fingerprints(bench, sight, playbook, entered))


def source_now(bench: Workbench, move: Move, *, command: str) -> Fingerprint:
    """Ask the old server alone, and return its fingerprint."""
    target = _source(move)
    visit = bench.ask((target,), command=command)[target][1]
    return server_parts(_seen(visit))


def task_of(bench: Workbench, move: Move, intent: Intent) -> Task:
    """Return the task of an act that was begun, as its action is given it."""
    return task_for(bench, move, intent.stage, intent.particulars)


def task_for(bench: Workbench, move: Move, stage: str, particulars: tuple[str, ...] = ()) -> Task:
    """Return the task of a stage's act, as its action is given it."""
    return Task(
        move=move,
        access=bench.access,
        limits=bench.limits,
        parameters=move.parameters.get(stage, {}),
        particulars=particulars,
        aws=aws_settings(bench.estate),
        azure=azure_settings(bench.estate),
        tally=getattr(bench.clouds, "tally", Tally()),
        tell=bench.tell,
        opened=getattr(bench.clouds, "opened", {}),
    )


def switched_off(before: Fingerprint) -> Fingerprint:
    """Return the fingerprint of a server that was like that, and is off now."""
    return replace(before, parts={**before.parts, "power": digest("off")})


def standing(ledger: Ledger, now: datetime) -> tuple[Attestation, ...]:
    """Return what people declared of a server and stands: the newest of each on each matter.

    What is not signed by the person's own key, was taken back, or has expired is left out.
    """
    newest: dict[tuple[str, str], Attestation] = {}
    for each in ledger.attestations:
        if each.signer:
            newest.pop((each.person, each.about), None)
            newest[each.person, each.about] = each
    return tuple(
        each
        for each in newest.values()
        if not each.withdrawn and (each.expires is None or each.expires > now)
    )


def _source(move: Move) -> Target:
    if not move.source:
        raise UsageError(
            f"it is not known where {move.server} is asked: only exports tell of it",
            hint="ask it with decant discover, then run decant plan again",
        )
    return Target.parse(move.source)


def _replacement(move: Move, playbook: Playbook) -> Target | None:
    if move.replacement is None or playbook.replacement is not Replacement.SERVER:
        return None
    target = Target.parse(move.replacement)
    if target == _source(move):
        raise UsageError(
            f"the plan gives {move.server} as its own replacement",
            hint="give the new server's address in decant.toml, and run decant plan",
        )
    return target


def _service(move: Move) -> str | None:
    return move.replacement.rpartition("://")[2] if move.replacement else None


def _seen(visit: Visit) -> Facts | Unknown:
    return visit.unreachable or Facts.from_observations(visit.observations)


def _fingerprints(
    bench: Workbench, sight: Sight, playbook: Playbook, entered: Ledger
) -> Fingerprints:
    target = _target_fingerprint(sight, playbook)
    found = launched(entered.acts, playbook)
    wrong = mistaken(sight.move, found, sight.new, target, entered.evidence)
    return Fingerprints(
        source=_source_fingerprint(bench, sight),
        target=replace(target, unknown=(*target.unknown, *wrong)),
        playbook=plan_parts(
            playbook,
            sight.move,
            owners(bench.estate, sight.move),
            bench.trust.digest,
            _own_checks(bench, playbook),
        ),
    )


def _own_checks(bench: Workbench, playbook: Playbook) -> str:
    """Return the digest of the estate's own checks that a playbook uses: their code decides, too.

    A check that others of the estate's files go into is bound by its own file alone.
    """
    used = {use.check for stage in playbook.stages for use in stage.checks}
    own = bench.estate.own("checks").resolve()
    files = {name: bench.shelf.checks[name].path.resolve() for name in used}
    return digest(
        sorted(
            [name, hashlib.sha256(path.read_bytes()).hexdigest()]
            for name, path in files.items()
            if path.is_relative_to(own)
        )
    )


def _source_fingerprint(bench: Workbench, sight: Sight) -> Fingerprint:
    # Acts of migration services may follow the one that left it off: they do not change that.
    own = [each for each in sight.acts if not _moves(bench, each)]
    left = own[-1] if own else None
    if left is None or not isinstance(sight.old, Unknown) or not _left_off(bench, left):
        return server_parts(sight.old)
    action = bench.shelf.actions[left.intent.action].value
    effect = action.look(task_of(bench, sight.move, left.intent))
    if effect.aftermath is not Aftermath.DONE:
        return Fingerprint(parts={}, unknown=(f"power: {effect.detail}",))
    return switched_off(left.intent.before)


def _moves(bench: Workbench, act: Act) -> bool:
    plugin = bench.shelf.actions.get(act.intent.action)
    return plugin is not None and plugin.value.moves


def _left_off(bench: Workbench, act: Act) -> bool:
    plugin = bench.shelf.actions.get(act.intent.action)
    return act.done and plugin is not None and plugin.value.leaves_off


def _target_fingerprint(sight: Sight, playbook: Playbook) -> Fingerprint:
    kind, move = playbook.replacement, sight.move
    if playbook.builds_its_own and not (move.replacement or move.resource):
        return awaited()
    if kind is Replacement.SERVER and sight.new is None and move.launched_by:
        return Fingerprint(parts={}, unknown=(f"server: {_unasked(sight)}",))
    if kind is Replacement.SERVER:
        target = server_parts(sight.new)
    elif kind is Replacement.SERVICE and not (move.replacement or move.resource):
        why = "service: the plan names no replacement; name one in decant.toml"
        return Fingerprint(parts={}, unknown=(why,))
    else:
        target = Fingerprint(parts={kind.value: digest([kind.value, move.replacement])})
    if move.resource is None:
        return target
    resource: CloudResource | Unknown = sight.clouds.resource(move)
    return with_resource(target, resource)


def _unasked(sight: Sight) -> str:
    """Say that nobody knows where to ask what was launched, with what its cloud tells of that."""
    seen = sight.clouds.resource(sight.move)
    told = "" if isinstance(seen, Unknown) else ", ".join(seen.addresses)
    where = f", which has {told}" if told else ""
    return f"decant.toml gives no replacement, the address of {sight.move.resource}{where}"


def _addresses(known: tuple[Server, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for server in known:
        for interface in server.facts.value(INTERFACES) or ():
            for address in interface.addresses:
                found[address.partition("/")[0]] = server.name
    return found

"""Acting on a server of a lab: each step is done from within the lab's network, as a run does it.

As a program it is one step, whose words are JSON on standard input and output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inventory.discovery.run import ask_all
from inventory.model.asking import Access, Limits
from inventory.model.collector import Collector
from inventory.model.fact import Facts, Unknown
from inventory.model.facts import SERVICES
from inventory.model.target import Target
from inventory.registry import Registry
from migrate.actions import block_firewall_ssh
from migrate.fingerprint import is_asked_for_evidence, server_parts
from migrate.model.action import Action, Effect, Prepared, Task
from migrate.model.plan import Destination, Move

SECONDS = 240
UNCONFIRMED_SECONDS = 12
PATIENT = Limits(
    connect_seconds=60, banner_seconds=60, authenticate_seconds=60, server_seconds=SECONDS
)
"""For a busy machine: nothing here is about how long a server may take to let us in."""
Runs = Callable[[Sequence[str], str], "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True, kw_only=True)
class Acting:
    """An action on one server, step by step."""

    runs: Runs
    """Runs a command in the lab's network, with some text as its input."""
    action: str
    source: str
    key: Path
    known_hosts: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def prepare(self) -> dict[str, Any]:
        """Prepare it, by what the server says just now."""
        return self._step("prepare", ())

    def apply(self, particulars: Sequence[str] = ()) -> dict[str, Any]:
        """Do it."""
        return self._step("apply", particulars)

    def look(self, particulars: Sequence[str] = ()) -> dict[str, Any]:
        """Look whether it has taken effect."""
        return self._step("look", particulars)

    def restore(self, particulars: Sequence[str] = ()) -> dict[str, Any]:
        """Take it back."""
        return self._step("restore", particulars)

    def see(self) -> dict[str, Any]:
        """Return the server's fingerprint and services, as evidence is taken of them."""
        return self._step("see", ())

    def unconfirmed(self) -> dict[str, Any]:
        """Close the firewall as if whoever did it vanished before confirming."""
        return self._step("unconfirmed", ())

    def _step(self, verb: str, particulars: Sequence[str]) -> dict[str, Any]:
        given = {
            "verb": verb,
            "action": self.action,
            "source": self.source,
            "key": str(self.key),
            "known_hosts": str(self.known_hosts),
            "parameters": dict(self.parameters),
            "particulars": list(particulars),
        }
        done = self.runs([sys.executable, __file__], json.dumps(given))
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said


def main() -> None:
    """Do one step."""
    given = json.load(sys.stdin)
    task = Task(
        move=_move(given["source"]),
        access=Access(
            identities=(Path(given["key"]),),
            known_hosts=(Path(given["known_hosts"]),),
            use_agent=False,
            ssh_config=(),
        ),
        limits=PATIENT,
        parameters=given["parameters"],
        particulars=tuple(given["particulars"]),
    )
    json.dump(_step(given["verb"], given["action"], task), sys.stdout)


def _step(verb: str, name: str, task: Task) -> dict[str, Any]:
    if verb == "see":
        return _seen(_facts(task))
    if verb == "unconfirmed":
        return {"fault": block_firewall_ssh.close(task, UNCONFIRMED_SECONDS).fault}
    action = Registry(package="migrate.actions", attribute="ACTION", kind=Action).one(name).value
    if verb == "prepare":
        found: Prepared = action.prepare(_with(task, _facts(task)))
        return {"particulars": list(found.particulars), "refusal": found.refusal}
    does = {"apply": action.apply, "look": action.look, "restore": action.restore}[verb]
    assert does is not None
    effect: Effect = does(task)
    return {"aftermath": effect.aftermath.value, "detail": effect.detail}


def _with(task: Task, facts: Facts | Unknown) -> Task:
    return Task(**{**vars(task), "facts": facts})


def _seen(facts: Facts | Unknown) -> dict[str, Any]:
    print_of = server_parts(facts)
    services = (facts.value(SERVICES) or ()) if isinstance(facts, Facts) else ()
    return {
        "parts": dict(print_of.parts),
        "unknown": list(print_of.unknown),
        "services": {each.name: [each.state.value, each.enabled] for each in services},
    }


def _facts(task: Task) -> Facts | Unknown:
    asked = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector).all()
    (visit,) = ask_all(
        (Target.parse(task.move.source),),
        collectors={
            name: each for name, each in asked.items() if is_asked_for_evidence(each.value)
        },
        access=task.access,
        limits=task.limits,
        run_id="test",
    )
    return visit.unreachable or Facts.from_observations(visit.observations)


def _move(source: str) -> Move:
    return Move(
        server_id="s1",
        server="old",
        source=source,
        to=Destination.RETIRE,
        replacement=None,
        resource=None,
        playbook="retire",
        wave=1,
        why_wave="made for this test",
    )


if __name__ == "__main__":
    main()

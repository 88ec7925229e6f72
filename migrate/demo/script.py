"""The demo's script: the whole flow, from an empty folder to a refused and a permitted farewell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from inventory.errors import FINDINGS, PARTLY_UNKNOWN, REFUSED
from migrate.demo.steps import Happen, Look, Step, Type
from migrate.demo.world import APPROVERS, World

JUNIT: Final = "validate.xml"
REPORT: Final = "readiness.html"


def script(world: World, fill_in: Callable[[], None]) -> tuple[Step, ...]:
    """Return every step, in order. ``fill_in`` writes what a user would into ``decant.toml``."""
    return (
        *_see(world, fill_in),
        *_decide(world),
        *_leave_web(world),
        *_leave_cache(world),
        _tell(),
    )


def _see(world: World, fill_in: Callable[[], None]) -> tuple[Step, ...]:
    return (
        Step(
            title="Make an estate folder",
            why="It holds the configuration and everything that is learnt; no secret goes into it.",
            parts=(
                Type(line=("init", ".")),
                Happen(
                    what="The demo fills in decant.toml: two partners, two clouds, five moves.",
                    act=fill_in,
                ),
            ),
        ),
        Step(
            title="Discover",
            why="Each server is asked once, read-only, over SSH. An old file server was switched"
            " off long ago and cannot answer: it is listed with its reason, and the exit code says"
            " so.",
            parts=(_discover(world),),
        ),
        Step(
            title="Look at what is there",
            why="Servers, what runs on them, and who depends on whom.",
            parts=(
                Type(line=("servers",)),
                Type(line=("show", "web-1")),
                Type(line=("applications",)),
                Type(line=("connections",)),
            ),
        ),
    )


def _decide(world: World) -> tuple[Step, ...]:
    return (
        Step(
            title="Classify",
            why="For each cloud: will it run there, can it be moved there, is it still supported?",
            parts=(Type(line=("classify",)),),
        ),
        Step(
            title="Plan",
            why="The moves become waves; status says where each server stands and what is next.",
            parts=(Type(line=("plan",)), Type(line=("status",))),
        ),
        Step(
            title="Try to switch web-1 off",
            why="Nothing was tested, so it is refused, first in words and then in earnest.",
            parts=(
                Type(line=("decommission", "web-1"), ends_with=REFUSED),
                Type(line=("decommission", "web-1", "--apply"), ends_with=REFUSED),
                Look(what="web-1 is still on.", is_so=lambda: not world.is_off("web-1")),
            ),
        ),
    )


def _leave_web(world: World) -> tuple[Step, ...]:
    return (
        Step(
            title="Test and approve the replacement of web-1",
            why="Every check looks at the servers and at the cloud as they are now. Both partners"
            " agree to exactly what was proved.",
            parts=(Type(line=("test", "web-1")), *_approve(world, "web-1")),
        ),
        Step(
            title="Cut over",
            why="Agreed is not yet unused: visitors still come to the old server, and are seen.",
            parts=(
                Type(line=("test", "web-1", "--stage", "quiet"), ends_with=FINDINGS),
                Happen(what="The visitors go to the new server now.", act=world.visitors_leave),
                Type(line=("test", "web-1", "--stage", "quiet")),
            ),
        ),
        Step(
            title="Switch web-1 off",
            why="Everything is proved, fresh and agreed: it is permitted, and done.",
            parts=(
                Type(line=("decommission", "web-1")),
                Type(line=("decommission", "web-1", "--apply")),
                Look(what="web-1 is really off.", is_so=lambda: world.is_off("web-1")),
                Look(what="app-1 is still on.", is_so=lambda: not world.is_off("app-1")),
                Type(line=("discover",), ends_with=PARTLY_UNKNOWN, says=(world.targets["web-1"],)),
            ),
        ),
    )


def _leave_cache(world: World) -> tuple[Step, ...]:
    return (
        Step(
            title="Bring cache-1 as far",
            why="Its replacement is a virtual machine in Azure.",
            parts=(
                Type(line=("test", "cache-1")),
                *_approve(world, "cache-1"),
                Happen(
                    what="app-1 uses the new cache from now on.", act=world.application_moves_cache
                ),
                Type(line=("test", "cache-1", "--stage", "quiet")),
                Type(line=("decommission", "cache-1")),
            ),
        ),
        Step(
            title="A change voids the evidence",
            why="What was tested and agreed to is no longer what is there, so it is refused.",
            parts=(
                Happen(
                    what="Somebody starts another service on cache-1-new.",
                    act=world.somebody_changes,
                ),
                Type(
                    line=("decommission", "cache-1", "--apply"),
                    ends_with=REFUSED,
                    says=("listeners",),
                ),
                Look(what="cache-1 is still on.", is_so=lambda: not world.is_off("cache-1")),
            ),
        ),
    )


def _tell() -> Step:
    return Step(
        title="Prove and report",
        why="The evidence is chained, so that tampering shows. The rest is for people and for CI:"
        " what cannot be told is never taken for good, so validate ends with its own exit code.",
        parts=(
            Type(line=("status",)),
            Type(line=("ledger", "verify")),
            Type(line=("classify",)),
            Type(line=("validate", "--junit", JUNIT), ends_with=PARTLY_UNKNOWN),
            Type(line=("report", "readiness", "--output", REPORT)),
        ),
    )


def _discover(world: World) -> Type:
    access = ("--identity", str(world.key), "--known-hosts", str(world.known_hosts))
    targets = tuple(world.targets.values())
    return Type(line=("discover", *targets, *access), ends_with=PARTLY_UNKNOWN)


def _approve(world: World, server: str) -> tuple[Type, ...]:
    return tuple(
        Type(line=("approve", server, "--as", each, "--key", f"file:{world.signers[each].path}"))
        for each in APPROVERS.values()
    )


def next_steps(estate: Path) -> str:
    """Say what to do next with one's own servers."""
    return f"""\
The estate of the demo is kept in {estate}
The report for people:            {estate / REPORT}

With your own servers:
  1. decant init my-estate && cd my-estate
  2. decant discover ssh://you@server … --accept-new-host-keys
     (it only reads; `decant discover local` asks the machine you sit at)
  3. decant classify && decant report readiness
  4. write your moves into decant.toml, then decant plan
"""

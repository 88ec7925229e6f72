"""What a stage works with: the estate, its store, what may be used, how servers are asked.

Put together in one place, so that a stage can be given another one in a test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from inventory.access import access_of
from inventory.clouds.configured import aws_settings, azure_settings
from inventory.discovery.run import ask_all
from inventory.errors import BadInputError, Place
from inventory.estate import Estate
from inventory.model.asking import Access, Limits
from inventory.model.collector import Collector
from inventory.model.run import Visit
from inventory.model.server import Server
from inventory.model.target import Target
from inventory.registry import Plugin, Registry
from inventory.session import Session
from inventory.store.runs import begin_run, finish_run
from inventory.store.store import Store
from inventory.store.visits import record_visit
from migrate.clouds.look import open_clouds
from migrate.clouds.zones import ZoneLook
from migrate.fingerprint import is_asked_for_evidence
from migrate.ledger.keys import key_id
from migrate.ledger.trust import Trust, trust_of
from migrate.model.action import Action
from migrate.model.check import Check, Clouds
from migrate.playbooks import Shelf
from migrate.zones import LandingBook, NoZones, Zones

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

COLLECTORS = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
ACTIONS = Registry(package="migrate.actions", attribute="ACTION", kind=Action)


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """What a stage is given."""

    estate: Estate
    store: Store
    shelf: Shelf
    collectors: Mapping[str, Plugin[Collector]]
    access: Access
    limits: Limits
    clouds: Clouds
    clock: Callable[[], datetime]
    trust: Trust
    """Whose signatures count."""
    signer: Callable[[], Signer]
    """Opens the key that signs what is seen and done here, once.

    Raises:
        BadInputError: there is none, or it is none that the estate trusts.
    """
    tell: Callable[[str], None] = lambda _: None
    """Where what takes long says what it waits for."""
    zones: Zones = field(default_factory=NoZones)
    """How clouds are asked about landing zones."""

    @cached_property
    def landing(self) -> LandingBook:
        """The estate's landing zones, as this run judges them."""
        return LandingBook(
            estate=self.estate,
            store=self.store,
            shelf=self.shelf,
            clock=self.clock,
            zones=self.zones,
        )

    def ask(
        self, targets: Sequence[Target], *, command: str
    ) -> dict[Target, tuple[Server | None, Visit]]:
        """Ask servers now, keep what they said as a run, and return what each said.

        Beside each visit stands the server that it was recorded under.
        """
        by_name = {str(target): target for target in targets}
        run = begin_run(self.store, command=command, at=self.clock())
        found: dict[Target, tuple[Server | None, Visit]] = {}
        for visit in ask_all(
            targets,
            collectors=self.collectors,
            access=self.access,
            limits=self.limits,
            run_id=run.id,
            clock=self.clock,
        ):
            found[by_name[visit.target]] = (record_visit(self.store, run.id, visit), visit)
        answered = sum(visit.unreachable is None for _, visit in found.values())
        finish_run(self.store, run.id, self.clock(), len(found), answered)
        return found


@contextmanager
def open_workbench(
    session: Session, *, access: Access | None = None, limits: Limits | None = None
) -> Iterator[Workbench]:
    """Open the estate and everything a stage needs; what is not given comes from the estate.

    Raises:
        UsageError: there is no estate.
        BadInputError: the estate, a plug-in or the store cannot be used.

    """
    estate = session.estate()
    shelf = Shelf(
        checks=CHECKS.all(estate.own("checks")),
        actions=ACTIONS.all(),
        own=estate.own("playbooks"),
    )
    aws, azure = aws_settings(estate), azure_settings(estate)
    clouds, zones = open_clouds(aws, azure), ZoneLook(aws=aws, azure=azure)
    with closing(clouds), closing(zones), session.store(estate) as store:
        yield Workbench(
            estate=estate,
            store=store,
            shelf=shelf,
            collectors={
                name: each
                for name, each in COLLECTORS.all(estate.own("collectors")).items()
                if is_asked_for_evidence(each.value)
            },
            access=access or access_of(estate),
            limits=limits or Limits(connections_a_second=estate.discovery.rate),
            clouds=clouds,
            zones=zones,
            clock=session.now,
            trust=trust_of(estate),
            signer=cache(lambda: tool_signer(estate)),
            tell=session.say,
        )


def tool_signer(estate: Estate) -> Signer:
    """Open the key that signs what is seen and done here.

    Raises:
        BadInputError: the estate names none, or it is none that it trusts.

    """
    from migrate.ledger.signers import open_signer

    settings = estate.signing
    if settings.key is None:
        raise BadInputError(
            "there is no key to sign with, and what is not signed proves nothing",
            hint="ssh-keygen -t ed25519 makes one; name it in decant.toml: [signing] key = "
            '"file:PATH", and put its .pub line into trusted',
            place=Place(file=estate.file),
        )
    lines = {key_id(each): each for each in settings.trusted}
    return open_signer(settings.key, os.environ, passphrase=settings.passphrase, lines=lines)

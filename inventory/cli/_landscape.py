"""The whole inventory as the listings need it: servers, what runs on them, who uses whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from inventory.applications.dependencies import dependencies
from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.applications.recognise import recognise
from inventory.estate import Estate
from inventory.model.application import Application, Dependency
from inventory.model.server import Server


@dataclass(frozen=True)
class Landscape:
    """Servers and what follows from their facts; each part is worked out when it is asked for."""

    estate: Estate
    servers: tuple[Server, ...]

    def applications(self, server: Server) -> tuple[Application, ...]:
        """Return what runs on a server.

        Raises:
            BadInputError: the estate's own fingerprints are wrong.

        """
        return recognise(server.facts, self._matcher)

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """Return who uses whom."""
        return dependencies(self.servers)

    def name(self, end: str) -> str:
        """Return the name of one end of a dependency: a server's, or the address outside."""
        return self._names.get(end, end.removeprefix("outside:"))

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(load_fingerprints(self.estate.folder))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {each.id: each.name for each in self.servers}

"""The whole inventory as the listings need it: servers, what runs on them, who uses whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from inventory.applications.dependencies import all_uses, dependencies
from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.links import application_dependencies
from inventory.applications.matcher import Matcher
from inventory.applications.recognise import Recognised, recognised
from inventory.applications.telling import UNRECOGNISED
from inventory.estate import Estate
from inventory.model.application import Application, ApplicationDependency, Dependency
from inventory.model.server import Server
from inventory.model.sighting import Sighting


@dataclass(frozen=True)
class Landscape:
    """Servers and what follows from their facts; each part is worked out when it is asked for."""

    estate: Estate
    servers: tuple[Server, ...]
    sightings: Mapping[str, tuple[Sighting, ...]] = field(default_factory=dict)
    """Connections that were seen over time, by server; empty: only the last look counts."""

    def applications(self, server: Server) -> tuple[Application, ...]:
        """Return what runs on a server.

        Raises:
            BadInputError: the estate's own fingerprints are wrong.

        """
        return self._known(server).applications

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """Return who uses whom."""
        return dependencies(self.servers, self.sightings)

    @cached_property
    def application_dependencies(self) -> tuple[ApplicationDependency, ...]:
        """Return which application uses which.

        Raises:
            BadInputError: the estate's own fingerprints are wrong.

        """
        known = {each.id: self._known(each) for each in self.servers}
        return application_dependencies(self.servers, known, all_uses(self.servers, self.sightings))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Return the categories that an application can be of, in order."""
        known = {each.category for each in self._matcher.fingerprints}
        return tuple(sorted(known | {UNRECOGNISED}))

    def name(self, end: str) -> str:
        """Return the name of one end of a dependency: a server's, or the address outside."""
        return self._names.get(end, end.removeprefix("outside:"))

    def _known(self, server: Server) -> Recognised:
        found = self._recognised.get(server.id)
        if found is None:
            found = self._recognised[server.id] = recognised(server.facts, self._matcher)
        return found

    @cached_property
    def _recognised(self) -> dict[str, Recognised]:
        return {}

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(load_fingerprints(self.estate.folder))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {each.id: each.name for each in self.servers}

"""The script that Decant sends to a server, taken where it is handed to a transport."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.discovery.run import ask_all
from inventory.errors import UnreachableError
from inventory.model.asking import Access, Limits, Transport
from inventory.model.collector import Collector
from inventory.model.target import Target
from inventory.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.asking import Reply
    from inventory.registry import Plugin


@dataclass
class _Overheard:
    scripts: list[str] = field(default_factory=list)

    def ask(self, target: Target, script: str, limits: Limits) -> Reply:  # noqa: ARG002
        """Keep the script and reach nobody."""
        self.scripts.append(script)
        raise UnreachableError

    def close(self) -> None:
        """Hold nothing."""


def questions() -> dict[str, Plugin[Collector]]:
    """Return every shipped question that is not optional: what a usual run asks."""
    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    return {name: each for name, each in registry.all().items() if not each.value.optional}


def composed_script(asked: Mapping[str, Plugin[Collector]]) -> str:
    """Return the script that asks these questions, within the usual limits."""
    overheard = _Overheard()
    for _ in ask_all(
        [Target(transport="local", host="local")],
        collectors=asked,
        access=Access(),
        limits=Limits(),
        run_id="benchmark",
        transport=lambda _name: Transport(open=lambda _access: overheard),
    ):
        pass
    (script,) = overheard.scripts
    return script

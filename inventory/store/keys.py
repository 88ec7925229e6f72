"""From the name of a stored fact to its key, so that its value is read back with its type."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from inventory.model.collector import Collector
from inventory.model.fact import FactKey
from inventory.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MODELS: Final = (
    "accounts", "certificates", "hardware", "instances", "network", "placement", "software",
    "storage", "utilisation",
)  # fmt: skip
"""Where keys are beside the shared ones. One elsewhere is found in the collectors, which costs."""


@dataclass(frozen=True)
class Keys:
    """Every key that this version knows: the shared ones, and those that are told by questions."""

    own_collectors: tuple[Path, ...] = ()
    """Folders of the user's own collectors."""
    _generic: dict[str, FactKey[Any]] = field(default_factory=dict)

    def find(self, name: str) -> FactKey[Any]:
        """Return the key of that name.

        A name that nothing knows any more, such as that of a collector that is gone, gets a key
        whose values stay plain JSON.

        Raises:
            PluginError: a collector that might know it cannot be loaded.

        """
        key = self._shared.get(name) or self._collected.get(name)
        if key is None:
            key = self._generic.setdefault(
                name, FactKey(name=name, kind=object, help="Known to another version of Decant")
            )
        return key

    @cached_property
    def _shared(self) -> Mapping[str, FactKey[Any]]:
        """Return the keys of the models: loading all the collectors for them would take longer."""
        modules = (*_MODELS, "facts")
        every = (vars(importlib.import_module(f"inventory.model.{name}")) for name in modules)
        keys = (each for known in every for each in known.values() if isinstance(each, FactKey))
        return {each.name: each for each in keys}

    @cached_property
    def _collected(self) -> Mapping[str, FactKey[Any]]:
        registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
        plugins = registry.all(*self.own_collectors).values()
        return {key.name: key for plugin in plugins for key in plugin.value.tells}

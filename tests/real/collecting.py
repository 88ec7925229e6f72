"""Collectors of the tests' own: a question in shell, and one key that holds what it said."""

from __future__ import annotations

from pathlib import Path

from inventory.model.collector import Answer, Collector
from inventory.model.fact import FactKey, Observation
from inventory.registry import Plugin


def key(name: str) -> FactKey[str]:
    """Return the key that the collector of this name tells."""
    return FactKey[str](name=f"test.{name}", kind=str, help=name)


def collectors(**questions: str) -> dict[str, Plugin[Collector]]:
    """Return a collector for each question."""
    return {name: _plugin(name, script) for name, script in questions.items()}


def _plugin(name: str, script: str) -> Plugin[Collector]:
    told = key(name)

    def read(answer: Answer) -> list[Observation]:
        return [told.known(answer.text)]

    value = Collector(script=script, tells=(told,), read=read, examples=())
    return Plugin(name=name, help=name, value=value, path=Path(f"{name}.py"))

"""Promises that every rule keeps, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest

from inventory.model.fact import Fact, FactKey, Facts, Reason, Unknown
from inventory.registry import Plugin, Registry
from migrate.catalogue.lifecycle import _products
from migrate.catalogue.surroundings import EXAMPLE_DAY, example_surroundings
from migrate.model.rule import (
    CannotTell,
    Flagged,
    Judgement,
    NotApplicable,
    Passed,
    Rule,
    RuleExample,
)
from migrate.model.verdict import VERDICT_AXES, Cloud

RULES = Registry(package="migrate.rules", attribute="RULE", kind=Rule).all()
AROUND = example_surroundings()
EXAMPLES = [
    pytest.param(plugin, example, id=f"{name}: {example.name}")
    for name, plugin in RULES.items()
    for example in plugin.value.examples
]
SETTLED_OTHERWISE = {
    # A BIOS has no Secure Boot, whether or not anyone asked.
    ("azure-replication-secure-boot", "boot.secure_boot"),
    # Secure Boot is a matter of fact once it is told, however the server boots.
    ("azure-replication-secure-boot", "boot.type"),
    ("aws-replication-secure-boot", "boot.secure_boot"),
    ("aws-replication-secure-boot", "boot.type"),
    # What a hypervisor tells of the same thing answers in the server's place.
    ("aws-network-adapters", "network.interfaces"),
    ("azure-network-adapters", "network.interfaces"),
    ("aws-replication-free-space", "storage.filesystems"),
    ("aws-import-adapters", "network.interfaces"),
    ("aws-import-windows-space", "storage.filesystems"),
}
every_rule = pytest.mark.parametrize("plugin", RULES.values(), ids=RULES)
every_example = pytest.mark.parametrize(("plugin", "example"), EXAMPLES)


@dataclass(frozen=True)
class Watched(Facts):
    """Facts that remember which unknown ones were read."""

    read_unknown: set[str] = field(default_factory=set)

    def of(self, key: FactKey[Any]) -> Fact[Any]:
        """Return the fact, and remember the key when it is unknown."""
        fact = super().of(key)
        if isinstance(fact, Unknown):
            self.read_unknown.add(key.name)
        return fact


def judge(rule: Rule, facts: Facts) -> Judgement:
    """Judge a server as of the day of the examples."""
    return rule.judge(facts, AROUND)


@pytest.mark.parametrize("cloud", Cloud)
def test_each_cloud_has_its_rules(cloud: Cloud) -> None:
    """At least ten rules judge a server for each cloud, and each axis is judged."""
    rules = [plugin.value for plugin in RULES.values() if cloud in plugin.value.clouds]
    assert len(rules) >= 10
    assert {rule.axis for rule in rules} >= set(VERDICT_AXES)


@every_rule
def test_a_rule_can_be_defended(plugin: Plugin[Rule]) -> None:
    """Every rule says what, why and how to mend it, and where that is written since when."""
    rule = plugin.value
    assert all((rule.title, rule.why, rule.fix, rule.source, plugin.help, rule.clouds))
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
    assert rule.source_date <= EXAMPLE_DAY


@every_rule
def test_a_rule_shows_what_it_flags_passes_and_cannot_tell(plugin: Plugin[Rule]) -> None:
    """Every rule has an example that it flags, one that it passes and one that it cannot tell."""
    shown = {example.expected for example in plugin.value.examples}
    assert {Flagged, Passed, CannotTell} <= shown
    names = [example.name for example in plugin.value.examples]
    assert len(names) == len(set(names))


@every_example
def test_an_example_holds(plugin: Plugin[Rule], example: RuleExample) -> None:
    """A rule says of each of its examples what the example expects."""
    facts = Facts.from_observations(example.facts)
    assert type(judge(plugin.value, facts)) is example.expected


@every_example
@pytest.mark.parametrize("reason", [None, Reason.NEEDS_PRIVILEGE])
def test_what_is_unknown_is_never_passed(
    plugin: Plugin[Rule], example: RuleExample, reason: Reason | None
) -> None:
    """Take any one fact away from an example: no rule passes on a fact that it read and lacked."""
    for lost in example.facts:
        left = [each for each in example.facts if each is not lost]
        if reason:
            left.append(lost.key.unknown(reason))
        facts = Watched(Facts.from_observations(left).observations)
        excused = {key for name, key in SETTLED_OTHERWISE if name == plugin.name}
        if isinstance(judge(plugin.value, facts), Passed | NotApplicable):
            assert facts.read_unknown <= excused, lost.key.name


@every_rule
def test_of_a_server_without_facts_nothing_can_be_told(plugin: Plugin[Rule]) -> None:
    """A server that never answered is neither passed nor spared nor flagged by any rule."""
    assert type(judge(plugin.value, Facts())) is CannotTell


@every_example
def test_cannot_tell_names_what_is_missing(plugin: Plugin[Rule], example: RuleExample) -> None:
    """A rule that cannot tell names unknown facts, or says what stands in the way."""
    facts = Facts.from_observations(example.facts)
    judgement = judge(plugin.value, facts)
    if isinstance(judgement, CannotTell):
        assert judgement.missing
        unknown = all(isinstance(facts.of(key), Unknown) for key in judgement.missing)
        assert unknown or judgement.because


@pytest.mark.parametrize("name", ["database-support", "runtime-support", "web-server-support"])
def test_recognised_software_is_in_the_lifecycle_catalogue(name: str) -> None:
    """Every product that packages are recognised as has a known lifecycle."""
    module = import_module(f"migrate.rules.{name.replace('-', '_')}")
    assert {product for product in module.PRODUCTS.values() if product not in _products()} == set()

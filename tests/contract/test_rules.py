"""Promises that every rule keeps, whoever wrote it."""

from __future__ import annotations

from importlib import import_module

import pytest

from inventory.registry import Plugin, Registry
from migrate.catalogue.lifecycle import _products
from migrate.catalogue.surroundings import example_surroundings
from migrate.judging.proving import prove
from migrate.model.rule import Rule
from migrate.model.verdict import VERDICT_AXES, Cloud

RULES = Registry(package="migrate.rules", attribute="RULE", kind=Rule).all()
AROUND = example_surroundings()
SETTLED_OTHERWISE = {
    # What is passed through to it a guest sees itself.
    ("passed-usb", "placement.passed_usb"),
    # The hypervisor's tools see the same filesystems as the guest.
    ("vmware-free-space", "placement.guest_volumes"),
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
    ("azure-temporary-drive", "storage.filesystems"),
    ("azure-remote-desktop", "network.listeners"),
    ("aws-import-windows-space", "storage.filesystems"),
}
every_rule = pytest.mark.parametrize("plugin", RULES.values(), ids=RULES)


@pytest.mark.parametrize("cloud", Cloud)
def test_each_cloud_has_its_rules(cloud: Cloud) -> None:
    """At least ten rules judge a server for each cloud, and each axis is judged."""
    rules = [plugin.value for plugin in RULES.values() if cloud in plugin.value.clouds]
    assert len(rules) >= 10
    assert {rule.axis for rule in rules} >= set(VERDICT_AXES)


@every_rule
def test_a_rule_keeps_what_every_rule_must(plugin: Plugin[Rule]) -> None:
    """It can be defended, its examples hold, and nothing unknown is ever passed.

    No fact can be taken from an example so that the rule passes on what it read and lacked; of a
    server without facts it cannot tell; what it misses it names.
    """
    excused = {key for name, key in SETTLED_OTHERWISE if name == plugin.name}
    assert prove(plugin, AROUND, excused=excused) == ()
    assert plugin.help


@pytest.mark.parametrize("name", ["database-support", "runtime-support", "web-server-support"])
def test_recognised_software_is_in_the_lifecycle_catalogue(name: str) -> None:
    """Every product that packages are recognised as has a known lifecycle."""
    module = import_module(f"migrate.rules.{name.replace('-', '_')}")
    assert {product for product in module.PRODUCTS.values() if product not in _products()} == set()

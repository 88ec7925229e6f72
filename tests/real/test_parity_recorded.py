"""Parity over what real servers once answered, kept whole under ``tests/fixtures/answers``."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Final

import pytest
from estate.recorded import AS_ROOT, RECORDINGS, Recording
from sights import sight

from inventory.registry import Registry
from migrate.checks._ports import reachable, served
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome

CHECKS: Final = {
    name: each.value
    for name, each in Registry(package="migrate.checks", attribute="CHECK", kind=Check)
    .all()
    .items()
    if name.endswith("-parity")
}
BY_NAME: Final = {each.name: each for each in RECORDINGS}
UNTOLD: Final = {
    ("busybox-1.35", "clock-parity"): "no file names the zone",
    ("busybox-1.35", "packages-parity"): "no package manager answered",
    ("busybox-1.35", "services-parity"): "no service manager answered",
    ("busybox-1.35-as-user", "clock-parity"): "no file names the zone",
    ("busybox-1.35-as-user", "packages-parity"): "no package manager answered",
    ("busybox-1.35-as-user", "services-parity"): "no service manager answered",
    ("debian-sid-without-tools", "services-parity"): "no service manager answered",
}
"""What the server itself could not tell, so that not even it is known to be like itself."""


def run(name: str, old: Recording, new: Recording) -> CheckResult:
    """Compare two recorded servers."""
    look = replace(sight(old=old.facts, new=new.facts), use_id="parity")
    return CHECKS[name].run(look, {})


@pytest.mark.parametrize("name", sorted(CHECKS))
@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda each: each.name)
def test_a_server_is_like_itself_or_says_what_it_could_not_tell(
    name: str, recording: Recording
) -> None:
    """The same answer twice passes every check, but for what it did not tell."""
    result = run(name, recording, recording)
    untold = UNTOLD.get((recording.name, name))
    assert result.outcome is (Outcome.UNKNOWN if untold else Outcome.PASSED), result.detail
    assert untold is None or untold in result.detail
    assert not result.observed.get("differences")


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_no_two_servers_break_a_check(name: str) -> None:
    """Every pair of them comes to a result that can be kept as JSON, whatever they lack."""
    for old, new in product(RECORDINGS, RECORDINGS):
        result = run(name, old, new)
        json.dumps(dict(result.observed))
        assert result.detail
        for each in result.observed.get("differences", ()):
            assert not any(one.isspace() or one == "*" for one in each["key"]), each


def test_two_servers_that_offer_other_ports_never_pass() -> None:
    """Whichever two of them: listeners pass exactly when both offer the same to others."""
    for old, new in product(AS_ROOT, AS_ROOT):
        ports = [
            {served(each) for each in reachable(one.facts["network.listeners"].fact.value)}  # type: ignore[union-attr]
            for one in (old, new)
        ]
        passed = run("listeners-parity", old, new).outcome is Outcome.PASSED
        assert passed is (ports[0] == ports[1]), (old.name, new.name)


@pytest.mark.parametrize("name", ["packages-parity", "accounts-parity", "kernel-parity"])
def test_who_asked_makes_no_difference(name: str) -> None:
    """A server that was asked without privileges is like itself asked as root."""
    result = run(name, BY_NAME["debian-12-web"], BY_NAME["debian-12-web-as-user"])
    assert result.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("name", "old", "new", "key", "ruling"),
    [
        ("services-parity", "debian-11-sysvinit", "debian-13-application",
         "missing:parking", "to be explained"),
        ("services-parity", "debian-11-postgresql", "debian-13-postfix",
         "missing:postgresql@main", "to be explained"),
        ("packages-parity", "debian-11-postgresql", "debian-13-postfix",
         "newer:adduser:3.118+deb11u1:3.152", "told"),
        ("packages-parity", "debian-12-samba-sysvinit", "debian-12-rpm",
         "repackaged:adduser:3.134:3.134-1", "told"),
        ("shares-parity", "debian-12-samba-sysvinit", "debian-12-rpm",
         "missing:smb:archive", "to be explained"),
        ("shares-parity", "debian-12-rpm", "debian-12-samba-sysvinit",
         "new:smb:papers", "to be explained"),
        ("accounts-parity", "debian-11-postgresql", "debian-13-postfix",
         "member-lost:ssl-cert:postgres", "to be explained"),
        ("certificates-parity", "debian-11-postgresql", "debian-13-postfix",
         "missing:ex", "to be explained"),
        ("names-parity", "debian-12-web", "debian-13-application",
         "hostname:web-1:app-1", "to be explained"),
    ],
)  # fmt: skip
def test_what_differs_between_releases_is_named(
    name: str, old: str, new: str, key: str, ruling: str
) -> None:
    """Differences between real releases come under the keys that people explain them by."""
    result = run(name, BY_NAME[old], BY_NAME[new])
    found = {each["key"]: each["ruling"] for each in result.observed["differences"]}
    assert found.get(key) == ruling, sorted(found)

"""What real systems said is read for what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.applications.recognise import recognise
from inventory.model import facts
from inventory.model.collector import Answer, Collector
from inventory.model.fact import Facts, Known
from inventory.registry import Registry

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = sorted(FIXTURES.glob("*/*.txt"))
COLLECTORS = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)


def told_by(system: str) -> Facts:
    """Read everything that one system said."""
    observations = []
    for file in sorted((FIXTURES / system).glob("*.txt")):
        collector = COLLECTORS.one(file.stem).value
        answer = Answer(text=file.read_text(), exit_status=0)
        observations.extend(collector.read(answer))
    return Facts.from_observations(observations)


@pytest.mark.parametrize("file", FILES, ids=[f"{each.parent.name}/{each.stem}" for each in FILES])
def test_every_capture_tells_something(file: Path) -> None:
    """No capture of a system that answered is read as knowing nothing."""
    read = COLLECTORS.one(file.stem).value.read(Answer(text=file.read_text(), exit_status=0))
    assert any(isinstance(each.fact, Known) for each in read)


@pytest.mark.parametrize("system", ["debian-12", "busybox-1.35"])
def test_both_ways_of_asking_tell_the_same(system: str) -> None:
    """The same server gives the same listeners and processes, whatever tools it has."""
    told = told_by(system)
    listeners = told.value(facts.LISTENERS) or ()
    processes = told.value(facts.PROCESSES) or ()
    assert [(each.address, each.port) for each in listeners] == [
        ("0.0.0.0", 22),
        ("::", 22),
        ("0.0.0.0", 80),
        ("0.0.0.0", 6379),
        ("0.0.0.0", 8000),
    ]
    named = {each.name: each for each in processes}
    assert {"nginx", "redis-server", "sshd", "python3"} <= set(named)
    assert named["python3"].command_line == "/usr/bin/python3 /srv/shop/shop.py --password ***"
    assert not {"grep", "sed", "tr"} & set(named)


def test_the_packages_of_a_whole_system_are_read() -> None:
    """Hundreds of packages are read, each with its version."""
    packages = told_by("debian-12").value(facts.PACKAGES) or ()
    versions = {each.name: each.version for each in packages}
    assert len(packages) > 300
    assert versions["nginx"] == "1.22.1-9+deb12u11"
    assert versions["base-files"].startswith("12.4+deb12")


def test_applications_are_recognised_from_what_a_real_server_said() -> None:
    """Facts of a real server become its applications, each with its port."""
    found = recognise(told_by("debian-12"), Matcher(load_fingerprints()))
    running = {each.id: each.ports for each in found if each.ports}
    assert running == {
        "nginx": ("80/tcp",),
        "python": ("8000/tcp",),
        "redis": ("6379/tcp",),
        "sshd": ("22/tcp",),
    }

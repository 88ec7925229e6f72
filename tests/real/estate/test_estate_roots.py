"""Roots of servers are built once, whole or not at all, and are what they say they are."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from estate import needs
from estate.definition import definition
from estate.roots import NoRootError, cache, digest, root, root_of

PLANS = definition().roots


@pytest.fixture
def rpm() -> Path:
    """Return the root of rpm packages."""
    try:
        return root("rpm")
    except NoRootError as error:
        pytest.skip(f"roots of servers: {error}")


def inside(folder: Path, *command: str) -> str:
    """Run a command with a root as its whole world; return what it prints."""
    said = subprocess.run(
        ("chroot", str(folder), *command), capture_output=True, text=True, check=True, timeout=60
    )
    return said.stdout


def test_a_root_is_known_by_what_it_is_made_of() -> None:
    """Another package, release or finish makes another root; the same makes the same."""
    plan = PLANS["web"]
    others = (
        replace(plan, packages=(*plan.packages, "apache2")),
        replace(plan, suite="trixie"),
        replace(plan, variant="apt"),
        replace(plan, finish="rpm.sh"),
    )

    assert digest(replace(plan)) == digest(plan)
    assert len({digest(each) for each in (plan, *others)}) == 5


def test_every_server_and_every_finish_is_there() -> None:
    """No server names a root that is not planned, and no root a script that is not there."""
    assert {each.root for each in definition().servers} <= PLANS.keys()
    assert all(each.finish is None or digest(each) for each in PLANS.values())


class TestBuilt:
    """What needs a root."""

    pytestmark = needs.roots

    def test_a_root_is_built_once(self, rpm: Path) -> None:
        """Asked again, the same folder is there, as it was."""
        before = rpm.stat().st_mtime_ns

        assert root("rpm") == rpm
        assert rpm.stat().st_mtime_ns == before

    def test_half_a_root_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A build that fails says why, and leaves nothing that could be taken for a root."""
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        plan = replace(PLANS["busybox"], packages=("no-such-package",))

        with pytest.raises((RuntimeError, NoRootError), match=r"no-such-package|cannot be reached"):
            root_of(plan)
        assert [each for each in cache().iterdir() if each.is_dir()] == []

    def test_the_root_of_rpm_packages_is_one(self, rpm: Path) -> None:
        """Its programs belong to rpm packages that verify, and it does not call itself Debian."""
        owner = inside(rpm, "rpm", "-qf", "/usr/bin/memcached")
        changed = inside(rpm, "rpm", "-V", "memcached", "openssh-server", "coreutils")
        names = (rpm / "etc/os-release").read_text(encoding="utf-8")

        assert owner.startswith("memcached-1.6.")
        assert changed == ""
        assert not (rpm / "var/lib/dpkg").exists()
        assert "ID=decant-rpm\n" in names

"""What is installed is whole: no template, table or schema stays behind in the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("inventory", "migrate", "playbooks")
BUILD = "from setuptools import build_meta; print(build_meta.build_wheel('.'))"


def test_a_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    """Whatever lies in the packages' folders is in the wheel that is built from them."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout)
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(ROOT / name, checkout / name, ignore=ignored)
    files = {
        str(path.relative_to(checkout))
        for name in PACKAGES
        for path in (checkout / name).rglob("*")
        if path.is_file()
    }
    built = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD],
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    wheel = checkout / built.stdout.splitlines()[-1]
    assert files - set(zipfile.ZipFile(wheel).namelist()) == set()

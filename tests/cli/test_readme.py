"""The README is true: what it says to type works, in the order in which it says it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from inventory.errors import FINDINGS, FINE, PARTLY_UNKNOWN
from inventory.estate_file import read_estate

README = Path(__file__).parents[2] / "README.md"
DECANT = [sys.executable, "-m", "migrate"]


def test_the_readmes_session_works(tmp_path: Path) -> None:
    """Each command of the session ends well, in an estate that it makes itself."""
    block = re.search(r"```console\n(\$ decant init.*?)```", README.read_text(), re.DOTALL)
    assert block
    commands = [line[2:] for line in block[1].splitlines() if line.startswith("$ ")]
    assert len(commands) > 5
    here = tmp_path
    for command in commands:
        words = shlex.split(command)
        if words[0] == "cd":
            here = here / words[1]
            continue
        done = _type(words[1:], here)
        ends_well = {FINE, FINDINGS, PARTLY_UNKNOWN} if words[1] == "validate" else {FINE}
        assert done.returncode in ends_well, f"{command}\n{done.stdout}\n{done.stderr}"
    assert (tmp_path / "civic-hub" / "readiness.html").stat().st_size > 10_000
    assert "<testsuites" in (tmp_path / "civic-hub" / "validate.xml").read_text()


def test_the_readmes_configuration_is_accepted(tmp_path: Path) -> None:
    """What it shows of decant.toml can be read as it stands."""
    block = re.search(r"```toml\n(.*?)```", README.read_text(), re.DOTALL)
    assert block
    (tmp_path / "decant.toml").write_text(f'[estate]\nname = "made"\n\n{block[1]}')
    estate = read_estate(tmp_path, {})
    assert [each.name for each in estate.partners] == ["SBC", "EHDC"]
    assert estate.moves[0].resource == "i-0123456789abcdef0"


def test_every_link_of_the_readme_leads_somewhere() -> None:
    """No page that it points to is missing."""
    for link in re.findall(r"\]\(([^)#]+)\)", README.read_text()):
        if not link.startswith("http"):
            assert (README.parent / link).exists(), link


def _type(words: list[str], here: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(README.parent), "HOME": str(here)}
    return subprocess.run(
        [*DECANT, *words],
        cwd=here,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

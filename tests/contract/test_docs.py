"""The reference is what the code says today, and its pages lead where they say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))
KINDS = {
    "collectors": "inventory/collectors",
    "rules": "migrate/rules",
    "checks": "migrate/checks",
    "actions": "migrate/actions",
    "reports": "migrate/reports",
}


def generate(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the generator of one checkout, from elsewhere."""
    command = (sys.executable, str(root / "docs" / "generate.py"), *arguments)
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, cwd="/", check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Make a checkout whose docs may be changed: its code is this one's."""
    for package in ("inventory", "migrate", "playbooks"):
        (tmp_path / package).symlink_to(ROOT / package)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    return tmp_path


def anchors(text: str) -> set[str]:
    """Return the anchors that a Markdown page's headings make."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def test_the_reference_is_fresh() -> None:
    """The generator finds nothing to write."""
    found = generate(ROOT, "--check")
    assert (found.returncode, found.stderr) == (0, "")


def test_a_stale_page_is_named(copy: Path) -> None:
    """The check ends with 1, names the page and says what to run; running it mends the page."""
    page = copy / "docs" / "reference" / "rules.md"
    before = page.read_text(encoding="utf-8")
    page.write_text(before + "\nstale\n", encoding="utf-8")
    (copy / "docs" / "reference" / "checks.md").unlink()
    found = generate(copy, "--check")
    assert found.returncode == 1
    assert found.stderr.splitlines() == [
        "stale: docs/reference/rules.md",
        "stale: docs/reference/checks.md",
        "hint: run make docs, and commit what it writes",
    ]
    assert generate(copy).returncode == 0
    assert page.read_text(encoding="utf-8") == before
    # So the check would find nothing: that it finds nothing in these pages is tested above.
    assert {each.name: each.read_bytes() for each in page.parent.iterdir()} == {
        each.name: each.read_bytes() for each in REFERENCE.iterdir()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_plugin_has_its_heading(kind: str) -> None:
    """Whoever adds a file finds it in the reference."""
    headings = anchors((REFERENCE / f"{kind}.md").read_text(encoding="utf-8"))
    files = (ROOT / KINDS[kind]).glob("[a-z]*.py")
    assert {path.stem.replace("_", "-") for path in files} <= headings


def test_every_command_has_its_help() -> None:
    """Each command's file is a heading of the commands' page."""
    headings = anchors((REFERENCE / "commands.md").read_text(encoding="utf-8"))
    files = [*(ROOT / "inventory/cli").glob("[a-z]*.py"), *(ROOT / "migrate/cli").glob("[a-z]*.py")]
    assert {f"decant-{path.stem.replace('_', '-')}" for path in files} <= headings


def test_every_environment_variable_is_told() -> None:
    """Whatever the code reads of the environment as its own is on the configuration's page."""
    sources = [*(ROOT / "inventory").rglob("*.py"), *(ROOT / "migrate").rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    read = set(re.findall(r"""["'](DECANT_[A-Z_]+)["']""", code))
    told = set(re.findall(r"`(DECANT_[A-Z_]+)`", (REFERENCE / "configuration.md").read_text()))
    assert read == told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Each relative link names a file that is there, and a heading that it has."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        linked = (page.parent / name) if name else page
        assert linked.exists(), target
        if fragment:
            assert fragment in anchors(linked.read_text(encoding="utf-8")), target

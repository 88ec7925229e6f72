"""The worked example of docs/playbooks.md is a playbook that holds, and is read as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inventory.estate_file import read_estate
from migrate.linting import lint
from migrate.model.playbook import Playbook
from migrate.playbooks import Shelf, parameters_fault
from migrate.references import is_reference
from migrate.workbench import ACTIONS, CHECKS

PAGE = Path(__file__).parents[2] / "docs" / "playbooks.md"


@pytest.fixture
def example(tmp_path: Path) -> Playbook:
    """Return the playbook that the page shows, from the folder where it tells to put it."""
    found = re.search(r"`playbooks/(\w+)\.yaml`:\n\n```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found
    (tmp_path / f"{found[1]}.yaml").write_text(found[2])
    shelf = Shelf(checks=CHECKS.all(), actions=ACTIONS.all(), own=tmp_path)
    return shelf.read(found[1])


def test_nothing_is_wrong_or_odd_in_the_example(example: Playbook) -> None:
    """Whoever copies it and has a service owner begins without a remark."""
    assert lint(example, owners=("SBC", "EHDC"), roles={"service owner"}) == ()


def test_the_example_gives_checks_what_they_take(example: Playbook) -> None:
    """Each parameter that is written out is one that its check has."""
    checks = CHECKS.all()
    for stage in example.stages:
        for use in stage.checks:
            schema = checks[use.check].value.parameters
            given = {k: v for k, v in use.parameters.items() if not is_reference(v)}
            assert parameters_fault(schema, given) is None, use.id


def test_every_playbook_that_the_page_names_is_shipped() -> None:
    """Its commands can be typed as they stand."""
    shelf = Shelf(checks=CHECKS.all(), actions=ACTIONS.all())
    named = set(re.findall(r"decant playbook (?:show|graph) ([\w-]+)", PAGE.read_text()))
    assert named - {"catalogue"} <= set(shelf.names())
    assert "rebuild" in named


def test_links_of_the_how_to_pages_lead_somewhere() -> None:
    """No page that they point to is missing."""
    for page in (PAGE, PAGE.with_name("leaving.md")):
        for link in re.findall(r"\]\(([^)#]+)", page.read_text()):
            if not link.startswith("http"):
                assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_how_to_of_leaving_can_be_followed(tmp_path: Path) -> None:
    """Its decant.toml is read as it stands, and the stages it names are those of its playbook."""
    page = PAGE.with_name("leaving.md").read_text()
    settings = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert settings
    (tmp_path / "decant.toml").write_text(f'[estate]\nname = "made"\n\n{settings[1]}')
    move = read_estate(tmp_path, {}).moves[0]
    assert move.playbook
    playbook = Shelf(checks=CHECKS.all(), actions=ACTIONS.all()).read(move.playbook)
    typed = re.findall(r"decant test web-1 --stage ([\w-]+)", page)
    assert typed == [each.name for each in playbook.stages if each.checks]

"""A collector, a rule, a check, an importer and a report are each added by adding one file.

The files are those that docs/architecture.md shows, so that the page is proved with them.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sights import sight

from inventory.discovery.run import ask_all
from inventory.errors import PluginError
from inventory.intake.opened import opened
from inventory.model.asking import Access, Limits
from inventory.model.collector import Collector
from inventory.model.fact import Facts, Known
from inventory.model.imported import ServerRecord
from inventory.model.importer import Importer
from inventory.model.server import Server
from inventory.model.target import Target
from inventory.registry import Registry
from migrate.model.check import Check
from migrate.model.evidence import Outcome
from migrate.model.plan import Destination
from migrate.model.report import Material, Report
from migrate.model.rule import Rule, Surroundings
from migrate.model.verdict import Cloud

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
COLLECTOR, RULE, CHECK, IMPORTER, REPORT = re.findall(
    r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL
)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def write(folder: Path, name: str, text: str) -> Path:
    """Write one plug-in file into a folder of its own, and return the folder."""
    folder.mkdir()
    (folder / f"{name}.py").write_text(text)
    return folder


def test_one_file_adds_an_importer(tmp_path: Path) -> None:
    """Its format is recognised among all others, and what it holds is told."""
    registry = Registry(package="inventory.importers", attribute="IMPORTER", kind=Importer)
    plugins = registry.all(write(tmp_path / "importers", "pairs", IMPORTER))
    assert set(plugins) - set(registry.all()) == {"pairs"}
    (example,) = plugins["pairs"].value.examples
    for name, content in example.files:
        (tmp_path / name).write_bytes(content)
    export = opened([tmp_path / name for name, _ in example.files], plugins)
    assert export.importer.name == "pairs"
    told = [each.name for each in export.items() if isinstance(each, ServerRecord)]
    assert tuple(told) == example.servers


def test_one_file_adds_a_collector(tmp_path: Path) -> None:
    """Its question is asked with all others in the one round trip, and its fact comes back."""
    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    shipped = registry.all()
    plugins = registry.all(write(tmp_path / "collectors", "uptime", COLLECTOR))
    assert set(plugins) - set(shipped) == {"uptime"}
    added = plugins["uptime"]
    assert added.help == "How long the server has been up"
    for example in added.value.examples:
        read = added.value.read(example.answer)
        assert tuple(read) == example.expected
    (visit,) = ask_all(
        [Target.parse("local")],
        collectors=plugins,
        access=Access(),
        limits=Limits(),
        run_id="made",
    )
    facts = Facts.from_observations(visit.observations)
    uptime = facts["boot.uptime_seconds"]
    assert isinstance(uptime.fact, Known)
    assert uptime.fact.value > 0
    assert uptime.origin is not None
    assert uptime.origin.question == "uptime"


def test_one_file_adds_a_rule(tmp_path: Path) -> None:
    """It is found beside ours, and its own examples hold."""
    registry = Registry(package="migrate.rules", attribute="RULE", kind=Rule)
    shipped = registry.all()
    plugins = registry.all(write(tmp_path / "rules", "at_least_one_processor", RULE))
    assert set(plugins) - set(shipped) == {"at-least-one-processor"}
    rule = plugins["at-least-one-processor"].value
    around = Surroundings(
        today=date(2026, 11, 23),
        lifecycle=lambda _product, _cycle: None,
        extended=lambda _product, _cycle: None,
        os_listed=lambda _list, _product, _release: None,
    )
    for example in rule.examples:
        judged = rule.judge(Facts.from_observations(example.facts), around)
        assert type(judged) is example.expected
    assert Cloud.AWS in rule.clouds


def test_one_file_adds_a_check(tmp_path: Path) -> None:
    """It is found beside ours, and does not pass what it cannot see."""
    registry = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
    shipped = registry.all()
    plugins = registry.all(write(tmp_path / "checks", "same_release", CHECK))
    assert set(plugins) - set(shipped) == {"same-release"}
    unseen = sight(to=Destination.AWS, new=None, new_address=None)
    assert plugins["same-release"].value.run(unseen, {}).outcome is Outcome.UNKNOWN


def test_one_file_adds_a_report(tmp_path: Path) -> None:
    """It is found beside ours, and renders the material it is given."""
    registry = Registry(package="migrate.reports", attribute="REPORT", kind=Report)
    shipped = registry.all()
    plugins = registry.all(write(tmp_path / "reports", "names", REPORT))
    assert set(plugins) - set(shipped) == {"names"}
    server = Server(id="s", name="web-1", target="ssh://web-1", first_seen=NOW, last_asked=NOW)
    material = Material(
        estate="made",
        at=NOW,
        servers=(server,),
        verdicts=(),
        applications={},
        dependencies=(),
        plan=None,
    )
    assert plugins["names"].value.formats["txt"](material) == "web-1\n"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("broken", '"""Broken."""\nimport no_such_module\n', "no_such_module"),
        ("syntax", '"""Broken."""\ndef (\n', "SyntaxError"),
        ("valueless", '"""It defines nothing."""\n', "must define RULE as a Rule"),
        ("mistyped", '"""Wrong kind."""\nRULE = "a rule"\n', "must define RULE as a Rule"),
        ("silent", RULE.split('"""', 2)[2], "needs a docstring"),
        ("azure_cores", RULE, "is taken by"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_run_and_is_named(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    """Nothing is ever judged with a part silently missing."""
    registry = Registry(package="migrate.rules", attribute="RULE", kind=Rule)
    folder = write(tmp_path / "rules", name, text)
    with pytest.raises(PluginError) as refused:
        registry.all(folder)
    assert says in refused.value.message
    assert f"{name}.py" in str(refused.value)


def test_an_empty_folder_is_no_registry(tmp_path: Path) -> None:
    """A folder of rules without a rule is a mistake, not a clean bill."""
    registry = Registry(package="migrate.rules", attribute="RULE", kind=Rule)
    (tmp_path / "rules").mkdir()
    with pytest.raises(PluginError, match="holds no plug-in"):
        registry.all(tmp_path / "rules")
    assert registry.all(tmp_path / "not-there") == registry.all()

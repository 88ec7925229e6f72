"""A rule that does not keep what every rule must is found out, and the command says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inventory.errors import PluginError
from inventory.model.fact import Facts, Known
from inventory.model.facts import HOSTNAME, VIRTUALISATION
from inventory.registry import Plugin
from inventory.session import Session
from migrate.catalogue.surroundings import example_surroundings
from migrate.cli.rules import COMMAND
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.proving import prove
from migrate.judging.reading import about
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

AROUND = example_surroundings()
GOOD = Rule(
    title="A name that is not ours",
    why="Our names begin with sbc.",
    fix="Rename it.",
    source="naming standard 3",
    source_date=date(2026, 1, 1),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=about(HOSTNAME, lambda n: Passed() if n.startswith("sbc") else Flagged(observed=n)),
    examples=(
        flags("other", HOSTNAME.known("web-1")),
        passes("ours", HOSTNAME.known("sbc-web-1")),
        cannot_tell("not told", untold(HOSTNAME)),
    ),
)
FILE = '''"""Ours is named as we name servers."""

from datetime import date

from inventory.model.facts import HOSTNAME
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="A name that is not ours",
    why="Our names begin with sbc.",
    fix="Rename it.",
    source="naming standard 3",
    source_date=date(2026, 1, 1),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=about(HOSTNAME, lambda n: Passed() if n.startswith("sbc") else Flagged(observed=n)),
    examples=(
        flags("other", HOSTNAME.known("web-1")),
        passes("ours", HOSTNAME.known("old-1")),
        cannot_tell("not told", untold(HOSTNAME)),
    ),
)
'''


def broken(**changed: Any) -> set[str]:
    """Return the promises that the good rule breaks once it is changed."""
    rule = replace(GOOD, **changed)
    plugin = Plugin(name="ours", help="Ours", value=rule, path=Path("ours.py"))
    return {each.promise for each in prove(plugin, AROUND)}


def breaks(*_: object) -> Passed:
    """Break, whatever is judged."""
    raise ValueError("no such luck")


def test_a_good_rule_is_proved() -> None:
    """Nothing is said against a rule that keeps everything."""
    assert broken() == set()


@pytest.mark.parametrize(
    ("changed", "promise"),
    [
        ({"fix": ""}, "it can be defended"),
        ({"why": "Because"}, "it can be defended"),
        ({"source_date": date(2030, 1, 1)}, "it can be defended"),
        ({"examples": GOOD.examples[:2]}, "it shows what it flags, passes and cannot tell"),
        (
            {"examples": (*GOOD.examples, GOOD.examples[0])},
            "it shows what it flags, passes and cannot tell",
        ),
        ({"judge": lambda *_: Flagged(observed="all")}, "its examples hold"),
        ({"judge": breaks}, "its examples hold"),
        (
            {"judge": lambda facts, _: Passed() if facts.of(HOSTNAME) else CannotTell(missing=())},
            "what is unknown is never passed",
        ),
        ({"judge": lambda *_: Passed()}, "it tells nothing of a server unknown"),
        ({"judge": lambda *_: CannotTell(missing=())}, "what it misses is named"),
    ],
)
def test_each_promise_that_is_broken_is_named(changed: dict[str, Any], promise: str) -> None:
    """Whatever a rule does not keep is said to be that."""
    assert promise in broken(**changed)


def either(facts: Facts, _: Surroundings) -> Judgement:
    """Pass what is virtual, or has a name of ours, whichever is known."""
    virtual, name = facts.of(VIRTUALISATION), facts.of(HOSTNAME)
    if isinstance(virtual, Known):
        return Passed()
    if isinstance(name, Known):
        return Passed() if name.value.startswith("sbc") else Flagged(observed=name.value)
    return CannotTell(missing=(VIRTUALISATION, HOSTNAME))


def both(facts: Facts, around: Surroundings) -> Judgement:
    """Read the name, too, before it passes what is virtual."""
    facts.of(HOSTNAME)
    return either(facts, around)


def test_one_fact_may_settle_for_another_where_the_rule_says_and_shows_so() -> None:
    """Without its word it passed on what it lacked; without an example its word is not enough."""
    virtual = passes("virtual", VIRTUALISATION.known("vmware"))
    named = passes("both", VIRTUALISATION.known("vmware"), HOSTNAME.known("web-1"))
    flagged = flags("other", HOSTNAME.known("web-1"), untold(VIRTUALISATION))
    unknown = cannot_tell("not told", untold(HOSTNAME))
    shown = (flagged, virtual, named, unknown)
    keys = (HOSTNAME, VIRTUALISATION)
    assert "what is unknown is never passed" in broken(judge=both, examples=shown)
    ours = passes("ours", HOSTNAME.known("sbc-1"))
    assert broken(judge=both, examples=(*shown, ours), settled_otherwise=keys) == set()
    assert broken(
        judge=both, examples=(flagged, named, unknown), settled_otherwise=(HOSTNAME,)
    ) == {"it shows what it flags, passes and cannot tell"}


def typed(folder: Path, *arguments: str) -> Result:
    """Type ``decant rules`` in an estate."""
    (folder / "decant.toml").write_text('[estate]\nname = "Test"\n')
    session = Session(estate_folder=folder)
    return CliRunner().invoke(COMMAND, list(arguments), obj=session, catch_exceptions=False)


def test_the_command_names_what_fails(tmp_path: Path) -> None:
    """A rule whose example does not hold is exit code 1; mended, it is 0."""
    (tmp_path / "rules").mkdir()
    file = tmp_path / "rules" / "our_names.py"
    file.write_text(FILE)
    done = typed(tmp_path, "test")
    assert done.exit_code == 1
    assert done.stdout == (
        "our-names: its examples hold: ours: expected Passed, it says Flagged (old-1)\n"
    )
    assert "1 rule tested, 1 failed" in done.stderr
    file.write_text(FILE.replace("old-1", "sbc-1"))
    assert typed(tmp_path, "test", str(tmp_path / "rules")).exit_code == 0


def test_a_file_that_is_no_rule_is_bad_input(tmp_path: Path) -> None:
    """Nothing is called tested when a file was passed over; the exit code is 5."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "broken.py").write_text('"""Broken."""\nRULE = 1\n')
    with pytest.raises(PluginError, match=r"broken\.py") as caught:
        typed(tmp_path, "test")
    assert caught.value.exit_code == 5


def test_rules_are_listed_and_shown_with_the_estates_own(tmp_path: Path) -> None:
    """One's own stands among ours; shown, it has its why, fix, source and examples."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "our_names.py").write_text(FILE)
    listed = typed(tmp_path, "list").stdout
    assert "our-names" in listed
    assert "azure-memory" in listed
    shown = typed(tmp_path, "show", "our-names").stdout
    for words in ("Our names begin with sbc.", "Rename it.", "naming standard 3, 2026-01-01"):
        assert words in shown
    assert "example: other: Flagged" in shown

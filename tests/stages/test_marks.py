"""Promises of marks: read from the estate's file and tags, and unknown until somebody marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.errors import BadInputError
from inventory.estate_file import read_estate
from inventory.model.fact import Facts, Known, Observation, Reason, Unknown
from inventory.model.mark import Mark, MarkSettings
from inventory.model.placement import ENVIRONMENT, NAMED_APPLICATIONS, TAGS, Tag
from migrate.catalogue.surroundings import EXAMPLE_DAY, surroundings
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import recognised
from migrate.judging.marks import MARKS, Marking
from migrate.judging.regions import UK_REGIONS, stays_in_the_uk
from migrate.model.rule import CannotTell, Passed
from migrate.model.verdict import Cloud

PAY = MarkSettings(marks=(Mark.PCI, Mark.OFFICIAL_SENSITIVE), servers=("pay-*",))
CIVICA = MarkSettings(marks=(Mark.PERSONAL,), applications=("civica*",))
NOTHING_RUNS = APPLICATIONS.known(())


def marks(name: str, *facts: Observation, settings: tuple[MarkSettings, ...] = ()) -> object:
    """Return the marks of a server of this name, or why they are unknown."""
    told = Marking(settings=settings).observation(name, Facts.from_observations(facts)).fact
    return told.value if isinstance(told, Known) else told


def test_the_file_marks_by_the_names_of_servers() -> None:
    """A pattern fits whatever the case; marks come in one order, however they were written."""
    assert marks("PAY-1", settings=(PAY,)) == (Mark.OFFICIAL_SENSITIVE, Mark.PCI)


def test_once_the_estate_marks_a_server_that_nothing_fits_has_none() -> None:
    """It is known to be unmarked, where without any table nothing would be known."""
    assert marks("web-1", settings=(PAY,)) == ()
    unknown = marks("web-1")
    assert isinstance(unknown, Unknown)
    assert "neither decant.toml nor a tag marks it" in unknown.detail


@pytest.mark.parametrize(
    "facts",
    [
        (APPLICATIONS.known((recognised("civica-icon", "lob-payments"),)),),
        (NOTHING_RUNS, NAMED_APPLICATIONS.known(("Civica Icon",))),
    ],
)
def test_the_file_marks_by_what_runs(facts: tuple[Observation, ...]) -> None:
    """By what was recognised, and by what an inventory says it serves."""
    assert marks("app-1", *facts, settings=(CIVICA,)) == (Mark.PERSONAL,)


def test_marks_that_hang_on_what_runs_are_unknown_with_it() -> None:
    """A server of which nobody knows what runs on it is not read as unmarked."""
    unknown = marks("app-1", settings=(CIVICA,))
    assert isinstance(unknown, Unknown)
    assert unknown.reason is Reason.NOT_TOLD


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (Tag(name="Classification", value="OFFICIAL - Sensitive"), (Mark.OFFICIAL_SENSITIVE,)),
        (Tag(name="Data", value="personal; PCI_DSS"), (Mark.PCI, Mark.PERSONAL)),
        (Tag(name="PSN", value="yes"), (Mark.PSN,)),
        (Tag(name="special category", value=""), (Mark.SPECIAL_CATEGORY,)),
    ],
)
def test_tags_mark_in_the_words_that_people_use(tag: Tag, expected: tuple[Mark, ...]) -> None:
    """Spaces, hyphens and case do not matter, nor whether name or value says it."""
    assert marks("web-1", TAGS.known((tag,))) == expected


@pytest.mark.parametrize(
    "tag",
    [
        Tag(name="Owner", value="personal"),
        Tag(name="PCI", value="no"),
        Tag(name="Contact", value="official"),
    ],
)
def test_tags_about_something_else_mark_nothing(tag: Tag) -> None:
    """An everyday word marks only in a tag that is about marking."""
    assert isinstance(marks("web-1", TAGS.known((tag,))), Unknown)


def test_an_environment_may_be_a_mark() -> None:
    """Some inventories keep cardholder data in an environment of its own."""
    assert marks("web-1", ENVIRONMENT.known("PCI")) == (Mark.PCI,)
    assert isinstance(marks("web-1", ENVIRONMENT.known("production")), Unknown)


@pytest.mark.parametrize("cloud", Cloud)
def test_in_a_uk_region_nothing_needs_to_be_marked(cloud: Cloud) -> None:
    """The region alone settles it; where it is not known, marked data leaves it open."""
    judge = stays_in_the_uk(cloud)
    for region in UK_REGIONS[cloud]:
        around = surroundings(today=EXAMPLE_DAY, regions={cloud: region})
        assert judge(Facts(), around) == Passed()
    nowhere = surroundings(today=EXAMPLE_DAY)
    official = Facts.from_observations([MARKS.known((Mark.OFFICIAL,))])
    assert isinstance(judge(official, nowhere), CannotTell)


def written(folder: Path, table: str) -> tuple[MarkSettings, ...]:
    """Read the marks of an estate whose file holds this table."""
    (folder / "decant.toml").write_text(f'[estate]\nname = "Hub"\n{table}', encoding="utf-8")
    return read_estate(folder, {}).marks


def test_marks_are_read_from_the_file(tmp_path: Path) -> None:
    """As the template shows them."""
    table = (
        '[[marks]]\nservers = ["pay-*"]\napplications = ["Civica*"]\nmarks = ["pci", "personal"]\n'
    )
    assert written(tmp_path, table) == (
        MarkSettings(
            marks=(Mark.PCI, Mark.PERSONAL), servers=("pay-*",), applications=("Civica*",)
        ),
    )


@pytest.mark.parametrize(
    "table",
    ['[[marks]]\nservers = ["a"]\nmarks = ["secret"]\n', '[[marks]]\nmarks = ["pci"]\n'],
)
def test_a_mark_that_is_none_is_refused(tmp_path: Path, table: str) -> None:
    """Neither a mark that nobody knows, nor one that is given to nothing."""
    with pytest.raises(BadInputError, match=r"decant\.toml|secret|not valid"):
        written(tmp_path, table)

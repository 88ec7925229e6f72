"""Promises of ``decant strategy`` and ``decant suppliers`` over a real store."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner, Result

from inventory.applications.local_government import SYSTEMS_OF_COUNCILS, councils_systems
from inventory.errors import BadInputError, UsageError
from inventory.estate import Estate
from inventory.estate_file import make_estate, read_estate
from inventory.model.fact import Origin
from inventory.model.facts import HOSTNAME, MACHINE_ID, OS_FAMILY, PROCESSES
from inventory.model.parts import Process
from inventory.model.run import Visit
from inventory.session import Session
from inventory.store.opening import open_store
from inventory.store.records import records
from inventory.store.runs import begin_run
from inventory.store.store import Store
from inventory.store.visits import record_visit
from migrate.cli.strategy import COMMAND as STRATEGY
from migrate.cli.suppliers import COMMAND as SUPPLIERS
from migrate.model.strategy import Strategy
from migrate.model.supplier import Offer, Step, SupplierEvent
from migrate.stages.classify import run as classify
from migrate.stages.strategy import register, run
from migrate.strategy.keeping import OVERRIDE, SUPPLIER, add_events, events_of, overrides_of
from migrate.strategy.reading import shipped_path
from migrate.strategy.register_files import read_events

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SYSTEMS = councils_systems(SYSTEMS_OF_COUNCILS)


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    """Make an estate folder."""
    folder = tmp_path / "estate"
    make_estate(folder, "Test")
    return read_estate(folder, {})


@pytest.fixture
def store(estate: Estate) -> Iterator[Store]:
    """Fill a store with a web server and a database server."""
    with open_store(estate.database) as opened:
        begun = begin_run(opened, command="discover", at=NOW)
        for number, (name, process) in enumerate((("web-1", "nginx"), ("db-1", "postgres")), 1):
            target = f"ssh://root@10.0.0.{number}"
            origin = Origin(source=target, question="os", at=NOW, run=begun.id)
            facts = (
                HOSTNAME.known(name),
                MACHINE_ID.known(f"{number}" * 32),
                OS_FAMILY.known("linux"),
                PROCESSES.known((Process(pid=7, name=process, user="x", command_line=process),)),
            )
            told = tuple(replace(each, origin=origin) for each in facts)
            record_visit(opened, begun.id, Visit(target=target, at=NOW, observations=told))
        yield opened


def typed(estate: Estate, command: Command, *arguments: str) -> Result:
    """Type a command in the estate."""
    session = Session(estate_folder=estate.folder)
    done = CliRunner().invoke(command, list(arguments), obj=session, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def rows(done: Result) -> dict[str, dict[str, str]]:
    """Read a listing of applications that was printed as CSV, by the application's name."""
    return {each["application"]: each for each in csv.DictReader(io.StringIO(done.stdout))}


@pytest.mark.usefixtures("store")
def test_each_application_is_listed_with_its_strategy_and_row(estate: Estate) -> None:
    """The table has a line an application; CSV tells reason, source and what to find out."""
    lines = typed(estate, STRATEGY).stdout.splitlines()
    assert lines[0].split() == [
        "application", "servers", "strategy", "to", "row", "confidence", "decided",
    ]  # fmt: skip
    found = rows(typed(estate, STRATEGY, "--format", "csv"))
    database = found["db-1 (PostgreSQL)"]
    assert (database["strategy"], database["row"]) == ("replatform", "managed-database")
    assert database["to"] == "aws or azure"
    assert database["find_out"].startswith("usage: ")
    assert found["web-1 (NGINX)"]["strategy"] == "undecided"
    markdown = typed(estate, STRATEGY, "--format", "markdown").stdout.splitlines()
    assert markdown[1] == "| --- | --- | --- | --- | --- | --- | --- |"
    assert "| db-1 (PostgreSQL) | db-1 | replatform |" in markdown[2]


def test_what_people_decide_survives_later_runs_and_is_undone(store: Store, estate: Estate) -> None:
    """A decision stays when all is classified anew; undone, it stays on record with who and why."""
    because = "renewed until 2029"
    typed(estate, STRATEGY, "set", "web-1", "retain", "--because", because, "--by", "Jane Doe")
    classify(store, estate, at=NOW)
    found = rows(typed(estate, STRATEGY, "--format", "csv"))["web-1 (NGINX)"]
    assert (found["strategy"], found["to"], found["reason"]) == ("retain", "hub", because)
    assert "Jane Doe" in found["decided"]
    key = found["key"]
    typed(estate, STRATEGY, "undo", "web-1", "--because", "not renewed", "--by", "John Roe")
    assert rows(typed(estate, STRATEGY, "--format", "csv"))["web-1 (NGINX)"]["decided"] == ""
    kept = overrides_of(store, key)
    assert [(each.by, each.withdrawn) for each in kept] == [("Jane Doe", False), ("John Roe", True)]
    assert len(records(store, OVERRIDE, key)) == 2
    shown = typed(estate, STRATEGY, "show", "web-1").stdout
    assert "Jane Doe: retain: renewed until 2029" in shown
    assert "John Roe: taken back: not renewed" in shown
    with pytest.raises(UsageError, match="nothing was decided"):
        typed(estate, STRATEGY, "undo", "web-1")


@pytest.mark.usefixtures("store")
def test_a_stale_decision_is_said(estate: Estate) -> None:
    """When what it rests on changes after somebody decided, the listing warns and marks it."""
    typed(estate, STRATEGY, "set", "db-1", "retain", "--because", "x", "--by", "Jane Doe")
    assert "since it was decided" not in typed(estate, STRATEGY).stderr
    text = shipped_path().read_text()
    own = text.replace("strategy: replatform\n", "strategy: refactor\n", 1)
    (estate.folder / "strategy.yaml").write_text(own)
    after = typed(estate, STRATEGY)
    changed = "the table's proposal was replatform to aws or azure, is refactor to aws or azure"
    assert f"db-1 (PostgreSQL): {changed} since it was decided" in after.stderr
    assert "! Jane Doe" in after.stdout


@pytest.mark.usefixtures("store")
def test_why_an_application_stays_is_told_with_its_gaps(estate: Estate) -> None:
    """Only what stays has a record; proof and gaps are told in JSON, tables and Markdown."""
    assert json.loads(typed(estate, STRATEGY, "--why-not-cloud", "--format", "json").stdout) == []
    typed(estate, STRATEGY, "set", "web-1", "retain", "--because", "door|control", "--by", "Jane")
    (record,) = json.loads(typed(estate, STRATEGY, "--why-not-cloud", "--format", "json").stdout)
    assert record["reason"] == "door|control"
    assert [each["what"] for each in record["evidence"]] == ["decision"]
    assert any(gap.startswith("fit for aws is unknown") for gap in record["gaps"])
    assert any(gap.startswith("what it costs where it stands") for gap in record["gaps"])
    assert any(gap.startswith("what it would cost in a cloud") for gap in record["gaps"])
    assert any(gap.startswith("the way out") for gap in record["gaps"])
    text = typed(estate, STRATEGY, "--why-not-cloud", "--format", "markdown").stdout
    assert "## web-1 (NGINX)" in text
    assert "- decision: door\\|control (Jane, " in text
    assert "door|control" in typed(estate, STRATEGY, "--why-not-cloud").stdout


@pytest.mark.usefixtures("store")
def test_the_table_that_holds_is_printed_and_can_be_edited(estate: Estate) -> None:
    """What is printed can be put into the estate folder, and then decides."""
    printed = typed(estate, STRATEGY, "table").stdout
    assert printed == shipped_path().read_text()
    own = printed.replace("strategy: replatform\n", "strategy: refactor\n", 1)
    (estate.folder / "strategy.yaml").write_text(own)
    found = rows(typed(estate, STRATEGY, "--format", "csv"))["db-1 (PostgreSQL)"]
    assert found["strategy"] == "refactor"
    assert "strategy.yaml" in typed(estate, STRATEGY).stderr
    (estate.folder / "strategy.yaml").write_text("rows: []\n")
    with pytest.raises(BadInputError, match=r"strategy\.yaml"):
        typed(estate, STRATEGY)


@pytest.mark.usefixtures("store")
def test_servers_are_told_with_the_application_that_decides(estate: Estate) -> None:
    """The old server of a database that becomes a managed service is to be retired."""
    told = json.loads(typed(estate, STRATEGY, "--servers", "--format", "json").stdout)
    assert {each["server"]: each["strategy"] for each in told} == {
        "db-1": "retire",
        "web-1": "undecided",
    }


def event(step: Step, on: date, **more: object) -> SupplierEvent:
    """Make an entry of the register."""
    told = {"product": "NEC Housing", "by": "Jane Doe", "recorded_at": NOW, **more}
    return SupplierEvent(step=step, on=on, **told)  # type: ignore[arg-type]  # made by the test


def test_the_register_only_grows(store: Store) -> None:
    """Each entry is a version of its own; an answer corrected is an entry more."""
    told = [
        event(Step.ASKED, date(2026, 10, 1), remind_on=date(2026, 10, 29)),
        event(Step.ANSWERED, date(2026, 10, 5), saas=Offer.NO, says="no"),
        event(Step.ANSWERED, date(2026, 11, 5), saas=Offer.YES, says="yes, after all"),
        event(Step.NOTED, date(2026, 11, 6), contract_end=date(2028, 3, 31)),
    ]
    for each in told:
        assert add_events(store, [each], SYSTEMS) == (each,)
    assert add_events(store, told, SYSTEMS) == ()
    assert events_of(store, "npshousing") == tuple(told)
    assert len(records(store, SUPPLIER, "npshousing")) == 4
    entry = register(store)["npshousing"]
    assert (entry.saas, entry.contract_end) == (Offer.YES, date(2028, 3, 31))
    assert entry.answered is not None
    assert entry.answered.says == "yes, after all"


def test_what_is_typical_is_never_an_answer(store: Store) -> None:
    """A system of councils that nobody asked about is unknown, whatever is said of it."""
    entry = register(store)["npshousing"]
    assert entry.typical is not None
    assert entry.typical.saas == "yes"
    assert "unverified" in entry.typical.evidence
    assert entry.saas is Offer.UNKNOWN
    assert entry.events == ()


def test_a_question_waits_until_it_is_answered(store: Store) -> None:
    """The first open question tells since when; a reminder is due on its day, not before."""
    add_events(
        store,
        [
            event(Step.ASKED, date(2026, 9, 1), remind_on=date(2026, 9, 29)),
            event(Step.ASKED, date(2026, 10, 1), remind_on=date(2026, 10, 29)),
        ],
        SYSTEMS,
    )
    entry = register(store)["npshousing"]
    assert entry.waits_since == date(2026, 9, 1)
    assert not entry.reminder_due(date(2026, 10, 28))
    assert entry.reminder_due(date(2026, 10, 29))
    add_events(store, [event(Step.ANSWERED, date(2026, 11, 1), says="later")], SYSTEMS)
    entry = register(store)["npshousing"]
    assert (entry.waits_since, entry.reminder_due(date(2027, 1, 1))) == (None, False)
    assert entry.saas is Offer.UNKNOWN


@pytest.mark.usefixtures("store")
def test_suppliers_are_asked_answered_listed_and_exported(estate: Estate, tmp_path: Path) -> None:
    """The commands enter what happened; what is exported can be imported, and then is known."""
    typed(estate, SUPPLIERS, "ask", "NEC Housing", "--on", "2026-01-05", "--by", "Jane Doe",
          "--says", "=1+1")  # fmt: skip
    (due,) = json.loads(typed(estate, SUPPLIERS, "--due", "--format", "json").stdout)
    assert (due["waits"], due["saas"]) == (
        "since 2026-01-05",
        "unknown (typically yes, unverified)",
    )
    typed(estate, SUPPLIERS, "answer", "npshousing", "--saas", "yes", "--says", "from 2027",
          "--on", "2026-02-01", "--contract-end", "2028-03-31", "--by", "Jane Doe")  # fmt: skip
    typed(estate, SUPPLIERS, "note", "Own Thing", "--supplier", "Example Ltd", "--by", "Jane Doe")
    listed = {
        each["product"]: each
        for each in json.loads(typed(estate, SUPPLIERS, "--format", "json").stdout)
    }
    assert set(listed) == {"NEC Housing", "Own Thing"}
    assert (listed["NEC Housing"]["saas"], listed["NEC Housing"]["waits"]) == ("yes", "")
    assert json.loads(typed(estate, SUPPLIERS, "--due", "--format", "json").stdout) == []
    assert len(json.loads(typed(estate, SUPPLIERS, "--all", "--format", "json").stdout)) > 100
    exported = tmp_path / "register.csv"
    exported.write_text(typed(estate, SUPPLIERS, "export", "--format", "csv").stdout)
    assert "'=1+1" in exported.read_text()
    again = typed(estate, SUPPLIERS, "import", str(exported))
    assert "0 entered, 3 known already" in again.stderr
    read = read_events(exported, at=NOW)
    assert [(each.step, each.says) for each in read[:2]] == [
        (Step.ASKED, "=1+1"),
        (Step.ANSWERED, "from 2027"),
    ]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("X,maybe,2026-11-01,Jane,", "step"),
        ("X,asked,someday,Jane,", "on"),
        ("X,asked,,Jane,", "on"),
        ("X,asked,2026-11-01,,", "by"),
        (",asked,2026-11-01,Jane,", "product"),
        ("X,answered,2026-11-01,Jane,perhaps", "saas"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_entered(
    store: Store, estate: Estate, tmp_path: Path, row: str, field: str
) -> None:
    """File, row and column of a fault are told; rows before it are not entered either."""
    file = tmp_path / "answers.csv"
    file.write_text(f"product,step,on,by,saas\nNEC Housing,asked,1/11/2026,Jane,\n{row}\n")
    with pytest.raises(BadInputError) as caught:
        typed(estate, SUPPLIERS, "import", str(file))
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.field) == (3, field)
    assert events_of(store, "npshousing") == ()


def test_the_stage_says_what_was_decided_of_what_is_gone(store: Store, estate: Estate) -> None:
    """A decision about an application that is not there any more is not lost from sight."""
    typed(estate, STRATEGY, "set", "web-1", "retire", "--because", "x", "--by", "Jane Doe")
    (decided,) = [each for each in run(store, estate, at=NOW).decisions if each.override]
    assert decided.override is not None
    with open_store(f"sqlite:///{estate.folder / 'other.db'}") as other:
        from migrate.strategy.keeping import save_override

        save_override(other, decided.override)
        found = run(other, estate, at=NOW)
    assert found.decisions == ()
    assert [each.strategy for each in found.gone] == [Strategy.RETIRE]


@pytest.mark.usefixtures("store")
def test_decant_toml_groups_servers_into_one_application(estate: Estate) -> None:
    """Servers that ``[[applications]]`` names go together, under the name given there."""
    grouped = '\n[[applications]]\nname = "Shop"\nservers = ["web-?", "db-*"]\n'
    estate.file.write_text(estate.file.read_text() + grouped)
    found = rows(typed(estate, STRATEGY, "--format", "csv"))
    assert list(found) == ["Shop"]
    assert (found["Shop"]["servers"], found["Shop"]["key"]) == ("db-1, web-1", "app:shop")

"""The plan follows what becomes of the applications, and what people say of a server goes first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from inventory.estate import Estate
from inventory.estate_file import make_estate, read_estate
from inventory.model.fact import Origin
from inventory.model.facts import HOSTNAME, MACHINE_ID, OS_FAMILY, PROCESSES
from inventory.model.parts import Process
from inventory.model.run import Visit
from inventory.session import Session
from inventory.store.opening import open_store
from inventory.store.runs import begin_run
from inventory.store.store import Store
from inventory.store.visits import record_visit
from migrate.cli.plan import COMMAND as PLAN
from migrate.cli.strategy import COMMAND as STRATEGY
from migrate.model.plan import Destination
from migrate.model.strategy import Decision, Strategy
from migrate.stages.strategy import run
from migrate.strategy.heading import headings
from migrate.strategy.overriding import override

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    """Make an estate of two servers that each run a database."""
    folder = tmp_path / "estate"
    make_estate(folder, "Test")
    made = read_estate(folder, {})
    with open_store(made.database) as opened:
        begun = begin_run(opened, command="discover", at=NOW)
        for number, name in enumerate(("web-1", "db-1"), 1):
            target = f"ssh://root@10.0.0.{number}"
            origin = Origin(source=target, question="os", at=NOW, run=begun.id)
            process = Process(pid=7, name="postgres", user="x", command_line="postgres")
            facts = (
                HOSTNAME.known(name),
                MACHINE_ID.known(f"{number}" * 32),
                OS_FAMILY.known("linux"),
                PROCESSES.known((process,)),
            )
            told = tuple(replace(each, origin=origin) for each in facts)
            record_visit(opened, begun.id, Visit(target=target, at=NOW, observations=told))
    return made


@pytest.fixture
def store(estate: Estate) -> Iterator[Store]:
    """Open the estate's store."""
    with open_store(estate.database) as opened:
        yield opened


def typed(estate: Estate, command: Any, *arguments: str) -> Any:
    """Type a command in the estate."""
    session = Session(estate_folder=estate.folder)
    done = CliRunner().invoke(command, list(arguments), obj=session, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def planned(estate: Estate) -> Any:
    """Plan, and read the plan."""
    return json.loads(typed(estate, PLAN, "--format", "json").stdout)


def decide(estate: Estate, name: str, *chosen: str) -> None:
    """Decide about an application."""
    typed(estate, STRATEGY, "set", name, *chosen, "--because", "minute 12", "--by", "Jane Doe")


@pytest.mark.parametrize(
    ("chosen", "to", "playbook"),
    [
        (("retire",), "retire", "retire"),
        (("retain",), "hub", "hub-move"),
        (("repurchase",), "saas", "saas"),
        (("rehost", "--to", "azure"), "azure", "rehost-azure"),
    ],
)
def test_a_server_goes_where_people_decided(
    estate: Estate, chosen: tuple[str, ...], to: str, playbook: str
) -> None:
    """By the playbook for it; the plan says who decided and why, until it is taken back."""
    decide(estate, "web-1", *chosen)
    for _ in range(2):
        made = planned(estate)
        (move,) = made["moves"]
        assert (move["server"], move["to"], move["playbook"]) == ("web-1", to, playbook)
        assert "Jane Doe" in move["why_to"]
        assert "minute 12" in move["why_to"]
        assert made["unplanned"] == ["db-1"]
    typed(estate, STRATEGY, "undo", "web-1", "--because", "minute 13", "--by", "Jane Doe")
    assert planned(estate)["moves"] == []


def test_what_decant_toml_says_goes_first_and_a_difference_is_said(estate: Estate) -> None:
    """A move that was given by hand stays; the plan warns that the application is retired."""
    decide(estate, "web-1", "retire")
    file = estate.folder / "decant.toml"
    file.write_text(file.read_text() + '\n[[moves]]\nserver = "web-1"\nto = "hub"\n')
    made = planned(estate)
    assert [(each["to"], each["why_to"]) for each in made["moves"]] == [
        ("hub", "given in decant.toml")
    ]
    (warning,) = [each for each in made["warnings"] if "decant.toml" in each]
    assert warning.startswith("web-1 goes to hub by decant.toml, not to retire: ")
    assert "Jane Doe" in warning


def test_the_command_shows_why(estate: Estate) -> None:
    """Whoever reads the plan reads who decided."""
    decide(estate, "web-1", "retire")
    assert "Jane Doe" in typed(estate, PLAN, "--format", "csv").stdout


def decision(store: Store, estate: Estate, strategy: Strategy) -> Decision:
    """Return a decision about the application on web-1 that people made."""
    found = next(
        each
        for each in run(store, estate, at=NOW).decisions
        if each.application.components[0].server == "web-1"
    )
    made = override(found, strategy, to=None, because="minute 12", by="Jane Doe", at=NOW)
    return replace(found, override=made)


def proposed(decided: Decision, **fields: Any) -> Decision:
    """Return it as the table would propose it, with nobody having decided."""
    return replace(decided, override=None, proposal=replace(decided.proposal, **fields))


def test_one_that_stays_keeps_its_server(store: Store, estate: Estate) -> None:
    """Whatever else runs there is retired; and one that is undecided leaves it open."""
    retired = decision(store, estate, Strategy.RETIRE)
    retained = decision(store, estate, Strategy.RETAIN)
    undecided = proposed(retired, strategy=Strategy.UNDECIDED, destinations=())
    for order in ((retired, retained), (retained, retired)):
        assert [each.to for each in headings(order).values()] == [Destination.HUB]
    assert headings((retired, undecided)) == {}
    assert headings((undecided,)) == {}


def test_a_proposal_plans_no_copy_in_a_cloud(store: Store, estate: Estate) -> None:
    """What the table proposes to retire is planned, with what to confirm; a copy is not."""
    decided = decision(store, estate, Strategy.RETIRE)
    (retired,) = headings(
        (
            proposed(
                decided,
                strategy=Strategy.RETIRE,
                destinations=(Destination.RETIRE,),
                row="idle",
                reason="Nobody uses it.",
                confirm="nobody needs it once a year",
            ),
        )
    ).values()
    assert (retired.to, retired.confirm) == (Destination.RETIRE, "nobody needs it once a year")
    assert "row idle of the decision table proposes: Nobody uses it." in retired.why
    copied = proposed(decided, strategy=Strategy.REHOST, destinations=(Destination.AWS,))
    assert headings((copied,)) == {}

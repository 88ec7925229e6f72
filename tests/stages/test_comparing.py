"""A change of a verdict is told with what changed it: rules, the catalogue, the day or facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from report_samples import finding, server, verdict

from inventory.errors import UsageError
from inventory.estate import Estate
from inventory.model.fact import Origin
from inventory.model.facts import CPU_THREADS, HOSTNAME, MACHINE_ID, OS_FAMILY, OS_ID, OS_VERSION
from inventory.model.run import Visit
from inventory.session import Session
from inventory.store.opening import open_store
from inventory.store.runs import begin_run
from inventory.store.store import Store
from inventory.store.visits import record_visit
from migrate.cli.classify import COMMAND
from migrate.judging.comparing import Cause, Change, Step, changes, keyed
from migrate.model.verdict import Axis, Cloud, Readiness, Severity, Verdict
from migrate.records import load_verdicts
from migrate.stages.classify import compare, run

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
THEN = NOW - timedelta(days=30)
OWN_RULE = (Path(__file__).parent / "test_proving.py").read_text().split("'''")[1]


def judged(fit: Readiness, *observed: str) -> Verdict:
    """Make a verdict with a finding of one rule."""
    found = tuple(finding("aws-cores", Axis.FIT, Severity.BLOCKER, each) for each in observed)
    return verdict(server("web-1"), Cloud.AWS, fit=fit, findings=found)


def traced(before: Verdict, *after: Verdict) -> dict[str, tuple[str, str, tuple[Cause, ...]]]:
    """Return each change by what changed."""
    causes = (Cause.RULES, Cause.DAY, Cause.FACTS)
    steps = [
        Step(cause=cause, verdicts=keyed([each])) for cause, each in zip(causes, after, strict=True)
    ]
    found = changes(keyed([before]), steps)
    return {each.what: (each.before, each.after, each.because) for each in found}


FINE = judged(Readiness.READY)
BAD = judged(Readiness.NOT_READY, "900 vCPU")


@pytest.mark.parametrize(
    ("after", "because"),
    [
        ((BAD, BAD, BAD), (Cause.RULES,)),
        ((FINE, BAD, BAD), (Cause.DAY,)),
        ((FINE, FINE, BAD), (Cause.FACTS,)),
    ],
)
def test_a_change_is_put_down_to_the_step_that_made_it(
    after: tuple[Verdict, ...], because: tuple[Cause, ...]
) -> None:
    """An axis and the finding behind it change together, for the same reason."""
    assert traced(FINE, *after) == {
        "fit": ("ready", "not ready", because),
        "aws-cores": ("", "blocker: 900 vCPU", because),
    }


def test_what_changed_twice_has_two_causes() -> None:
    """Rules flagged it, and other facts are observed since."""
    more = judged(Readiness.NOT_READY, "901 vCPU")
    assert traced(FINE, BAD, BAD, more)["aws-cores"] == (
        "", "blocker: 901 vCPU", (Cause.RULES, Cause.FACTS),
    )  # fmt: skip


def test_what_is_as_it_was_is_no_change() -> None:
    """Whatever lies between, only what differs in the end is told."""
    assert traced(FINE, BAD, FINE, FINE) == {}


def test_a_server_that_is_new_was_not_judged_before() -> None:
    """Its axes come from nothing."""
    steps = [Step(cause=Cause.FACTS, verdicts=keyed([FINE]))]
    assert changes({}, steps)[0] == Change(
        server="web-1",
        cloud=Cloud.AWS,
        what="fit",
        before="not judged",
        after="ready",
        because=(Cause.FACTS,),
    )


def told(*steps: Step) -> dict[str, tuple[str, str, tuple[Cause, ...]]]:
    """Return each change since a server was bad, by what changed."""
    found = changes(keyed([BAD]), steps)
    assert all(each.server == "web-1" for each in found)
    return {each.what: (each.before, each.after, each.because) for each in found}


def test_a_step_that_does_not_know_a_server_leaves_it_as_it_was() -> None:
    """What the last step says of it is put down to the last step alone."""
    rules, day = Step(cause=Cause.RULES, verdicts={}), Step(cause=Cause.DAY, verdicts={})
    facts = Step(cause=Cause.FACTS, verdicts=keyed([FINE]))
    assert told(rules, day, facts) == {
        "fit": ("not ready", "ready", (Cause.FACTS,)),
        "aws-cores": ("blocker: 900 vCPU", "", (Cause.FACTS,)),
    }


def test_a_server_that_is_gone_is_judged_no_more() -> None:
    """The last step that does not know it says so, and its findings are gone with it."""
    rules = Step(cause=Cause.RULES, verdicts=keyed([BAD]))
    found = told(rules, Step(cause=Cause.FACTS, verdicts={}))
    assert found["fit"] == ("not ready", "not judged", (Cause.FACTS,))
    assert found["move"] == ("ready", "not judged", (Cause.FACTS,))
    assert found["aws-cores"] == ("blocker: 900 vCPU", "", (Cause.FACTS,))


def test_a_step_between_that_does_not_know_a_server_leaves_what_the_one_before_made_it() -> None:
    """The rules made it bad; neither the day nor facts did."""
    rules, day = Step(cause=Cause.RULES, verdicts=keyed([BAD])), Step(cause=Cause.DAY, verdicts={})
    facts = Step(cause=Cause.FACTS, verdicts=keyed([BAD]))
    found = changes(keyed([FINE]), [rules, day, facts])
    assert {each.because for each in found} == {(Cause.RULES,)}


def test_a_server_that_comes_or_goes_in_the_last_step_is_told_of() -> None:
    """Whatever the steps before it knew."""
    nothing = Step(cause=Cause.RULES, verdicts={})
    assert changes({}, [nothing, Step(cause=Cause.FACTS, verdicts=keyed([BAD]))])
    assert told(Step(cause=Cause.FACTS, verdicts={}))["fit"][1] == "not judged"
    assert changes({}, [nothing]) == ()


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    """Make an estate."""
    (tmp_path / "decant.toml").write_text('[estate]\nname = "Test"\n')
    return Estate(folder=tmp_path, name="Test", database=f"sqlite:///{tmp_path / 'decant.db'}")


@pytest.fixture
def store(estate: Estate) -> Iterator[Store]:
    """Keep a server that had few processors a month ago."""
    with open_store(estate.database) as opened:
        visit(opened, THEN, 2)
        yield opened


def visit(store: Store, at: datetime, threads: int) -> None:
    """Keep what a server told at a time."""
    begun = begin_run(store, command="discover", at=at)
    origin = Origin(source="ssh://root@10.0.0.1", question="os", at=at, run=begun.id)
    facts = (
        HOSTNAME.known("web-1"),
        MACHINE_ID.known("0123456789abcdef0123456789abcdef"),
        OS_FAMILY.known("linux"),
        OS_ID.known("ubuntu"),
        OS_VERSION.known("22.04"),
        CPU_THREADS.known(threads),
    )
    told = tuple(replace(each, origin=origin) for each in facts)
    record_visit(store, begun.id, Visit(target="ssh://root@10.0.0.1", at=at, observations=told))


def test_new_facts_are_told_from_the_store(store: Store, estate: Estate) -> None:
    """A server that was given a thousand processors fits no more, because of facts."""
    run(store, estate, at=THEN)
    visit(store, NOW, 1000)
    found = compare(store, estate, THEN.date().isoformat(), at=NOW, clouds=(Cloud.AZURE,))
    fit = next(each for each in found if each.what == "azure-cores")
    assert (fit.before, fit.because) == ("", (Cause.FACTS,))
    assert "1,000" in fit.after or "1000" in fit.after


def test_a_version_of_the_rules_and_no_change(store: Store, estate: Estate) -> None:
    """The same rules, facts and day change nothing; an unknown version is an error."""
    version = run(store, estate, at=NOW)[0].rules_version
    assert compare(store, estate, version, at=NOW) == ()
    with pytest.raises(UsageError, match="feedbeef"):
        compare(store, estate, "feedbeef", at=NOW)


def test_a_folder_of_rules_is_compared_with_the_estates_own(
    store: Store, estate: Estate, tmp_path: Path
) -> None:
    """A rule that only the folder has is a finding that vanished, because of rules."""
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (drafts / "our_names.py").write_text(OWN_RULE)
    found = compare(store, estate, str(drafts), at=NOW)
    ours = [each for each in found if each.what == "our-names"]
    assert [(each.before, each.after, each.because) for each in ours] == [
        ("condition: web-1", "", (Cause.RULES,))
    ]
    assert load_verdicts(store) == ()


def test_another_day_is_judged_and_not_kept(store: Store, estate: Estate) -> None:
    """Support ends; what is kept is what holds today."""
    today = run(store, estate, at=NOW)
    later = run(store, estate, at=NOW, as_of=date(2040, 1, 1))
    assert {each.support for each in later} == {Readiness.NOT_READY}
    assert set(load_verdicts(store)) == set(today)
    assert run(store, estate, at=NOW, as_of=NOW.date()) == today


@pytest.mark.usefixtures("store")
def test_the_command_says_what_is_not_kept_and_what_to_collect(estate: Estate) -> None:
    """The words on standard error; what changed is listed on standard output."""
    session = Session(estate_folder=estate.folder)

    def typed(*arguments: str) -> tuple[str, str]:
        done = CliRunner().invoke(COMMAND, list(arguments), obj=session, catch_exceptions=False)
        return done.stdout, done.stderr

    _, said = typed("--as-of", "2040-01-01")
    assert "as of 2040-01-01: these verdicts are not kept" in said
    _, said = typed()
    assert "collect next: " in said
    out, said = typed("--compare", session.now().date().isoformat())
    assert (out, said.splitlines()[0]) == ("", "nothing changed")

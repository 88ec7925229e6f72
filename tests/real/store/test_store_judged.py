"""Promises of judging in several processes, on both engines: the same verdicts, or none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks.classify.estate import each_server
from benchmarks.classify.measure import keep_servers
from inventory.errors import BadInputError, PluginError
from inventory.estate import Estate
from inventory.session import Session
from inventory.store.records import latest_records
from inventory.store.store import Store
from migrate.cli.classify import COMMAND
from migrate.judging.derived import Estatewide
from migrate.model.verdict import Cloud, Verdict
from migrate.records import VERDICT, load_verdicts
from migrate.stages.classify import run, run_telling
from migrate.verdicts import each_verdict, estatewide

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 24, tzinfo=UTC)
SERVERS = 90
PATIENCE_SECONDS = 60
OWN_RULE = '''\
"""A rule that does more than judge."""

import os
import signal
import time
from datetime import date
from pathlib import Path

from inventory.model.facts import HOSTNAME
from migrate.model.rule import CannotTell, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(facts, _around):
    name = facts.value(HOSTNAME) or ""
    {does}
    return Passed()


RULE = Rule(
    title="More than a judgement",
    why="To see what becomes of it.",
    fix="Remove it.",
    source="nowhere",
    source_date=date(2026, 1, 1),
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.NONE,
    judge=_judge,
    examples=(),
)
'''


@pytest.fixture
def estate(url: str, tmp_path: Path) -> Estate:
    """Make an estate folder with a rate and a store."""
    (tmp_path / "decant.toml").write_text(
        f'[estate]\nname = "Test"\nusd_to_gbp = 0.78\nusd_to_gbp_date = 2026-11-01\n'
        f'[database]\nurl = "{url}"\n'
    )
    return Estate(
        folder=tmp_path,
        name="Test",
        database=url,
        usd_to_gbp=Decimal("0.78"),
        usd_to_gbp_date=date(2026, 11, 1),
    )


@pytest.fixture
def filled(store: Store, estate: Estate) -> Store:
    """Give a store with servers enough for several processes."""
    del estate
    keep_servers(store, each_server(SERVERS))
    return store


def own_rule(estate: Estate, does: str) -> None:
    """Put a rule into the estate that does something besides."""
    folder = estate.own("rules")
    folder.mkdir()
    (folder / "more.py").write_text(OWN_RULE.replace("{does}", does))


def kept(store: Store) -> dict[str, str]:
    """Return the verdicts as they are kept."""
    return {key: each.body for key, each in latest_records(store, VERDICT).items()}


def told(store: Store, estate: Estate, jobs: int | None, at: datetime = NOW) -> list[Verdict]:
    """Classify, and return the verdicts in the order in which they were told."""
    verdicts: list[Verdict] = []
    run_telling(store, estate, verdicts.append, at=at, jobs=jobs)
    return verdicts


def test_several_processes_keep_and_tell_the_same_as_one(filled: Store, estate: Estate) -> None:
    """The same verdicts in the same order, and the same bytes are kept, whatever their number."""
    one = told(filled, estate, 1)
    bytes_of_one = kept(filled)
    assert len(one) == len(bytes_of_one) == 2 * SERVERS
    for jobs in (2, 3, 50):
        told(filled, estate, 1, at=LATER)
        assert kept(filled).keys() == bytes_of_one.keys()
        assert not kept(filled).items() & bytes_of_one.items()
        assert told(filled, estate, jobs) == one
        assert kept(filled) == bytes_of_one


def test_what_all_show_together_is_the_same(filled: Store) -> None:
    """Names and addresses that two servers share are found though no process saw both."""
    alone = estatewide(filled, 1)
    assert isinstance(alone, Estatewide)
    assert len(alone.names) == SERVERS
    assert alone.by_hostname or alone.by_address
    assert estatewide(filled, 3) == alone


def test_few_servers_are_judged_by_one_process(filled: Store, estate: Estate) -> None:
    """Parting processes would take longer than it spares."""
    own_rule(estate, f'Path({str(estate.folder)!r}, f"judged-{{os.getpid()}}").touch()')
    told(filled, estate, None)
    assert [each.name for each in estate.folder.glob("judged-*")] == [f"judged-{os.getpid()}"]
    told(filled, estate, 2)
    assert len(list(estate.folder.glob("judged-*"))) == 3


def test_a_server_that_is_named_is_judged_alone(filled: Store, estate: Estate) -> None:
    """However many processes there may be: what others show is looked at, no other is judged."""
    name = next(iter(run(filled, estate, at=NOW))).server
    alone: list[Verdict] = []
    run_telling(filled, estate, alone.append, at=NOW, names=(name,), jobs=2)
    assert {each.server for each in alone} == {name}
    assert {each.cloud for each in alone} == set(Cloud)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_rule_without_a_judgement_is_told_and_nothing_is_kept(
    filled: Store, estate: Estate, jobs: int
) -> None:
    """In another process as in this one, the rule and its file are named."""
    own_rule(estate, 'if name.endswith("7"): return None')
    with pytest.raises(PluginError, match=r"more\.py: the rule 'more' returned nothing"):
        told(filled, estate, jobs)
    assert load_verdicts(filled) == ()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_rule_that_raises_costs_only_itself(filled: Store, estate: Estate, jobs: int) -> None:
    """In another process as in this one."""
    own_rule(estate, 'if name.endswith("7"): raise ValueError("seven")')
    verdicts = told(filled, estate, jobs)
    broke = [each.why_unknown for verdict in verdicts for each in verdict.missing]
    assert "the rule broke: ValueError: seven" in broke
    assert len(verdicts) == 2 * SERVERS


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "was killed by signal 9"),
        ("os._exit(7)", "ended by itself with exit code 7"),
    ],
)
def test_a_process_that_is_killed_is_told_and_nothing_is_kept(
    filled: Store, estate: Estate, does: str, words: str
) -> None:
    """Verdicts of those that go on are not kept without the others'; the store stays usable."""
    own_rule(estate, f'if name.endswith("7"): {does}')
    with pytest.raises(BadInputError, match=words):
        told(filled, estate, 2)
    assert load_verdicts(filled) == ()
    (estate.own("rules") / "more.py").write_text(OWN_RULE.replace("{does}", ""))
    assert len(told(filled, estate, 2)) == 2 * SERVERS


def test_whoever_takes_no_more_ends_the_processes(filled: Store) -> None:
    """A reader that breaks off leaves nobody at work, and the store to others."""

    def classify(servers: object) -> Iterator[Verdict]:
        del servers
        time.sleep(PATIENCE_SECONDS)
        yield from ()

    began = time.monotonic()
    with each_verdict(filled, classify, 2):
        pass
    assert time.monotonic() - began < PATIENCE_SECONDS / 2


def typed(estate: Estate, *arguments: str) -> Result:
    """Type ``decant classify`` in the estate."""
    return CliRunner().invoke(
        COMMAND, list(arguments), obj=Session(estate_folder=estate.folder), catch_exceptions=False
    )


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("words", [(), ("--format", "csv"), ("--explain",), ("--target", "aws")])
def test_what_is_printed_is_the_same(estate: Estate, words: tuple[str, ...]) -> None:
    """Whoever reads it need not know how many judged."""
    one, several = (typed(estate, *words, "--jobs", each) for each in ("1", "2"))
    assert several.exit_code == one.exit_code == 0
    assert (several.stdout, several.stderr) == (one.stdout, one.stderr)
    assert one.stdout


@pytest.mark.usefixtures("filled")
def test_a_comparison_is_the_same(estate: Estate) -> None:
    """Verdicts of now are compared, whoever gave them."""
    (estate.folder / "others").mkdir()
    (estate.folder / "others" / "more.py").write_text(
        OWN_RULE.replace("{does}", 'if name.endswith("7"): return CannotTell(missing=(HOSTNAME,))')
    )
    own_rule(estate, "")
    words = ("--compare", str(estate.folder / "others"), "--format", "csv")
    one, several = (typed(estate, *words, "--jobs", each).stdout for each in ("1", "2"))
    assert several == one


@pytest.mark.usefixtures("filled")
def test_an_interruption_ends_all_processes_and_keeps_nothing(
    filled: Store, estate: Estate
) -> None:
    """Ctrl-C goes to all of a terminal's processes: one tells of it, and none is left."""
    beginning = estate.folder / "judged"
    own_rule(estate, f"Path({str(beginning)!r}).touch(); time.sleep(0.5)")
    command = [sys.executable, "-m", "migrate", "--estate", str(estate.folder), "classify"]
    with subprocess.Popen(
        [*command, "--jobs", "2"], stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        until = time.monotonic() + PATIENCE_SECONDS
        while not beginning.exists() and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert "error: interrupted" in err
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert load_verdicts(filled) == ()

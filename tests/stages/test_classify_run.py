"""Promises of ``classify`` over a real store: what it reads, keeps and prints."""

from __future__ import annotations

import csv
import gc
import io
import json
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inventory.errors import BadInputError, PluginError, UsageError
from inventory.estate import CloudTables, Estate
from inventory.model.fact import Origin, Reason, Unknown
from inventory.model.facts import (
    ARCHITECTURE,
    CPU_THREADS,
    DISKS,
    HOSTNAME,
    MACHINE_ID,
    MEMORY_TOTAL,
    OS_FAMILY,
)
from inventory.model.parts import Disk
from inventory.model.run import Visit
from inventory.session import Session
from inventory.store.opening import open_store
from inventory.store.runs import begin_run
from inventory.store.store import Store
from inventory.store.visits import record_visit
from migrate.cli.catalogue import COMMAND as CATALOGUE
from migrate.cli.classify import COMMAND as CLASSIFY
from migrate.model.verdict import Cloud, Readiness, Verdict
from migrate.records import load_verdicts
from migrate.stages.classify import RULES, run, run_telling

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
GIB = 1024**3


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    """Make an estate folder with a rate."""
    (tmp_path / "decant.toml").write_text(
        '[estate]\nname = "Test"\nusd_to_gbp = 0.78\nusd_to_gbp_date = 2026-11-01\n'
    )
    return Estate(
        folder=tmp_path,
        name="Test",
        database=f"sqlite:///{tmp_path / 'decant.db'}",
        usd_to_gbp=Decimal("0.78"),
        usd_to_gbp_date=date(2026, 11, 1),
    )


@pytest.fixture
def store(estate: Estate) -> Iterator[Store]:
    """Fill a store with a server that answered and one that did not."""
    with open_store(estate.database) as opened:
        begun = begin_run(opened, command="discover", at=NOW)
        origin = Origin(source="ssh://root@10.0.0.1", question="os", at=NOW, run=begun.id)
        facts = (
            HOSTNAME.known("web-1"),
            MACHINE_ID.known("0123456789abcdef0123456789abcdef"),
            OS_FAMILY.known("linux"),
            ARCHITECTURE.known("x86_64"),
            CPU_THREADS.known(2),
            MEMORY_TOTAL.known(4 * GIB),
            DISKS.known((Disk(name="sda", size_bytes=40 * GIB, encrypted=False),)),
        )
        told = tuple(replace(each, origin=origin) for each in facts)
        silent = Unknown(reason=Reason.UNREACHABLE, detail="connection refused")
        for visit in (
            Visit(target="ssh://root@10.0.0.1", at=NOW, observations=told),
            Visit(target="ssh://root@10.0.0.2", at=NOW, unreachable=silent),
        ):
            record_visit(opened, begun.id, visit)
        yield opened


def typed(estate: Estate, *arguments: str) -> Result:
    """Type ``decant classify`` in the estate."""
    return CliRunner().invoke(
        CLASSIFY, list(arguments), obj=Session(estate_folder=estate.folder), catch_exceptions=False
    )


def test_verdicts_are_kept_and_read_back_as_they_were(store: Store, estate: Estate) -> None:
    """What classify returns is what other stages read from the store."""
    found = run(store, estate, at=NOW)
    assert len(found) == 4
    assert set(load_verdicts(store)) == set(found)


def test_verdicts_are_told_one_by_one_and_not_held(store: Store, estate: Estate) -> None:
    """Whoever is told a verdict and lets it go is the last to have had it."""
    alive: weakref.WeakSet[Verdict] = weakref.WeakSet()
    most = 0

    def tell(verdict: Verdict) -> None:
        nonlocal most
        alive.add(verdict)
        most = max(most, len(alive))

    run_telling(store, estate, tell, at=NOW)
    assert most <= 2
    assert len(load_verdicts(store)) == 4


def test_classifying_again_replaces_nothing_but_the_latest(store: Store, estate: Estate) -> None:
    """A second run gives one latest verdict per server and cloud, not two."""
    run(store, estate, at=NOW)
    later = datetime(2026, 11, 24, tzinfo=UTC)
    again = run(store, estate, at=later)
    assert set(load_verdicts(store)) == set(again)
    assert {each.at for each in again} == {later}


def test_only_the_named_servers_are_judged(store: Store, estate: Estate) -> None:
    """A name limits the run, named twice it is judged once; an unknown name is an error."""
    found = run(store, estate, at=NOW, names=("web-1", "web-1"), clouds=(Cloud.AZURE,))
    assert [(each.server, each.cloud) for each in found] == [("web-1", Cloud.AZURE)]
    with pytest.raises(UsageError, match="web-9"):
        run(store, estate, at=NOW, names=("web-9",))


def test_the_region_is_that_of_the_estate(store: Store, estate: Estate) -> None:
    """Sizes and prices are those of the region in decant.toml; one without prices is refused."""
    tables = CloudTables(azure={"region": "westeurope"})
    elsewhere = replace(estate, clouds=tables)
    found = run(store, elsewhere, at=NOW, names=("web-1",), clouds=(Cloud.AZURE,))
    assert found[0].size is not None
    assert found[0].size.region == "westeurope"
    nowhere = replace(estate, clouds=CloudTables(azure={"region": "mars"}))
    with pytest.raises(BadInputError, match="mars"):
        run(store, nowhere, at=NOW)


@pytest.mark.usefixtures("store")
def test_the_table_shows_each_axis_size_and_cost(estate: Estate) -> None:
    """People see one line per server and cloud; what is unknown is said to be."""
    done = typed(estate)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].split()[:5] == ["server", "cloud", "fit", "move", "support"]
    assert len(lines) == 5
    silent = next(line for line in lines if "10.0.0.2" in line)
    assert silent.count("unknown") == 5
    web = next(line for line in lines if line.startswith("web-1") and "aws" in line)
    assert "c6a.large" in web
    assert "GBP" not in web
    assert "2 servers, rules" in done.stderr


@pytest.mark.usefixtures("store")
def test_json_holds_whole_verdicts_and_csv_a_row_each(estate: Estate) -> None:
    """Programs get everything as JSON, and a row per server and cloud as CSV."""
    verdicts = json.loads(typed(estate, "--format", "json").stdout)
    assert {each["fit"] for each in verdicts} <= {each.value for each in Readiness}
    web = next(each for each in verdicts if each["server"] == "web-1" and each["cloud"] == "aws")
    assert web["size"]["lines"][0]["basis"] == "observed 2026-10-15"
    rows = list(csv.DictReader(io.StringIO(typed(estate, "--format", "csv").stdout)))
    costs = {row["server"]: row["gbp_a_month"] for row in rows if row["cloud"] == "aws"}
    assert Decimal(costs["web-1"]) * 100 == web["size"]["monthly_cost_pence"]


@pytest.mark.usefixtures("store")
def test_explain_tells_findings_missing_facts_and_the_size(estate: Estate) -> None:
    """Every verdict can be opened to its reasons."""
    said = typed(estate, "web-1", "--target", "aws", "--explain").stdout
    assert "web-1 on aws" in said
    assert "unknown (support): database-support needs software.packages: not asked" in said
    assert "size: c6a.large in eu-west-2: the cheapest for 2 vCPUs" in said
    assert "assumed: 1 USD = 0.78 GBP (2026-11-01)" in said


def test_an_empty_estate_says_what_to_do(estate: Estate) -> None:
    """Without servers there is nothing to judge, and the next step is told."""
    done = typed(estate)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "decant discover" in done.stderr


def test_without_a_rate_the_remedy_is_told(estate: Estate, store: Store) -> None:
    """Costs that are unknown for want of a rate say how to give one."""
    store.close()
    (estate.folder / "decant.toml").write_text('[estate]\nname = "Test"\n')
    done = typed(estate, "web-1")
    assert "set usd_to_gbp" in done.stderr


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_catalogue_shows_each_data_set_with_its_age(form: str) -> None:
    """Every data set is listed with its date and how many entries it holds."""
    done = CliRunner().invoke(CATALOGUE, ["--format", form], obj=Session(), catch_exceptions=False)
    assert done.exit_code == 0
    for word in ("lifecycle", "2026-08-22", "azure-disks", "1224"):
        assert word in done.stdout


def test_what_goes_wrong_while_judging_leaves_nothing_open(store: Store, estate: Estate) -> None:
    """Nothing is kept, and no temporary file is left to be warned of."""
    (estate.folder / "rules").mkdir()
    shipped = RULES.one("azure-cores").path.read_text()
    forgets = shipped.replace("judge=", "judge=lambda *_: None and ", 1)
    (estate.folder / "rules" / "own.py").write_text(forgets)
    with pytest.raises(PluginError, match=r"own\.py: the rule 'own' returned nothing"):
        typed(estate, "--format", "json")
    gc.collect()
    assert load_verdicts(store) == ()

"""``decant report`` and ``decant validate`` on an estate of its own, as a user types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from junitparser import JUnitXml
from report_samples import full_facts, material, size, verdict

from inventory.estate_file import make_estate
from inventory.model.fact import Reason, Unknown
from inventory.model.run import Visit
from inventory.model.server import Server
from inventory.store.opening import open_store
from inventory.store.runs import begin_run
from inventory.store.store import Store
from inventory.store.visits import record_visit
from migrate.console import run
from migrate.ledger.book import enter
from migrate.model.act import Intent, Result
from migrate.model.action import Aftermath
from migrate.model.evidence import Fingerprint
from migrate.model.verdict import Cloud, Readiness
from migrate.records import load_plan, load_verdicts, save_plan, save_verdicts
from tests.stages.workbenches import KEYS


@dataclass(frozen=True, kw_only=True)
class Estate:
    """An estate folder, its store, and a way to type commands in it."""

    folder: Path
    store: Store
    capture: pytest.CaptureFixture[str]

    def discover(self, name: str, *, unreachable: Unknown | None = None) -> Server:
        """Record a visit to a server."""
        at = datetime.now(UTC) - timedelta(minutes=5)
        observations = () if unreachable else tuple(full_facts(name).values())
        visit = Visit(
            target=f"ssh://root@{name}", at=at, observations=observations, unreachable=unreachable
        )
        started = begin_run(self.store, command="discover", at=at)
        return record_visit(self.store, started.id, visit)

    def judge(self, server: Server, fit: Readiness = Readiness.READY) -> None:
        """Record verdicts on a server for both clouds."""
        at, sized = datetime.now(UTC), size("m5.large", 7000)
        save_verdicts(
            self.store,
            [verdict(server, cloud, fit=fit, sized=sized, at=at) for cloud in Cloud],
            at=at,
        )

    def type(self, *arguments: str) -> tuple[int, str, str]:
        """Type a command; return its exit code, standard output and standard error."""
        self.capture.readouterr()
        code = run(["--estate", str(self.folder), *arguments])
        out, err = self.capture.readouterr()
        return code, out, err


@pytest.fixture
def estate(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Estate]:
    """Make an estate in which nothing was found yet."""
    make_estate(tmp_path, "Stevenage data centre")
    with open_store(f"sqlite:///{tmp_path / 'decant.db'}") as store:
        yield Estate(folder=tmp_path, store=store, capture=capfd)


def test_a_report_lands_in_the_estate_and_its_path_is_printed(estate: Estate) -> None:
    """Standard output holds the path alone, so that a script can open it."""
    estate.judge(estate.discover("web-1"))
    code, out, err = estate.type("report", "readiness")
    path = estate.folder / "readiness.html"
    assert (code, out) == (0, f"{path}\n")
    assert "wrote the readiness report of Stevenage data centre" in err
    assert "Decant found <strong>1 server</strong>" in path.read_text(encoding="utf-8")


def test_a_report_can_be_written_to_standard_output(estate: Estate) -> None:
    """Nothing but the report is there, and no file is made."""
    estate.discover("web-1")
    code, out, err = estate.type("report", "readiness", "--format", "json", "--output", "-")
    assert (code, err) == (0, "")
    assert json.loads(out)["summary"]["servers"] == 1
    assert not (estate.folder / "readiness.json").exists()


def test_a_report_can_be_written_elsewhere(estate: Estate, tmp_path: Path) -> None:
    """A file of the user's choice is replaced."""
    path = tmp_path / "for the board.csv"
    path.write_text("old")
    code, out, _ = estate.type("report", "readiness", "--format", "csv", "--output", str(path))
    assert (code, out) == (0, f"{path}\n")
    assert path.read_text(encoding="utf-8").startswith("server,server_id,cloud")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "error: which report?\nhint: there are: readiness"),
        (("savings",), "error: there is no report 'savings'\nhint: there are: readiness"),
        (("readiness", "--format", "docx"), "hint: it has: html, json, csv"),
        (("readiness", "--output", "."), "is a folder\nhint: name a file in it"),
        (("readiness", "--output", "/nowhere/report.html"), "error: there is no folder /nowhere"),
    ],
)
def test_what_cannot_be_written_is_said_with_its_remedy(
    estate: Estate, arguments: tuple[str, ...], words: str
) -> None:
    """Exit code 2, an error that names the thing, and a hint."""
    code, out, err = estate.type("report", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_the_reports_are_listed(estate: Estate) -> None:
    """With what each tells and its formats."""
    code, out, _ = estate.type("report", "--list")
    assert code == 0
    assert out.startswith("readiness  Which servers can go to which cloud")
    assert "(html, json, csv)" in out


def test_a_report_of_the_users_own_is_found(estate: Estate) -> None:
    """A file in the estate's reports folder is a report like any other."""
    own = estate.folder / "reports"
    own.mkdir()
    (own / "names.py").write_text(
        '"""The names of all servers."""\n'
        "from migrate.model.report import Report\n"
        "def names(material):\n"
        "    return ''.join(f'{server.name}\\n' for server in material.servers)\n"
        "REPORT = Report(formats={'txt': names})\n"
    )
    server = estate.discover("web-1")
    assert estate.type("report", "names", "--output", "-")[:2] == (0, f"{server.name}\n")


def test_validate_is_content_with_servers_that_can_go(estate: Estate) -> None:
    """Exit code 0, and standard output holds no row."""
    estate.judge(estate.discover("web-1"))
    code, out, err = estate.type("validate")
    assert (code, out) == (0, "")
    assert "8 conditions on 1 server: 0 failed, 0 unknown" in err


def test_validate_ends_with_findings(estate: Estate) -> None:
    """Exit code 1; a server that is not ready is named with the reason."""
    estate.judge(estate.discover("web-1"), Readiness.NOT_READY)
    code, out, _ = estate.type("validate", "--format", "json")
    assert code == 1
    assert {(each["cloud"], each["condition"], each["outcome"]) for each in json.loads(out)} == {
        ("aws", "fit", "failed"),
        ("azure", "fit", "failed"),
    }


def test_validate_ends_with_the_unknown(estate: Estate) -> None:
    """Exit code 3 when nothing failed but a server did not answer."""
    estate.judge(estate.discover("web-1"))
    silent = Unknown(reason=Reason.UNREACHABLE, detail="connection refused")
    estate.judge(estate.discover("old-nas", unreachable=silent))
    code, out, _ = estate.type("validate")
    assert code == 3
    assert "connection refused" in out


def test_validate_does_as_the_policy_says(estate: Estate) -> None:
    """What is unknown can be made to fail, in decant.toml alone."""
    estate.discover("web-1")
    assert estate.type("validate")[0] == 3
    file = estate.folder / "decant.toml"
    file.write_text(file.read_text().replace("[policy]", '[policy]\nunknown = "fail"'))
    assert estate.type("validate")[0] == 1


def test_validate_writes_junit(estate: Estate) -> None:
    """Every condition is in it, met or not, whatever is shown."""
    estate.judge(estate.discover("web-1"))
    path = estate.folder / "readiness.xml"
    code, _, err = estate.type("validate", "--junit", str(path))
    assert code == 0
    assert f"wrote {path}" in err
    document = JUnitXml.fromfile(str(path))
    assert (document.tests, document.failures, document.errors) == (8, 0, 0)


def test_validate_shows_what_is_met_on_demand(estate: Estate) -> None:
    """All conditions, one a row."""
    estate.judge(estate.discover("web-1"))
    _, out, _ = estate.type("validate", "--all", "--format", "csv")
    assert len(out.splitlines()) == 9


def test_a_server_that_was_switched_off_through_the_gate_is_done(estate: Estate) -> None:
    """The ledger says so; its silence is no trouble, in the report or the validation."""
    silent = Unknown(reason=Reason.UNREACHABLE, detail="connection refused")
    gone = estate.discover("web-1", unreachable=silent)
    assert estate.type("validate")[0] == 3
    now, tests = datetime.now(UTC), KEYS["tests"]
    file = estate.folder / "decant.toml"
    file.write_text(f'{file.read_text()}\n[signing]\ntrusted = ["{tests.line}"]\n')
    begun = Intent(
        id="",
        server_id=gone.id,
        playbook="retire",
        stage="power-off",
        action="power-off-ssh",
        what="power off web-1",
        relied_on=(),
        before=Fingerprint(parts={"identity": "web-1"}),
        changes=("power",),
        holder="a test",
        at=now,
    )
    intent = enter(estate.store, begun, at=now, signer=tests.signer)
    result = Result(
        id="",
        server_id=gone.id,
        intent=intent.id,
        aftermath=Aftermath.DONE,
        detail="it answers no more",
        after=None,
        at=now,
    )
    enter(estate.store, result, at=now, signer=tests.signer)
    assert estate.type("validate")[0] == 0
    _, out, _ = estate.type("report", "readiness", "--format", "json", "--output", "-")
    assert json.loads(out)["done"][0]["why"].startswith("switched off, ")


def test_what_stages_keep_for_each_other_comes_back_as_it_was(estate: Estate) -> None:
    """Verdicts and the plan, with every enum, date and unknown in them."""
    sample = material()
    assert sample.plan
    assert load_plan(estate.store) is None
    save_plan(estate.store, sample.plan)
    save_verdicts(estate.store, sample.verdicts, at=sample.at)
    assert load_plan(estate.store) == sample.plan
    assert set(load_verdicts(estate.store)) == set(sample.verdicts)


def test_the_latest_verdict_is_the_one_that_counts(estate: Estate) -> None:
    """A server that was judged again has one verdict for each cloud."""
    server = estate.discover("web-1")
    estate.judge(server, Readiness.NOT_READY)
    later = verdict(server, Cloud.AWS, at=datetime.now(UTC))
    save_verdicts(estate.store, (later,), at=later.at)
    assert [each.fit for each in load_verdicts(estate.store)] == [
        Readiness.READY,
        Readiness.NOT_READY,
    ]

"""Exports are read into the inventory, and what became of each row and server can be seen."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from terminal import Decant

_OLD = """name,addresses,os,cpus,memory_gb,power,depends_on
web-1,192.0.2.4,Ubuntu 22.04,4,16,on,db-1:5432
db-1,192.0.2.5,RHEL 8,4,8,off,
"""
_NEW = """name,addresses,os,cpus,memory_gb
web-1,192.0.2.4,Ubuntu 24.04,4,16
"""
_FAULTY = """name,cpus
web-1,four
web-2,2
"""


@pytest.fixture
def estate(decant: Decant) -> Decant:
    """Return a person in an estate that knows nothing yet."""
    assert decant("init").code == 0
    Path("old.csv").write_text(_OLD)
    Path("new.csv").write_text(_NEW)
    return decant


def test_what_is_imported_is_listed(estate: Decant) -> None:
    """Servers come with what the list says of them, powered-off ones too; nothing is made up."""
    done = estate("import", "old.csv")
    assert done.code == 0, done.err
    assert done.lines[1].split() == ["servers", "2", "2", "new"]
    assert done.lines[2].split() == ["uses", "of", "services", "1", "1", "new"]
    listed = {each["name"]: each for each in estate("servers", "--format", "json").json()}
    assert listed["db-1"]["power"] == "off"
    assert listed["web-1"]["memory_bytes"] == 16 * 1024**3
    assert listed["web-1"]["virtualisation"] is None
    assert listed["web-1"]["state"] == "known from list alone"


def test_uses_of_servers_without_known_addresses_are_joined(estate: Decant) -> None:
    """A list names servers; who uses whom is known though no address is."""
    Path("names.csv").write_text("name,os,depends_on\nweb-1,Ubuntu 22.04,db-1:5432\ndb-1,RHEL 8,\n")
    assert estate("import", "names.csv").code == 0
    (use,) = estate("connections", "--format", "json").json()
    assert (use["client"], use["server"], use["port"]) == ("web-1", "db-1", 5432)


def test_the_same_file_twice_changes_nothing(estate: Decant) -> None:
    """Neither a fact nor the history."""
    estate("import", "old.csv")
    before = estate("servers", "--format", "json").json()
    again = estate("import", "old.csv", "--format", "json").json()
    assert again["servers"] == {"count": 2, "same": 2}
    assert again["uses"] == {"count": 1, "same": 1}
    assert estate("servers", "--format", "json").json() == before
    assert len(estate("show", "web-1", "--history").lines) == 1


def test_what_a_later_export_leaves_out_is_said_to_be_gone_and_kept(estate: Decant) -> None:
    """Its facts stay, because an export may be of a part only."""
    estate("import", "--whole", "old.csv", "--as-of", "2026-11-01")
    estate("import", "--whole", "new.csv", "--as-of", "2026-11-20")
    listed = {each["name"]: each for each in estate("servers", "--format", "json").json()}
    assert listed["db-1"]["state"].startswith("not in list's export of 2026-11-20")
    assert listed["db-1"]["cpus"] == 4
    told = estate("diff").out
    assert "db-1 vanished: not in list's export" in told
    assert "os.name: Ubuntu 22.04 → Ubuntu 24.04" in told
    assert estate("diff", "last", "now").out.endswith("now: 2 the same\n")


def test_a_list_that_may_be_one_of_several_makes_nothing_gone(estate: Decant) -> None:
    """Unless it is said to be the whole."""
    estate("import", "old.csv", "--as-of", "2026-11-01")
    estate("import", "new.csv", "--as-of", "2026-11-20")
    states = {each["state"] for each in estate("servers", "--format", "json").json()}
    assert states == {"known from list alone"}
    assert "vanished" not in estate("diff").out


def test_an_older_export_imported_later_changes_nothing_that_holds(estate: Decant) -> None:
    """The order in which exports are imported does not matter."""
    estate("import", "new.csv", "--as-of", "2026-11-20")
    estate("import", "old.csv", "--as-of", "2026-11-01")
    (web,) = (e for e in estate("servers", "--format", "json").json() if e["name"] == "web-1")
    assert web["os"] == "Ubuntu 24.04"
    history = estate("show", "web-1", "--history").lines
    assert [line[:10] for line in history if line.startswith("2026")] == [
        "2026-11-01",
        "2026-11-20",
    ]


def test_two_exports_are_compared_without_an_estate(decant: Decant) -> None:
    """Two files need neither an inventory nor an import."""
    Path("old.csv").write_text(_OLD)
    Path("new.csv").write_text(_NEW)
    told = decant("diff", "old.csv", "new.csv", "--format", "csv")
    assert told.code == 0, told.err
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert [(row["server"], row["fate"]) for row in rows if not row["fact"]] == [
        ("db-1", "vanished")
    ]
    assert {row["fact"] for row in rows if row["server"] == "web-1"} == {"os.name", "os.version"}


def test_rows_that_cannot_be_read_are_told_with_their_place(estate: Decant) -> None:
    """The rest is imported; exit code 3 says that something is unknown."""
    Path("faulty.csv").write_text(_FAULTY)
    done = estate("import", "plain", "faulty.csv")
    assert done.code == 3
    assert "faulty.csv: row 2: cpus 'four' is not a number" in done.err
    assert [each["name"] for each in estate("servers", "--format", "json").json()] == [
        "web-1",
        "web-2",
    ]


def test_a_dry_run_keeps_nothing(estate: Decant) -> None:
    """It says what is in the file."""
    done = estate("import", "--dry-run", "old.csv")
    assert done.code == 0
    assert "nothing was kept" in done.err
    assert estate("servers", "--format", "json").json() == []


def test_the_template_can_be_imported_once_it_is_filled_in(estate: Decant) -> None:
    """Its explanations and its example are passed over; empty, it holds nothing."""
    Path("mine.csv").write_text(estate("import", "--template", "csv").out)
    empty = estate("import", "mine.csv")
    assert empty.code == 5
    with Path("mine.csv").open("a") as file:
        file.write("web-9\n")
    assert estate("import", "mine.csv").code == 0
    assert [each["name"] for each in estate("servers", "--format", "json").json()] == ["web-9"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "no file was given"),
        (("rvtools",), 2, "no file was given"),
        (("nowhere.csv",), 5, "nowhere.csv"),
        (("notes.txt",), 5, "of no format that is known"),
        (("old.csv", "--as-of", "2999-01-01"), 2, "in the future"),
    ],
    ids=["nothing", "a format alone", "no such file", "no such format", "future"],
)
def test_wrong_words_are_told(estate: Decant, words: tuple[str, ...], code: int, said: str) -> None:
    """The error names the thing."""
    Path("notes.txt").write_text("remember the milk\n")
    done = estate("import", *words)
    assert (done.code, said in done.err) == (code, True), done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("old.csv",), "is compared with another export"),
        (("old.csv", "now"), "is compared with another export"),
        (("yesterday",), "neither a run nor a time"),
        ((), "fewer than two runs"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    estate: Decant, words: tuple[str, ...], said: str
) -> None:
    """Nothing is guessed."""
    done = estate("diff", *words)
    assert (done.code, said in done.err) == (2, True), done.err


def test_what_a_server_says_goes_before_what_a_list_says(estate: Decant, recording: object) -> None:
    """Both stay: the preferred with the reason, the other beside it."""
    assert callable(recording)
    assert estate("discover", recording("web-1")).code == 0
    (server,) = estate("servers", "--format", "json").json()
    shown = estate("show", "web-1", "--format", "json").json()["facts"]
    address = next(
        address
        for each in shown["network.interfaces"]["value"]
        for address in each["addresses"]
        if not address.startswith(("127.", "::1", "fe80"))
    )
    fqdn = shown.get("identity.fqdn", {}).get("value") or server["name"]
    Path("list.csv").write_text(
        f"name,fqdn,addresses,os\n{server['name']},{fqdn},{address},Windows Server 2019\n"
    )
    assert estate("import", "list.csv").code == 0
    listed = estate("servers", "--format", "json").json()
    assert [each["id"] for each in listed] == [server["id"]]
    told = estate("show", "web-1").out
    assert "preferred: " in told
    assert "contradicted by list: Windows Server 2019" in told
    merged = estate("identity", "--format", "json").json()
    assert len(merged) == 1

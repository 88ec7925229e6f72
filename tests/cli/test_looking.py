"""What a user types to see what is there, and what they see."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Decant

from inventory.output import as_csv

ID = re.compile(r"[0-9a-f]{32}")


def test_an_estate_is_made_and_this_machine_discovered(decant: Decant) -> None:
    """The shortest way from nothing to an inventory is two commands."""
    made = decant("init", "--name", "Civic hub")
    assert (made.code, made.out) == (0, f"{Path('decant.toml')}\n")
    assert "next: " in made.err
    found = decant("discover", "local")
    assert (found.code, found.out) == (0, "")
    assert found.err.splitlines()[-1] == "1 of 1 servers answered"
    (server,) = decant("servers", "--format", "json").json()
    assert server["target"] == "local"
    assert server["memory_bytes"] > 0
    assert server["state"] == "answered"


def test_making_an_estate_twice_is_refused(decant: Decant) -> None:
    """The first one is left as it is."""
    decant("init")
    said = decant("init")
    assert said.code == 2
    assert "there already" in said.err


def test_targets_come_from_the_file_when_none_is_typed(
    decant: Decant, recording: Callable[[str], str]
) -> None:
    """And without any, the remedy is told."""
    decant("init")
    said = decant("discover")
    assert said.code == 2
    assert "no target was given" in said.err
    file = Path("decant.toml")
    file.write_text(f'[estate]\nname = "x"\n[discovery]\ntargets = ["{recording("web-1")}"]\n')
    assert decant("discover").code == 0


def test_one_malformed_target_costs_only_itself(
    decant: Decant, recording: Callable[[str], str]
) -> None:
    """Each is reported, the others are asked all the same, and the exit code is that of usage."""
    decant("init")
    said = decant("discover", "gopher://x", recording("web-1"), "root@")
    assert said.code == 2
    assert said.err.count("error: malformed target") == 2
    assert "1 of 1 servers answered" in said.err
    assert [each["name"] for each in decant("servers", "--format", "json").json()] == ["web-1"]


def test_silence_ends_with_3_and_is_listed_with_its_reason(
    decant: Decant, recording: Callable[[str], str]
) -> None:
    """A server that does not answer is in the inventory, and can be asked for alone."""
    decant("init")
    said = decant("discover", recording("web-1"), "root@127.0.0.1:1")
    assert said.code == 3
    assert "no answer from ssh://root@127.0.0.1:1: " in said.err
    assert said.err.splitlines()[-1] == "1 of 2 servers answered"
    table = decant("servers", "--unreachable")
    assert "refused" in table.out
    assert "web-1" not in table.out


def test_the_same_discovery_again_changes_no_list(
    shop: Decant, recording: Callable[[str], str]
) -> None:
    """A run is idempotent: no server is listed twice."""
    before = shop("servers", "--format", "json").json()
    shop("discover", recording("web-1"))
    after = shop("servers", "--format", "json").json()
    assert [each["id"] for each in after] == [each["id"] for each in before]


def test_servers_are_listed_for_people(shop: Decant) -> None:
    """A table on standard output, one line each, by name."""
    said = shop("servers")
    assert (said.code, said.err) == (0, "")
    assert said.lines[0].split()[:3] == ["name", "target", "os"]
    assert [line.split()[0] for line in said.lines[1:]] == ["app-1", "cache-1", "db-1", "web-1"]


def test_servers_are_listed_for_programs(shop: Decant) -> None:
    """JSON and CSV hold the same servers, ids and exact values."""
    listed = shop("servers", "--format", "json").json()
    rows = list(csv.DictReader(io.StringIO(shop("servers", "--format", "csv").out)))
    assert [each["id"] for each in listed] == [row["id"] for row in rows]
    assert all(ID.fullmatch(row["id"]) for row in rows)
    assert [str(each["memory_bytes"]) for each in listed] == [row["memory_bytes"] for row in rows]


def test_an_empty_inventory_is_said_so(decant: Decant) -> None:
    """Nothing on standard output for people, an empty list for programs."""
    decant("init")
    for command in ("servers", "applications", "connections"):
        said = decant(command)
        assert (said.code, said.out) == (0, "")
        assert "decant discover" in said.err
        assert decant(command, "--format", "json").json() == []


def test_one_server_is_shown_in_full(shop: Decant) -> None:
    """Facts by group with source and age, applications, and dependencies both ways."""
    said = shop("show", "web-1")
    assert said.code == 0
    for group in ("identity", "os", "memory", "storage", "network", "software"):
        assert group in said.lines
    assert re.search(r"^  hostname: web-1  \[identity, just now\]$", said.out, re.MULTILINE)
    assert re.search(r"^  total_bytes: [\d.]+ GiB  \[", said.out, re.MULTILINE)
    assert {"applications", "uses", "used by"} <= set(said.lines)


def test_long_lists_are_cut_and_told_so(shop: Decant) -> None:
    """Not in silence: how many more there are and how to see them is said; --all shows all."""
    cut, whole = shop("show", "web-1"), shop("show", "web-1", "--all")
    assert re.search(r"^    … and \d+ more \(--all\)$", cut.out, re.MULTILINE)
    assert "more (--all)" not in whole.out
    assert len(whole.lines) > len(cut.lines)


def test_a_shown_server_is_a_document_for_programs(shop: Decant) -> None:
    """Every fact has its value or its reason, and its origin."""
    document = shop("show", "db-1", "--format", "json").json()
    assert document["facts"]["identity.hostname"]["value"] == "db-1"
    for fact in document["facts"].values():
        assert ("value" in fact) != ("unknown" in fact)
        assert set(fact["origin"]) == {"source", "question", "at", "run"}
    rows = csv.DictReader(io.StringIO(shop("show", "db-1", "--format", "csv").out))
    assert {row["fact"] for row in rows} == set(document["facts"])


def test_a_silent_server_is_shown_with_its_reason(decant: Decant) -> None:
    """Nothing is known of it but where it was asked, when, and why it did not answer."""
    decant("init")
    decant("discover", "root@127.0.0.1:1")
    said = decant("show", "127.0.0.1")
    assert re.search(r"^  state +did not answer: .*refused", said.out, re.MULTILINE)
    assert "last answered  never" in said.out


def test_unknown_facts_are_shown_with_their_reason(decant: Decant) -> None:
    """What was asked and not learnt is not left out."""
    decant("init")
    Path("collectors").mkdir()
    Path("collectors/rack.py").write_text(DUMB_COLLECTOR)
    decant("discover", "local")
    (server,) = decant("servers", "--format", "json").json()
    assert "  rack: unknown: not told" in decant("show", server["name"]).out


DUMB_COLLECTOR = '''\
"""Never gets an answer."""

from inventory.model.collector import Collector
from inventory.model.fact import FactKey

KEY = FactKey[str](name="own.rack", kind=str, help="Where it stands")
COLLECTOR = Collector(script="true", tells=(KEY,), read=lambda _: [], examples=())
'''


def test_a_mistyped_name_is_suggested(shop: Decant) -> None:
    """Exit code 2, and the name that was probably meant."""
    said = shop("show", "wbe-1")
    assert said.code == 2
    assert "error: there is no server 'wbe-1'" in said.err
    assert "did you mean web-1" in said.err


def test_applications_are_listed_with_their_reasons(shop: Decant) -> None:
    """What runs where, on which port, and why we think so."""
    listed = shop("applications", "--format", "json").json()
    found = {(each["server"], each["id"]) for each in listed}
    assert ("db-1", "postgresql") in found
    assert ("web-1", "nginx") in found
    assert all(each["why"] for each in listed)
    one = shop("applications", "db-1", "--format", "json").json()
    assert {each["server"] for each in one} == {"db-1"}


def test_connections_name_both_ends(shop: Decant) -> None:
    """The application uses the database, seen from either end."""
    rows = shop("connections", "--format", "json").json()
    pairs = {(each["client"], each["server"], each["port"]) for each in rows}
    assert ("app-1", "db-1", 5432) in pairs
    assert "app-1" in shop("connections").out


@pytest.mark.parametrize(
    ("kind", "edge"),
    [
        ("dot", r'n(\d+) -> n(\d+) \[label="5432/tcp'),
        ("mermaid", r'n(\d+) -->\|"5432/tcp'),
    ],
)
def test_connections_are_drawn(shop: Decant, kind: str, edge: str) -> None:
    """The graph's text names the servers and their use of each other."""
    said = shop("connections", "--graph", kind)
    assert re.search(edge, said.out)
    assert '"db-1"' in said.out


def test_what_a_server_says_cannot_steer_a_terminal(decant: Decant) -> None:
    """Control characters in an answer are spelt out, in tables and in errors."""
    decant("init")
    Path("evil.txt").write_bytes(b"\x1b]0;owned\x07\x1b[2J no frames here")
    said = decant("discover", f"recorded://{Path('evil.txt').absolute()}")
    assert said.code == 3
    listed = decant("servers").out
    assert "\x1b" not in said.err + listed
    assert "\\x1b" in said.err


def test_a_cell_cannot_be_a_formula() -> None:
    """What a spreadsheet would run gets an apostrophe; numbers stay numbers."""
    rows = [{"a": "=1+1", "b": "@x", "c": -4, "d": "-x", "e": "+44 20"}]
    assert as_csv(rows, "abcde").splitlines()[1] == "'=1+1,'@x,-4,'-x,'+44 20"

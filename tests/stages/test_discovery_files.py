"""The one answer that holds all files is taken apart, and each collector given its own."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.discovery.files import FilesRead, read_files
from inventory.discovery.wanted import Wanted, wanted_by
from inventory.model.collector import Collector

HEADING = re.compile(r"(?:\A|\n)==> (/[^\n]*|denied|stuck) <==\n")
"""What a heading is, said as plainly as can be; reading by it is slow."""
PIECES = ("==> ", "==>", " <==", "<==", "/etc/a", "/b", "denied", "stuck", "\n", "\n\n", "x", " ")


def files_by_pattern(text: str) -> dict[str, str]:
    """Take an answer apart by what a heading is."""
    parts = HEADING.split(text)
    found: dict[str, str] = {}
    for path, said in zip(parts[1::2], parts[2::2], strict=False):
        if path.startswith("/"):
            found.setdefault(path, said)
    return found


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_files_begin_where_their_headings_are(text: str) -> None:
    """What only looks like a heading is what a file holds."""
    assert read_files(text).content == files_by_pattern(text)


@pytest.mark.parametrize(
    "text",
    [
        "==> /a <==\none\n\n==> /b <==\n\n==> /c <==\n",
        "==> /a <==\n==> /b <==\ntwo\n",
        "==> /a <==\none\n==> b <==\n==> /c",
        "noise\n==> /a <== <==\n==>  <==\n==> / <==\n",
    ],
)
def test_empty_files_and_text_like_headings(text: str) -> None:
    """As above, for the shapes that matter most."""
    assert read_files(text).content == files_by_pattern(text)


DENIED = re.compile(r": .*?(/[^\n]*?)'?(?: for reading)?: Permission denied$", re.MULTILINE)
"""What a complaint is, said as plainly as can be; hundreds of them take milliseconds to read so."""
WORDS = (
    *("head: ", "cannot open ", "'", "/etc/shadow", "/a: b", " for reading", ": ", "\n"),
    *("Permission denied", ": Permission denied\n", "No such file or directory", "é"),
)


@given(st.lists(st.sampled_from(WORDS)).map("".join))
def test_complaints_name_what_may_not_be_read(said: str) -> None:
    """Other complaints name nothing."""
    expected = frozenset(DENIED.findall(said))
    assert read_files(f"==> denied <==\n{said}").denied == expected


@pytest.mark.parametrize(
    "said",
    [
        "head: cannot open '/etc/shadow' for reading: Permission denied",
        "head: /etc/shadow: Permission denied",
        "head: error reading '/etc/shadow': Permission denied",
    ],
)
def test_each_dialect_of_a_complaint_is_understood(said: str) -> None:
    """GNU coreutils; BusyBox and the BSDs; and what is opened but not read."""
    assert read_files(f"==> denied <==\n{said}\n").denied == {"/etc/shadow"}


def wants(*files: str, guarded: tuple[str, ...] = ()) -> Collector:
    """Return a collector that wants these files."""
    return Collector(files=files, guarded=guarded, tells=(), read=lambda _: (), examples=())


COLLECTORS = {
    "links": wants("/sys/class/net/*/mtu", "/sys/class/net/*/address"),
    "names": wants("/etc/hostname", "/etc/[ho]*"),
    "users": wants("/etc/passwd", guarded=("/etc/shadow",)),
    "nothing": wants(),
}


def test_each_collector_gets_the_files_that_its_patterns_match_and_no_others() -> None:
    """One that wants none is not among them; one whose files are not there gets none."""
    content = {path: path for path in ("/etc/hosts", "/sys/class/net/eth0/mtu", "/etc/hostname")}
    shares = Wanted(COLLECTORS).shares(FilesRead(content={**content, "/dev/null": ""}))
    assert {name: list(each.content) for name, each in shares.items()} == {
        "links": ["/sys/class/net/eth0/mtu"],
        "names": ["/etc/hosts", "/etc/hostname"],
        "users": [],
    }


def test_what_was_denied_or_never_ended_is_told_to_those_who_want_it() -> None:
    """Nobody else learns of it."""
    denied, stuck = frozenset({"/etc/shadow"}), frozenset({"/sys/class/net/eth0/address"})
    shares = Wanted(COLLECTORS).shares(FilesRead(denied=denied, stuck=stuck))
    assert shares["users"] == FilesRead(denied=denied)
    assert shares["links"] == FilesRead(stuck=stuck)
    assert shares["names"] == FilesRead()


def test_who_wants_what_is_found_out_once_for_the_same_collectors() -> None:
    """The servers of a run have the same files; other collectors are not taken for these."""
    assert wanted_by(COLLECTORS) is wanted_by(dict(COLLECTORS))
    other = {**COLLECTORS, "names": wants("/etc/machine-id")}
    assert wanted_by(other).by("/etc/machine-id") == ("names",)
    assert wanted_by(COLLECTORS).by("/etc/machine-id") == ()

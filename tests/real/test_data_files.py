"""Folders are compared over real SSH: what is missing, changed or unreadable is found and named."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openssh import Server
from sights import HeldMemory, move, sight

from inventory.errors import UnreachableError
from inventory.model.asking import Access, Ending, Limits, Reply
from inventory.registry import Registry
from migrate.data import folders
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.questioning import ask_server

CHECK = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
pytestmark = pytest.mark.sshd

NASTY = (
    b"plain.txt",
    b"two words",
    b"new\nline",
    b"back\\slash and \xe9 not UTF-8",
    b"100%s \\101 $HOME `id` 'quote' \"double\"",
    b"-rf",
    "Straße €".encode(),
    b"deep/er/still",
)


@dataclass
class Folders:
    """Two folders, and two servers that have them."""

    old: Path
    new: Path
    server: Server
    access: Access
    memory: HeldMemory = field(default_factory=HeldMemory)
    asked: list[str] = field(default_factory=list)
    meddle: Callable[[int], Reply | None] = lambda _: None

    def run(self, **parameters: Any) -> CheckResult:
        """Compare them over SSH."""
        self.asked.clear()
        target = str(self.server.target)
        seen = replace(
            sight(),
            move=move(source=target, replacement=target),
            memory=self.memory,
            ask=self._ask,
        )
        given = {"folders": [{"old": str(self.old), "new": str(self.new)}], **parameters}
        return CHECK.one("files-data").value.run(seen, given)

    def _ask(self, target: str, script: str, *, seconds: float, most_bytes: int) -> Reply:
        self.asked.append(script)
        answer = self.meddle(len(self.asked))
        ask = partial(ask_server, self.access, Limits())
        return answer or ask(target, script, seconds=seconds, most_bytes=most_bytes)


def _write(folder: Path, name: bytes, content: bytes = b"hello") -> bytes:
    path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 - names that are no text
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - the same
    with open(path, "wb") as file:  # noqa: PTH123 - the same
        file.write(content)
    return path


@pytest.fixture
def pair(server: Server, tmp_path: Path) -> Folders:
    """Return a folder with nasty names, and a copy of it."""
    for name in NASTY:
        _write(tmp_path / "old data", name)
    (tmp_path / "old data" / "link").symlink_to("plain.txt")
    shutil.copytree(tmp_path / "old data", tmp_path / "new", symlinks=True)
    return Folders(
        old=tmp_path / "old data",
        new=tmp_path / "new",
        server=server,
        access=server.access(tmp_path / "known_hosts"),
    )


def test_a_true_copy_passes(pair: Folders) -> None:
    """A copy with the same names, sizes, owners, permissions, times and content passes."""
    result = pair.run()
    assert result.outcome is Outcome.PASSED
    assert "8 files of 40 bytes are the same on both servers, with every file" in result.detail
    assert result.observed["folders"][str(pair.old)]["read"] == len(NASTY)


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_other_content_is_found_under_any_name(pair: Folders, name: bytes) -> None:
    """One byte of one file, of the same size and time, is found whatever the file is called."""
    path = _write(pair.new, name, b"hallo")
    at = os.stat(os.path.join(os.fsencode(pair.old), name)).st_mtime_ns  # noqa: PTH116, PTH118 - no text
    os.utime(path, ns=(at, at))
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert result.detail.startswith("1 entry differs")
    assert "holds something else" in result.detail


def test_each_difference_is_named(pair: Folders) -> None:
    """What is missing, additional, larger, owned, permitted, dated or linked otherwise is named."""
    (pair.new / "two words").unlink()
    _write(pair.new, b"extra")
    _write(pair.new, b"plain.txt", b"hello!")
    (pair.new / "deep").chmod(0o700)
    os.utime(pair.new / "Straße €", (1, 1))
    (pair.new / "link").unlink()
    (pair.new / "link").symlink_to("elsewhere")
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    for words in (
        "two words is missing",
        "extra is not in the old one",
        "plain.txt has 6 bytes, not 5",
        "deep has permissions 700, not 755",
        "Straße € was changed at another time",
        "link leads to elsewhere, not plain.txt",
    ):
        assert words in result.detail
    assert "holds something else" not in result.detail


def test_what_need_not_be_the_same_is_not_compared(pair: Folders) -> None:
    """Permissions, times and ignored paths do not fail it when they are not asked for."""
    (pair.new / "deep").chmod(0o700)
    os.utime(pair.new / "plain.txt", (1, 1))
    _write(pair.new, b"cache/a.tmp")
    result = pair.run(permissions=False, times=False, ignore=["cache"])
    assert result.outcome is Outcome.PASSED


def test_a_sample_says_so(pair: Folders) -> None:
    """With a sample only some files are read, always the same ones, and the result says it."""
    result = pair.run(percent=40)
    assert result.outcome is Outcome.PASSED
    assert "the content of 40 % of them compared" in result.detail
    seen = result.observed["folders"][str(pair.old)]
    assert 0 < seen["read"] < len(NASTY)
    assert pair.run(percent=40).observed["folders"][str(pair.old)]["read"] == seen["read"]


def test_what_was_read_is_remembered_until_it_is_touched(pair: Folders) -> None:
    """A second run reads only files that were touched, however well that was hidden."""
    assert pair.run().outcome is Outcome.PASSED
    at = (pair.new / "plain.txt").stat().st_mtime_ns
    _write(pair.new, b"plain.txt", b"hallo")
    os.utime(pair.new / "plain.txt", ns=(at, at))
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert "plain.txt holds something else" in result.detail
    assert result.observed["folders"][str(pair.old)]["remembered"] == len(NASTY) - 1


def test_a_server_that_breaks_off_is_unknown_and_carried_on(
    pair: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off in the middle it is unknown; the next run reads what is left."""
    monkeypatch.setattr(folders, "_BATCH_FILES", 2)
    cut = Reply(stdout=b"", stderr=b"", exit_status=None, ending=Ending.CUT, seconds=0)
    pair.meddle = lambda number: cut if number == 6 else None
    result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "6 files were not read: the connection was cut" in result.detail
    pair.meddle = lambda _: None
    result = pair.run()
    assert result.outcome is Outcome.PASSED
    assert result.observed["folders"][str(pair.old)]["remembered"] == 2


@pytest.mark.parametrize("side", ["old", "new"])
def test_files_that_change_meanwhile_are_unknown(pair: Folders, side: str) -> None:
    """A file that is written to while folders are compared is not passed over."""

    def write_after_reading(number: int) -> None:
        if number == 5:
            _write(getattr(pair, side), b"two words", b"later")

    pair.meddle = write_after_reading
    result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert f"1 entry changed meanwhile on the {side} server: two words" in result.detail


def test_what_is_not_there_or_empty_is_unknown(pair: Folders) -> None:
    """A folder that is not there, or holds no file, proves nothing; nor does an unknown server."""
    shutil.rmtree(pair.new)
    result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "No such file or directory" in result.detail or "can't cd" in result.detail
    for folder in (pair.old, pair.new):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    assert pair.run().outcome is Outcome.UNKNOWN


def test_a_server_that_cannot_be_reached_is_unknown(pair: Folders) -> None:
    """When a server does not answer, it is unknown and says why."""

    def gone(_number: int) -> Reply:
        raise UnreachableError("nothing answers")

    pair.meddle = gone
    result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "nothing answers" in result.detail


def test_nothing_is_written(pair: Folders) -> None:
    """Comparing leaves both folders as they were, to the times that only the system sets."""

    def state() -> dict[str, int]:
        return {
            f"{path!r}": path.lstat().st_ctime_ns
            for folder in (pair.old, pair.new)
            for path in (folder, *folder.rglob("*"))
        }

    before = state()
    pair.run()
    assert state() == before

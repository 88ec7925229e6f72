"""Discovery leaves a server exactly as it was, and needs no room on it to write."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from inventory.discovery.answers import answers_of, questions_of, samples_of
from inventory.discovery.compose import Window, compose
from inventory.model.collector import Answer, Collector
from inventory.model.fact import Reason, Unknown
from inventory.registry import Registry
from migrate.demo.fleet_needs import why_not

COLLECTORS = {
    name: plugin.value
    for name, plugin in Registry(
        package="inventory.collectors", attribute="COLLECTOR", kind=Collector
    )
    .all()
    .items()
}
SCRIPT = compose(
    questions_of(COLLECTORS),
    boundary="0123456789abcdef",
    question_seconds=30,
    samples=samples_of(COLLECTORS),
    window=Window(seconds=1, every_seconds=1),
)
ROOT = """\
set -e
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
for each in proc sys dev; do mount --rbind "/$each" "$1/root/$each"; done
if [ "$2" ]; then mount -o remount,ro "$1/root"; fi
chroot "$1/root" sh -s
find "$1/upper" -mindepth 1 >&2
"""
"""Runs what it is given with the whole of this machine's files to write on, and tells on its error
stream what was written; or with none that can be written, and no /tmp."""


_WHY_NOT = why_not()
pytestmark = [
    pytest.mark.namespaces,
    pytest.mark.skipif(_WHY_NOT is not None, reason=f"a root of its own: {_WHY_NOT}"),
]


def ask(folder: Path, script: str, *, read_only: bool = False) -> tuple[bytes, list[str]]:
    """Run a script on a root of its own; return what it said, and what it wrote."""
    words = ["unshare", "--mount", "sh", "-c", ROOT, "root", str(folder), "y" if read_only else ""]
    done = subprocess.run(
        words, input=script.encode(), capture_output=True, timeout=120, check=True
    )
    return done.stdout, done.stderr.decode().split()


def told(said: bytes) -> dict[str, Answer | Unknown]:
    """Take the answers apart."""
    return answers_of(said, COLLECTORS, Unknown(reason=Reason.UNREACHABLE))


def test_whatever_is_written_would_be_seen(tmp_path: Path) -> None:
    """The test can fail: a file anywhere, and a changed one, are noticed."""
    said, written = ask(tmp_path, "echo yes; echo x >/tmp/left; touch /etc/passwd\n")
    assert said == b"yes\n"
    assert {f"{tmp_path}/upper/tmp/left", f"{tmp_path}/upper/etc/passwd"} <= set(written)


def test_every_question_asked_leaves_no_trace(tmp_path: Path) -> None:
    """As root, with the optional questions and samples too: no file is made, changed or touched."""
    said, written = ask(tmp_path, SCRIPT)
    assert written == []
    assert [name for name, each in told(said).items() if isinstance(each, Unknown)] == []


def test_a_server_that_cannot_be_written_to_tells_as_much(tmp_path: Path) -> None:
    """A read-only root, a full disk or no room in /tmp stands in no question's way."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    free, _ = ask(tmp_path / "a", SCRIPT)
    bound, written = ask(tmp_path / "b", SCRIPT, read_only=True)
    assert written == []
    silent = {
        name: [isinstance(each, Answer) and not each.text for each in (one, told(bound)[name])]
        for name, one in told(free).items()
        if COLLECTORS[name].script
    }
    assert {name: pair for name, pair in silent.items() if pair[0] != pair[1]} == {}

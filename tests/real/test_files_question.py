"""The files of all collectors are read at once, and none of them stands in another's way."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from inventory.discovery.answers import answers_of, questions_of
from inventory.discovery.compose import compose
from inventory.errors import PluginError
from inventory.model.collector import Answer, Collector
from inventory.model.fact import Reason, Unknown

SHELLS = {"dash": "dash", "bash": "bash", "busybox": "busybox sh", "ksh": "ksh93", "mksh": "mksh"}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> list[str]:
    """Return the words that start each shell that is installed."""
    words = SHELLS[request.param].split()
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed: apt-get install {request.param}")
    return words


def collector(*files: str, guarded: tuple[str, ...] = ()) -> Collector:
    """Return a collector that wants these files."""
    return Collector(files=files, guarded=guarded, tells=(), read=lambda _: (), examples=())


def answers(
    command: list[str], collectors: dict[str, Collector], *, seconds: int = 20
) -> dict[str, Answer | Unknown]:
    """Ask this machine for the files, and return what becomes of each collector's."""
    script = compose(questions_of(collectors), boundary="0" * 16, question_seconds=seconds)
    done = subprocess.run(
        [*command, "-s"], input=script.encode(), capture_output=True, check=True, timeout=60
    )
    return answers_of(done.stdout, collectors, Unknown(reason=Reason.UNREACHABLE))


def ask(command: list[str], collectors: dict[str, Collector]) -> dict[str, Answer]:
    """Ask as above where every collector must be answered."""
    said = answers(command, collectors)
    assert all(isinstance(each, Answer) for each in said.values()), said
    return {name: each for name, each in said.items() if isinstance(each, Answer)}


def test_every_file_comes_as_it_is(shell: list[str], tmp_path: Path) -> None:
    """Patterns, files without a last line feed, empty ones, and text like a heading in between."""
    contents = {"a.conf": "one\ntwo\n", "b.conf": "no line feed", "c.conf": "", "d.conf": "\n\n"}
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    got = ask(shell, {"x": collector(f"{tmp_path}/*.conf"), "y": collector("/no/such/file")})
    files = {path: said for path, said in got["x"].files.items() if path != "/dev/null"}
    assert {path: said.rstrip("\n") for path, said in files.items()} == {
        f"{tmp_path}/{name}": content.rstrip("\n") for name, content in contents.items()
    }
    assert got["x"].denied == frozenset()


def test_files_of_places_that_may_be_missing_are_read_where_they_are_there(
    shell: list[str],
) -> None:
    """Several files of one place in /sys are asked for together, and those that are there come."""
    lo = [f"/sys/class/net/l[o]/{name}" for name in ("mtu", "type", "flags", "none")]
    nowhere = [f"/sys/class/nowhere/n*/{name}" for name in ("a", "b", "c")]
    others = [f"/sys/class/net/lo/{name}" for name in ("mtu", "address", "operstate")]
    wanted = {"x": collector(*lo, *nowhere), "y": collector(*others)}
    got = ask(shell, wanted)
    assert set(got["x"].files) - {"/dev/null"} == {
        f"/sys/class/net/lo/{name}" for name in ("mtu", "type", "flags")
    }
    assert set(got["y"].files) - {"/dev/null"} == set(others)


def test_a_single_file_has_its_heading_too(shell: list[str], tmp_path: Path) -> None:
    """Given one file alone, head would write none."""
    (tmp_path / "only").write_text("it\n")
    assert ask(shell, {"x": collector(f"{tmp_path}/only")})["x"].files[f"{tmp_path}/only"] == "it\n"


def test_a_file_that_never_ends_costs_only_itself(shell: list[str], tmp_path: Path) -> None:
    """Where one keeps all the others waiting, they are read one by one, each with its limit."""
    os.mkfifo(tmp_path / "blocks")
    for name in ("before", "zlast"):
        (tmp_path / name).write_text(f"{name}\n")
    wanted = {
        "fine": collector(f"{tmp_path}/before", f"{tmp_path}/zlast", "/no/such/file"),
        "stuck": collector(f"{tmp_path}/before", f"{tmp_path}/bl*"),
    }
    begun = time.monotonic()
    said = answers(shell, wanted, seconds=3)
    assert time.monotonic() - begun < 45
    fine, stuck = said["fine"], said["stuck"]
    assert isinstance(fine, Answer)
    assert fine.files[f"{tmp_path}/before"].strip() == "before"
    assert fine.files[f"{tmp_path}/zlast"].strip() == "zlast"
    # What it holds is not known: it must not pass for one that is not there.
    assert isinstance(stuck, Unknown)
    assert stuck.reason is Reason.TIMED_OUT
    assert f"{tmp_path}/blocks" in stuck.detail


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_what_may_not_be_read_is_told_apart_from_what_is_not_there(shell: list[str]) -> None:
    """The reader learns that there is something, and that the account may not see it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shut = Path(folder, "shut")
        shut.write_text("x\n")
        shut.chmod(0o600)
        nobody = ["setpriv", "--reuid", "65534", "--clear-groups", *shell]
        wanted = {"x": collector("/etc/passwd", guarded=(str(shut), "/no/such/file"))}
        got = ask(nobody, wanted)
        assert got["x"].denied == frozenset({str(shut)})
        assert "/etc/passwd" in got["x"].files
        assert ask(shell, wanted)["x"].files[str(shut)] == "x\n"


@pytest.mark.parametrize("path", ["etc/passwd", "/a b", "/$(id)", "/a;b", "/a'b", "~/x"])
def test_a_path_that_a_shell_could_take_for_more_is_refused(path: str) -> None:
    """Nothing but a path or a pattern gets into the script."""
    with pytest.raises(PluginError, match="no path or pattern"):
        questions_of({"x": collector(path)})


def test_a_guarded_pattern_is_refused() -> None:
    """Root is asked for whole paths alone."""
    with pytest.raises(PluginError, match="whole path"):
        questions_of({"x": collector(guarded=("/etc/*",))})

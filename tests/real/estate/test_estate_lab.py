"""The estate's servers are shut in, say what they lack, and leave nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from estate import needs
from estate.definition import Expected, definition
from estate.lab import raised
from estate.roots import NoRootError, root

pytestmark = needs.estate
ONE = definition().only("cache-2")
"""One server, with systemd, which makes mounts, processes and groups of its own."""
GONE_SECONDS = 15
_RAISE = """
import sys, time
from pathlib import Path
from estate.definition import definition
from estate.lab import raised
with raised(definition().only("cache-2"), Path(sys.argv[1])) as lab:
    print(lab.running["cache-2"].pid, lab.control_group, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module", autouse=True)
def _root() -> None:
    try:
        root("rpm")
    except NoRootError as error:
        pytest.skip(f"the estate: {error}")


def mounts() -> str:
    """Return what is mounted on this machine."""
    return Path("/proc/self/mounts").read_text(encoding="utf-8")


def await_gone(*paths: Path) -> list[Path]:
    """Return which of the paths are still there after a while."""
    deadline = time.monotonic() + GONE_SECONDS
    while (left := [each for each in paths if each.exists()]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def test_nothing_is_left(tmp_path: Path) -> None:
    """After the estate is down, no process, mount, group or seed of it is there."""
    with raised(ONE, tmp_path) as lab:
        processes = [Path(f"/proc/{each.pid}") for each in lab.running.values()]
        held = [lab.control_group, Path(f"/proc/{lab.network.pid}"), *processes]
        assert all(each.exists() for each in held)
        assert str(tmp_path) not in mounts()

    assert await_gone(*held) == []
    assert str(tmp_path) not in mounts()
    assert not (tmp_path / "seeds").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_of_what_was_cut_off(tmp_path: Path, how: signal.Signals) -> None:
    """Neither Ctrl-C nor a kill that cannot be caught leaves a process or a group behind."""
    with subprocess.Popen(
        [sys.executable, "-c", _RAISE, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[1],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(Path.home())}
        | {"PYTHONPATH": str(Path(__file__).parents[3])},
    ) as raiser:
        assert raiser.stdout
        pid, group = raiser.stdout.readline().split()
        held = (Path("/proc", pid), Path(group))
        assert all(each.exists() for each in held)
        raiser.send_signal(how)

    assert await_gone(*held) == []


def test_what_a_server_lacks_is_said(tmp_path: Path) -> None:
    """A service that never listens ends in words that name the server and the port, in its time."""
    server = ONE.server("cache-2")
    never = Expected(id="never", version=None, ports=("4/tcp",))
    wrong = replace(ONE, servers=(replace(server, applications=(never,)),))
    up = raised(wrong, tmp_path, ready_seconds=0.5)

    with pytest.raises(RuntimeError, match=r"cache-2 does not listen on 4/tcp"), up:
        pytest.fail("it was taken for ready")


def test_a_server_cannot_reach_the_machine(tmp_path: Path) -> None:
    """Root on a server cannot load modules, set the clock, make devices or change settings."""
    with raised(ONE, tmp_path) as lab:
        bound = lab.exec("cache-2", ["grep", "CapBnd", "/proc/1/status"]).stdout.split()[1]
        settings = "echo 1 >/proc/sys/vm/overcommit_memory || echo b >/proc/sysrq-trigger"
        tried = lab.exec("cache-2", ["sh", "-c", f"{settings}; ls /sys/fs/cgroup; ls -A /.machine"])
        routes = lab.run(["ip", "route"]).stdout

    rights = (_SYS_MODULE, _SYS_RAWIO, _SYS_BOOT, _SYS_TIME, _MKNOD)
    assert [each for each in rights if int(bound, 16) & 1 << each] == []
    assert "Read-only file system" in tried.stderr
    assert lab.control_group.name not in tried.stdout
    assert "/.machine" in tried.stderr
    assert "default" not in routes


_SYS_MODULE, _SYS_RAWIO, _SYS_BOOT, _SYS_TIME, _MKNOD = 16, 17, 22, 25, 27

"""A world of the benchmark's own: namespaces, a folder and two groups of processes.

Everything that a benchmark starts lives in one process-number namespace. When the benchmark ends,
in whatever way, the kernel ends all of it, and what is left to do is to remove the folder and the
groups. The network is a loopback of its own, so no port is anybody else's.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.discovery.groups import Group, group_root
from inventory.errors import BadInputError, DecantError, UsageError
from inventory.session import tell_error

_FOLDER: Final = "DECANT_BENCHMARK_FOLDER"
_INTERRUPTED: Final = 130
_TOOLS: Final = {
    "ip": "iproute2",
    "setpriv": "util-linux",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "sshd": "openssh-server",
    "unshare": "util-linux",
}
"""What must be installed → the Debian package that brings it."""
_SYSTEM_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# A shell is the namespace's first process, because it waits for whatever is left behind.
_FIRST: Final = 'ip link set lo up && { "$@" & wait "$!"; }'


@dataclass(frozen=True, kw_only=True)
class World:
    """Where a benchmark runs."""

    folder: Path
    """On disk, removed at the end."""
    clients: Group
    servers: Group


def run(
    module: str,
    inside: Callable[[World], int],
    *,
    before: Callable[[], None] | None = None,
    tools: Mapping[str, str] | None = None,
) -> int:
    """Run ``inside`` in a world of its own and return its exit code.

    The program ``module`` is started again in new namespaces with the same arguments; there this
    function calls ``inside``. ``before`` is called first, while there still is a network; ``tools``
    names more programs that must be installed, with their packages. Errors are told on standard
    error, in the one voice.
    """
    try:
        if _FOLDER in os.environ:
            return inside(_world(Path(os.environ[_FOLDER])))
        _check({**_TOOLS, **(tools or {})})
        if before:
            before()
        return _supervise(module)
    except DecantError as error:
        tell_error(str(error), error.hint)
        return error.exit_code


def _world(folder: Path) -> World:
    def group(side: str) -> Group:
        return Group(group_root() / f"{folder.name}-{side}")

    return World(folder=folder, clients=group("clients"), servers=group("servers"))


def _check(tools: Mapping[str, str]) -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        raise UsageError(
            "this needs root on Linux: it raises real servers in namespaces and counts their time",
            hint="run it as root",
        )
    missing = [tool for tool in tools if not shutil.which(tool, path=_SYSTEM_PATH)]
    if missing:
        packages = " ".join(sorted({tools[tool] for tool in missing}))
        raise BadInputError(
            f"not installed: {', '.join(missing)}", hint=f"apt-get install {packages}"
        )


def _supervise(module: str) -> int:
    """Start the program in new namespaces, wait for it, and remove what it leaves."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="decant-benchmark-"))
    world = _world(folder)
    try:
        world.clients.make()
        world.servers.make()
        return _started(module, folder).wait()
    except KeyboardInterrupt:
        tell_error("interrupted; everything that was started has been ended")
        return _INTERRUPTED
    finally:
        world.clients.remove()
        world.servers.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _started(module: str, folder: Path) -> subprocess.Popen[bytes]:
    python = [sys.executable, "-m", module, *sys.argv[1:]]
    return subprocess.Popen(
        [
            *("setpriv", "--pdeathsig", "KILL"),
            *("unshare", "--fork", "--kill-child", "--pid", "--mount-proc", "--net", "--mount"),
            *("--ipc", "--uts", "sh", "-c", _FIRST, "first", *python),
        ],
        env=_environment(folder),
        # Ctrl-C is this process's to hear: it ends the namespaces, and with them all the rest.
        start_new_session=True,
    )


def _environment(folder: Path) -> dict[str, str]:
    """Return one without anything of the account that runs this: no keys, no agent, no settings."""
    home = folder / "home"
    home.mkdir()
    kept = {
        name: os.environ[name]
        for name in ("LANG", "PYTHONPATH", "TERM", "XDG_CACHE_HOME")
        if name in os.environ
    }
    cache = Path(kept.get("XDG_CACHE_HOME", "~/.cache")).expanduser()
    return {
        **kept,
        "PATH": _SYSTEM_PATH,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(cache),
        _FOLDER: str(folder),
    }

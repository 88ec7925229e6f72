"""Whether this machine can raise the demo's servers in namespaces, and if not, why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

SYSTEM_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_TOOLS: Final = {
    "ip": "iproute2",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "pivot_root": "util-linux",
    "sshd": "openssh-server",
    "python3": "python3",
}
"""What must be installed → the Debian package that brings it."""
_TRIAL: Final = """
mount -t tmpfs tmpfs "$1" && mkdir "$1/upper" "$1/work" "$1/root" &&
mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" overlay "$1/root" &&
ip link add probe0 type veth peer name probe1 && ip link add probe2 type bridge
"""


def why_not() -> str | None:
    """Return why servers cannot run in namespaces here; None when they can.

    The last word has a trial of a few milliseconds in namespaces of its own, which leaves nothing.
    """
    if sys.platform != "linux":
        return "namespaces need Linux"
    if os.geteuid() != 0:
        return "namespaces need root"
    missing = {tool: package for tool, package in _TOOLS.items() if not installed(tool)}
    if missing:
        tools, packages = ", ".join(missing), " ".join(sorted(set(missing.values())))
        return f"{tools} not installed: apt-get install {packages}"
    return _trial()


def installed(tool: str) -> Path | None:
    """Return where a tool of the system is, or None; a virtual environment is passed over."""
    found = shutil.which(tool, path=SYSTEM_PATH)
    return Path(found) if found else None


def _trial() -> str | None:
    with tempfile.TemporaryDirectory(prefix="decant-trial-") as folder:
        tried = subprocess.run(
            [
                *("unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--fork"),
                *("--kill-child", "--propagation", "private"),
                *("sh", "-c", _TRIAL, "trial", folder),
            ],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    if tried.returncode == 0:
        return None
    said = tried.stderr.strip().splitlines() or ["no reason given"]
    return f"the system does not allow namespaces with an overlay: {said[-1]}"

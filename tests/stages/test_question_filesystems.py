"""What the question about filesystems costs when one of them is dead, and what it keeps back."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from inventory.collectors.filesystems import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Facts
from inventory.model.facts import FILESYSTEMS
from inventory.model.storage import NETWORK_MOUNTS, Mounted

MOUNTS = """\
proc /proc proc rw,nosuid 0 0
/dev/sda2 / ext4 rw,relatime 0 0
/dev/sda3 /srv/two\\040words xfs rw 0 0
nas:/home /home nfs4 rw,hard,vers=4.2 0 0
nas:/old /old nfs rw,hard 0 0
//files/team /mnt/team cifs rw,username=svc,password=hunter2 0 0
curlftpfs#ftp://svc:hunter2@ftp.example.org/ /mnt/drop fuse rw,user_id=0 0 0
overlay /var/lib/docker/overlay2/1/merged overlay rw 0 0
"""
FSTAB = """\
# <file system> <mount point> <type> <options>
UUID=4e-1	/	ext4	errors=remount-ro	0 1
//files/payroll	/mnt/payroll	cifs	noauto,username=svc,password=hunter2	0 0
https://svc:hunter2@dav.example.org/x /mnt/dav davfs noauto 0 0
nas:/home /home nfs4 hard 0 0
"""
LIMIT = "timeout 3"
"""How long a filesystem is waited for; here it is one second, which is waited for ten times."""
STAT = """\
#!/bin/sh
shift 3
for folder in "$@"; do
  case $folder in
    /home|/old) exec sleep 60 ;;
    *) echo "1000 600 500 4096 100 60 $folder" ;;
  esac
done
"""


@pytest.fixture
def script(tmp_path: Path) -> str:
    """Return the question, asked of a server whose two NFS mounts are dead."""
    (tmp_path / "mounts").write_text(MOUNTS)
    (tmp_path / "fstab").write_text(FSTAB)
    (tmp_path / "stat").write_text(STAT)
    (tmp_path / "stat").chmod(0o755)
    text = COLLECTOR.script.replace("/proc/self/mounts", str(tmp_path / "mounts"))
    text = text.replace("/etc/fstab", str(tmp_path / "fstab"))
    assert LIMIT in text
    text = text.replace(LIMIT, "timeout 1")
    return f"PATH={tmp_path}:$PATH\n{text}"


def ask(script: str, shell: str) -> str:
    """Let a shell answer."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    command = [shell, "sh", "-s"] if shell == "busybox" else [shell, "-s"]
    return subprocess.run(
        command, input=script, capture_output=True, text=True, timeout=30, check=True
    ).stdout


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox", "ksh", "mksh"])
def test_a_dead_filesystem_costs_only_itself(script: str, shell: str) -> None:
    """Two dead ones together cost one limit; all others tell their size."""
    began = time.monotonic()
    told = Facts.from_observations(COLLECTOR.read(Answer(text=ask(script, shell))))
    assert time.monotonic() - began < 10  # and not the minute that a dead one takes

    sizes = {each.mount_point: each.size_bytes for each in told.value(FILESYSTEMS) or ()}
    assert sizes == {
        "/": 4_096_000,
        "/srv/two words": 4_096_000,
        "/mnt/team": 4_096_000,
        "/mnt/drop": 4_096_000,
        "/home": None,
        "/old": None,
    }
    mounts = {each.mount_point: each for each in told.value(NETWORK_MOUNTS) or ()}
    assert {name: each.responding for name, each in mounts.items()} == {
        "/home": False,
        "/old": False,
        "/mnt/team": True,
        "/mnt/drop": True,
        "/mnt/payroll": None,
        "/mnt/dav": None,
    }
    assert mounts["/mnt/payroll"].mounted is Mounted.LISTED
    assert (mounts["/home"].server, mounts["/home"].share) == ("nas", "/home")
    assert mounts["/mnt/drop"].source == "***@ftp.example.org/"


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox", "ksh", "mksh"])
def test_no_password_of_a_mount_leaves_the_server(script: str, shell: str) -> None:
    """Neither from the kernel's table nor from fstab, in a source or in an option."""
    answer = ask(script, shell)
    assert "/mnt/payroll" in answer
    assert "hunter2" not in answer
    assert "svc:" not in answer

"""A filesystem that really never answers, as a network filesystem whose server is gone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inventory.discovery.answers import answers_of, questions_of
from inventory.discovery.compose import compose
from inventory.model.collector import Answer, Collector
from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.facts import FILESYSTEMS
from inventory.model.storage import NETWORK_MOUNTS
from inventory.registry import Registry

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount"),
    pytest.mark.skipif(not Path("/dev/fuse").exists(), reason="the kernel has no FUSE"),
]

# Mounts a filesystem for which it never answers, in a mount namespace of its own, and lets the
# questions on its input be asked there. What hangs is let go when the device is closed.
DEAD = """
import ctypes, os, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
device = os.open("/dev/fuse", os.O_RDWR)
options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
if libc.mount(b"nas.example.org:/home", sys.argv[1].encode(), b"fuse.sshfs", 0, options):
    print(os.strerror(ctypes.get_errno()), file=sys.stderr)
    sys.exit(77)
os.set_inheritable(device, False)
subprocess.run(["sh", "-s"], stdin=sys.stdin, check=True)
"""
MOUNT_REFUSED = 77
COLLECTORS = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)


def test_a_filesystem_that_never_answers_costs_only_its_own_size(tmp_path: Path) -> None:
    """The others are told, and so is who does not answer, in seconds."""
    asked = {"filesystems": COLLECTORS.one("filesystems").value}
    script = compose(questions_of(asked), boundary="0123456789abcdef", question_seconds=20)
    began = time.monotonic()
    done = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", DEAD, str(tmp_path)],
        input=script.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    if done.returncode == MOUNT_REFUSED:
        pytest.skip(f"no filesystem can be mounted: {done.stderr.decode().strip()}")
    assert (done.returncode, time.monotonic() - began < 10) == (0, True)

    answer = answers_of(done.stdout, asked, Unknown(reason=Reason.UNREACHABLE))["filesystems"]
    assert isinstance(answer, Answer)
    told = Facts.from_observations(asked["filesystems"].read(answer))
    sizes = {each.mount_point: each.size_bytes for each in told.value(FILESYSTEMS) or ()}
    assert sizes["/"]
    assert sizes[str(tmp_path)] is None
    (mount,) = (
        each for each in told.value(NETWORK_MOUNTS) or () if each.mount_point == str(tmp_path)
    )
    assert (mount.server, mount.share, mount.responding) == ("nas.example.org", "/home", False)

"""Memory that many answers took is given back when they are gone."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import resource
import sys
from pathlib import Path
from inventory.heap import return_large_buffers

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

if sys.argv[1] == "returning":
    return_large_buffers()
# The first that is freed is large: from then on glibc by itself would keep what is smaller.
del (first := [bytes(8 << 20)])[:]
before = resident()
buffers = [bytes([number % 256]) * 300_000 for number in range(100)]
last = buffers[-1]
del buffers
print((resident() - before) // 1_000_000)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's heap is told anything")
def test_large_buffers_are_returned_when_they_are_freed() -> None:
    """Of thirty megabytes in a hundred buffers, one buffer's remain; without the call, most."""

    def left(how: str) -> int:
        command = [sys.executable, "-c", _PROGRAM, how]
        return int(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)

    assert left("returning") <= 2
    assert left("keeping") >= 10

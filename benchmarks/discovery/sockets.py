"""Holds many established TCP connections on a loopback of its own, until its group is killed.

Run in a network namespace of its own: ``python3 sockets.py NUMBER``; says ``ready`` when they are
open. Half of them are the one end, half the other. As many processes hold them as their limit of
open files asks for.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
from typing import Final

_A_LISTENER: Final = 10_000
"""Below the number of ports that a client has to choose from."""
_OWN_FILES: Final = 100
"""What a process has open besides."""


def main(number: int) -> None:
    """Open them, say so, and wait."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    ready, told = os.pipe()
    pairs, portion = number // 2, min(_A_LISTENER, (most - _OWN_FILES) // 2)
    portions = range(0, pairs, portion)
    for process, begin in enumerate(portions):
        if os.fork() == 0:
            _hold(f"127.66.0.{process + 1}", min(portion, pairs - begin), told)
    for _ in portions:
        os.read(ready, 1)
    print("ready", flush=True)
    signal.pause()


def _hold(address: str, pairs: int, told: int) -> None:
    held = []
    with socket.create_server((address, 5000)) as listener:
        for _ in range(pairs):
            held += [socket.create_connection(listener.getsockname()), listener.accept()[0]]
    os.write(told, b".")
    signal.pause()


if __name__ == "__main__":
    main(int(sys.argv[1]))

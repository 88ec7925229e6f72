"""Somebody outside of the estate who uses one service, until the input ends.

``python3 client.py resident|statistics ADDRESS``, with nothing but Python's own library. It says
``there`` once it was served.
"""

from __future__ import annotations

import http.client
import socket
import struct
import sys
import threading
import time

RESIDENT = "10.77.0.99"
STATISTICS = "10.77.0.98"
_PROTOCOL = 196608
"""Version 3.0, as PostgreSQL's documentation has it."""
_READY = b"Z"


def resident(address: str) -> None:
    """Look at the web site every second, over one connection."""
    site = http.client.HTTPConnection(address, timeout=10, source_address=(RESIDENT, 0))
    while True:
        site.request("GET", "/")
        site.getresponse().read()
        there()
        time.sleep(1)


def statistics(address: str) -> None:
    """Log in to the database, and stay."""
    connection = socket.create_connection((address, 5432), 10, source_address=(STATISTICS, 0))
    said = struct.pack("!i", _PROTOCOL) + b"user\0statistics\0database\0papers\0\0"
    connection.sendall(struct.pack("!i", len(said) + 4) + said)
    stream = connection.makefile("rb")
    while stream.read(1) != _READY:
        (length,) = struct.unpack("!i", stream.read(4))
        stream.read(length - 4)
    there()
    threading.Event().wait()


def there() -> None:
    """Say so."""
    sys.stdout.write("there\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uses = {"resident": resident, "statistics": statistics}[sys.argv[1]]
    threading.Thread(target=uses, args=sys.argv[2:3], daemon=True).start()
    sys.stdin.read()

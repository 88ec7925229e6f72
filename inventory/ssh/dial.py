"""Reach a port: resolve the name and connect, each in bounded time, each failure in its words."""

from __future__ import annotations

import errno
import socket
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from inventory.errors import UnreachableError

Address = tuple[Any, ...]

_WORDS = {
    errno.ECONNREFUSED: ("the connection was refused", "is sshd running, and on that port?"),
    errno.EHOSTUNREACH: ("there is no route to it", "is it powered on, and is the address right?"),
    errno.ENETUNREACH: ("its network cannot be reached from here", "is a route or a VPN missing?"),
}


def dial(host: str, port: int, *, seconds: float) -> socket.socket:
    """Connect to ``host`` at ``port``, trying each of its addresses, within ``seconds`` in all.

    Raises:
        UnreachableError: the name does not resolve, or no address let us connect.

    """
    deadline = time.monotonic() + seconds
    failure = _silent(seconds)
    for family, address in _resolve(host, port, seconds=seconds):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            return _connect(family, address, left)
        except TimeoutError:
            failure = _silent(seconds)
        except OSError as error:
            failure = _failed(error)
    raise failure


def _connect(family: int, address: Address, seconds: float) -> socket.socket:
    connected = socket.socket(family, socket.SOCK_STREAM)
    try:
        connected.settimeout(seconds)
        connected.connect(address)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connected.close()
        raise
    return connected


def _resolve(host: str, port: int, *, seconds: float) -> list[tuple[int, Address]]:
    """Ask the resolver in a thread of its own: it knows no time limit. An address needs none."""
    with suppress(socket.gaierror, UnicodeError):
        return _found(host, port, socket.AI_NUMERICHOST)
    found: SimpleQueue[list[tuple[int, Address]] | OSError] = SimpleQueue()

    def look_up() -> None:
        try:
            found.put(_found(host, port))
        except OSError as error:
            found.put(error)

    threading.Thread(target=look_up, name=f"resolving-{host}", daemon=True).start()
    try:
        result = found.get(timeout=seconds)
    except Empty:
        raise UnreachableError(
            f"the name {host!r} was not resolved within {seconds:g} s",
            hint="do the name servers answer?",
        ) from None
    if isinstance(result, OSError):
        raise UnreachableError(
            f"the name {host!r} does not resolve: {result.strerror}",
            hint="is it spelt right, and known to the name servers used here?",
        ) from result
    return result


def _found(host: str, port: int, flags: int = 0) -> list[tuple[int, Address]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [(family, address) for family, _, _, _, address in found]


def _silent(seconds: float) -> UnreachableError:
    return UnreachableError(
        f"nothing answered within {seconds:g} s",
        hint="is it powered on, and does a firewall let us through?",
    )


def _failed(error: OSError) -> UnreachableError:
    otherwise = (f"it cannot be connected to: {error.strerror or error}", None)
    message, hint = _WORDS.get(error.errno or 0, otherwise)
    failure = UnreachableError(message, hint=hint)
    failure.__cause__ = error
    return failure

"""Knocking at a TCP port: one attempt to connect, and exactly what came of it.

A knock sends nothing. What it cannot tell from here (no such name, no network) is kept apart from
what it can (refused, silent), so that nobody takes the one for the other.
"""

from __future__ import annotations

import errno
import socket
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from enum import Enum


class Knock(Enum):
    """What came of one attempt to connect."""

    OPEN = "open"
    REFUSED = "refused"
    TIMED_OUT = "timed out"
    NO_ROUTE = "no route to the host"
    """The address itself does not answer, as its own network or a router says."""
    NO_NETWORK = "no network from here"
    NO_NAME = "the name does not resolve"
    OTHER = "cannot be told"

    @property
    def is_telling(self) -> bool:
        """Whether it says something of the far end, and not only of this one."""
        return self in {Knock.OPEN, Knock.REFUSED, Knock.TIMED_OUT, Knock.NO_ROUTE}


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One knock's result."""

    knock: Knock
    detail: str = ""
    """What the operating system said, for people; empty when the port is open."""
    greeting: bytes = b""
    """What the other end said first, when it was waited for."""

    def __str__(self) -> str:
        """Say it in a few words."""
        return self.detail or self.knock.value


_ERRNO = {
    errno.ECONNREFUSED: Knock.REFUSED,
    errno.ECONNRESET: Knock.REFUSED,
    errno.ETIMEDOUT: Knock.TIMED_OUT,
    errno.EHOSTUNREACH: Knock.NO_ROUTE,
    errno.EHOSTDOWN: Knock.NO_ROUTE,
    errno.ENETUNREACH: Knock.NO_NETWORK,
    errno.ENETDOWN: Knock.NO_NETWORK,
    errno.EADDRNOTAVAIL: Knock.NO_NETWORK,
}


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """Open a connection to the first of a name's addresses that takes one.

    Finding the name, and each address, takes at most ``seconds``.

    Raises:
        OSError: none took it; :func:`heard` says what that means. The error that tells most of
            the far end is the one that is raised.

    """
    failures: list[OSError] = []
    for address in resolve(host, port, seconds):
        try:
            return socket.create_connection((address, port), timeout=seconds)
        except OSError as error:
            failures.append(error)
    raise next((each for each in failures if heard(each, seconds).knock.is_telling), failures[-1])


def knock(host: str, port: int, seconds: float, *, greeting_bytes: int = 0) -> Heard:
    """Knock once; with ``greeting_bytes`` also wait that long for what the other end says first."""
    try:
        with connect(host, port, seconds) as connection:
            greeting = _greeting(connection, greeting_bytes)
    except OSError as error:
        return heard(error, seconds)
    return Heard(knock=Knock.OPEN, greeting=greeting)


def heard(error: OSError, seconds: float) -> Heard:
    """Say what an error of :func:`connect` means."""
    if isinstance(error, socket.gaierror):
        detail = f"the name does not resolve ({error.strerror})"
        return Heard(knock=Knock.NO_NAME, detail=detail)
    if isinstance(error, TimeoutError) and error.errno is None:
        return Heard(knock=Knock.TIMED_OUT, detail=f"timed out after {seconds:g} s")
    outcome = _ERRNO.get(error.errno or 0, Knock.OTHER)
    return Heard(knock=outcome, detail=(error.strerror or str(error)).lower())


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a name, asked for at most ``seconds``; at least one.

    The resolver itself knows no time limit, so it is asked in a thread that is left behind.

    Raises:
        socket.gaierror: there is no such name, or nobody said so in time.

    """
    answer: Future[list[str]] = Future()
    threading.Thread(target=_resolve_into, args=(answer, host, port), daemon=True).start()
    try:
        return answer.result(seconds)
    except TooLate:
        raise socket.gaierror(
            socket.EAI_AGAIN, f"no answer from the name server in {seconds:g} s"
        ) from None


def _resolve_into(answer: Future[list[str]], host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answer.set_result(list(dict.fromkeys(str(each[4][0]) for each in found)))
    except socket.gaierror as error:
        answer.set_exception(error)
    except (OSError, UnicodeError) as error:
        answer.set_exception(socket.gaierror(socket.EAI_NONAME, str(error)))


def _greeting(connection: socket.socket, most_bytes: int) -> bytes:
    if not most_bytes:
        return b""
    try:
        return connection.recv(most_bytes)
    except OSError:
        return b""

"""How TLS is asked for within other protocols, before the handshake; nothing else is said.

Each dialogue is taken from its protocol: RFC 3207 (SMTP), RFC 9051 (IMAP), RFC 2595 (POP3), RFC
4217 (FTP), RFC 5804 (ManageSieve), RFC 4511 (LDAP), and the manuals of PostgreSQL and MySQL.
"""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket

_LONGEST = 8192
"""Bytes that one side may say before it is given up."""


class NotOfferedError(Exception):
    """It answers, and does not offer TLS."""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A connection that is read no further than asked, and only until a time."""

    connection: socket.socket
    until: float
    """By the monotonic clock."""

    def send(self, data: bytes) -> None:
        """Say something."""
        self._set_time()
        self.connection.sendall(data)

    def exactly(self, count: int) -> bytes:
        """Return the next bytes.

        Raises:
            OSError: they did not come.

        """
        data = b""
        while len(data) < min(count, _LONGEST):
            self._set_time()
            more = self.connection.recv(count - len(data))
            if not more:
                raise ConnectionResetError("it closed the connection")
            data += more
        return data

    def line(self) -> bytes:
        """Return the next line; what follows it is left for the handshake."""
        line = b""
        while not line.endswith(b"\n") and len(line) < _LONGEST:
            line += self.exactly(1)
        return line

    def _set_time(self) -> None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("it takes too long")
        self.connection.settimeout(left)


Dialogue = Callable[[Talk], None]
"""Brings a connection to where the handshake may begin. Raises NotOfferedError or OSError."""


def _lines(*exchanges: tuple[bytes, bytes, bytes]) -> Dialogue:
    """Make a dialogue of what is sent, how the last line of an answer looks, and how a good one."""

    def speak(talk: Talk) -> None:
        for sent, last, good in exchanges:
            if sent:
                talk.send(sent)
            line = talk.line()
            while not re.match(last, line):
                line = talk.line()
            if not re.match(good, line):
                said = line.decode("ascii", "replace").strip()[:80]
                raise NotOfferedError(f"it offers no TLS: {said}")

    return speak


def _postgresql(talk: Talk) -> None:
    talk.send(struct.pack("!ii", 8, 80877103))
    if talk.exactly(1) != b"S":
        raise NotOfferedError("it offers no TLS")


def _mysql(talk: Talk) -> None:
    size = int.from_bytes(talk.exactly(4)[:3], "little")
    greeting = talk.exactly(size)
    _, _, rest = greeting.partition(b"\0")
    if greeting[:1] != b"\x0a" or len(rest) < _MYSQL_FLAGS.stop:
        raise NotOfferedError("it greets in no way of MySQL's that offers TLS")
    if not int.from_bytes(rest[_MYSQL_FLAGS], "little") & _MYSQL_TLS:
        raise NotOfferedError("it offers no TLS")
    flags = _MYSQL_TLS | _MYSQL_41
    talk.send(struct.pack("<I", 32 | 1 << 24) + struct.pack("<IIB23x", flags, 1 << 24, 33))


def _ldap(talk: Talk) -> None:
    name = b"1.3.6.1.4.1.1466.20037"
    talk.send(b"\x30\x1d\x02\x01\x01\x77\x18\x80\x16" + name)
    size = talk.exactly(2)[1]
    if size & 0x80:
        size = int.from_bytes(talk.exactly(size & 0x7F), "big")
    if b"\x0a\x01\x00" not in talk.exactly(size):
        raise NotOfferedError("it refuses TLS")


_MYSQL_FLAGS: Final = slice(13, 15)
"""Where, after the version, the lower half of the server's capabilities stands."""
_MYSQL_TLS, _MYSQL_41 = 0x0800, 0x0200
_CODE, _CODED = rb"\d{3} ", rb"2\d\d "

DIALOGUES: Final[dict[str, Dialogue]] = {
    "smtp": _lines(
        (b"", _CODE, _CODED),
        (b"EHLO decant.invalid\r\n", _CODE, _CODED),
        (b"STARTTLS\r\n", _CODE, _CODED),
    ),
    "imap": _lines((b"", rb"\* ", rb"\* OK"), (b"a STARTTLS\r\n", rb"a ", rb"a OK")),
    "pop3": _lines((b"", rb"[+-]", rb"\+OK"), (b"STLS\r\n", rb"[+-]", rb"\+OK")),
    "ftp": _lines((b"", _CODE, _CODED), (b"AUTH TLS\r\n", _CODE, _CODED)),
    "sieve": _lines((b"", rb"OK|NO|BYE", rb"OK"), (b"STARTTLS\r\n", rb"OK|NO|BYE", rb"OK")),
    "postgresql": _postgresql,
    "mysql": _mysql,
    "ldap": _ldap,
}
BY_PORT: Final = {
    21: "ftp", 25: "smtp", 110: "pop3", 143: "imap", 389: "ldap", 587: "smtp", 2525: "smtp",
    3268: "ldap", 3306: "mysql", 4190: "sieve", 5432: "postgresql", 6432: "postgresql",
}  # fmt: skip
BY_PROCESS: Final = {
    "mariadbd": "mysql", "mysqld": "mysql", "pgbouncer": "postgresql", "postgres": "postgresql",
    "postmaster": "postgresql",
}  # fmt: skip
"""For those that listen at ports of their own choice."""

"""Connections that are none of ours: through a jump host's channel, or a command's own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from paramiko.ssh_exception import SSHException

from inventory.errors import UnreachableError

if TYPE_CHECKING:
    from paramiko.channel import Channel

_CHUNK = 1 << 16
_SAID = 200
_BROKEN = (SSHException, EOFError, OSError)


def through_channel(channel: Channel) -> socket.socket:
    """Return a socket whose other end is the channel; closing either closes both."""
    ours, theirs = socket.socketpair()
    channel.settimeout(None)
    name = f"relay-{channel.get_id()}"
    for work in (_outward, _inward):
        threading.Thread(target=work, args=(theirs, channel), name=name, daemon=True).start()
    return ours


def _outward(theirs: socket.socket, channel: Channel) -> None:
    with suppress(*_BROKEN):
        while data := theirs.recv(_CHUNK):
            channel.sendall(data)
    with suppress(*_BROKEN):
        channel.close()


def _inward(theirs: socket.socket, channel: Channel) -> None:
    with suppress(*_BROKEN):
        while data := channel.recv(_CHUNK):
            theirs.sendall(data)
    with suppress(OSError):
        theirs.shutdown(socket.SHUT_RDWR)
    theirs.close()


class Command:
    """A command that connects us: its input and output are the connection (ProxyCommand)."""

    def __init__(self, command: str) -> None:
        """Start it, in a session of its own.

        Raises:
            UnreachableError: it cannot be started.

        """
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  closed by stop
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=self._stderr,
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            self._stderr.close()
            raise UnreachableError(f"its ProxyCommand cannot be started: {error}") from error
        finally:
            theirs.close()
        self.socket = ours

    def said(self) -> str:
        """Return what it said on its error stream, so far as that is worth repeating."""
        self._stderr.seek(0)
        return " ".join(self._stderr.read(_CHUNK).decode("utf-8", "replace").split())[:_SAID]

    def stop(self) -> None:
        """End it, and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._stderr.close()

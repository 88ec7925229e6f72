"""An SSH server in threads of this process, which answers with a recorded transcript.

It knows two scripts: the one that asks, which gets the recording, and the one that switches off,
after which it listens no more. It runs nothing.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import paramiko
from paramiko import common

_HANDSHAKE_SECONDS: Final = 20
_ASKS: Final = "DECANT 1 "
"""What only the script that asks holds: the beginning of its answer's first line."""
_SWITCHES_OFF: Final = "poweroff"
_LOG: Final = "decant.demo.embedded"

logging.getLogger(_LOG).addHandler(logging.NullHandler())  # cut connections are no news here


@dataclass(kw_only=True)
class EmbeddedServer:
    """One server on loopback."""

    listener: socket.socket
    host_key: paramiko.PKey
    visitor: paramiko.PKey
    """Public key of the one who may log in as root."""
    recording: Path
    """What it answers with; may be exchanged while it runs."""
    ended: threading.Event = field(default_factory=threading.Event)
    """Set once it is switched off."""
    port: int = field(init=False)
    """Where it listens, or listened, on 127.0.0.1."""
    _open: list[paramiko.Transport] = field(default_factory=list)

    @property
    def is_on(self) -> bool:
        """Whether it still listens."""
        return not self.ended.is_set()

    def __post_init__(self) -> None:
        """Note the port while there is a listener to ask."""
        self.port = int(self.listener.getsockname()[1])

    def serve(self) -> None:
        """Take connections until it is switched off."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def switch_off(self) -> None:
        """Listen no more, and cut every connection."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # closing alone would not end an accept
        self.listener.close()
        for transport in self._open:
            transport.close()
        self.ended.set()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(paramiko.SSHException, OSError, EOFError):
            transport = paramiko.Transport(connection)
            self._open.append(transport)
            transport.set_log_channel(_LOG)
            transport.add_server_key(self.host_key)
            transport.start_server(server=_Door(self.visitor))
            while channel := transport.accept(_HANDSHAKE_SECONDS):
                self._answer(channel)

    def _answer(self, channel: paramiko.Channel) -> None:
        with channel, channel.makefile("rb") as given:
            script = given.read().decode("utf-8", "replace")
            if _ASKS in script:
                channel.sendall(self.recording.read_bytes())
                channel.send_exit_status(0)
            elif _SWITCHES_OFF in script:
                channel.sendall(b"decant-power-off: sent poweroff\n")
                channel.send_exit_status(0)
                threading.Timer(0.3, self.switch_off).start()
            else:
                channel.sendall_stderr(b"sh: this server is only a recording\n")
                channel.send_exit_status(127)


class _Door(paramiko.ServerInterface):
    def __init__(self, visitor: paramiko.PKey) -> None:
        self._visitor = visitor

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        good = username == "root" and key == self._visitor
        return common.AUTH_SUCCESSFUL if good else common.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002
        refused = common.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED
        return common.OPEN_SUCCEEDED if kind == "session" else refused

    def check_channel_exec_request(
        self,
        channel: paramiko.Channel,  # noqa: ARG002
        command: bytes,  # noqa: ARG002
    ) -> bool:
        return True


@contextmanager
def embedded_server(
    recording: Path, host_key: paramiko.PKey, visitor: paramiko.PKey
) -> Iterator[EmbeddedServer]:
    """Run a server on a free port of 127.0.0.1 until the end of the block."""
    server = EmbeddedServer(
        listener=socket.create_server(("127.0.0.1", 0)),
        host_key=host_key,
        visitor=visitor,
        recording=recording,
    )
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.switch_off()
        thread.join(timeout=5)

"""Jump hosts: one connection to each for the whole run, and a channel for each server behind it."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

from paramiko.ssh_exception import ChannelException, SSHException

from inventory.errors import DecantError, PartlyUnknownError, UnreachableError
from inventory.ssh.pipes import through_channel

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from paramiko.channel import Channel
    from paramiko.transport import Transport

    from inventory.model.asking import Limits
    from inventory.ssh.route import Hop

    Enter = Callable[[Hop, Limits], AbstractContextManager[Transport]]

_PROHIBITED, _FAILED = 1, 2
"""Reasons why a channel is not opened (RFC 4254, 5.1)."""
_BROKEN = (SSHException, EOFError, OSError)


class JumpHosts:
    """The jump hosts of a run. Safe to use from many threads.

    A jump host that cannot be entered is not tried again in the run: its failure is that of every
    server behind it. One whose connection breaks is entered again.
    """

    def __init__(self, enter: Enter) -> None:
        """``enter`` logs in to a jump host, and leaves it at the end."""
        self._enter = enter
        self._doors: dict[Hop, _Door] = {}
        self._lock = threading.Lock()
        self._left = ExitStack()

    def through(self, jump: Hop, host: str, port: int, limits: Limits) -> socket.socket:
        """Return a connection from a jump host to ``host`` at ``port``.

        Raises:
            UnreachableError: the jump host was not reached, or reaches no further.
            HostKeyError: it is not the one that is trusted.
            AccessRefusedError: it refused us.

        """
        with self._lock:
            door = self._doors.setdefault(jump, _Door())
        transport = self._inside(door, jump, limits)
        channel = _channel(transport, jump, host, port, limits)
        if channel is None:
            # The connection to it broke, of which we hear only now.
            transport = self._inside(door, jump, limits)
            channel = _channel(transport, jump, host, port, limits)
        if channel is None:
            raise UnreachableError(
                f"jump host {jump}: it broke off the connection again",
                hint="look at its own log of sshd",
            )
        return through_channel(channel)

    def close(self) -> None:
        """Leave all of them."""
        with self._lock:
            self._left.close()

    def _inside(self, door: _Door, jump: Hop, limits: Limits) -> Transport:
        try:
            return door.open(lambda: self._entered(jump, limits))
        except PartlyUnknownError as error:
            raise type(error)(f"jump host {jump}: {error}", hint=error.hint) from error

    def _entered(self, jump: Hop, limits: Limits) -> Transport:
        with ExitStack() as entering:
            transport = entering.enter_context(self._enter(jump, limits))
            with self._lock:
                self._left.push(entering.pop_all())
        return transport


class _Door:
    """One jump host: whoever comes first opens it, the others wait for that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._transport: Transport | None = None
        self._failure: DecantError | None = None

    def open(self, enter: Callable[[], Transport]) -> Transport:
        with self._lock:
            if self._failure:
                raise self._failure
            if self._transport is None or not self._transport.is_active():
                try:
                    self._transport = enter()
                except PartlyUnknownError as error:
                    self._failure = error
                    raise
            return self._transport


def _channel(
    transport: Transport, jump: Hop, host: str, port: int, limits: Limits
) -> Channel | None:
    """Open a channel; None when the connection to the jump host is no more."""
    try:
        return transport.open_channel(
            "direct-tcpip", (host, port), ("127.0.0.1", 0), timeout=limits.connect_seconds
        )
    except ChannelException as error:
        raise _closed(jump, host, port, error) from error
    except _BROKEN as error:
        if not transport.is_active():
            return None
        raise UnreachableError(
            f"jump host {jump}: nothing answered from {host}:{port} within "
            f"{limits.connect_seconds:g} s",
            hint="is it powered on, and does a firewall let the jump host through?",
        ) from error


def _closed(jump: Hop, host: str, port: int, error: ChannelException) -> UnreachableError:
    if error.code == _PROHIBITED:
        return UnreachableError(
            f"jump host {jump}: it may not forward to {host}:{port}: {error.text}",
            hint="let it: AllowTcpForwarding, PermitOpen and permitopen= there",
        )
    return UnreachableError(
        f"jump host {jump}: it does not reach {host}:{port}: {error.text}",
        hint="is it powered on, is sshd running, and is the name known to the jump host?",
    )

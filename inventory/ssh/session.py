"""Run a script on a server through one channel, and gather what it says."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from paramiko.ssh_exception import ChannelException, SSHException

from inventory.errors import UnreachableError
from inventory.model.asking import Ending
from inventory.ssh.lean import Bell
from inventory.transports._intake import Intake

if TYPE_CHECKING:
    from paramiko.channel import Channel
    from paramiko.transport import Transport

    from inventory.model.asking import Limits, Reply
    from inventory.ssh.wire import Wire

_CHUNK = 1 << 16
"""What is taken at once. On a connection that breaks, the piece that is being taken may be lost."""
_BROKEN = (SSHException, EOFError, OSError)
_UNSENT_SECONDS = 0.05
"""How often to look whether the server takes more of the script."""
_IDLE_SECONDS = 1.0
_STATUS_SECONDS = 2.0
"""How long the exit status may come after the end of the answer."""


def run_script(
    transport: Transport, wire: Wire, script: str, limits: Limits, *, started: float
) -> Reply:
    """Give the script to ``sh -s`` and return what it said, however it ended.

    Raises:
        UnreachableError: no session was opened, or it broke off before the script could start.

    """
    channel = _open(transport, wire)
    intake = Intake(limits)
    try:
        ending = _exchange(channel, script.encode(), intake, wire)
        status = _exit_status(channel, wire) if ending is Ending.FINISHED else None
    finally:
        with suppress(*_BROKEN):
            channel.close()
    return intake.reply(ending, exit_status=status, seconds=time.monotonic() - started)


def _open(transport: Transport, wire: Wire) -> Channel:
    try:
        channel = transport.open_session()
        channel.exec_command("sh -s")
    except ChannelException as error:
        raise UnreachableError(
            f"it let us in but opens no session: {error.text}",
            hint="does sshd allow sessions (MaxSessions)?",
        ) from error
    except _BROKEN as error:
        if wire.expired:
            words = "it let us in, and then took too long to start a shell"
        else:
            words = "it let us in, and broke off before the script could start"
        raise UnreachableError(words, hint="look at the server's own log of sshd") from error
    channel.settimeout(0.0)
    return channel


def _exchange(channel: Channel, script: bytes, intake: Intake, wire: Wire) -> Ending:
    """Send the script and drain both streams at once, until they end or a limit is met.

    A stream left undrained would stop the other after two megabytes.
    """
    bell = Bell(channel)
    unsent = memoryview(script)
    while time.monotonic() < wire.deadline and not intake.is_full:
        bell.rest()
        over = bool(channel.eof_received) or channel.closed
        try:
            unsent = _feed(channel, unsent)
            heard = _drain(channel, intake)
        except _BROKEN:
            # A piece may be lost with this: what comes after it must not be kept.
            return Ending.TIMED_OUT if wire.expired else Ending.CUT
        if not heard and over:
            return _how_it_ended(channel, wire)
        if not heard:
            bell.wait(min(_UNSENT_SECONDS if unsent else _IDLE_SECONDS, wire.left))
    with suppress(*_BROKEN):
        _drain(channel, intake)
    return Ending.TOO_LARGE if intake.is_full else Ending.TIMED_OUT


def _feed(channel: Channel, unsent: memoryview) -> memoryview:
    if not unsent or channel.closed or not channel.send_ready():
        return unsent
    left = unsent[channel.send(bytes(unsent[:_CHUNK])) :]
    if not left:
        channel.shutdown_write()
    return left


def _drain(channel: Channel, intake: Intake) -> bool:
    heard = False
    if channel.recv_ready():
        intake.stdout(channel.recv(_CHUNK))
        heard = True
    if channel.recv_stderr_ready():
        intake.stderr(channel.recv_stderr(_CHUNK))
        heard = True
    return heard


def _how_it_ended(channel: Channel, wire: Wire) -> Ending:
    if channel.eof_received:
        return Ending.FINISHED
    return Ending.TIMED_OUT if wire.expired else Ending.CUT


def _exit_status(channel: Channel, wire: Wire) -> int | None:
    """Return the status; None when the server does not say (-1), as after a signal."""
    channel.status_event.wait(max(0.0, min(_STATUS_SECONDS, wire.deadline - time.monotonic())))
    return channel.exit_status if channel.exit_status >= 0 else None

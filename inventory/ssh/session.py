"""Run a script on a server through one channel, and gather what it says."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from paramiko.ssh_exception import ChannelException, SSHException

from inventory.errors import UnreachableError
from inventory.model.asking import Ending
from inventory.ssh.lean import Ear
from inventory.transports._intake import Intake

if TYPE_CHECKING:
    from paramiko.channel import Channel
    from paramiko.transport import Transport

    from inventory.model.asking import Limits, Reply
    from inventory.ssh.wire import Wire

_CHUNK = 1 << 15
"""How much of the script is handed over at once: what paramiko sends in one packet."""
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
    over = threading.Event()
    intake = Intake(limits, full=over.set)
    channel = _open(transport, wire, intake, over)
    try:
        ending = _exchange(channel, script.encode(), intake, wire, over)
        status = _exit_status(channel, wire) if ending is Ending.FINISHED else None
    finally:
        with suppress(*_BROKEN):
            channel.close()
    return intake.reply(ending, exit_status=status, seconds=time.monotonic() - started)


def _open(transport: Transport, wire: Wire, intake: Intake, over: threading.Event) -> Channel:
    try:
        channel = transport.open_session(window_size=intake.most_bytes)
        channel.in_buffer = Ear(intake.stdout, over)
        channel.in_stderr_buffer = Ear(intake.stderr, over)
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


def _exchange(
    channel: Channel, script: bytes, intake: Intake, wire: Wire, over: threading.Event
) -> Ending:
    """Send the script and wait until all is said, or a limit is met.

    Both streams are taken as they come: one left undrained would stop the other.
    """
    unsent = memoryview(script)
    while time.monotonic() < wire.deadline and not over.is_set():
        try:
            unsent = _feed(channel, unsent)
        except _BROKEN:
            return Ending.TIMED_OUT if wire.expired else Ending.CUT
        if not unsent:
            wire.wait_for_much()
        over.wait(min(_UNSENT_SECONDS if unsent else _IDLE_SECONDS, wire.left))
    if intake.is_full:
        return Ending.TOO_LARGE
    return _how_it_ended(channel, wire) if over.is_set() else Ending.TIMED_OUT


def _feed(channel: Channel, unsent: memoryview) -> memoryview:
    """Send as much as the server takes just now; when that was all, say so."""
    if not unsent:
        return unsent
    while unsent and not channel.closed and channel.send_ready():
        unsent = unsent[channel.send(bytes(unsent[:_CHUNK])) :]
    if not unsent:
        channel.shutdown_write()
    return unsent


def _how_it_ended(channel: Channel, wire: Wire) -> Ending:
    if channel.eof_received:
        return Ending.FINISHED
    return Ending.TIMED_OUT if wire.expired else Ending.CUT


def _exit_status(channel: Channel, wire: Wire) -> int | None:
    """Return the status; None when the server does not say (-1), as after a signal."""
    channel.status_event.wait(max(0.0, min(_STATUS_SECONDS, wire.deadline - time.monotonic())))
    return channel.exit_status if channel.exit_status >= 0 else None

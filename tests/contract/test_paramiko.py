"""What is reached of paramiko below its public interface is still as it is understood here."""

from __future__ import annotations

import inspect

from paramiko.buffered_pipe import BufferedPipe
from paramiko.channel import Channel
from paramiko.packet import Packetizer
from paramiko.transport import Transport

from inventory.ssh.lean import Bell, LeanPacketizer, LeanTransport


def test_what_is_replaced_is_there_to_be_replaced() -> None:
    """Each method that ours stands for exists, and takes what ours takes."""
    for ours, theirs in ((LeanPacketizer, Packetizer), (LeanTransport, Transport)):
        for name, method in vars(ours).items():
            if inspect.isfunction(method):
                expected = inspect.signature(getattr(theirs, name)).parameters
                assert list(inspect.signature(method).parameters) == list(expected), name


class _Quiet(Channel):
    """A channel of no connection."""

    def _unlink(self) -> None:
        """Have nothing to leave."""


def ringing() -> tuple[_Quiet, Bell]:
    """Return a channel and the bell that its streams ring."""
    channel = _Quiet(0)
    bell = Bell(channel)
    bell.rest()
    return channel, bell


def test_the_bell_waits_for_much_or_for_the_end() -> None:
    """A few pieces wake nobody; many do, and so does the end of the answer."""
    channel, bell = ringing()
    channel.in_buffer.feed(b"x")
    channel.in_stderr_buffer.feed(b"x")
    assert not bell.is_set()
    for _ in range(30):
        channel.in_buffer.feed(b"x")
    assert bell.is_set()
    bell.rest()
    channel.eof_received = True
    channel.in_buffer.close()
    assert bell.is_set()


def test_one_empty_stream_does_not_quiet_the_bell() -> None:
    """Paramiko clears an event when a stream was read empty; the other may still have much."""
    channel, bell = ringing()
    for _ in range(30):
        channel.in_buffer.feed(b"x")
    channel.in_stderr_buffer.feed(b"x")
    channel.in_stderr_buffer.read(10)
    assert bell.is_set()
    assert isinstance(channel.in_buffer, BufferedPipe)

"""What is reached of paramiko below its public interface is still as it is understood here."""

from __future__ import annotations

import inspect
import threading
from typing import Any

from paramiko.channel import Channel
from paramiko.message import Message
from paramiko.packet import Packetizer
from paramiko.transport import Transport

from inventory.ssh.lean import Ear, LeanPacketizer, LeanTransport


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


def listened_to() -> tuple[Any, list[bytes], threading.Event]:
    """Return a channel, what its two streams said to our ears, and whether they have ended."""
    channel, heard, over = _Quiet(0), list[bytes](), threading.Event()
    channel.in_buffer = Ear(heard.append, over)
    channel.in_stderr_buffer = Ear(heard.append, over)
    return channel, heard, over


def _piece(data: bytes, code: int | None = None) -> Message:
    message = Message()
    if code is not None:
        message.add_int(code)
    message.add_string(data)
    message.rewind()
    return message


def test_an_ear_hears_what_a_channel_is_fed_at_once() -> None:
    """Both streams arrive byte for byte, in the order in which they came."""
    channel, heard, over = listened_to()
    channel._feed(_piece(b"out \xff"))
    channel._feed_extended(_piece(b"err", 1))
    assert heard == [b"out \xff", b"err"]
    assert not over.is_set()


def test_an_ear_hears_the_end() -> None:
    """The end of the stream is told, whether the server says so or the connection is lost."""
    channel, _, over = listened_to()
    channel._handle_eof(Message())
    assert over.is_set()
    assert channel.eof_received
    channel, _, over = listened_to()
    with channel.lock:
        channel._set_closed()
    assert over.is_set()
    assert not channel.eof_received

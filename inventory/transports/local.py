"""This machine itself, asked through its own shell."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from inventory.errors import UnreachableError
from inventory.model.asking import Access, Ending, Transport
from inventory.transports._intake import Intake

if TYPE_CHECKING:
    from inventory.model.asking import Limits, Reply
    from inventory.model.target import Target

_CHUNK = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Local:
    """Runs the script in a session of its own, which ends with the exchange."""

    def ask(self, target: Target, script: str, limits: Limits) -> Reply:  # noqa: ARG002
        """Run the script with ``sh`` and return what it said.

        At the limit the shell's process group is killed. A question that runs under ``timeout``
        has a group of its own: that one ends at its own limit.

        Raises:
            UnreachableError: the shell cannot be started.

        """
        started = time.monotonic()
        intake = Intake(limits)
        with _shell() as shell:
            try:
                ending = _exchange(shell, script.encode(), intake, started + limits.server_seconds)
            finally:
                _stop(shell)
        status = shell.returncode if ending is Ending.FINISHED and shell.returncode >= 0 else None
        return intake.reply(ending, exit_status=status, seconds=time.monotonic() - started)

    def close(self) -> None:
        """Hold nothing, so let go of nothing."""


def _open(access: Access) -> Local:  # noqa: ARG001  every transport is given it
    return Local()


def _shell() -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(
            ["sh", "-s"], stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, start_new_session=True
        )
    except OSError as error:
        raise UnreachableError(
            f"no shell can be started on this machine: {error.strerror}",
            hint="put sh on the PATH",
        ) from error


def _exchange(
    shell: subprocess.Popen[bytes], script: bytes, intake: Intake, deadline: float
) -> Ending:
    """Feed the script and drain both streams at once, until they end or a limit is met."""
    stdin, stdout, stderr = _pipes(shell)
    unsent = memoryview(script)
    with selectors.DefaultSelector() as selector:
        selector.register(stdin, selectors.EVENT_WRITE)
        selector.register(stdout, selectors.EVENT_READ, intake.stdout)
        selector.register(stderr, selectors.EVENT_READ, intake.stderr)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                return Ending.TIMED_OUT
            for key, _ in selector.select(left):
                if key.fileobj is stdin:
                    unsent = _feed(stdin, unsent)
                    if not unsent:
                        selector.unregister(stdin)
                        stdin.close()
                elif data := os.read(key.fd, _CHUNK):
                    key.data(data)
                else:
                    selector.unregister(key.fileobj)
            if intake.is_full:
                return Ending.TOO_LARGE
    return _last_word(shell, deadline)


def _pipes(shell: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    if shell.stdin is None or shell.stdout is None or shell.stderr is None:
        raise ValueError("the shell was started without pipes")
    os.set_blocking(shell.stdin.fileno(), False)
    return shell.stdin, shell.stdout, shell.stderr


def _feed(stdin: IO[bytes], unsent: memoryview) -> memoryview:
    """Write what the pipe takes; a shell that reads no more has had enough."""
    try:
        return unsent[os.write(stdin.fileno(), unsent[:_CHUNK]) :]
    except BrokenPipeError:
        return unsent[:0]


def _last_word(shell: subprocess.Popen[bytes], deadline: float) -> Ending:
    try:
        shell.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return Ending.TIMED_OUT
    return Ending.FINISHED


def _stop(shell: subprocess.Popen[bytes]) -> None:
    if shell.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


TRANSPORT = Transport(open=_open)

"""A lab: a network of its own for the demo's servers, which vanishes with whoever made it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Final

from inventory.errors import MissingExtraError
from migrate.demo.fleet_plan import GATEWAY

_HOLDER: Final = 'read -r pid _ </proc/self/stat; echo "$pid"; read -r _'
"""Says its number, then lives until its input ends: when we close it, or when we die."""
_NETWORK: Final = f"""
set -e
ip link set lo up
# An address of its own: else it takes a server's, and loses it when that server is switched off.
ip link add br0 address 02:00:0a:4d:00:01 type bridge
ip address add {GATEWAY}/24 dev br0
ip link set br0 up
# A server that was switched off is noticed in a second or two instead of half a minute; where the
# system does not let us say so, the demo is slower and no different.
for setting in base_reachable_time_ms=500 delay_first_probe_time=0 retrans_time_ms=150; do
    echo "${{setting#*=}}" 2>/dev/null >"/proc/sys/net/ipv4/neigh/br0/${{setting%=*}}" || :
done
"""


@dataclass(frozen=True, kw_only=True)
class Network:
    """The namespaces of a lab, held open by a process."""

    pid: int
    """Number of the holder, as the caller's own ``/proc`` has it."""

    def enter(self, *command: str) -> list[str]:
        """Return the command line that runs a command in the lab's network."""
        return ["nsenter", f"--net=/proc/{self.pid}/ns/net", "--", *command]

    def enter_tied(self, *command: str) -> list[str]:
        """Do the same, and tie the command's life to the lab's."""
        return ["nsenter", f"--target={self.pid}", "--net", "--pid", "--", *command]


@contextmanager
def network() -> Iterator[Network]:
    """Make a lab's network, and end every process in it at the end.

    The namespaces have no name and no file: when the holder ends, even because this process was
    killed, nothing of them is left.

    Raises:
        MissingExtraError: the system does not allow it.

    """
    with subprocess.Popen(
        ["unshare", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", _HOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as holder:
        try:
            made = Network(pid=_said_pid(holder.stdout))
            run(made.enter("sh", "-c", _NETWORK))
            yield made
        finally:
            _end(holder)


def run(command: Sequence[str], *, given: str = "") -> None:
    """Run a command of the lab's own making.

    Raises:
        MissingExtraError: it failed; the message holds what it said.

    """
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, timeout=20, check=False
    )
    if done.returncode:
        raise _not_allowed(done.stderr.strip() or f"{command[0]} ended with {done.returncode}")


def _said_pid(stdout: IO[str] | None) -> int:
    said = stdout.readline().strip() if stdout else ""
    if not said.isdigit():
        raise _not_allowed("unshare made no namespace")
    return int(said)


def _end(holder: subprocess.Popen[str]) -> None:
    if holder.stdin:
        with suppress(BrokenPipeError):
            holder.stdin.close()
    try:
        holder.wait(timeout=5)
    except subprocess.TimeoutExpired:
        holder.kill()


def _not_allowed(why: str) -> MissingExtraError:
    return MissingExtraError(
        f"the demo's servers cannot run in namespaces here: {why}",
        hint="run `decant demo --embedded`, which needs neither root nor namespaces",
    )

"""Telling an old server something over SSH, and reading what it marks as its answer."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final

from inventory.errors import DecantError, UsageError
from inventory.model.asking import Ending, Limits, Reply, Transport
from inventory.model.target import Target
from inventory.registry import Registry
from migrate.model.action import Task

_MARK: Final = "decant: "
_FORBIDDEN: Final = (
    "this account may not run sh by sudo: use root, or allow it by sudo without a password and set "
    "sudo = true under [discovery]"
)
_AS_ROOT: Final = """
# sudo keeps the session's variables from what it runs.
body="SSH_CONNECTION='$SSH_CONNECTION'
$body"
if [ "$(id -u)" = 0 ]; then
    exec sh -c "$body"
elif [ "$may_sudo" = yes ] && sudo -n -l sh >/dev/null 2>&1; then
    exec sudo -n sh -c "$body"
fi
echo "decant: forbidden"
"""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server said to what it was told."""

    lines: tuple[tuple[str, ...], ...] = ()
    """The lines that are marked as an answer, in words."""
    fault: str = ""
    """Why there is no answer, or not all of it; empty when there is."""
    sent: bool = True
    """Whether the server may have been told."""

    def first(self, word: str) -> tuple[str, ...] | None:
        """Return what follows a word in the first line that begins with it; None without one."""
        return next((line[1:] for line in self.lines if line[0] == word), None)


def ssh_target(text: str) -> Target | None:
    """Return a target that is reached by ``ssh``; None for every other."""
    try:
        target = Target.parse(text)
    except UsageError:
        return None
    return target if target.transport == "ssh" else None


def script(name: str) -> str:
    """Return a script of this folder."""
    return files("migrate.actions").joinpath(name).read_text(encoding="utf-8")


def ask(target: Target, text: str, task: Task, seconds: float) -> Reply:
    """Give a script to the server, for at most some seconds.

    Raises:
        DecantError: nothing was sent.

    """
    transports = Registry(package="inventory.transports", attribute="TRANSPORT", kind=Transport)
    brief: Limits = replace(task.limits, server_seconds=seconds)
    asker = transports.one("ssh").value.open(task.access)
    try:
        return asker.ask(target, text, brief)
    finally:
        asker.close()


def tell(task: Task, body: str, seconds: float) -> Answer:
    """Run a script as root on the old server, by ``sudo -n`` where the run may use it.

    Only a target that is reached by ``ssh`` is ever told anything.
    """
    target = ssh_target(task.move.source)
    if target is None:
        return Answer(fault=f"{task.move.source} is not reached by ssh", sent=False)
    may_sudo = "yes" if task.access.sudo else "no"
    text = f"may_sudo={may_sudo}\nbody={shlex.quote(body)}\n{_AS_ROOT}"
    try:
        reply = ask(target, text, task, seconds)
    except DecantError as error:
        return Answer(fault=f"{target}: {error}", sent=False)
    return _answer(target, reply)


def _answer(target: Target, reply: Reply) -> Answer:
    text = reply.stdout.decode("utf-8", "replace")
    marked = (each.removeprefix(_MARK) for each in text.splitlines() if each.startswith(_MARK))
    lines = tuple(tuple(each.split()) for each in marked if each.strip())
    if ("forbidden",) in lines:
        return Answer(fault=f"{target}: {_FORBIDDEN}", sent=False)
    refused = next((line for line in lines if line[0] == "refused"), None)
    if refused:
        return Answer(lines=lines, fault=f"{target}: {' '.join(refused[1:])}")
    if ("end",) in lines:
        return Answer(lines=lines)
    how = "it ended early" if reply.ending is Ending.FINISHED else reply.ending.value
    return Answer(lines=lines, fault=f"{target} did not say all: {how}")

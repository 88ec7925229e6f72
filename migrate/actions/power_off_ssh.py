"""Power the old server off by its own command, over SSH.

What is seen afterwards is only its SSH port: the effect says exactly that.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from inventory.errors import DecantError, UnreachableError
from inventory.model.asking import Reply
from inventory.model.target import Target
from migrate.actions._power import Controller, Power
from migrate.actions._presence import Watch
from migrate.actions._telling import ask, script, ssh_target
from migrate.model.action import Action, Aftermath, Effect, Task

_WAIT_SECONDS = 60
_SETTLES_SECONDS = 300
"""A shutdown waits for what is slow to stop: systemd gives a service 90 s, and there are others."""
_MOST_KNOCK_SECONDS = 5
_MOST_SCRIPT_SECONDS = 30
_MARK = "decant-power-off: "


@dataclass(frozen=True, kw_only=True)
class PowerOff:
    """The act, and the way back from it where something controls the server's power."""

    controller: Controller | None = None
    """What can switch the server on again, and tell whether it is on; None without one."""
    wait_seconds: float = _WAIT_SECONDS
    """How long it may take to be gone, or to be there again."""

    def action(self) -> Action:
        """Return the action. Without a controller it cannot be taken back from here."""
        return Action(
            describe=describe,
            apply=self.apply,
            look=self.look,
            restore=self.restore if self.controller else None,
            leaves_off=True,
            settles_seconds=_SETTLES_SECONDS,
        )

    def apply(self, task: Task) -> Effect:
        """Tell the old server to power off, then watch it.

        Only a target that is reached by ``ssh`` is ever told anything.
        """
        watch = _watch(task)
        if isinstance(watch, Effect):
            return replace(watch, aftermath=Aftermath.NOT_DONE)
        try:
            reply = _tell(watch.target, task)
        except UnreachableError as error:
            return _nothing_sent(watch, error)
        except DecantError as error:
            return Effect(aftermath=Aftermath.NOT_DONE, detail=f"nothing was sent: {error}")
        refusal = _refusal(reply)
        if refusal:
            return Effect(aftermath=Aftermath.NOT_DONE, detail=f"{watch.target}: {refusal}")
        seen = watch.until(self.wait_seconds)
        return replace(seen, detail=f"{_what_was_said(reply)}; {seen.detail}")

    def look(self, task: Task) -> Effect:
        """Look whether it is on: by what controls its power, else by its SSH port. Sends nothing.

        Where both tell, they have to agree.
        """
        watch = _watch(task)
        seen = watch if isinstance(watch, Effect) else watch.until(0)
        return seen if self.controller is None else _agreed(self.controller.state(task.move), seen)

    def restore(self, task: Task) -> Effect:
        """Switch it on by what controls its power, and look until it answers."""
        if self.controller is not None:
            fault = self.controller.power_on(task.move)
            if fault:
                return Effect(aftermath=Aftermath.UNKNOWN, detail=f"not switched on: {fault}")
        deadline = time.monotonic() + self.wait_seconds
        while True:
            seen = self.look(task)
            if seen.aftermath is Aftermath.NOT_DONE or time.monotonic() >= deadline:
                return seen
            time.sleep(1)


def describe(task: Task) -> str:
    """Say what would be done."""
    move = task.move
    return f"power off {move.server} over SSH at {move.source}, by its own poweroff command"


def _agreed(power: Power, seen: Effect) -> Effect:
    by = {Power.OFF: Aftermath.DONE, Power.ON: Aftermath.NOT_DONE}.get(power, seen.aftermath)
    detail = f"its power is {power.value}; {seen.detail}"
    if by is seen.aftermath or seen.aftermath is Aftermath.UNKNOWN:
        return Effect(aftermath=by, detail=detail)
    return Effect(aftermath=Aftermath.UNKNOWN, detail=detail)


def _watch(task: Task) -> Watch | Effect:
    move = task.move
    target = ssh_target(move.source)
    if target is None:
        refusal = f"{move.source} is not reached by ssh: nothing was sent, and nothing can be seen"
        return Effect(aftermath=Aftermath.UNKNOWN, detail=refusal)
    return Watch(
        target=target,
        witness=ssh_target(move.replacement) if move.replacement else None,
        knock_seconds=min(task.limits.connect_seconds, _MOST_KNOCK_SECONDS),
    )


def _tell(target: Target, task: Task) -> Reply:
    may_sudo = f"may_sudo={'yes' if task.access.sudo else 'no'}\n"
    seconds = min(task.limits.server_seconds, _MOST_SCRIPT_SECONDS)
    return ask(target, may_sudo + script("_power_off.sh"), task, seconds)


def _nothing_sent(watch: Watch, error: UnreachableError) -> Effect:
    seen = watch.until(0)
    # A server that was away before anything was sent did not go because of us.
    still = seen.aftermath is Aftermath.NOT_DONE
    aftermath = Aftermath.NOT_DONE if still else Aftermath.UNKNOWN
    return Effect(aftermath=aftermath, detail=f"nothing was sent: {error}; {seen.detail}")


def _refusal(reply: Reply) -> str:
    """Return why the server did not do as it was told; empty when it may have."""
    word, _, rest = _said(reply).partition(" ")
    return {
        "absent": "it has neither systemctl nor poweroff nor shutdown",
        "forbidden": f"this account may not run {rest}: use root, or allow it by sudo without a "
        "password and set sudo = true under [discovery]",
        "refused": f"it refused: {rest}",
    }.get(word, "")


def _what_was_said(reply: Reply) -> str:
    said = _said(reply)
    if said:
        return f"told to power off ({said})"
    return f"told to power off, but gave no answer to it ({reply.ending.value})"


def _said(reply: Reply) -> str:
    lines = reply.stdout.decode("utf-8", "replace").splitlines()
    marked = [line.removeprefix(_MARK) for line in lines if line.startswith(_MARK)]
    return marked[-1] if marked else ""


ACTION = PowerOff().action()

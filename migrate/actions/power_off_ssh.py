"""Power the old server off by its own command, over SSH.

What is seen afterwards is only its SSH port: the effect says exactly that.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

from inventory.errors import DecantError, UnreachableError, UsageError
from inventory.model.asking import Access, Limits, Reply, Transport
from inventory.model.target import Target
from inventory.registry import Registry
from migrate.actions._presence import Watch
from migrate.model.action import Action, Aftermath, Effect
from migrate.model.plan import Move

_WAIT_SECONDS = 60
_MOST_KNOCK_SECONDS = 5
_MOST_SCRIPT_SECONDS = 30
_MARK = "decant-power-off: "


def describe(move: Move) -> str:
    """Say what would be done."""
    return f"power off {move.server} over SSH at {move.source}, by its own poweroff command"


def power_off(
    move: Move, access: Access, limits: Limits, wait_seconds: float = _WAIT_SECONDS
) -> Effect:
    """Tell the old server to power off, then watch it for at most ``wait_seconds``.

    Only a target that is reached by ``ssh`` is ever told anything.
    """
    watch = _watch(move, limits)
    if isinstance(watch, Effect):
        return replace(watch, aftermath=Aftermath.NOT_DONE)
    try:
        reply = _tell(watch.target, access, limits)
    except UnreachableError as error:
        return _nothing_sent(watch, error)
    except DecantError as error:
        return Effect(aftermath=Aftermath.NOT_DONE, detail=f"nothing was sent: {error}")
    refusal = _refusal(reply)
    if refusal:
        return Effect(aftermath=Aftermath.NOT_DONE, detail=f"{watch.target}: {refusal}")
    seen = watch.until(wait_seconds)
    return replace(seen, detail=f"{_what_was_said(reply)}; {seen.detail}")


def look(move: Move, _access: Access, limits: Limits) -> Effect:
    """Look whether the old server's SSH port still answers. Sends nothing to it."""
    watch = _watch(move, limits)
    return watch if isinstance(watch, Effect) else watch.until(0)


def _watch(move: Move, limits: Limits) -> Watch | Effect:
    target = _ssh(move.source)
    if target is None:
        refusal = f"{move.source} is not reached by ssh: nothing was sent, and nothing can be seen"
        return Effect(aftermath=Aftermath.UNKNOWN, detail=refusal)
    return Watch(
        target=target,
        witness=_ssh(move.replacement) if move.replacement else None,
        knock_seconds=min(limits.connect_seconds, _MOST_KNOCK_SECONDS),
    )


def _ssh(text: str) -> Target | None:
    try:
        target = Target.parse(text)
    except UsageError:
        return None
    return target if target.transport == "ssh" else None


def _tell(target: Target, access: Access, limits: Limits) -> Reply:
    transports = Registry(package="inventory.transports", attribute="TRANSPORT", kind=Transport)
    script = files("migrate.actions").joinpath("_power_off.sh").read_text(encoding="utf-8")
    may_sudo = f"may_sudo={'yes' if access.sudo else 'no'}\n"
    brief = replace(limits, server_seconds=min(limits.server_seconds, _MOST_SCRIPT_SECONDS))
    asker = transports.one("ssh").value.open(access)
    try:
        return asker.ask(target, may_sudo + script, brief)
    finally:
        asker.close()


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


ACTION = Action(describe=describe, apply=power_off, look=look)

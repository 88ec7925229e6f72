"""Close the old server at its own firewall, to everything but SSH from here.

A table of nftables of its own, or chains of iptables of their own: nothing else is touched. What is
let in: loopback, answers to what the server itself asks others, SSH from the address that this run
comes from, and SSH sessions that are open already. All else is dropped, also what is passed on to
containers. The rules are not written down: they are gone when the server starts anew.

When the server cannot be reached after they are set, they undo themselves after some minutes.
"""

from __future__ import annotations

from typing import Final

from migrate.actions._telling import Answer, script, tell
from migrate.model.action import Action, Aftermath, Effect, Prepared, Task

_SECONDS: Final = 60
_MINUTES: Final = 5
_SEEN_FROM: Final = """
set -- $SSH_CONNECTION
client=$1 port=$4
"""


def describe(task: Task) -> str:
    """Say what would be done."""
    where = f"{task.move.server} at its own firewall, over SSH at {task.move.source}"
    return "; ".join((f"close {where}, until it starts anew", *task.particulars))


def prepare(task: Task) -> Prepared:
    """Find out by what it would be closed, and whence SSH would still be let in."""
    answer = _tell(task, "see")
    state, whence = answer.first("state"), answer.first("from")
    if answer.fault or not state or not whence:
        return Prepared(refusal=answer.fault or "it did not say by what it could be closed")
    if "?" in whence:
        return Prepared(refusal="it does not say where this visit comes from (SSH_CONNECTION)")
    tool = "nftables" if state[2] == "nft" else "iptables"
    return Prepared(particulars=(f"by {tool}, but for SSH from {whence[0]} to port {whence[1]}",))


def block(task: Task) -> Effect:
    """Close it, see on a new connection that it can still be reached, and only then keep it so."""
    closed = close(task, 60 * _minutes(task))
    if not closed.sent:
        return Effect(aftermath=Aftermath.NOT_DONE, detail=f"nothing was sent: {closed.fault}")
    if closed.first("refused"):
        return Effect(aftermath=Aftermath.NOT_DONE, detail=closed.fault)
    kept = _tell(task, "confirm")
    if kept.fault:
        return Effect(
            aftermath=Aftermath.UNKNOWN,
            detail=f"after it was closed: {kept.fault}; unless that is confirmed it opens itself "
            f"again within {_minutes(task)} minutes",
        )
    return _seen(kept)


def close(task: Task, seconds: int) -> Answer:
    """Close it, so that it opens itself again after some seconds unless that is confirmed."""
    return _tell(task, "block", seconds)


def look(task: Task) -> Effect:
    """Look whether it is closed."""
    return _seen(_tell(task, "see"))


def reopen(task: Task) -> Effect:
    """Take exactly these rules away again."""
    return _seen(_tell(task, "restore"))


def _minutes(task: Task) -> int:
    return int(task.parameters.get("minutes", _MINUTES))


def _tell(task: Task, verb: str, seconds: int = 0) -> Answer:
    head = f"verb={verb} seconds={seconds}\n"
    return tell(task, f"{head}{_SEEN_FROM}{script('_block_firewall.sh')}", _SECONDS)


def _seen(answer: Answer) -> Effect:
    state = answer.first("state")
    if answer.fault or not state:
        return Effect(aftermath=Aftermath.UNKNOWN, detail=f"it cannot be seen: {answer.fault}")
    closed, guarded, _tool = state
    if closed == "open":
        return Effect(aftermath=Aftermath.NOT_DONE, detail="its firewall has no rules of ours")
    if guarded == "guarded":
        return Effect(
            aftermath=Aftermath.UNKNOWN,
            detail="it is closed, but that was never confirmed: it opens itself again in minutes",
        )
    return Effect(aftermath=Aftermath.DONE, detail="closed at its firewall, and reached by SSH")


ACTION = Action(
    describe=describe,
    prepare=prepare,
    apply=block,
    look=look,
    restore=reopen,
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "minutes": {
                "type": "integer",
                "minimum": 1,
                "maximum": 60,
                "description": f"After how many minutes it opens itself again when it cannot be "
                f"reached; {_MINUTES} unless given.",
            }
        },
    },
    settles_seconds=_SECONDS,
)

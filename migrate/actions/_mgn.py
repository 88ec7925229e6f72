"""The Application Migration Service as actions use it: which source server, its state, one act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from inventory.errors import DecantError
from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.identity import Identity
from migrate.actions._sending import (
    REPLICATED_AS,
    WAIT,
    Reply,
    Sent,
    carry_out,
    silence,
    unless_silent,
)
from migrate.clouds.asking import AwsAsked
from migrate.clouds.mgn import CHANGES, LOOKS, listed
from migrate.launched import bare
from migrate.matching import match, named
from migrate.model.action import Aftermath, Effect, Prepared, Task
from migrate.model.replication import Launch, LaunchState, Phase, Replication, Replications

if TYPE_CHECKING:
    from inventory.clouds.aws_reach import AwsReach

_SOURCE: Final = "source server "
_REFUSED: Final = frozenset(range(400, 500)) - {408}
"""Statuses that say that nothing was begun; 408 says only that waiting was over."""
_NAME_IT: Final = 'name it in decant.toml: parameters = {STAGE = {replicated_as = "s-…"}}'
PARAMETERS: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"replicated_as": REPLICATED_AS, "wait_seconds": WAIT},
}


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of the service."""

    operation: str
    """boto3's name of it."""
    asked: Callable[[str], Mapping[str, Any]]
    """Its parameters, by the id of the source server."""
    seen: Callable[[Replication], Effect]
    """Whether it took effect, by the state of the source server. Pure."""
    unfit: Callable[[Task, Replication], str]
    """Why it cannot be done as the source server is; empty when it can. Pure."""

    def prepare(self, task: Task) -> Prepared:
        """Find the source server, and whether the service is where this can be done."""
        found = _found(task)
        if isinstance(found, Unknown):
            return Prepared(refusal=found.detail, remedy=unless_silent(found, _NAME_IT))
        particulars = (f"{_SOURCE}{found.id}", f"found {found.state}")
        if self.seen(found).aftermath is Aftermath.NOT_DONE:
            refusal = self.unfit(task, found)
            if refusal:
                return Prepared(particulars=particulars, refusal=f"{found.name}: {refusal}")
        return Prepared(particulars=particulars)

    def look(self, task: Task) -> Effect:
        """Look whether it took effect. Changes nothing."""
        found = _again(task)
        if isinstance(found, Unknown):
            return Effect(aftermath=Aftermath.UNKNOWN, detail=str(found))
        effect = self.seen(found)
        if effect.launched is None:
            return effect
        return replace(effect, launched=tuple(_placed(task, each) for each in effect.launched))

    def apply(self, task: Task) -> Effect:
        """Do it, unless it took effect already or may be at work; then look for a while."""
        return carry_out(task, lambda: self.look(task), lambda: self._sent(task))

    def _sent(self, task: Task) -> Sent:
        from botocore.exceptions import ClientError  # type: ignore[import-untyped]

        from inventory.clouds.aws_failures import FAILURES, words_of

        arn = source_of(task)
        try:
            asked = _asked(task, arn, attempts=1)
            client = asked.reach.client("mgn", asked.place, CHANGES, changes=True)
            said = getattr(client, self.operation)(**self.asked(arn.rpartition("/")[2]))
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            reply = Reply.REFUSED if status in _REFUSED else Reply.NONE
            return Sent(reply=reply, words=f"AWS answered: {words_of(error)}")
        except FAILURES as error:
            return Sent(reply=Reply.NONE, words=f"AWS gave no answer: {words_of(error)}")
        except (DecantError, OSError) as error:
            return Sent(reply=Reply.REFUSED, words=f"nothing was sent: {error}")
        job = (said.get("job") or {}).get("jobID") or ""
        words = f"AWS took it{f' as {job}' if job else ''}"
        return Sent(reply=Reply.ACCEPTED, words=words, job=job)


def source_of(task: Task) -> str:
    """Return the ARN of the source server, as it was found and entered before the act."""
    found = (each for each in task.particulars if each.startswith(_SOURCE))
    return next(found, "").removeprefix(_SOURCE)


def words(task: Task) -> str:
    """Name the server and its source server in a sentence."""
    known = source_of(task).rpartition("/")[2]
    return f"{task.move.server}{f' ({known})' if known else ''}"


def at(found: Replication, *phases: Phase) -> bool:
    """Tell whether it has come to one of these."""
    return found.phase in phases


def not_done(found: Replication) -> Effect:
    """Say that it did not take effect, by the service's state."""
    return Effect(aftermath=Aftermath.NOT_DONE, detail=f"the service says {found.state}")


def at_work(launch: Launch) -> Effect:
    """Say that the service is at it."""
    detail = f"the service is at work: job {launch.job}"
    return Effect(aftermath=Aftermath.UNKNOWN, detail=detail, job=launch.job)


def launched(launch: Launch, otherwise: str, after: str) -> Effect:
    """Say what was launched; ``otherwise`` is what it is called where the service does not say."""
    what = launch.resource
    unnamed = "" if what else "; the service does not name it: give it as instance in decant.toml"
    detail = f"{what or otherwise} was launched{after}{unnamed}"
    return Effect(aftermath=Aftermath.DONE, detail=detail, launched=(what,) if what else None)


def other_than_planned(task: Task, launch: Launch) -> str:
    """Say that what was launched is not what the plan names; empty when it is."""
    if launch.resource and launch.resource == bare(task.move.resource or ""):
        return ""
    return f"{launch.resource}, and the plan names {task.move.resource or 'nothing'}"


def gave_up(launch: Launch, what: str) -> Effect:
    """Say that a launch came to nothing, or that what it launched is gone."""
    gone = launch.state is LaunchState.ENDED
    said = f"{what} was terminated since" if gone else f"the launch of {what} failed"
    detail = f"{said}: job {launch.job}"
    return Effect(aftermath=Aftermath.NOT_DONE, detail=detail, gave_up=launch.job)


def untold(found: Replication, why: str = "") -> Effect:
    """Say that it cannot be told."""
    new = found.phase.detail if isinstance(found.phase, Unknown) else ""
    said = why or new or f"the service says {found.state}, which does not tell"
    return Effect(aftermath=Aftermath.UNKNOWN, detail=said)


def _placed(task: Task, instance: str) -> str:
    """Return an instance's id as a plan names it: its ARN, unless it is of the estate's own place.

    The service launches into the account and the region of the source server.
    """
    _, partition, _, region, account, _ = source_of(task).split(":", 5)
    if region == task.aws.region and account not in {each.id for each in task.aws.accounts}:
        return instance
    return f"arn:{partition}:ec2:{region}:{account}:instance/{instance}"


def _reach(task: Task, attempts: int) -> AwsReach:
    from inventory.clouds.aws_reach import AwsReach as Reach

    key = ("acts on AWS", attempts)
    if key not in task.opened:
        once = replace(task.aws.patience, attempts=attempts)
        task.opened[key] = Reach(settings=replace(task.aws, patience=once), tally=task.tally)
    return cast("AwsReach", task.opened[key])


def _asked(task: Task, arn: str, *, attempts: int | None = None) -> AwsAsked:
    reach = _reach(task, attempts or task.aws.patience.attempts)
    return AwsAsked(reach=reach, place=reach.place_of(arn), ids=(arn,), calls=LOOKS)


def _again(task: Task) -> Replication | Unknown:
    """Return the source server that was found before the act, as it is now."""
    arn = source_of(task)
    if not arn:
        return Unknown(reason=Reason.NOT_ASKED, detail="no source server is known of it")
    told = _listed(task, arn, (arn.rpartition("/")[2],))
    if isinstance(told, Unknown):
        return told
    found = next((each for each in told.servers if each.id == arn), None)
    gone = Unknown(reason=Reason.NOT_TOLD, detail=f"the service does not know {arn} any more")
    return found or gone


def _found(task: Task) -> Replication | Unknown:
    """Find the old server among all that is replicated into the places that the estate allows."""
    reach = _reach(task, task.aws.patience.attempts)
    told = [_listed(task, f"arn:aws:mgn:{each.region}:{each.account}:") for each in reach.places()]
    known = [each for each in told if isinstance(each, Replications)]
    silent = "; ".join(str(each) for each in told if isinstance(each, Unknown))
    wanted = task.parameters.get("replicated_as")
    if not known:
        return silence(told)
    move = task.move
    identity = Identity.of(task.facts) if isinstance(task.facts, Facts) else None
    found = named(wanted, known) if wanted else match(move.server, identity, move.resource, known)
    if isinstance(found, Unknown) and silent:
        return Unknown(reason=found.reason, detail=f"{found.detail}; {silent}")
    return found


def _listed(task: Task, arn: str, ids: tuple[str, ...] = ()) -> Replications | Unknown:
    from inventory.clouds.aws_failures import FAILURES, unknown_of

    try:
        return listed(_asked(task, arn), ids)
    except FAILURES as error:
        return unknown_of(error, allow="mgn:DescribeSourceServers")
    except (DecantError, OSError) as error:
        return Unknown(reason=Reason.NOT_ASKED, detail=str(error))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        detail = f"the service's answer could not be read: {error!r}"
        return Unknown(reason=Reason.UNREADABLE, detail=detail)

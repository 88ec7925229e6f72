"""AWS Application Migration Service: what it says of its source servers, and its acts.

Acts are sent once: a client that asked again after a silence might launch twice. What became of
them is told by the source server's own state, so nothing of them has to be remembered here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from inventory.model import spelling
from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from inventory.model.identity import Identity
from migrate.model.replication import (
    Launch,
    LaunchState,
    Phase,
    Replication,
    Replications,
)

if TYPE_CHECKING:
    from migrate.clouds.asking import AwsAsked

SERVICE: Final = "Application Migration Service"
LOOKS: Final = (aws_call("mgn:DescribeSourceServers"), aws_call("mgn:DescribeJobs"))
CHANGES: Final = (
    aws_call("mgn:StartTest", changes=True),
    aws_call("mgn:ChangeServerLifeCycleState", changes=True),
    aws_call("mgn:StartCutover", changes=True),
    aws_call("mgn:FinalizeCutover", changes=True),
)
_AT_ONCE: Final = 200
"""Most ids in one filter: botocore's model of DescribeSourceServers, version 2020-02-26."""
_JOBS_AT_ONCE: Final = 1000
_PHASES: Final = {
    "STOPPED": Phase.ENDED,
    "NOT_READY": Phase.NOT_READY,
    "READY_FOR_TEST": Phase.READY_FOR_TEST,
    "TESTING": Phase.TESTING,
    "READY_FOR_CUTOVER": Phase.READY_FOR_CUT_OVER,
    "CUTTING_OVER": Phase.CUTTING_OVER,
    "CUTOVER": Phase.CUT_OVER,
    "DISCONNECTED": Phase.ENDED,
    "DISCOVERED": Phase.NOT_READY,
    "PENDING_INSTALLATION": Phase.NOT_READY,
}
_GOES_ON: Final = frozenset({"CONTINUOUS", "SHIPPING_SNAPSHOT", "CREATING_SNAPSHOT"})
_DOES_NOT: Final = frozenset(
    {
        *("STOPPED", "INITIATING", "INITIAL_SYNC", "BACKLOG", "PAUSED", "RESCAN", "STALLED"),
        *("DISCONNECTED", "PENDING_SNAPSHOT_SHIPPING"),
    }
)
_LAUNCHES: Final = {
    "PENDING": LaunchState.AT_WORK,
    "IN_PROGRESS": LaunchState.AT_WORK,
    "LAUNCHED": LaunchState.LAUNCHED,
    "FAILED": LaunchState.FAILED,
    "TERMINATED": LaunchState.ENDED,
}
_DURATION: Final = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_UNIT_SECONDS: Final = {
    "weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1,
}  # fmt: skip
_NOT_SET_UP: Final = "UninitializedAccountException"


def listed(asked: AwsAsked, ids: Sequence[str] = ()) -> Replications:
    """Return the source servers of a place that are not archived; or those of some ids, any.

    Raises:
        botocore.exceptions.ClientError: and all that :data:`aws_failures.FAILURES` names.

    """
    from inventory.clouds.aws_failures import FAILURES, code_of, unknown_of

    client = asked.client("mgn")
    try:
        said = tuple(_source_servers(client, ids))
    except FAILURES as error:
        if code_of(error) == _NOT_SET_UP:
            return Replications(servers=())  # the service was never set up there
        raise
    wanted = tuple(dict.fromkeys(job for each in said for job in _jobs_of(each)))
    try:
        jobs: Mapping[str, Any] | Unknown = dict(_jobs(client, wanted))
    except FAILURES as error:
        jobs = unknown_of(error, allow="mgn:DescribeJobs")
    return Replications(servers=tuple(replication(each, jobs) for each in said))


def replication(
    said: Mapping[str, Any], jobs: Mapping[str, Mapping[str, Any]] | Unknown
) -> Replication:
    """Make a replication of what DescribeSourceServers says of one, and of its jobs by id. Pure."""
    data = said.get("dataReplicationInfo") or {}
    state = (said.get("lifeCycle") or {}).get("state")
    hints = (said.get("sourceProperties") or {}).get("identificationHints") or {}
    fault = data.get("dataReplicationError") or {}
    return Replication(
        id=said["arn"],
        service=SERVICE,
        name=hints.get("hostname") or hints.get("fqdn") or said["sourceServerID"],
        identity=_identity(said.get("sourceProperties") or {}),
        phase=_phase(state),
        state=f"{state}, data {data.get('dataReplicationState')}",
        healthy=_healthy(data),
        faults=tuple(filter(None, (fault.get("error"),))),
        lag_seconds=_lag(data),
        backlog_bytes=_backlog(data),
        last_snapshot=moment(data.get("lastSnapshotDateTime")),
        test=_launch(said, "lastTest", jobs),
        cut_over=_launch(said, "lastCutover", jobs),
        kind=said.get("replicationType", ""),
    )


def seconds_of(duration: str) -> float | None:
    """Return the seconds of a duration of ISO 8601 such as ``PT1H2.5S``; None when it is none.

    Months and years are no number of seconds.
    """
    match = _DURATION.fullmatch(duration)
    if not match or duration.endswith(("P", "T")):
        return None
    parts = match.groupdict()
    return sum(float(parts[each] or 0) * size for each, size in _UNIT_SECONDS.items())


def moment(text: str | None) -> datetime | None:
    """Return a moment as the service writes it, in UTC; None when there is none to read."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _source_servers(client: Any, ids: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    from inventory.clouds.aws_reach import in_chunks, pages

    if not ids:
        filters: Mapping[str, Any] = {"isArchived": False}
        yield from pages(client, "describe_source_servers", "items", filters=filters)
    for some in in_chunks(ids, _AT_ONCE):
        yield from pages(
            client, "describe_source_servers", "items", filters={"sourceServerIDs": list(some)}
        )


def _jobs(client: Any, ids: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    from inventory.clouds.aws_reach import in_chunks, pages

    for some in in_chunks(ids, _JOBS_AT_ONCE):
        for each in pages(client, "describe_jobs", "items", filters={"jobIDs": list(some)}):
            yield each["jobID"], each


def _jobs_of(said: Mapping[str, Any]) -> Iterator[str]:
    cycle = said.get("lifeCycle") or {}
    for which in ("lastTest", "lastCutover"):
        job = ((cycle.get(which) or {}).get("initiated") or {}).get("jobID")
        if job:
            yield job


def _identity(properties: Mapping[str, Any]) -> Identity:
    hints = properties.get("identificationHints") or {}
    cards = properties.get("networkInterfaces") or ()
    addresses = (spelling.address(each) for card in cards for each in card.get("ips") or ())
    return Identity(
        cloud_instance=_some(spelling.cloud_instance(hints.get("awsInstanceID"))),
        mac=_some(*((card.get("macAddress") or "").lower() for card in cards)),
        fqdn=_some(spelling.fqdn(hints.get("fqdn") or hints.get("hostname"))),
        hostname=_some(spelling.short_name(hints.get("hostname") or hints.get("fqdn"))),
        address=_some(*addresses),
    )


def _some(*values: str | None) -> frozenset[str]:
    return frozenset(filter(None, values))


def _phase(state: str | None) -> Phase | Unknown:
    return _PHASES.get(state or "") or _new("life cycle", state)


def _healthy(data: Mapping[str, Any]) -> bool | Unknown:
    state = data.get("dataReplicationState")
    if data.get("dataReplicationError") or state in _DOES_NOT:
        return False
    return True if state in _GOES_ON else _new("data replication", state)


def _lag(data: Mapping[str, Any]) -> float | Unknown:
    told = data.get("lagDuration")
    seconds = seconds_of(told) if told else None
    if seconds is None:
        why = f"its lag is given as {told!r}" if told else "it gives no lag, so nothing can launch"
        return Unknown(reason=Reason.NOT_TOLD, detail=why)
    return seconds


def _backlog(data: Mapping[str, Any]) -> int | Unknown:
    disks = data.get("replicatedDisks") or ()
    found: list[int | None] = [each.get("backloggedStorageBytes") for each in disks]
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return Unknown(reason=Reason.NOT_TOLD, detail="it does not tell the backlog of each disk")
    return sum(known)


def _launch(
    said: Mapping[str, Any], which: str, jobs: Mapping[str, Mapping[str, Any]] | Unknown
) -> Launch | None:
    told = (said.get("lifeCycle") or {}).get(which) or {}
    begun = told.get("initiated") or {}
    if not begun:
        return None
    job, at = begun.get("jobID") or "", moment(begun.get("apiCallDateTime"))
    back = moment((told.get("reverted") or {}).get("apiCallDateTime"))
    took_part = _took_part(said["sourceServerID"], jobs, job)
    instance = said.get("launchedInstance") or {}
    own = instance.get("ec2InstanceID") if instance.get("jobID") == job else None
    state = took_part if isinstance(took_part, Unknown) else _state(took_part.get("launchStatus"))
    named = None if isinstance(took_part, Unknown) else took_part.get("launchedEc2InstanceID")
    reverted = back is not None and (at is None or back >= at)
    return Launch(job=job, state=state, resource=own or named, at=at, reverted=reverted)


def _took_part(
    server: str, jobs: Mapping[str, Mapping[str, Any]] | Unknown, job: str
) -> Mapping[str, Any] | Unknown:
    if isinstance(jobs, Unknown):
        return jobs
    servers = (jobs.get(job) or {}).get("participatingServers") or ()
    mine = (each for each in servers if each["sourceServerID"] == server)
    nothing = Unknown(reason=Reason.NOT_TOLD, detail=f"job {job or 'unnamed'} is not told of")
    return next(mine, nothing)


def _state(word: str | None) -> LaunchState | Unknown:
    return _LAUNCHES.get(word or "") or _new("launch", word)


def _new(what: str, word: str | None) -> Unknown:
    said = f"is {word}, which is new to us" if word else "is not told"
    return Unknown(reason=Reason.NOT_TOLD, detail=f"its {what} {said}")

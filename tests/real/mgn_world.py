"""The Application Migration Service on loopback, with its source servers' lives.

States, conflicts and launch jobs are our reading of AWS's documents: which act is allowed when,
what it changes at once, and what only when its job has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aws_model import AwsFaultError, AwsModel

ACCOUNT = "123456789012"
AT = "2026-11-23T09:00:00Z"
_START = {
    "StartTest": ({"READY_FOR_TEST", "TESTING", "READY_FOR_CUTOVER"}, "TESTING", "lastTest"),
    "StartCutover": ({"READY_FOR_CUTOVER", "CUTTING_OVER"}, "CUTTING_OVER", "lastCutover"),
}
_INITIATED = {"StartTest": "START_TEST", "StartCutover": "START_CUTOVER"}
_CHANGE = {
    "READY_FOR_TEST": {"TESTING", "READY_FOR_CUTOVER"},
    "READY_FOR_CUTOVER": {"READY_FOR_TEST", "TESTING", "CUTTING_OVER"},
    "CUTOVER": {"CUTTING_OVER"},
}
"""To which state from which others; a test is no condition, as in the service."""


@dataclass
class MgnWorld:
    """A running service."""

    aws: AwsModel
    launch: Callable[[], str] = lambda: "i-0123456789abcdef0"
    """Makes an instance, and returns its id."""
    end: Callable[[str], None] = lambda _instance: None
    """Ends an instance, as a new launch does with what the one before it launched."""
    region: str = "eu-west-2"
    servers: dict[str, dict[str, Any]] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    page: int = 50
    _unanswered: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let every operation do what it does."""
        for operation in _START:
            self.aws.answers("mgn", operation)(self._starts(operation))
        self.aws.answers("mgn", "ChangeServerLifeCycleState")(self._changes)
        self.aws.answers("mgn", "FinalizeCutover")(self._finalises)
        self.aws.answers("mgn", "DescribeSourceServers")(self._tells)
        self.aws.answers("mgn", "DescribeJobs")(self._tells_jobs)

    def add(self, hostname: str, *ips: str, state: str = "READY_FOR_TEST", **data: Any) -> str:
        """Replicate a server, and return its id; ``data`` goes into dataReplicationInfo."""
        server = f"s-{len(self.servers):017d}"
        self.servers[server] = {
            "sourceServerID": server,
            "arn": f"arn:aws:mgn:{self.region}:{ACCOUNT}:source-server/{server}",
            "isArchived": False,
            "replicationType": "AGENT_BASED",
            "lifeCycle": {"state": state, "addedToServiceDateTime": AT},
            "sourceProperties": {
                "identificationHints": {"hostname": hostname, "fqdn": hostname},
                "networkInterfaces": [{"ips": list(ips), "isPrimary": True}] if ips else [],
            },
            "dataReplicationInfo": {
                "dataReplicationState": "CONTINUOUS",
                "lagDuration": "PT0S",
                "lastSnapshotDateTime": AT,
                "replicatedDisks": [{"deviceName": "/dev/sda", "backloggedStorageBytes": 0}],
                **data,
            },
        }
        return server

    def finish_jobs(self, *, status: str = "LAUNCHED") -> list[str]:
        """Let every job end, and return what was launched."""
        launched = []
        for job in self.jobs.values():
            if job["status"] == "COMPLETED":
                continue
            job["status"] = "COMPLETED"
            for each in job["participatingServers"]:
                each["launchStatus"] = status
                if status == "LAUNCHED":
                    launched.append(self._launched(job, each))
        return launched

    def loses_answers(self, *operations: str) -> None:
        """Let each of these do its work once more, and then have its answer lost."""
        self._unanswered += operations

    def asked(self, operation: str) -> int:
        """How often an operation was asked for."""
        return sum(name == operation for _, name, _ in self.aws.log)

    def changes(self) -> list[str]:
        """Every request that changes anything, in order."""
        return [name for _, name, _ in self.aws.log if not name.startswith("Describe")]

    def _launched(self, job: dict[str, Any], part: dict[str, Any]) -> str:
        server = self.servers[part["sourceServerID"]]
        before = server.get("launchedInstance", {}).get("ec2InstanceID")
        if before:
            self.end(before)
        instance = self.launch()
        part["launchedEc2InstanceID"] = instance
        server["launchedInstance"] = {"ec2InstanceID": instance, "jobID": job["jobID"]}
        return instance

    def _get(self, server: str) -> dict[str, Any]:
        if server not in self.servers:
            raise AwsFaultError("ResourceNotFoundException", f"no source server {server}", 404)
        return self.servers[server]

    def _conflict(self, server: dict[str, Any]) -> AwsFaultError:
        state = server["lifeCycle"]["state"]
        said = f"Source server {server['sourceServerID']} is in state {state}"
        return AwsFaultError("ConflictException", said, 409)

    def _starts(self, operation: str) -> Callable[..., dict[str, Any]]:
        before, after, noted = _START[operation]

        def start(sourceServerIDs: list[str], **_: Any) -> dict[str, Any]:  # noqa: N803
            found = [self._get(each) for each in sourceServerIDs]
            for each in found:
                if each["lifeCycle"]["state"] not in before:
                    raise self._conflict(each)
            name = f"mgnjob-{len(self.jobs):017d}"
            self.jobs[name] = {
                "jobID": name,
                "type": "LAUNCH",
                "initiatedBy": _INITIATED[operation],
                "status": "PENDING",
                "creationDateTime": AT,
                "participatingServers": [
                    {"sourceServerID": each, "launchStatus": "PENDING"} for each in sourceServerIDs
                ],
            }
            for each in found:
                each["lifeCycle"]["state"] = after
                each["lifeCycle"][noted] = {"initiated": {"apiCallDateTime": AT, "jobID": name}}
            self._lose(operation)
            return {"job": self.jobs[name]}

        return start

    def _changes(
        self,
        sourceServerID: str,  # noqa: N803
        lifeCycle: dict[str, str],  # noqa: N803
        **_: Any,
    ) -> dict[str, Any]:
        server, state = self._get(sourceServerID), lifeCycle["state"]
        was = server["lifeCycle"]["state"]
        if was not in _CHANGE[state] or "lagDuration" not in server["dataReplicationInfo"]:
            raise self._conflict(server)
        noted = {"CUTTING_OVER": "lastCutover", "TESTING": "lastTest"}.get(was)
        if noted and (noted, state) != ("lastTest", "READY_FOR_CUTOVER"):
            server["lifeCycle"][noted]["reverted"] = {"apiCallDateTime": AT}
        server["lifeCycle"]["state"] = state
        self._lose("ChangeServerLifeCycleState")
        return server

    def _finalises(self, sourceServerID: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        server = self._get(sourceServerID)
        if server["lifeCycle"]["state"] != "CUTTING_OVER":
            raise self._conflict(server)
        server["lifeCycle"]["state"] = "CUTOVER"
        server["lifeCycle"]["lastCutover"]["finalized"] = {"apiCallDateTime": AT}
        data = server["dataReplicationInfo"]
        data["dataReplicationState"] = "DISCONNECTED"
        data.pop("lagDuration", None)
        self._lose("FinalizeCutover")
        return server

    def _tells(
        self,
        filters: dict[str, Any] | None = None,
        maxResults: int = 0,  # noqa: N803
        nextToken: str = "0",  # noqa: N803
        **_: Any,
    ) -> dict[str, Any]:
        asked = filters or {}
        wanted = asked.get("sourceServerIDs")
        found = [
            each
            for each in self.servers.values()
            if (wanted is None or each["sourceServerID"] in wanted)
            and ("isArchived" not in asked or each["isArchived"] is asked["isArchived"])
        ]
        size, begin = maxResults or self.page, int(nextToken)
        more = {"nextToken": str(begin + size)} if begin + size < len(found) else {}
        return {"items": found[begin : begin + size], **more}

    def _tells_jobs(self, filters: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"items": [self.jobs[each] for each in filters["jobIDs"] if each in self.jobs]}

    def _lose(self, operation: str) -> None:
        if operation in self._unanswered:
            self._unanswered.remove(operation)
            raise AwsFaultError("InternalServerException", "the answer was lost", 500)

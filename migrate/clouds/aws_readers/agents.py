"""The SSM agent in instances: whether Systems Manager hears from it, and what it last ran."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import servers
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_agents import Agent
from migrate.model.target_health import Condition, Status

_MOST_VALUES: Final = 100
_PAGE: Final = 50
"""Both: Systems Manager API reference, DescribeInstanceInformation."""
_PINGS: Final = {
    "Online": Condition.WELL,
    "ConnectionLost": Condition.ILL,
    "Inactive": Condition.ILL,
}
_ASSOCIATIONS: Final = {"Success": Condition.WELL, "Failed": Condition.ILL}


def _read(asked: AwsAsked) -> Mapping[str, Agent | Unknown]:
    from inventory.clouds.aws_reach import in_chunks, pages

    found = {
        each["InstanceId"]: each
        for some in in_chunks(servers(asked), _MOST_VALUES)
        for each in pages(
            asked.client("ssm"),
            "describe_instance_information",
            "InstanceInformationList",
            Filters=[{"Key": "InstanceIds", "Values": list(some)}],
            PaginationConfig={"PageSize": _PAGE},
        )
    }
    none = Agent(agent=None)
    return {**dict.fromkeys(servers(asked), none), **each_read(found, agent)}


def agent(said: Mapping[str, Any]) -> Agent:
    """Make it of what DescribeInstanceInformation says of an instance. Pure."""
    ping, ran = said["PingStatus"], said.get("AssociationStatus")
    condition = _PINGS.get(ping, Condition.UNTOLD)
    return Agent(
        agent=Status(name="SSM agent", condition=condition, said=ping),
        version=said.get("AgentVersion", ""),
        heard=said.get("LastPingDateTime"),
        carried=(
            Status(
                name="State Manager associations",
                condition=_ASSOCIATIONS.get(ran, Condition.UNTOLD),
                said=ran,
            ),
        )
        if ran
        else (),
    )


READER = Reader(tells=Agent, calls=(aws_call("ssm:DescribeInstanceInformation"),), read=_read)

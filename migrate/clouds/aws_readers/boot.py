"""What the console of instances showed at their last start; EC2 tells it of one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds import console_log
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import servers
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_boot import Boot

_CALLS: Final = (aws_call("ec2:GetConsoleOutput"),)
_NOTHING: Final = Unknown(
    reason=Reason.NOT_TOLD,
    detail="EC2 has no console output of it: some minutes after a start there is some",
)


def _read(asked: AwsAsked) -> Mapping[str, Boot | Unknown]:
    ec2 = asked.client("ec2")
    return singly(
        asked, servers(asked), lambda each: boot(ec2.get_console_output(InstanceId=each)), _CALLS
    )


def boot(said: Mapping[str, Any]) -> Boot | Unknown:
    """Make it of what GetConsoleOutput says, its text decoded as botocore does. Pure."""
    text = said.get("Output")
    return console_log.boot(text, said.get("Timestamp")) if text else _NOTHING


READER = Reader(tells=Boot, calls=_CALLS, read=_read)

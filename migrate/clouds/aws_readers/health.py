"""EC2's own checks of instances, and what is announced for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.fact import Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import DESCRIBE_STATUS, statuses
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_health import Condition, Health, Status

_CHECKS: Final = {
    "SystemStatus": "system",
    "InstanceStatus": "instance",
    "AttachedEbsStatus": "attached disks",
}
_CONDITIONS: Final = {"ok": Condition.WELL, "impaired": Condition.ILL}
_ENDING: Final = frozenset({"instance-retirement", "instance-stop"})
_OVER: Final = ("[Completed]", "[Canceled]")
"""How the description of an event begins once it is over (EC2 user guide, scheduled events)."""


def _read(asked: AwsAsked) -> Mapping[str, Health | Unknown]:
    return each_read(statuses(asked), health)


def health(said: Mapping[str, Any]) -> Health:
    """Make it of what DescribeInstanceStatus says of an instance. Pure."""
    events = [
        each for each in said.get("Events", ()) if not each.get("Description", "").startswith(_OVER)
    ]
    return Health(
        checks=tuple(
            _status(name, said[key]["Status"]) for key, name in _CHECKS.items() if key in said
        ),
        announced=tuple(_words(each) for each in events if each["Code"] not in _ENDING),
        ending=tuple(_words(each) for each in events if each["Code"] in _ENDING),
    )


def _status(name: str, said: str) -> Status:
    return Status(name=name, condition=_CONDITIONS.get(said, Condition.UNTOLD), said=said)


def _words(event: Mapping[str, Any]) -> str:
    begins = event.get("NotBefore")
    return f"{event['Code']} from {begins:%Y-%m-%d %H:%M} UTC" if begins else str(event["Code"])


READER = Reader(tells=Health, calls=(DESCRIBE_STATUS,), read=_read)

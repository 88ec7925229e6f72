"""The VM agent in virtual machines, and what became of their extensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from inventory.model.fact import Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import MACHINES
from migrate.clouds.azure_readers._views import VIEW, views
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_agents import Agent
from migrate.model.target_health import Condition, Status

_PROVISIONING: Final = "ProvisioningState/"
_ENDED: Final = {"succeeded": Condition.WELL, "failed": Condition.ILL, "canceled": Condition.ILL}
_READY: Final = {"Ready": Condition.WELL, "Not Ready": Condition.ILL}


def _read(asked: AzureAsked) -> Mapping[str, Agent | Unknown]:
    return each_read(views(asked.arm, asked, lambda view: "vmAgent" in view), _agent)


def _agent(view: Mapping[str, Any] | Unknown) -> Agent | Unknown:
    return view if isinstance(view, Unknown) else agent(view)


def agent(view: Mapping[str, Any]) -> Agent:
    """Make it of a virtual machine's run-time view. Pure."""
    told = view.get("vmAgent")
    if not told:
        return Agent(agent=None)
    statuses = told.get("statuses") or ()
    times = [each["time"] for each in statuses if each.get("time")]
    return Agent(
        agent=_of_agent(statuses),
        version=told.get("vmAgentVersion") or "",
        heard=max(map(datetime.fromisoformat, times), default=None),
        carried=tuple(_of_extension(each) for each in view.get("extensions") or ()),
    )


def _of_agent(statuses: Iterable[Mapping[str, Any]]) -> Status:
    said = [str(each.get("displayStatus") or each.get("code")) for each in statuses]
    found = {_READY.get(each, Condition.UNTOLD) for each in said} or {Condition.UNTOLD}
    return Status(name="VM agent", condition=_worst(found), said=", ".join(said) or "no status")


def _of_extension(said: Mapping[str, Any]) -> Status:
    codes = [
        each["code"][len(_PROVISIONING) :]
        for each in said.get("statuses") or ()
        if each["code"].startswith(_PROVISIONING)
    ]
    ends = [each.partition("/")[0] for each in codes]
    found = {_ENDED.get(each.lower(), Condition.UNTOLD) for each in ends} or {Condition.UNTOLD}
    return Status(
        name=f"extension {said['name']}",
        condition=_worst(found),
        said=", ".join(codes) or "no status",
    )


def _worst(found: set[Condition]) -> Condition:
    order = (Condition.ILL, Condition.UNTOLD, Condition.WELL)
    return next(each for each in order if each in found)


READER = Reader(tells=Agent, calls=(MACHINES, VIEW), read=_read)

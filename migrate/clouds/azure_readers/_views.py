"""Run-time views of virtual machines, by the listing; who is left out there is asked singly.

Azure's documents do not say which parts of a view the listing with ``statusOnly`` holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import COMPUTE, listed, properties
from migrate.clouds.singly import singly

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import Arm

VIEW: Final = azure_call("GET Microsoft.Compute/virtualMachines/instanceView")

Said = Mapping[str, Any]


def statuses(arm: Arm, asked: AzureAsked) -> dict[str, Said]:
    """Return the run-time view of each machine that the listing tells, by id."""
    found = listed(arm, asked, "Microsoft.Compute/virtualMachines", COMPUTE, statusOnly="true")
    return {key: properties(said).get("instanceView") or {} for key, said in found.items()}


def views(
    arm: Arm, asked: AzureAsked, holds: Callable[[Said], bool]
) -> Mapping[str, Said | Unknown]:
    """Return the view of each machine that exists; the listing's own where it holds enough."""
    found = {key: view for key, view in statuses(arm, asked).items() if key in asked.ids}
    poor = [key for key, view in found.items() if not holds(view)]

    def ask(machine: str) -> Said:
        view = arm.get(f"{machine}/instanceView", COMPUTE)
        if "statuses" not in view:
            raise ValueError("a run-time view has statuses, whatever else it lacks")
        return view

    return {**found, **singly(asked, poor, ask, (VIEW,))}

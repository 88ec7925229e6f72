"""Updates that virtual machines lack, by their last assessment: Resource Graph keeps it a week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import graph, properties, servers
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_patches import Patches

_KIND: Final = "microsoft.compute/virtualmachines/patchassessmentresults"
_QUERY: Final = f"patchassessmentresources | where type =~ '{_KIND}' | project id, properties"
_OF: Final = "/patchassessmentresults/"
_DONE: Final = "Succeeded"
_NEVER: Final = Unknown(
    reason=Reason.NOT_TOLD,
    detail="Azure keeps no assessment of the last seven days: assess it in Update Manager",
)


def _read(asked: AzureAsked) -> Mapping[str, Patches | Unknown]:
    found = {row["id"].lower().rpartition(_OF)[0]: row for row in graph(asked.arm, asked, _QUERY)}
    told = each_read({key: found[key] for key in servers(asked) if key in found}, patches)
    return {**dict.fromkeys(servers(asked), _NEVER), **told}


def patches(said: Mapping[str, Any]) -> Patches:
    """Make them of a row of patch assessments. Pure. An assessment that failed counts nothing."""
    told = properties(said)
    state, at = told["status"], told.get("lastModifiedDateTime")
    counts: dict[str, int] = {
        key.lower(): value
        for key, value in (told.get("availablePatchCountByClassification") or {}).items()
        if state == _DONE and value is not None
    }
    rest = [counts[each] for each in counts if each not in {"critical", "security"}]
    return Patches(
        assessed=datetime.fromisoformat(at) if at else None,
        state=state,
        critical=counts.get("critical"),
        security=counts.get("security"),
        other=sum(rest) if rest else None,
        reboot_pending=told.get("rebootPending"),
    )


READER = Reader(
    tells=Patches,
    calls=(
        azure_call(
            "POST Microsoft.ResourceGraph/resources",
            "Microsoft.ResourceGraph/resources/read",
            # Rows of what the credential may not read are left out.
            "Microsoft.Compute/virtualMachines/read",
            "Microsoft.Compute/virtualMachines/patchAssessmentResults/latest/read",
        ),
    ),
    read=_read,
)

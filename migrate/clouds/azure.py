"""What Azure says of a resource: a virtual machine with its instance view, or anything else by id.

Only GET goes out: the clients refuse every other method before it is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inventory.errors import BadInputError
from inventory.model.azure_id import AzureId
from inventory.model.cloud_calls import Call, azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_reading import newest_version, read_generic, read_machine
from migrate.model.check import CloudResource

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import AzureReach

CALLS = (
    azure_call("GET Microsoft.Compute/virtualMachines"),
    azure_call("GET Microsoft.Resources/subscriptions/providers"),
)
"""What a look at a resource asks; any other type is asked for under its own name, too."""


def look_at_resource(reach: AzureReach, resource_id: str) -> CloudResource | Unknown:
    """Describe an Azure resource, or say why that cannot be known."""
    parsed = AzureId.parse(resource_id)
    if parsed is None:
        return _not_asked(
            f"{resource_id!r} is not an Azure resource id; copy it from the portal's Properties "
            "page: /subscriptions/…/resourceGroups/…/providers/…"
        )
    from inventory.clouds import azure_failures

    look = _machine if parsed.is_virtual_machine else _generic
    try:
        return look(reach, parsed, resource_id)
    except azure_failures.FAILURES as error:
        return _absent_or_unknown(parsed, resource_id, error)
    except (BadInputError, OSError) as error:
        return _not_asked(f"Azure cannot be asked: {error}")
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        return Unknown(
            reason=Reason.UNREADABLE,
            detail=f"Azure's answer on {resource_id} could not be read: {error!r}",
        )


def type_call(parsed: AzureId) -> Call:
    """Return the call by which any resource of that type is looked at."""
    return azure_call(f"GET {parsed.namespace}/{parsed.type}")


def _absent_or_unknown(
    parsed: AzureId, resource_id: str, error: Exception
) -> CloudResource | Unknown:
    from inventory.clouds import azure_failures

    if azure_failures.says_absent(error):
        return CloudResource(id=resource_id, exists=False, detail=azure_failures.words_of(error))
    allow = ", ".join(type_call(parsed).permissions)
    return azure_failures.unknown_of(error, allow=allow)


def _not_asked(why: str) -> Unknown:
    return Unknown(reason=Reason.NOT_ASKED, detail=why)


def _machine(reach: AzureReach, parsed: AzureId, resource_id: str) -> CloudResource | Unknown:
    from azure.mgmt.compute import ComputeManagementClient

    client = reach.client(ComputeManagementClient, parsed.subscription, CALLS)
    machine = client.virtual_machines.get(parsed.group, parsed.name, expand="instanceView")
    return read_machine(resource_id, _plain(machine))


def _generic(reach: AzureReach, parsed: AzureId, resource_id: str) -> CloudResource | Unknown:
    from azure.mgmt.resource.resources import ResourceManagementClient

    calls = (*CALLS, type_call(parsed))
    client = reach.client(ResourceManagementClient, parsed.subscription, calls)
    provider = client.providers.get(parsed.namespace)
    version = newest_version(_plain(provider), parsed.type)
    if version is None:
        detail = f"Azure knows no type {parsed.type} in {parsed.namespace}"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    found = client.resources.get_by_id(resource_id, api_version=version)
    return read_generic(resource_id, _plain(found))


def _plain(model: Any) -> dict[str, Any]:
    return dict(model.as_dict())

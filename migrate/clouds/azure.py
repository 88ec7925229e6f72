"""What Azure says of a resource: a virtual machine with its instance view, or anything else by id.

Only GET goes out: the clients refuse every other method before it is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inventory.model.azure_id import AzureId
from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_reading import newest_version, read_generic, read_machine
from migrate.model.check import CloudResource

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from inventory.model.cloud_settings import AzureSettings

CALLS = (
    azure_call("GET Microsoft.Compute/virtualMachines"),
    azure_call("GET Microsoft.Resources/subscriptions/providers", "*/read"),
)
"""What a look at a resource asks; any other type is asked for under its own name, too."""


def look_at_resource(settings: AzureSettings, resource_id: str) -> CloudResource | Unknown:
    """Describe an Azure resource, or say why that cannot be known."""
    parsed = AzureId.parse(resource_id)
    if parsed is None:
        return _not_asked(
            f"{resource_id!r} is not an Azure resource id; copy it from the portal's Properties "
            "page: /subscriptions/…/resourceGroups/…/providers/…"
        )
    if settings.ca_file and not settings.ca_file.is_file():
        return _not_asked(f"there is no file {settings.ca_file}: mend ca_file under [azure]")
    from inventory.clouds import azure_failures

    try:
        return _ask(settings, parsed, resource_id)
    except azure_failures.FAILURES as error:
        return _absent_or_unknown(resource_id, error)
    except OSError as error:
        return _not_asked(f"Azure cannot be asked: {error}")
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        return Unknown(
            reason=Reason.UNREADABLE,
            detail=f"Azure's answer on {resource_id} could not be read: {error!r}",
        )


def _absent_or_unknown(resource_id: str, error: Exception) -> CloudResource | Unknown:
    from inventory.clouds import azure_failures

    if azure_failures.says_absent(error):
        return CloudResource(id=resource_id, exists=False, detail=azure_failures.words_of(error))
    return azure_failures.unknown_of(error)


def _not_asked(why: str) -> Unknown:
    return Unknown(reason=Reason.NOT_ASKED, detail=why)


def _ask(settings: AzureSettings, parsed: AzureId, resource_id: str) -> CloudResource | Unknown:
    from inventory.clouds.azure_access import credential

    try:
        who = credential(settings)
    except ValueError as error:
        return _not_asked(f"the Azure credential is unusable: {error}")
    with who:
        look = _machine if parsed.is_virtual_machine else _generic
        return look(settings, who, parsed, resource_id)


def _machine(
    settings: AzureSettings, who: TokenCredential, parsed: AzureId, resource_id: str
) -> CloudResource | Unknown:
    from azure.mgmt.compute import ComputeManagementClient

    from inventory.clouds.azure_access import options

    with ComputeManagementClient(who, parsed.subscription, **options(settings, CALLS)) as client:
        machine = client.virtual_machines.get(parsed.group, parsed.name, expand="instanceView")
        return read_machine(resource_id, _plain(machine))


def _generic(
    settings: AzureSettings, who: TokenCredential, parsed: AzureId, resource_id: str
) -> CloudResource | Unknown:
    from azure.mgmt.resource.resources import ResourceManagementClient

    from inventory.clouds.azure_access import options

    calls = (*CALLS, azure_call(f"GET {parsed.namespace}/{parsed.type}"))
    with ResourceManagementClient(who, parsed.subscription, **options(settings, calls)) as client:
        provider = client.providers.get(parsed.namespace)
        version = newest_version(_plain(provider), parsed.type)
        if version is None:
            detail = f"Azure knows no type {parsed.type} in {parsed.namespace}"
            return Unknown(reason=Reason.NOT_TOLD, detail=detail)
        found = client.resources.get_by_id(resource_id, api_version=version)
        return read_generic(resource_id, _plain(found))


def _plain(model: Any) -> dict[str, Any]:
    return dict(model.as_dict())

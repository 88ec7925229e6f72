"""How the clouds are reached, as the estate's ``[aws]`` and ``[azure]`` tables say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.errors import BadInputError, Place
from inventory.model.cloud_settings import (
    AwsAccount,
    AwsSettings,
    AzureCloud,
    AzureCredential,
    AzureSettings,
    AzureSubscription,
)

if TYPE_CHECKING:
    from inventory.estate import Estate


def aws_settings(estate: Estate) -> AwsSettings:
    """Return how AWS is reached, as the estate and the environment say.

    Raises:
        BadInputError: its region is none of its regions.

    """
    table = estate.clouds.aws
    settings = AwsSettings(
        region=table.get("region"),
        regions=tuple(table.get("regions", ())),
        profile=table.get("profile"),
        endpoint_url=table.get("endpoint"),
        endpoints=table.get("endpoints", {}),
        accounts=tuple(AwsAccount(**each) for each in table.get("accounts", ())),
    ).with_environment(os.environ)
    _refuse_foreign(estate, "aws", settings.region, settings.allowed_regions)
    return settings


def azure_settings(estate: Estate) -> AzureSettings:
    """Return how Azure is reached, as the estate and the environment say.

    Raises:
        BadInputError: its region is none of its regions, or the environment names a cloud or a
            credential that there is not.

    """
    table = estate.clouds.azure
    ca_file = table.get("ca_file")
    settings = AzureSettings(
        subscription=table.get("subscription"),
        subscriptions=tuple(AzureSubscription(**each) for each in table.get("subscriptions", ())),
        region=table.get("region"),
        regions=tuple(table.get("regions", ())),
        cloud=AzureCloud(table.get("cloud", "public")),
        base_url=table.get("endpoint"),
        authority=table.get("authority"),
        ca_file=estate.folder / Path(ca_file).expanduser() if ca_file else None,
        credential=AzureCredential(table.get("credential", "default")),
    )
    try:
        settings = settings.with_environment(os.environ)
    except ValueError as error:
        raise BadInputError(
            f"{error}: in DECANT_AZURE_CLOUD or DECANT_AZURE_CREDENTIAL",
            hint="clouds are public, government and china; credentials default and environment",
        ) from error
    _refuse_foreign(estate, "azure", settings.region, settings.allowed_regions)
    return settings


def _refuse_foreign(
    estate: Estate, provider: str, region: str | None, allowed: tuple[str, ...]
) -> None:
    if region and region not in allowed:
        raise BadInputError(
            f"region {region} is none of the regions that are allowed: {', '.join(allowed)}",
            hint=f"mend region or regions under [{provider}]",
            place=Place(file=estate.file, field=f"{provider}.region"),
        )

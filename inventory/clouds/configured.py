"""How the clouds are reached, as the estate's ``[aws]`` and ``[azure]`` tables say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.model.cloud_settings import (
    AwsAccount,
    AwsSettings,
    AzureCredential,
    AzureSettings,
    AzureSubscription,
)

if TYPE_CHECKING:
    from inventory.estate import Estate


def aws_settings(estate: Estate) -> AwsSettings:
    """Return how AWS is reached, as the estate says."""
    table = estate.clouds.aws
    return AwsSettings(
        region=table.get("region"),
        regions=tuple(table.get("regions", ())),
        profile=table.get("profile"),
        endpoint_url=table.get("endpoint"),
        endpoints=table.get("endpoints", {}),
        accounts=tuple(AwsAccount(**each) for each in table.get("accounts", ())),
    )


def azure_settings(estate: Estate) -> AzureSettings:
    """Return how Azure is reached, as the estate and the environment say."""
    table = estate.clouds.azure
    ca_file = table.get("ca_file")
    settings = AzureSettings(
        subscription=table.get("subscription"),
        subscriptions=tuple(AzureSubscription(**each) for each in table.get("subscriptions", ())),
        region=table.get("region"),
        regions=tuple(table.get("regions", ())),
        base_url=table.get("endpoint"),
        authority=table.get("authority"),
        ca_file=estate.folder / Path(ca_file).expanduser() if ca_file else None,
        credential=AzureCredential(table.get("credential", "default")),
    )
    return settings.with_environment(os.environ)

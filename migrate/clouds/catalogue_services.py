"""How a refresh of the catalogue reaches each service, by the estate and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from inventory.model.cloud_settings import AwsSettings, AzureSettings, Patience
from migrate.catalogue.refreshing.asking import Services, Source
from migrate.clouds.aws_catalogue import services as of_aws
from migrate.clouds.azure_skus import Skus
from migrate.clouds.public_prices import lifecycles, retail_prices
from migrate.clouds.web import WebPatience

LONG = Patience(connect_seconds=10, answer_seconds=60, attempts=6, longest_pause_seconds=60)
"""A refresh has hundreds of pages and no one waiting at a gate: it may take its time."""


def catalogue_services(
    aws: AwsSettings,
    azure: AzureSettings,
    environment: Mapping[str, str],
    *,
    patience: Patience = LONG,
    web_patience: WebPatience | None = None,
) -> Services:
    """Return how each service is opened; nothing is asked, nor any SDK loaded, before it is."""
    web = web_patience or WebPatience()
    return {
        **of_aws(aws, patience),
        Source.AZURE_SKUS: lambda: Skus(settings=replace(azure, patience=patience)),
        Source.AZURE_PRICES: lambda: retail_prices(environment, web),
        Source.LIFECYCLE: lambda: lifecycles(environment, web),
    }

"""The public services of the catalogue, which ask for no credential: prices and support dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from inventory.errors import UnreachableError
from migrate.catalogue.refreshing.asking import Page, Question, Source
from migrate.clouds.web import Web, WebPatience

PRICES_ENDPOINT = "https://prices.azure.com"
LIFECYCLE_ENDPOINT = "https://endoflife.date"
PRICES_VARIABLE = "DECANT_AZURE_PRICES_ENDPOINT"
LIFECYCLE_VARIABLE = "DECANT_ENDOFLIFE_ENDPOINT"
_PRICES_VERSION = "2023-01-01-preview"
"""The version whose answers hold savings plans."""
_REMEDY = (
    "check the network and the proxy (HTTPS_PROXY), or name a mirror by {variable}; then run "
    "decant catalogue refresh again: it goes on where it was"
)


@dataclass(frozen=True, kw_only=True)
class RetailPrices:
    """The Azure Retail Prices service.

    The link to the next page is followed at the endpoint that was asked, wherever it points: a
    mirror is not left, and an answer cannot send Decant elsewhere.
    """

    endpoint: str
    web: Web

    def page(self, question: Question, token: str | None) -> Page:
        """Return one page; see :class:`migrate.catalogue.refreshing.asking.Service`."""
        first = {"api-version": _PRICES_VERSION, "$filter": _filter(question)}
        given = dict(parse_qsl(token)) if token else first
        content = self.web.json(f"{self.endpoint}/api/retail/prices", given)
        return Page(content=content, next=_next(content))

    def close(self) -> None:
        """Let go of connections."""
        self.web.close()


@dataclass(frozen=True, kw_only=True)
class Lifecycles:
    """endoflife.date, all of which is one answer."""

    endpoint: str
    web: Web

    def page(self, question: Question, token: str | None) -> Page:
        """Return the one page; see :class:`migrate.catalogue.refreshing.asking.Service`."""
        del question, token
        return Page(content=self.web.json(f"{self.endpoint}/api/v1/products/full", {}), next=None)

    def close(self) -> None:
        """Let go of connections."""
        self.web.close()


def retail_prices(environment: Mapping[str, str], patience: WebPatience) -> RetailPrices:
    """Return the Azure Retail Prices service, or the mirror that the environment names."""
    endpoint = environment.get(PRICES_VARIABLE) or PRICES_ENDPOINT
    return RetailPrices(
        endpoint=endpoint.rstrip("/"), web=_web(Source.AZURE_PRICES, PRICES_VARIABLE, patience)
    )


def lifecycles(environment: Mapping[str, str], patience: WebPatience) -> Lifecycles:
    """Return endoflife.date, or the mirror that the environment names."""
    endpoint = environment.get(LIFECYCLE_VARIABLE) or LIFECYCLE_ENDPOINT
    return Lifecycles(
        endpoint=endpoint.rstrip("/"), web=_web(Source.LIFECYCLE, LIFECYCLE_VARIABLE, patience)
    )


def _web(source: Source, variable: str, patience: WebPatience) -> Web:
    return Web(name=source.value, remedy=_REMEDY.format(variable=variable), patience=patience)


def _filter(question: Question) -> str:
    terms = (*question.terms, ("armRegionName", question.region), ("priceType", "Consumption"))
    return " and ".join(f"{name} eq '{value}'" for name, value in terms)


def _next(content: Any) -> str | None:
    if not isinstance(content, dict):
        return None
    link = content.get("NextPageLink")
    if not link:
        return None
    try:
        query = urlsplit(str(link)).query
    except ValueError:
        query = ""
    if not query:
        raise UnreachableError(
            f"{Source.AZURE_PRICES.value} gave no usable link to its next page",
            hint="nothing was applied; run decant catalogue refresh again",
        )
    return query

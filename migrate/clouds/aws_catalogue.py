"""What AWS says of its instance types and prices: EC2 in each region, and the price list."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from inventory.errors import (
    AccessRefusedError,
    BadInputError,
    PartlyUnknownError,
    UnreachableError,
)
from inventory.model.cloud_calls import aws_call
from inventory.model.cloud_settings import AwsSettings
from inventory.model.fact import Reason, Unknown
from migrate.catalogue.refreshing.asking import Page, Question, Source

if TYPE_CHECKING:
    from inventory.clouds.aws_reach import AwsReach
    from inventory.model.cloud_settings import Patience

PRICE_LIST_REGION = "us-east-1"
"""The price list is served from few regions; this one has it longest."""
CALLS = (
    aws_call("ec2:DescribeInstanceTypes"),
    aws_call("ec2:DescribeInstanceTypeOfferings"),
    aws_call("pricing:GetProducts"),
)
_OFFER = "AmazonEC2"
_TYPES_A_PAGE, _OFFERINGS_A_PAGE = 100, 1_000
"""The most that EC2 gives in a page."""
_PERMISSIONS = (
    "allow ec2:DescribeInstanceTypes, ec2:DescribeInstanceTypeOfferings and pricing:GetProducts"
)


@dataclass(kw_only=True)
class Ec2:
    """EC2, asked in each region for what it offers there."""

    settings: AwsSettings
    _reaches: dict[str, AwsReach] = field(default_factory=dict)

    def page(self, question: Question, token: str | None) -> Page:
        """Return one page; see :class:`migrate.catalogue.refreshing.asking.Service`."""
        more = {"NextToken": token} if token else {}
        ask = self._types if question.about == "types" else self._offerings
        return _told(question, lambda: ask(question.region, more))

    def _types(self, region: str, more: Mapping[str, str]) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self._client(region).describe_instance_types(
            MaxResults=_TYPES_A_PAGE, **more
        )
        return told

    def _offerings(self, region: str, more: Mapping[str, str]) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self._client(region).describe_instance_type_offerings(
            LocationType="availability-zone", MaxResults=_OFFERINGS_A_PAGE, **more
        )
        return told

    def close(self) -> None:
        """Let go of connections."""
        for reach in self._reaches.values():
            reach.close()

    def _client(self, region: str) -> Any:
        if region not in self._reaches:
            self._reaches[region] = _reach(self.settings, region)
        return _opened(self._reaches[region], "ec2", region)


@dataclass(kw_only=True)
class PriceList:
    """The AWS Price List Query API."""

    settings: AwsSettings
    """``endpoint`` in it is EC2's; ``endpoints`` or ``AWS_ENDPOINT_URL_PRICING`` name another."""
    _held: list[AwsReach] = field(default_factory=list)

    def page(self, question: Question, token: str | None) -> Page:
        """Return one page, its products read as JSON, without their terms of reservation."""
        terms = (*question.terms, ("regionCode", question.region))
        asked: dict[str, Any] = {
            "ServiceCode": _OFFER,
            "FormatVersion": "aws_v1",
            "Filters": [
                {"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in terms
            ],
            **({"NextToken": token} if token else {}),
        }
        page = _told(question, lambda: self._opened().get_products(**asked))
        try:
            products = [
                _on_demand(json.loads(each, parse_float=str))
                for each in page.content.get("PriceList", ())
            ]
        except (TypeError, ValueError) as error:
            raise UnreachableError(
                f"{question}: a product could not be read: {error}",
                hint="nothing was applied; run decant catalogue refresh again: it goes on with "
                "this page",
            ) from error
        return Page(content={"PriceList": products}, next=page.next)

    def close(self) -> None:
        """Let go of connections."""
        while self._held:
            self._held.pop().close()

    def _opened(self) -> Any:
        if not self._held:
            own = replace(self.settings, endpoint_url=None)
            self._held.append(_reach(own, PRICE_LIST_REGION))
        return _opened(self._held[0], "pricing", PRICE_LIST_REGION)


def services(
    settings: AwsSettings, patience: Patience
) -> Mapping[Source, Callable[[], Ec2 | PriceList]]:
    """Return how AWS's two services are opened."""
    patient = replace(settings, patience=patience)
    return {
        Source.EC2: lambda: Ec2(settings=patient),
        Source.AWS_PRICES: lambda: PriceList(settings=patient),
    }


def _on_demand(product: Any) -> Any:
    """Leave out the terms of reservation, which are nine tenths of a product."""
    if not isinstance(product, dict) or not isinstance(product.get("terms"), dict):
        return product
    terms = {name: term for name, term in product["terms"].items() if name == "OnDemand"}
    return {**product, "terms": terms}


def _reach(settings: AwsSettings, region: str) -> AwsReach:
    """Return a reach of one region, wherever it is: what is sold there is no secret of anybody."""
    from inventory.clouds.aws_reach import AwsReach

    return AwsReach(settings=replace(settings, region=region, regions=(region,)))


def _opened(reach: AwsReach, service: str, region: str) -> Any:
    from inventory.clouds.aws_reach import AwsPlace

    return reach.client(service, AwsPlace(region=region), CALLS)


def _told(question: Question, call: Callable[[], Mapping[str, Any]]) -> Page:
    from inventory.clouds import aws_failures

    try:
        told = dict(call())
    except aws_failures.FAILURES as error:
        raise _failed(question, aws_failures.unknown_of(error)) from error
    except ValueError as error:
        raise BadInputError(
            f"{question} cannot be asked: {error}",
            hint="mend endpoint under [aws] in decant.toml, or the AWS_ENDPOINT_URL variables",
        ) from error
    told.pop("ResponseMetadata", None)
    token = told.pop("NextToken", None)
    return Page(content=told, next=token or None)


def _failed(question: Question, meaning: object) -> PartlyUnknownError | BadInputError:
    reason = meaning.reason if isinstance(meaning, Unknown) else Reason.NOT_TOLD
    said = meaning.detail if isinstance(meaning, Unknown) else str(meaning)
    words = f"{question}: {said}"
    kept = "nothing was applied, and pages so far are kept for a day; "
    if reason is Reason.NEEDS_PRIVILEGE:
        return AccessRefusedError(words, hint=f"{kept}{_PERMISSIONS} to these credentials")
    if reason is Reason.NOT_ASKED:
        return BadInputError(words, hint="see [aws] in decant.toml")
    return UnreachableError(words, hint=f"{kept}run decant catalogue refresh again to go on")

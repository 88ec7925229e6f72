"""The data sets that a refresh renews: from which service, and how each is made and checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from migrate.catalogue.refreshing import (
    aws_prices,
    aws_types,
    aws_volumes,
    azure_disks,
    azure_prices,
    azure_sizes,
    figures,
    lifecycles,
)
from migrate.catalogue.refreshing.asking import Question
from migrate.catalogue.refreshing.figures import Figures
from migrate.catalogue.refreshing.made import Fetched, Made, Present


class Group(Enum):
    """What is refreshed together, as ``--only`` names it."""

    AWS = "aws"
    AZURE = "azure"
    LIFECYCLE = "lifecycle"


@dataclass(frozen=True, kw_only=True)
class Feed:
    """How one data set is renewed."""

    dataset: str
    group: Group
    questions: Callable[[str], tuple[Question, ...]]
    """Region → what is asked for it."""
    make: Callable[[Present, Sequence[Fetched]], Made]
    figures: Callable[[str], Figures]
    anchors: frozenset[str]
    """Entries that every region has always had."""
    holds: str
    source: str
    licence: str


_OF_AMAZON = "facts published by Amazon Web Services"
_OF_MICROSOFT = "facts published by Microsoft"
_RETAIL = "Azure Retail Prices, https://prices.azure.com/api/retail/prices"

FEEDS: tuple[Feed, ...] = (
    Feed(
        dataset="aws-instance-types",
        group=Group.AWS,
        questions=aws_types.questions,
        make=aws_types.make,
        figures=figures.aws_types,
        anchors=frozenset({"m5.large", "c5.xlarge", "r5.large", "t3.micro"}),
        holds="EC2 instance types: sizes, limits, boot modes, regions and zones",
        source="EC2 DescribeInstanceTypes and DescribeInstanceTypeOfferings",
        licence=_OF_AMAZON,
    ),
    Feed(
        dataset="aws-instance-prices",
        group=Group.AWS,
        questions=aws_prices.questions,
        make=aws_prices.make,
        figures=figures.aws_prices,
        anchors=frozenset({"m5.large with Linux", "m5.large with Windows", "t3.micro with Linux"}),
        holds="EC2 on-demand prices, USD an hour without VAT",
        source="AWS price list, pricing:GetProducts of AmazonEC2",
        licence=_OF_AMAZON,
    ),
    Feed(
        dataset="aws-volumes",
        group=Group.AWS,
        questions=aws_volumes.questions,
        make=aws_volumes.make,
        figures=figures.aws_volumes,
        anchors=frozenset({"gp2", "gp3", "io1", "st1"}),
        holds="EBS volume prices and limits, USD a month without VAT",
        source="AWS price list, pricing:GetProducts of AmazonEC2",
        licence=_OF_AMAZON,
    ),
    Feed(
        dataset="azure-sizes",
        group=Group.AZURE,
        questions=azure_sizes.questions,
        make=azure_sizes.make,
        figures=figures.azure_sizes,
        anchors=frozenset({"Standard_D2s_v3", "Standard_B2s"}),
        holds="Azure VM sizes: limits, generations, regions and zones, retirement",
        source="Azure Resource Manager, Microsoft.Compute/skus",
        licence=_OF_MICROSOFT,
    ),
    Feed(
        dataset="azure-size-prices",
        group=Group.AZURE,
        questions=azure_prices.questions,
        make=azure_prices.make,
        figures=figures.azure_prices,
        anchors=frozenset(
            {
                "Standard_D2s_v3 with Linux",
                "Standard_D2s_v3 with Windows",
                "Standard_B2s with Linux",
            }
        ),
        holds="Azure VM pay-as-you-go prices, USD an hour without VAT",
        source=_RETAIL,
        licence=_OF_MICROSOFT,
    ),
    Feed(
        dataset="azure-disks",
        group=Group.AZURE,
        questions=azure_disks.questions,
        make=azure_disks.make,
        figures=figures.azure_disks,
        anchors=frozenset({"P10 LRS", "E10 LRS", "S10 LRS"}),
        holds="Azure managed disk tiers and prices, USD a month without VAT",
        source=f"{_RETAIL}; tiers and limits as shipped",
        licence=_OF_MICROSOFT,
    ),
    Feed(
        dataset="lifecycle",
        group=Group.LIFECYCLE,
        questions=lifecycles.questions,
        make=lifecycles.make,
        figures=figures.lifecycles,
        anchors=frozenset({"debian 12", "ubuntu 22.04", "rhel 9", "windows-server 2019"}),
        holds="End of support of operating systems, databases, runtimes and applications",
        source="https://endoflife.date/api/v1/products/full",
        licence="MIT",
    ),
)
REFRESHED = frozenset(feed.dataset for feed in FEEDS)
"""The data sets that a refresh can renew; the others come with a newer Decant."""


def chosen(only: Sequence[str]) -> tuple[Feed, ...]:
    """Return the feeds that groups or data sets name; all when nothing is named."""
    return tuple(feed for feed in FEEDS if not only or {feed.group.value, feed.dataset} & set(only))

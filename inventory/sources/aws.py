"""What runs in Amazon's cloud, in every account and region that the estate allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from inventory.clouds.aws_reach import AwsPlace, AwsReach, in_chunks, pages
from inventory.clouds.configured import aws_settings
from inventory.errors import UsageError
from inventory.model.cloud_calls import Tally, aws_call
from inventory.model.imported import Item
from inventory.model.source import Place, Source
from inventory.sources import _aws_listings
from inventory.sources._aws_instance import Around, item
from inventory.sources._read import told_by

if TYPE_CHECKING:
    from inventory.estate import Estate

CALLS: Final = (
    aws_call("sts:GetCallerIdentity"),
    aws_call("ec2:DescribeInstances"),
    aws_call("ec2:DescribeInstanceTypes"),
    aws_call("ec2:DescribeVolumes"),
)
_ACCOUNT: Final = re.compile(r"[0-9]{12}\Z")
_MOST_TYPES: Final = 100
"""Most names in one question: EC2 API reference, DescribeInstanceTypes."""


def _places(estate: Estate, text: str, tally: Tally) -> Iterator[Place]:
    settings = aws_settings(estate)
    reach = AwsReach(settings=settings, tally=tally)
    wanted = [each for each in text.split("/") if each]
    accounts = [each for each in wanted if _ACCOUNT.match(each)]
    regions = [each for each in wanted if each not in accounts]
    known = {each.id for each in settings.accounts}
    unknown = [each for each in regions if each not in settings.allowed_regions]
    unknown += [each for each in accounts if each not in known]
    if unknown or len(accounts) > 1 or len(regions) > 1:
        allowed = ", ".join((*sorted(known), *settings.allowed_regions))
        raise UsageError(
            f"malformed target 'aws:{text}': the estate allows {allowed}",
            hint="write aws:, aws:REGION, aws:ACCOUNT or aws:ACCOUNT/REGION; accounts and regions "
            "are listed under [aws] in decant.toml",
        )
    for place in reach.places():
        if (not accounts or place.account in accounts) and (not regions or place.region in regions):
            yield Place(
                name=f"aws {place}",
                ask=partial(_ask, reach, place),
                resources=partial(_aws_listings.aws_resources, reach, place),
                close=reach.close,
            )


def _ask(reach: AwsReach, place: AwsPlace) -> tuple[str, Sequence[Item]]:
    from inventory.clouds import aws_failures

    with told_by(f"aws {place}", aws_failures.FAILURES, aws_failures.unknown_of):
        account = reach.client("sts", place, CALLS).get_caller_identity()["Account"]
        ec2 = reach.client("ec2", place, CALLS)
        instances = [
            each
            for reservation in pages(ec2, "describe_instances", "Reservations")
            for each in reservation["Instances"]
        ]
        sizes = sorted({each["InstanceType"] for each in instances if "InstanceType" in each})
        around = Around(
            account=account,
            region=place.region or ec2.meta.region_name,
            volumes=(
                {each["VolumeId"]: each for each in pages(ec2, "describe_volumes", "Volumes")}
                if instances
                else {}
            ),
            types={
                each["InstanceType"]: each
                for some in in_chunks(sizes, _MOST_TYPES)
                for each in pages(
                    ec2, "describe_instance_types", "InstanceTypes", InstanceTypes=list(some)
                )
            },
        )
        return around.source, [item(each, around) for each in instances]


SOURCE = Source(
    title="AWS",
    targets=(
        ("aws:", "every account and region that decant.toml allows"),
        ("aws:REGION", "that region of every account"),
        ("aws:ACCOUNT/REGION", "that region of that account"),
    ),
    calls=tuple(dict.fromkeys((*CALLS, *_aws_listings.CALLS))),
    places=_places,
)

"""A page that does not tell of anything is no empty page, and pages come to an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from aws_made_up import MadeUp
from botocore.model import OperationModel
from botocore.parsers import ResponseParserError
from clouds import BRIEF

from inventory.clouds.aws_reach import AwsPlace, AwsReach, follow, pages
from inventory.model.cloud_calls import aws_call
from inventory.model.cloud_settings import AwsSettings

PLACE = AwsPlace(region="eu-west-2")
CALLS = (
    aws_call("ec2:DescribeVolumes"),
    aws_call("sns:ListSubscriptions"),
    aws_call("backup:ListBackupVaults"),
    aws_call("organizations:ListPoliciesForTarget"),
    aws_call("s3:GetBucketAcl"),
    aws_call("s3:GetBucketVersioning"),
)


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, bytes], Any]]:
    """Return what makes a client of a service that is answered by those bytes."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    opened: list[AwsReach] = []

    def client(service: str, *bodies: bytes) -> Any:
        told = iter(bodies)

        def next_one(_model: OperationModel) -> bytes:
            return next(told)

        reach = AwsReach(settings=AwsSettings(region="eu-west-2", patience=BRIEF))
        opened.append(reach)
        aws = MadeUp(reach)
        made = aws.answering(reach.client(service, PLACE, CALLS))
        made.meta.events.register_first(
            "before-call", lambda **_: setattr(aws, "failing", len(aws.calls) + 1)
        )
        aws.fault = next_one
        return made

    yield client
    for each in opened:
        each.close()


_SUBSCRIPTIONS = (
    b"<ListSubscriptionsResponse><ListSubscriptionsResult><Subscriptions/>"
    b"</ListSubscriptionsResult></ListSubscriptionsResponse>"
)
LISTINGS: dict[str, tuple[str, str, str, dict[str, str], bytes]] = {
    "EC2": (
        "ec2",
        "describe_volumes",
        "Volumes",
        {},
        b"<DescribeVolumesResponse><requestId>1</requestId><volumeSet/></DescribeVolumesResponse>",
    ),
    "query": ("sns", "list_subscriptions", "Subscriptions", {}, _SUBSCRIPTIONS),
    "JSON": (
        "organizations",
        "list_policies_for_target",
        "Policies",
        {"TargetId": "123456789012", "Filter": "SERVICE_CONTROL_POLICY"},
        b'{"Policies": []}',
    ),
    "REST": ("backup", "list_backup_vaults", "BackupVaultList", {}, b'{"BackupVaultList": []}'),
}
"""Service, method, key, what is asked, and the empty answer as it is documented to be."""


@pytest.mark.parametrize("kind", LISTINGS)
def test_a_listing_of_nothing_is_empty(says: Callable[..., Any], kind: str) -> None:
    """The list is there and has nothing in it: that is known."""
    service, method, key, asked, body = LISTINGS[kind]
    assert list(pages(says(service, body), method, key, **asked)) == []


@pytest.mark.parametrize("kind", LISTINGS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"Policies": null, "BackupVaultList": null}',
        b"<html><body>sign in</body></html>",
        b"<DescribeSnapshotsResponse/>",
        *(body[:-1] for *_, body in LISTINGS.values()),
    ],
)
def test_an_answer_without_its_list_is_not_read(
    says: Callable[..., Any], kind: str, body: bytes
) -> None:
    """Whatever came in place of the list, nothing is taken to be absent for it."""
    service, method, key, asked, _ = LISTINGS[kind]
    with pytest.raises((ResponseParserError, KeyError)):
        list(pages(says(service, body), method, key, **asked))


def test_settings_of_a_bucket_are_not_read_from_another_answer(says: Callable[..., Any]) -> None:
    """Versioning that was never set is an empty answer, so its name is what counts."""
    page = b"<html><body>sign in</body></html>"
    empty = b'<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'
    assert "Status" not in says("s3", empty).get_bucket_versioning(Bucket="files")
    with pytest.raises(ResponseParserError, match="is html and not VersioningConfiguration"):
        says("s3", page).get_bucket_versioning(Bucket="files")
    with pytest.raises(ResponseParserError, match="and not AccessControlPolicy"):
        says("s3", empty).get_bucket_acl(Bucket="files")


def test_pages_that_lead_round_in_a_circle_end(says: Callable[..., Any]) -> None:
    """Botocore notices a token that follows itself, but no two that lead to each other."""
    there = b'{"BackupVaultList": [], "NextToken": "there"}'
    back = b'{"BackupVaultList": [], "NextToken": "back"}'
    client = says("backup", there, back, there, back)
    with pytest.raises(ResponseParserError, match="in a circle"):
        list(pages(client, "list_backup_vaults", "BackupVaultList"))


def test_tokens_without_end_end() -> None:
    """A token that is new on every page is given up at last."""
    number = count()

    def ask(**_: str) -> dict[str, Any]:
        return {"Items": [], "Next": str(next(number))}

    with pytest.raises(ResponseParserError, match="have no end"):
        list(follow(ask, "Items", "Next"))


def test_a_listing_without_a_paginator_is_followed() -> None:
    """Page by page, each with the token of the one before; one without its list is not read."""
    told: dict[str, dict[str, Any]] = {
        "": {"Items": [1], "Next": "b"},
        "b": {"Items": [2], "Next": "c"},
        "c": {},
    }
    found = follow(lambda **asked: told[asked.get("Next", "")], "Items", "Next")
    assert (next(found), next(found)) == (1, 2)
    with pytest.raises(ResponseParserError, match="without Items"):
        next(found)

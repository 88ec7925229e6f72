"""How clouds are reached is what the estate and the environment say, and never elsewhere."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core import AzureClouds
from azure.identity import AzureAuthorityHosts
from azure.mgmt.core.tools import get_arm_endpoints
from botocore.retries.standard import ExponentialBackoff

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.clouds.aws_session import endpoint
from inventory.clouds.azure_access import PatientWithin, options
from inventory.clouds.configured import aws_settings, azure_settings
from inventory.errors import BadInputError, RefusedError
from inventory.estate import Estate
from inventory.estate_file import read_estate
from inventory.model.cloud_calls import IN_ALL, Tally
from inventory.model.cloud_settings import (
    AZURE_ADDRESSES,
    AwsSettings,
    AzureCloud,
    AzureCredential,
    AzureSettings,
    Patience,
)
from migrate.clouds.catalogue_services import LONG
from migrate.clouds.identity_azure import named

_OF_SDK = {
    AzureCloud.PUBLIC: (AzureClouds.AZURE_PUBLIC_CLOUD, AzureAuthorityHosts.AZURE_PUBLIC_CLOUD),
    AzureCloud.GOVERNMENT: (AzureClouds.AZURE_US_GOVERNMENT, AzureAuthorityHosts.AZURE_GOVERNMENT),
    AzureCloud.CHINA: (AzureClouds.AZURE_CHINA_CLOUD, AzureAuthorityHosts.AZURE_CHINA),
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let nothing of the user's own environment count."""
    for name in ("REGION", "DEFAULT_REGION", "PROFILE", "ENDPOINT_URL"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))


def _estate(tmp_path: Path, text: str) -> Estate:
    (tmp_path / "decant.toml").write_text(f'[estate]\nname = "made"\n{text}')
    return read_estate(tmp_path, {})


@pytest.mark.parametrize("cloud", list(AzureCloud))
def test_sovereign_clouds_are_where_microsoft_s_own_libraries_have_them(cloud: AzureCloud) -> None:
    """Resource Manager, what tokens are asked for, and where they come from."""
    addresses = AZURE_ADDRESSES[cloud]
    theirs, authority = _OF_SDK[cloud]
    told = get_arm_endpoints(theirs)
    assert f"{addresses.resource_manager}/" == told["resource_manager"]
    assert [addresses.scope] == told["credential_scopes"]
    assert addresses.authority == f"https://{authority}"


@pytest.mark.parametrize(
    ("settings", "address", "scope"),
    [
        (
            AzureSettings(),
            "https://management.azure.com",
            "https://management.azure.com/.default",
        ),
        (
            AzureSettings(cloud=AzureCloud.GOVERNMENT),
            "https://management.usgovcloudapi.net",
            "https://management.core.usgovcloudapi.net/.default",
        ),
        (
            AzureSettings(base_url="https://arm.local.example/"),
            "https://arm.local.example",
            "https://arm.local.example/.default",
        ),
        (
            AzureSettings(base_url="https://arm.local.example", scopes=("https://x/.default",)),
            "https://arm.local.example",
            "https://x/.default",
        ),
    ],
)
def test_clients_ask_the_cloud_that_is_meant(
    settings: AzureSettings, address: str, scope: str
) -> None:
    """Its own address and scope, unless an endpoint is given."""
    given = options(settings, [])
    assert (given["base_url"], given["credential_scopes"]) == (address, [scope])


def test_the_estate_names_accounts_subscriptions_regions_and_a_cloud(tmp_path: Path) -> None:
    """All of it reaches the settings."""
    estate = _estate(
        tmp_path,
        """
[aws]
region = "eu-west-2"
regions = ["eu-west-2", "eu-west-1"]
endpoints = { mgn = "https://mgn.example" }
[[aws.accounts]]
name = "libraries"
id = "123456789012"
role = "arn:aws:iam::123456789012:role/decant"
external_id = "councils-12"
[azure]
cloud = "government"
subscription = "one"
subscriptions = [{ name = "archives", id = "two" }, { name = "again", id = "one" }]
region = "usgovvirginia"
""",
    )
    aws, azure = aws_settings(estate), azure_settings(estate)
    assert aws.allowed_regions == ("eu-west-2", "eu-west-1")
    assert aws.accounts[0].external_id == "councils-12"
    assert aws.endpoints == {"mgn": "https://mgn.example"}
    assert azure.cloud is AzureCloud.GOVERNMENT
    assert azure.all_subscriptions == ("one", "two")
    assert azure.allowed_regions == ("usgovvirginia", "uksouth", "ukwest")


@pytest.mark.parametrize(
    ("provider", "settings"), [("aws", aws_settings), ("azure", azure_settings)]
)
def test_a_region_outside_the_allowed_ones_is_named_with_its_place(
    tmp_path: Path, provider: str, settings: Any
) -> None:
    """Before anything is asked."""
    estate = _estate(tmp_path, f'[{provider}]\nregion = "moon-1"\nregions = ["eu-west-2"]\n')
    with pytest.raises(BadInputError, match="moon-1 is none of the regions") as refused:
        settings(estate)
    assert refused.value.place
    assert refused.value.place.field == f"{provider}.region"


def test_the_environment_is_laid_over_the_estate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a CI job needs no edited file."""
    given = {
        "AWS_REGION": "eu-west-1",
        "AWS_REGIONS": "eu-west-1, eu-west-2",
        "AZURE_SUBSCRIPTION": "three",
        "AZURE_REGIONS": "ukwest",
        "AZURE_REGION": "ukwest",
        "AZURE_CLOUD": "china",
        "AZURE_CREDENTIAL": "environment",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"DECANT_{name}", value)
    estate = _estate(tmp_path, '[aws]\nregion = "eu-west-2"\n[azure]\nsubscription = "one"\n')
    aws, azure = aws_settings(estate), azure_settings(estate)
    assert (aws.region, aws.allowed_regions) == ("eu-west-1", ("eu-west-1", "eu-west-2"))
    assert azure.all_subscriptions == ("three",)
    assert (azure.cloud, azure.credential) == (AzureCloud.CHINA, AzureCredential.ENVIRONMENT)
    assert azure.allowed_regions == ("ukwest",)


def test_a_cloud_that_there_is_not_is_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what there is instead."""
    monkeypatch.setenv("DECANT_AZURE_CLOUD", "ours")
    with pytest.raises(BadInputError, match="ours") as refused:
        azure_settings(_estate(tmp_path, ""))
    assert "government" in str(refused.value.hint)


def test_a_region_of_the_environment_counts_only_when_it_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the estate names no region, boto3's own variable does; the United Kingdom's may."""
    name = "AWS_DEFAULT_REGION"
    reach = AwsReach(settings=AwsSettings())
    monkeypatch.setenv(name, "us-east-1")
    with pytest.raises(RefusedError, match="does not allow the region us-east-1"):
        reach.client("ec2", AwsPlace(), [])
    monkeypatch.setenv(name, "eu-west-2")
    allowed = AwsReach(settings=AwsSettings())
    assert allowed.client("ec2", AwsPlace(), []).meta.region_name == "eu-west-2"
    allowed.close()


def test_services_without_regions_may_be_asked_from_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS and organisations are of the whole world: there is no region of them to refuse."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    reach = AwsReach(settings=AwsSettings())
    for service in ("route53", "organizations", "ce"):
        assert reach.client(service, AwsPlace(region="eu-west-2"), [])
    reach.close()


def test_a_region_of_another_partition_leads_there() -> None:
    """AWS's sovereign clouds are told by their regions alone."""
    settings = AwsSettings(region="us-gov-west-1")
    reach = AwsReach(settings=settings)
    client = reach.client("ec2", AwsPlace(region="us-gov-west-1"), [])
    assert client.meta.partition == "aws-us-gov"
    reach.close()


def test_what_is_said_of_one_service_comes_before_what_is_said_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The estate's endpoint of a service, then its variable, then the estate's, then AWS's own."""
    all_of_them = AwsSettings(endpoint_url="https://all.example", region="eu-west-2")
    session = AwsReach(settings=all_of_them).session("")._session
    assert endpoint(AwsSettings(), session, "mgn") is None
    assert endpoint(all_of_them, session, "elbv2") == "https://all.example"
    monkeypatch.setenv("AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", "https://elb.example")
    assert endpoint(all_of_them, session, "elbv2") is None
    named_one = AwsSettings(
        endpoint_url="https://all.example", endpoints={"elbv2": "https://own.example"}
    )
    assert endpoint(named_one, session, "elbv2") == "https://own.example"
    reach = AwsReach(settings=all_of_them)
    client = reach.client("elbv2", AwsPlace(region="eu-west-2"), [])
    assert client.meta.endpoint_url == "https://elb.example"
    reach.close()


class _Response:
    """What a retry policy is given, as far as it looks for a pause."""

    def __init__(self, headers: dict[str, str], status: int = 429) -> None:
        self.http_response = self
        self.http_request = self
        self.method = "GET"
        self.headers = headers
        self.status_code = status


@pytest.mark.parametrize(
    ("headers", "asks_again"),
    [
        ({}, True),
        ({"Retry-After": "1"}, True),
        ({"Retry-After": "3"}, False),
        ({"Retry-After": "600"}, False),
        ({"Retry-After": "inf"}, False),
        ({"Retry-After": "-7"}, True),
        ({"Retry-After": "soon"}, True),
        ({"Retry-After": "Mon, 23 Nov 2099 12:00:00 GMT"}, False),
        ({"Retry-After": "Mon, 23 Nov 2009 12:00:00 GMT"}, True),
        ({"x-ms-retry-after-ms": "1900"}, True),
        ({"x-ms-retry-after-ms": "2100"}, False),
        ({"retry-after-ms": "2100"}, False),
    ],
)
def test_azure_is_not_waited_for_longer_than_allowed(
    headers: dict[str, str],
    asks_again: bool,  # noqa: FBT001 -- what is expected
) -> None:
    """Whatever it asks for and however it says so, also when that is no number."""
    policy = PatientWithin(Patience(longest_pause_seconds=2, attempts=3))
    settings = policy.configure_retries({})
    response: Any = _Response(headers)
    assert policy.is_retry(settings, response) is asks_again
    assert (policy.get_retry_after(response) or 0) <= 2 or not asks_again


@pytest.mark.parametrize("patience", [Patience(), LONG], ids=["usual", "of a refresh"])
def test_aws_is_not_waited_for_longer_than_allowed(patience: Patience) -> None:
    """Botocore's own worst pause, when AWS asks for an hour, is within what a run can wait.

    It heeds ``x-amz-retry-after`` for five seconds beyond its own pause at the most, and no
    ``Retry-After`` at all; a change of that would show here.
    """
    throttled = SimpleNamespace(is_throttling_error_from_context=lambda _: True)
    backoff = ExponentialBackoff(random=lambda: 1.0, throttling_detector=throttled)
    answer = SimpleNamespace(headers={"x-amz-retry-after": "3600000", "Retry-After": "3600"})
    pauses = [
        backoff.delay_amount(SimpleNamespace(attempt_number=attempt, http_response=answer))
        for attempt in range(1, patience.attempts)
    ]
    assert 0 < max(pauses) <= patience.longest_pause_seconds


def test_every_tally_counts_in_all_as_well() -> None:
    """What a run shows with -v is all of it, whoever counted."""
    IN_ALL.clear()
    one, another = Tally(), Tally()
    one.add("eu-west-2", "ec2:DescribeInstances")
    another.add("eu-west-2", "ec2:DescribeInstances")
    assert one.total == 1
    assert IN_ALL.rows() == (("eu-west-2", "ec2:DescribeInstances", 2),)
    IN_ALL.clear()
    assert (IN_ALL.total, one.total) == (0, 1)


def _token(claims: object) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"header.{middle}.the-signature-itself"


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (
            _token({"appid": "a-1", "oid": "o-1", "tid": "t-1", "upn": "jo@council.example"}),
            "application a-1, object o-1, tenant t-1",
        ),
        (_token({"azp": "a-1", "tid": "t-1"}), "application a-1, tenant t-1"),
        (_token({"appid": 7}), "a token that does not say whose it is"),
        (_token(["a list"]), "a token that does not say whose it is"),
        ("opaque", "a token that does not say whose it is"),
        ("a.%%%.c", "a token that does not say whose it is"),
        ("", "a token that does not say whose it is"),
    ],
)
def test_of_a_token_only_who_it_is_for_is_told(token: str, words: str) -> None:
    """Never a part of the token, nor a person's name that is in it."""
    assert named(token) == words

"""EC2, the AWS price list and Azure's SKU list, asked by the real client libraries.

EC2 is a moto server. Moto has no price list: a loopback server speaks botocore's model of it, with
made pages of the documented shape. Azure is the loopback Resource Manager.
"""

from __future__ import annotations

import csv
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from clouds import BRIEF, azure_settings
from price_pages import product, products, skus

from inventory.errors import AccessRefusedError, BadInputError, UnreachableError
from inventory.model.cloud_settings import AwsSettings, AzureSettings, Patience
from migrate.catalogue.datasets import read_json, read_rows
from migrate.catalogue.market import market
from migrate.catalogue.overlay import SHIPPED, catalogue_of
from migrate.catalogue.refreshing.feeds import Group, chosen
from migrate.catalogue.refreshing.refresh import Order, Renewed, refresh
from migrate.clouds.catalogue_services import catalogue_services
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, Fault, forbidden, throttled
from migrate.demo.moto import loopback_aws
from migrate.model.verdict import Cloud

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MODEL = botocore.session.get_session().get_service_model("pricing")
PER_PAGE = 100
Reply = Callable[[BaseHTTPRequestHandler], None]


class PriceList(ThreadingHTTPServer):
    """The price list on loopback, in the protocol of botocore's model of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[dict[str, Any]] = []
        self.instead: list[Reply | None] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: PriceList
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["X-Amz-Target"] == f"{MODEL.metadata['targetPrefix']}.GetProducts"
        assert body.keys() <= MODEL.operation_model("GetProducts").input_shape.members.keys()
        self.server.asked.append(body)
        reply = self.server.instead.pop(0) if self.server.instead else None
        if reply:
            reply(self)
            return
        terms = {each["Field"]: each["Value"] for each in body["Filters"]}
        found = products(terms["regionCode"], terms)
        start = int(body.get("NextToken", "0"))
        told: dict[str, Any] = {
            "FormatVersion": "aws_v1",
            "PriceList": [json.dumps(each) for each in found[start : start + PER_PAGE]],
        }
        if start + PER_PAGE < len(found):
            told["NextToken"] = str(start + PER_PAGE)
        say(self, told)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: what was asked is remembered."""


def say(handler: BaseHTTPRequestHandler, told: object, status: int = 200) -> None:
    """Send a JSON answer."""
    body = json.dumps(told).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", f"application/x-amz-json-{MODEL.metadata['jsonVersion']}")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def refused(code: str, status: int = 400) -> Reply:
    """Return what the service says when it refuses."""
    return lambda handler: say(handler, {"__type": code, "message": "no"}, status)


def _cut(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


@pytest.fixture
def price_list(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[PriceList]:
    """Run the price list, which the environment leads to; nothing of the user's own is read."""
    server = PriceList()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "loopback")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "loopback")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def renew(
    folder: Path,
    *only: str,
    aws: AwsSettings | None = None,
    azure: AzureSettings | None = None,
    accept_losses: bool = False,
    patience: Patience = BRIEF,
) -> tuple[Renewed, ...]:
    """Refresh an estate's catalogue for one region of each cloud."""
    services = catalogue_services(
        aws or AwsSettings(), azure or AzureSettings(), {}, patience=patience
    )
    regions = {Group.AWS: ("eu-west-2",), Group.AZURE: ("uksouth",)}
    order = Order(feeds=chosen(only), regions=regions, accept_losses=accept_losses)
    return refresh(folder, services, order, now=NOW, tell=lambda _: None)


def test_prices_come_from_the_price_list_page_by_page(
    tmp_path: Path, price_list: PriceList
) -> None:
    """Every page of every system is asked for, and each price is as the list has it."""
    renew(tmp_path, "aws-instance-prices", "aws-volumes")
    new = catalogue_of(tmp_path)
    rows = [row for row in read_rows("aws_ec2_prices.csv", new) if row["region"] == "eu-west-2"]
    old = [row for row in read_rows("aws_ec2_prices.csv") if row["region"] == "eu-west-2"]
    for system in ("linux", "windows", "rhel", "sles"):
        priced = {row["instance_type"]: Decimal(row[system]) for row in rows if row[system]}
        assert priced == {row["instance_type"]: Decimal(row[system]) for row in old if row[system]}
    assert {row["windows_basis"] for row in rows} == {"observed-2026-11-23", "missing"}
    volumes = read_json("aws_storage_services.json", new)["eu-west-2"]
    before = read_json("aws_storage_services.json")["eu-west-2"]
    assert volumes == before
    assert len(price_list.asked) > 30
    assert {each["ServiceCode"] for each in price_list.asked} == {"AmazonEC2"}


@pytest.mark.parametrize(
    "trouble",
    [refused("ThrottlingException"), refused("InternalErrorException", 500), _cut],
    ids=["throttled", "faulty", "cut"],
)
def test_trouble_that_passes_is_waited_out(
    tmp_path: Path, price_list: PriceList, trouble: Reply
) -> None:
    """The client library asks again, and the refresh goes on."""
    price_list.instead = [None, trouble]
    renew(tmp_path, "aws-volumes")
    assert len(price_list.asked) == 4 + 1


@pytest.mark.parametrize(
    ("trouble", "error", "said"),
    [
        (refused("ThrottlingException"), UnreachableError, "throttling"),
        (refused("InternalErrorException", 500), UnreachableError, "fault"),
        (_cut, UnreachableError, "check the network"),
        (refused("AccessDeniedException"), AccessRefusedError, "no"),
    ],
    ids=["throttled", "faulty", "cut", "denied"],
)
def test_trouble_that_lasts_is_said_and_nothing_is_applied(
    tmp_path: Path, price_list: PriceList, trouble: Reply, error: type[Exception], said: str
) -> None:
    """After a bounded number of tries the service is named; the next refresh goes on there."""
    price_list.instead = [None, *[trouble] * BRIEF.attempts]
    with pytest.raises(error, match=f"the AWS price list.*{said}"):
        renew(tmp_path, "aws-volumes")
    assert catalogue_of(tmp_path) == SHIPPED
    price_list.instead.clear()
    before = len(price_list.asked)
    renew(tmp_path, "aws-volumes")
    assert len(price_list.asked) == before + 3


def test_what_is_no_product_is_said(tmp_path: Path, price_list: PriceList) -> None:
    """A page whose products are no JSON, or of another shape, is refused and asked for again."""
    cases = {
        "{": "could not be read",
        json.dumps({"product": {}, "terms": {}}): "required property",
        json.dumps({"product": {"attributes": {}}, "terms": []}): "is not of type 'object'",
        "[]": "is not of type 'object'",
    }
    for broken, said in cases.items():
        price_list.instead = [
            lambda handler, broken=broken: say(handler, {"PriceList": [broken]})  # type: ignore[misc]
        ]
        with pytest.raises(UnreachableError, match=said):
            renew(tmp_path, "aws-volumes")
    renew(tmp_path, "aws-volumes")
    assert catalogue_of(tmp_path) != SHIPPED


def test_two_prices_for_one_thing_are_no_price(tmp_path: Path, price_list: PriceList) -> None:
    """Where the list contradicts itself the price is unknown, and says why."""
    told = {
        "instanceType": "m5.large",
        "operatingSystem": "RHEL",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
        "licenseModel": "No License required",
    }

    def twice(handler: BaseHTTPRequestHandler) -> None:
        found = [
            product("eu-west-2", "Compute Instance", told, "Hrs", usd) for usd in ("0.2", "0.3")
        ]
        say(handler, {"PriceList": [json.dumps(each) for each in found]})

    before = sum(
        -(-len(products("eu-west-2", {"operatingSystem": system})) // PER_PAGE)
        for system in ("Linux", "Windows")
    )
    price_list.instead = [*[None] * before, twice]
    renew(tmp_path, "aws-instance-prices")
    rows = read_rows("aws_ec2_prices.csv", catalogue_of(tmp_path))
    found = next(
        row for row in rows if (row["instance_type"], row["region"]) == ("m5.large", "eu-west-2")
    )
    assert found["rhel"] == ""
    assert found["linux"] != ""


def test_without_credentials_the_remedy_is_said(
    tmp_path: Path, price_list: PriceList, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The permissions that are needed are named."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(AccessRefusedError) as caught:
        renew(tmp_path, "aws-volumes")
    assert "pricing:GetProducts" in str(caught.value.hint)
    assert price_list.asked == []


@pytest.mark.moto
def test_types_come_from_ec2_itself(
    tmp_path: Path, price_list: PriceList, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What moto's EC2 describes is what the shipped file says of the same types."""
    del price_list
    with loopback_aws() as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", aws.url)
        # Moto describes every type at once, and takes seconds over it.
        patience = replace(BRIEF, answer_seconds=60)
        renewed = renew(tmp_path, "aws-instance-types", patience=patience)
    assert renewed[0].entries >= renewed[0].entries_before * Decimal("0.9")
    new = catalogue_of(tmp_path)
    after = {row["instance_type"]: row for row in read_rows("aws_instance_types.csv", new)}
    before = {row["instance_type"]: row for row in read_rows("aws_instance_types.csv")}
    fixed = ("vcpu", "cores", "arch", "max_enis", "boot_modes", "ebs_base_iops")
    same = [
        name
        for name, row in before.items()
        if all(after[name][column] == row[column] for column in fixed)
        and Decimal(after[name]["memory_gib"]) == Decimal(row["memory_gib"])
    ]
    assert len(same) > 0.95 * len(before)
    shown = ("gpu_count", "net_baseline_gbps", "ebs_attach_limit", "burstable", "nvme")
    for name in ("m6a.xlarge", "p4d.24xlarge", "t2.nano", "t3.micro"):
        assert {column: after[name][column] for column in shown} == {
            column: before[name][column] for column in shown
        }
    assert after["m6a.xlarge"]["zones_eu_west_2"] == "eu-west-2a|eu-west-2b|eu-west-2c"
    assert len(market(Cloud.AWS, "eu-west-2", new).offers) > 700


@pytest.fixture
def arm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackArm]:
    """Run a loopback Resource Manager that the environment leads to."""
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


def sku_pages(arm: LoopbackArm) -> list[Fault]:
    """Return the SKU list of UK South in two pages (format as documented)."""
    found = skus("uksouth")
    half = len(found) // 2
    more = f"{arm.url}/subscriptions/{arm.subscription}/providers/Microsoft.Compute/skus?page=2"
    first = {"value": found[:half], "nextLink": f"{more}&api-version=2021-07-01"}
    return [
        Fault(answer=Answer(status=200, body=first)),
        Fault(answer=Answer(status=200, body={"value": found[half:]})),
    ]


def test_sizes_come_from_the_sku_list(tmp_path: Path, arm: LoopbackArm) -> None:
    """Both pages are asked for, as the estate's subscription, and only looks are sent."""
    for page in sku_pages(arm):
        arm.misbehave(page, times=1)
    settings = replace(azure_settings(arm), subscription=arm.subscription)
    renew(tmp_path / "estate", "azure-sizes", azure=settings)
    new = catalogue_of(tmp_path / "estate")
    names = {each.name for each in market(Cloud.AZURE, "uksouth", new).offers}
    assert names == {each.name for each in market(Cloud.AZURE, "uksouth").offers}
    asked = [path for method, path in arm.log if method == "GET" and "skus" in path]
    assert len(asked) == 2
    assert all(arm.subscription in path for path in asked)


def test_a_throttled_sku_list_is_waited_for_and_goes_on(tmp_path: Path, arm: LoopbackArm) -> None:
    """One page, then only throttling: an error; the next refresh asks for the second page alone."""
    first, second = sku_pages(arm)
    arm.misbehave(first, times=1)
    arm.misbehave(throttled(0), times=BRIEF.attempts)
    settings = replace(azure_settings(arm), subscription=arm.subscription)
    with pytest.raises(UnreachableError, match=r"the Azure SKU list.*throttling"):
        renew(tmp_path / "estate", "azure-sizes", azure=settings)
    assert catalogue_of(tmp_path / "estate") == SHIPPED
    arm.behave()
    arm.misbehave(second, times=1)
    renew(tmp_path / "estate", "azure-sizes", azure=settings)
    assert catalogue_of(tmp_path / "estate") != SHIPPED


def test_a_forbidden_sku_list_names_the_role(tmp_path: Path, arm: LoopbackArm) -> None:
    """Who may not look is told what to ask for."""
    arm.misbehave(forbidden(), times=3)
    settings = replace(azure_settings(arm), subscription=arm.subscription)
    with pytest.raises(AccessRefusedError) as caught:
        renew(tmp_path / "estate", "azure-sizes", azure=settings)
    assert "Reader" in str(caught.value.hint)


def test_without_a_subscription_sizes_are_not_asked_for(tmp_path: Path) -> None:
    """The hint names what can be refreshed without one."""
    with pytest.raises(BadInputError, match="subscription") as caught:
        renew(tmp_path, "azure-sizes")
    assert "--only azure-size-prices" in str(caught.value.hint)


def test_the_files_of_a_set_are_plain_csv(tmp_path: Path, price_list: PriceList) -> None:
    """Other programs can read what a refresh wrote: the same columns, one row a line."""
    del price_list
    renew(tmp_path, "aws-instance-prices")
    with (catalogue_of(tmp_path).folder / "aws_ec2_prices.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    shipped = read_rows("aws_ec2_prices.csv")
    assert list(rows[0])[:8] == list(shipped[0])

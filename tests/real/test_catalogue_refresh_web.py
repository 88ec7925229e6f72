"""The public services of a refresh, asked over HTTP on loopback, well-behaved and otherwise.

What the servers say is made, in the shape that the services document; no live service was asked.
"""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from price_pages import item, lifecycle, retail

from inventory.errors import PartlyUnknownError, UnreachableError
from inventory.model.cloud_settings import AwsSettings, AzureSettings
from migrate.catalogue.datasets import datasets
from migrate.catalogue.overlay import SHIPPED, catalogue_of
from migrate.catalogue.refreshing.asking import Question, Source
from migrate.catalogue.refreshing.feeds import Group, chosen
from migrate.catalogue.refreshing.refresh import Order, Renewed, refresh
from migrate.clouds.catalogue_services import catalogue_services
from migrate.clouds.public_prices import LIFECYCLE_VARIABLE, PRICES_VARIABLE, retail_prices
from migrate.clouds.web import WebPatience

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BRIEF = WebPatience(
    connect_seconds=2,
    silence_seconds=1,
    answer_seconds=1.5,
    attempts=3,
    first_pause_seconds=0.05,
    longest_pause_seconds=2,
)
QUESTION = Question(
    source=Source.AZURE_PRICES,
    about="prices",
    region="uksouth",
    terms=(("serviceName", "Virtual Machines"),),
)
PER_PAGE = 1000
Reply = Callable[[BaseHTTPRequestHandler], None]


class Loopback(ThreadingHTTPServer):
    """Both services on one port; what is in ``instead`` is said first, in its order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[str] = []
        self.instead: list[Reply | None] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: Loopback
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        reply = self.server.instead.pop(0) if self.server.instead else None
        (reply or _truly)(self)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: what was asked is remembered."""


def say(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Send an answer."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def _truly(handler: BaseHTTPRequestHandler) -> None:
    parts = urlsplit(handler.path)
    if parts.path == "/api/v1/products/full":
        say(handler, json.dumps(lifecycle()).encode())
        return
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    terms = dict(each.replace("'", "").split(" eq ") for each in query["$filter"].split(" and "))
    found = retail(terms["armRegionName"], terms)
    start = int(query.get("$skip", "0"))
    body: dict[str, Any] = {"BillingCurrency": "USD", "Items": found[start : start + PER_PAGE]}
    body["Count"] = len(body["Items"])
    body["NextPageLink"] = None
    if start + PER_PAGE < len(found):
        link = handler.path.partition("&%24skip=")[0]
        body["NextPageLink"] = f"https://prices.azure.com:443{link}&%24skip={start + PER_PAGE}"
    say(handler, json.dumps(body).encode())


@pytest.fixture
def web() -> Iterator[Loopback]:
    """Run both services on loopback."""
    with running() as server:
        yield server


@contextmanager
def running() -> Iterator[Loopback]:
    """Run both services while the block lasts."""
    server = Loopback()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def renew(folder: Path, web: Loopback, *only: str, afresh: bool = False) -> tuple[Renewed, ...]:
    """Refresh an estate's catalogue from the loopback services."""
    environment = {PRICES_VARIABLE: web.url, LIFECYCLE_VARIABLE: f"{web.url}/"}
    services = catalogue_services(AwsSettings(), AzureSettings(), environment, web_patience=BRIEF)
    regions = {Group.AZURE: ("uksouth",)}
    order = Order(feeds=chosen(only), regions=regions, afresh=afresh)
    return refresh(folder, services, order, now=NOW, tell=lambda _: None)


def test_prices_and_support_dates_come_over_http_page_by_page(
    tmp_path: Path, web: Loopback
) -> None:
    """All pages are asked for, at the endpoint that was named, whatever the links say."""
    renewed = renew(tmp_path, web, "azure-size-prices", "azure-disks", "lifecycle")
    assert [each.dataset for each in renewed] == ["azure-size-prices", "azure-disks", "lifecycle"]
    assert len(web.asked) == 3 + 3 + 1
    assert all("priceType+eq+%27Consumption%27" in path for path in web.asked[:6])
    assert datasets(catalogue_of(tmp_path))["lifecycle"].date == NOW.date()


def test_no_digit_of_a_price_is_lost(web: Loopback) -> None:
    """A fraction is kept as its text, not as the nearest binary number."""
    web.instead = [
        lambda handler: say(
            handler, b'{"Items":[{"p":0.10000000000000000555}],"NextPageLink":null}'
        )
    ]
    service = retail_prices({PRICES_VARIABLE: web.url}, BRIEF)
    try:
        assert service.page(QUESTION, None).content["Items"][0]["p"] == "0.10000000000000000555"
    finally:
        service.close()


def test_an_answer_in_pieces_and_packed_is_read(web: Loopback) -> None:
    """Chunks and gzip, as the real services send them, are one answer."""
    body = gzip.compress(json.dumps({"Items": [{"p": 1.5}], "NextPageLink": None}).encode())

    def in_pieces(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        for start in range(0, len(body), 16):
            piece = body[start : start + 16]
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            handler.wfile.flush()
        handler.wfile.write(b"0\r\n\r\n")

    web.instead = [in_pieces]
    service = retail_prices({PRICES_VARIABLE: web.url}, BRIEF)
    try:
        assert service.page(QUESTION, None).content["Items"] == [{"p": "1.5"}]
    finally:
        service.close()


def throttled(pause: str) -> Reply:
    """Return what a service says that has been asked too much."""
    return lambda handler: say(handler, b"slow down", 429, Retry_After=pause)


def _cut(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def _cut_within(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"Items": [')
    handler.close_connection = True


def _dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(12):
        handler.wfile.write(b" " * 10)
        handler.wfile.flush()
        time.sleep(0.25)
    handler.close_connection = True


def _silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.6)
    handler.close_connection = True


def _broken(handler: BaseHTTPRequestHandler) -> None:
    say(handler, b'{"Items": [{"curr')


def _proxy_page(handler: BaseHTTPRequestHandler) -> None:
    say(handler, b"<html>Please log in to the proxy</html>")


def _faulty(handler: BaseHTTPRequestHandler) -> None:
    say(handler, b"oops", 503)


TROUBLES: dict[str, Reply] = {
    "throttled": throttled("1"),
    "cut": _cut,
    "cut within": _cut_within,
    "dripping": _dripping,
    "silent": _silent,
    "broken": _broken,
    "proxy page": _proxy_page,
    "faulty": _faulty,
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_that_passes_is_waited_out(tmp_path: Path, web: Loopback, trouble: str) -> None:
    """One bad moment in the middle of the pages costs one more question, and no more."""
    web.instead = [None, TROUBLES[trouble]]
    renew(tmp_path, web, "azure-size-prices")
    assert len(web.asked) == 3 + 1
    assert datasets(catalogue_of(tmp_path))["azure-size-prices"].as_of("uksouth") == NOW.date()


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("throttled", "throttling"),
        ("cut", "broke off"),
        ("cut within", "broke off"),
        ("dripping", "over 1.5 seconds"),
        ("silent", "in time"),
        ("broken", "not JSON"),
        ("proxy page", "not JSON"),
        ("faulty", "503"),
    ],
)
def test_trouble_that_lasts_is_said_and_nothing_is_applied(
    tmp_path: Path, web: Loopback, trouble: str, said: str
) -> None:
    """The service and the remedy are named after a bounded number of tries; then it goes on."""
    web.instead = [None, *[TROUBLES[trouble]] * BRIEF.attempts]
    with pytest.raises(UnreachableError, match=said) as caught:
        renew(tmp_path, web, "azure-size-prices")
    assert "the Azure retail price service" in caught.value.message
    assert PRICES_VARIABLE in str(caught.value.hint)
    assert len(web.asked) == 1 + BRIEF.attempts
    assert catalogue_of(tmp_path) == SHIPPED
    renew(tmp_path, web, "azure-size-prices")
    assert len(web.asked) == 1 + BRIEF.attempts + 2


@pytest.mark.parametrize("pause", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_service_that_asks_for_a_long_pause_is_not_waited_for(
    tmp_path: Path, web: Loopback, pause: str
) -> None:
    """An hour is more than a refresh waits, in seconds or as a date."""
    web.instead = [throttled(pause)]
    begun = time.monotonic()
    with pytest.raises(UnreachableError, match="asked 1 time: it is throttling"):
        renew(tmp_path, web, "lifecycle")
    assert time.monotonic() - begun < 5


def test_the_pause_that_is_asked_for_is_made(web: Loopback) -> None:
    """``Retry-After`` is waited for in full."""
    web.instead = [throttled("1")]
    begun = time.monotonic()
    service = retail_prices({PRICES_VARIABLE: web.url}, BRIEF)
    try:
        service.page(QUESTION, None)
    finally:
        service.close()
    assert time.monotonic() - begun >= 1


def test_no_password_is_sent(
    tmp_path: Path, web: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A public service gets none, even where the user's .netrc has one for every name."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    sent: list[str | None] = []

    def look(handler: BaseHTTPRequestHandler) -> None:
        sent.append(handler.headers.get("Authorization"))
        say(handler, b"{}", 403)

    web.instead = [look]
    with pytest.raises(PartlyUnknownError):
        renew(tmp_path, web, "lifecycle")
    assert sent == [None]


def test_a_refusal_is_not_asked_again(tmp_path: Path, web: Loopback) -> None:
    """What a proxy or the service forbids it forbids the next time, too."""
    web.instead = [lambda handler: say(handler, b"no", 403)]
    with pytest.raises(PartlyUnknownError, match="status 403"):
        renew(tmp_path, web, "lifecycle")
    assert len(web.asked) == 1


def test_pages_that_lead_in_a_circle_come_to_an_end(tmp_path: Path, web: Loopback) -> None:
    """A link to the same page over and over is refused, not followed for ever."""

    def again(handler: BaseHTTPRequestHandler) -> None:
        body = {"Items": [], "NextPageLink": "https://prices.azure.com/api/retail/prices?$skip=0"}
        say(handler, json.dumps(body).encode())

    web.instead = [again] * 10
    with pytest.raises(UnreachableError, match="leads back to a page"):
        renew(tmp_path, web, "azure-size-prices")
    assert len(web.asked) == 2
    assert catalogue_of(tmp_path) == SHIPPED


def test_a_page_of_another_shape_is_refused_and_asked_for_again(
    tmp_path: Path, web: Loopback
) -> None:
    """JSON that is no page of prices names what is wrong, and is not kept."""
    strange = item("uksouth", "1", skuName="x", productName="y")
    del strange["retailPrice"]
    body = json.dumps({"Items": [strange], "NextPageLink": None}).encode()
    web.instead = [lambda handler: say(handler, body)]
    with pytest.raises(UnreachableError, match="'retailPrice' is a required property"):
        renew(tmp_path, web, "azure-size-prices")
    renew(tmp_path, web, "azure-size-prices")
    assert catalogue_of(tmp_path) != SHIPPED


def test_a_service_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Nothing listens: the message names the service and the hint the way out."""
    with running() as server:
        pass
    with pytest.raises(UnreachableError, match=r"endoflife\.date was asked 3 times") as caught:
        renew(tmp_path, server, "lifecycle")
    assert LIFECYCLE_VARIABLE in str(caught.value.hint)

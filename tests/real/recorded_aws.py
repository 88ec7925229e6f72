"""An AWS that says what the real one once said, served on loopback to the real client.

Answers are either bytes as they were recorded (botocore's own), or parsed answers that others kept
(LocalStack's, Ansible's), which are written for the wire again by moto's serialiser, from
botocore's models.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from botocore.model import ServiceModel
from clouds import BRIEF
from expectations import World, world
from moto.core import model as moto_model
from moto.core.serialize import get_serializer_class
from recordings import botocore_xml

from inventory.model.cloud_settings import AwsSettings, AzureSettings
from migrate.model.plan import Destination

Told = Mapping[str, Any] | bytes
Answer = tuple[int, str, bytes]
_MOMENTS = frozenset({"timestamp", "datetime", "date"})
"""The words that LocalStack's makers put in place of a moment."""
_PLACEHOLDER = re.compile(r"<([A-Za-z_-]+)(?::(\d+))?>")
_JSON = "application/x-amz-json-1.1"


@dataclass
class RecordedAws:
    """A running AWS that only repeats."""

    url: str
    said: Mapping[tuple[str, str], Told]
    """Answers by service and operation: ``("ec2", "DescribeInstances")``."""
    log: list[str] = field(default_factory=list)
    """The operations that were asked for."""

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> Answer:
        """Return what was recorded of an operation; AWS's error for one that was not."""
        service, operation = _meant(request, body)
        self.log.append(operation)
        told = self.said.get((service, operation))
        if told is None:
            return _fault(service, 400, "InvalidAction", "it was not recorded")
        if isinstance(told, bytes):
            return 200, "text/xml", told
        if "Error" in told:
            status = told["ResponseMetadata"]["HTTPStatusCode"]
            return _fault(service, status, told["Error"]["Code"], told["Error"]["Message"])
        return written(service, operation, told)


def of_botocore(*services: str) -> dict[tuple[str, str], Told]:
    """Return what botocore's makers recorded of services."""
    raw = botocore_xml()
    return {
        (service, name): raw[f"{service}-{_dashed(name)}"]
        for service in services
        for name in _model(service).operation_names
        if f"{service}-{_dashed(name)}" in raw
    }


def _dashed(operation: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", operation).lower()


def plain(value: Any, at: datetime) -> Any:
    """Return a parsed answer with names in place of placeholders, and a moment where one was.

    >>> plain({"Arn": "arn:<partition>:sns:<region>:1:<topic:2>"}, datetime.now(UTC))
    {'Arn': 'arn:aws:sns:eu-west-2:1:topic-2'}
    """
    if isinstance(value, dict):
        if value.get("__class__") == "datetime":
            parts = ("year", "month", "day", "hour", "minute", "second")
            return datetime(*(value[each] for each in parts), tzinfo=UTC)
        return {key: plain(each, at) for key, each in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(each, at) for each in value]
    if not isinstance(value, str):
        return value
    return at if value in _MOMENTS else _PLACEHOLDER.sub(_named, value)


def _named(found: re.Match[str]) -> str:
    known = {"partition": "aws", "region": "eu-west-2"}
    return known.get(found[1]) or "-".join(filter(None, (found[1].lower(), found[2])))


def written(service: str, operation: str, told: Mapping[str, Any]) -> Answer:
    """Return an answer as the service puts it on the wire."""
    model = _moto(service)
    serializer = get_serializer_class(service, model.resolved_protocol)
    found = serializer(model.operation_model(operation)).serialize(told)
    body = found["body"]
    raw = body if isinstance(body, bytes) else str(body).encode()
    return found["status_code"], found["headers"].get("Content-Type", _JSON), raw


def _fault(service: str, status: int, code: str, message: str) -> Answer:
    if "json" in str(_model(service).resolved_protocol):
        return status, _JSON, json.dumps({"__type": code, "message": message}).encode()
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    whole = {
        "ec2": f"<Response><Errors>{error}</Errors><RequestID>1</RequestID></Response>",
        "s3": error,
    }
    other = f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"
    return status, "text/xml", whole.get(service, other).encode()


@cache
def _loader() -> Any:
    return botocore.session.get_session().get_component("data_loader")


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(_loader().load_service_model(service, "service-2"), service)


@cache
def _moto(service: str) -> Any:
    return moto_model.ServiceModel(_loader().load_service_model(service, "service-2"), service)


_SIGNED = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
}
"""Services that sign by another name than their own."""


def _meant(request: BaseHTTPRequestHandler, body: bytes) -> tuple[str, str]:
    """Return the service and the operation that a request means."""
    signed = request.headers["Authorization"].split("/")[3]
    service = _SIGNED.get(signed, signed)
    if target := request.headers.get("X-Amz-Target"):
        return service, target.partition(".")[2]
    if action := parse_qs(body.decode()).get("Action"):
        return service, action[0]
    return service, _routed(_model(service), request.command, request.path)


def _routed(model: ServiceModel, method: str, target: str) -> str:
    """Return the operation of a REST request: of those that fit, the one of most fixed parts."""
    url = urlsplit(target)
    given = set(parse_qs(url.query, keep_blank_values=True))
    fits: list[tuple[int, str]] = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        fixed = {each.partition("=")[0] for each in query.split("&") if each}
        pattern = re.sub(r"\\\{\w+(\\\+)?\\\}", "[^/]+", re.escape(path.rstrip("/")))
        fit = re.fullmatch(pattern, url.path.rstrip("/"))
        if http["method"] == method and fit and fixed <= given:
            fits.append((-len(fixed), name))
    return min(fits)[1] if fits else f"{method} {target}"


@contextmanager
def recorded_aws(said: Mapping[tuple[str, str], Told]) -> Iterator[RecordedAws]:
    """Run it on a free port."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.aws = RecordedAws(url=f"http://127.0.0.1:{server.server_port}", said=said)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.aws
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def recorded_world(region: str, said: Mapping[tuple[str, str], Told]) -> Iterator[World]:
    """Run it, and open the clouds that lead there."""
    with pytest.MonkeyPatch.context() as patch, recorded_aws(said) as aws:
        patch.setenv("AWS_ACCESS_KEY_ID", "recorded")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "recorded")
        settings = AwsSettings(
            region=region, regions=(region, "us-east-1"), endpoint_url=aws.url, patience=BRIEF
        )
        with world(Destination.AWS, settings, AzureSettings(), region=region) as opened:
            yield opened


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    aws: RecordedAws


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, kind, told = self.server.aws.answer(self, body)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: operations are in the log."""

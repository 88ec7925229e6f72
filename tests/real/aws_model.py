"""AWS services that moto lacks, on loopback, generated from botocore's own service models.

Requests are checked against the model's input, enumerations, patterns and lengths included (which
botocore's client does not check), and answers against its output before they leave. What a service
does is the test's, and so our reading of AWS's documents: an operation without behaviour is 501.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator

from migrate.demo.loopback import Asked, Told, loopback_server

Behaviour = Callable[..., Mapping[str, Any] | None]
_NO_MOST = 1 << 30


class AwsFaultError(Exception):
    """What a service answers in place of a result."""

    def __init__(
        self, code: str, message: str = "made by a test", status: int = 400, **more: object
    ) -> None:
        super().__init__(message)
        self.code, self.status, self.more = code, status, more


SLOW = Told(delay_seconds=30, cut=True)
CUT = Told(cut=True)
GARBAGE = Told(body=b"<html>a proxy's page</html>")


@dataclass
class AwsModel:
    """A running loopback of some services."""

    url: str
    models: Mapping[str, ServiceModel]
    log: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """Every request that was understood: service, operation, parameters."""
    _behaviours: dict[tuple[str, str], Behaviour] = field(default_factory=dict)
    _faults: list[tuple[str, str, AwsFaultError | Told]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def answers(self, service: str, operation: str) -> Callable[[Behaviour], Behaviour]:
        """Register what an operation does: given its parameters, it returns its result.

        It may raise :class:`AwsFaultError`. Times are aware datetimes.
        """
        self.models[service].operation_model(operation)

        def register(behaviour: Behaviour) -> Behaviour:
            self._behaviours[service, operation] = behaviour
            return behaviour

        return register

    def says(self, service: str, operation: str, **result: object) -> None:
        """Let an operation always answer the same."""
        self.answers(service, operation)(lambda **_: result)

    def fail(
        self, service: str, operation: str, fault: AwsFaultError | Told, *, times: int = 1000
    ) -> None:
        """Let the next calls of an operation fail; ``*`` is every operation."""
        self._faults += [(service, operation, fault)] * times

    def behave(self) -> None:
        """Let no further fault happen."""
        self._faults.clear()

    @property
    def endpoints(self) -> dict[str, str]:
        """The endpoints for :class:`AwsSettings`."""
        return dict.fromkeys(self.models, self.url)

    def environment(self) -> dict[str, str]:
        """Return the environment by which a process finds these services."""
        named = {
            f"AWS_ENDPOINT_URL_{model.service_id.upper().replace(' ', '_')}": self.url
            for model in self.models.values()
        }
        return {
            **named,
            "AWS_ACCESS_KEY_ID": "loopback",
            "AWS_SECRET_ACCESS_KEY": "loopback",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def told(self, asked: Asked) -> Told:
        """Answer one request."""
        told = self._answer(asked)
        more = {"x-amzn-RequestId": str(uuid.uuid4()), "Content-Type": "application/json"}
        return replace(told, headers={**told.headers, **more})

    def _answer(self, request: Asked) -> Told:
        try:
            service, operation, asked = _understood(self.models, request)
            self.log.append((service, operation.name, asked))
            broken = self._fault(service, operation.name)
            if broken:
                return broken
            return self._result(service, operation, asked)
        except AwsFaultError as fault:
            said = {"__type": fault.code, "message": str(fault), "code": fault.code, **fault.more}
            return Told(
                status=fault.status,
                body=json.dumps(said).encode(),
                headers={"x-amzn-ErrorType": fault.code},
            )

    def _fault(self, service: str, operation: str) -> Told | None:
        with self._lock:
            for index, (of, named, fault) in enumerate(self._faults):
                if of == service and named in {operation, "*"}:
                    del self._faults[index]
                    if isinstance(fault, AwsFaultError):
                        raise fault
                    return fault
        return None

    def _result(self, service: str, operation: OperationModel, asked: dict[str, Any]) -> Told:
        if operation.input_shape:
            _check(operation.input_shape, asked, operation.name)
        behaviour = self._behaviours.get((service, operation.name))
        if behaviour is None:
            raise AwsFaultError(
                "NotImplemented", f"{service}:{operation.name} does nothing here", 501
            )
        with self._lock:
            result = dict(behaviour(**asked) or {})
        shape = operation.output_shape
        if shape:
            report = ParamValidator().validate(result, shape)
            if report.has_errors():
                raise AwsFaultError("WrongTest", report.generate_report(), 501)
        body = json.dumps(_written(shape, result) if shape else {}, default=str).encode()
        return Told(status=operation.http.get("responseCode", 200), body=body, headers={})


@contextmanager
def aws_model(*services: str) -> Iterator[AwsModel]:
    """Run a loopback of services, by boto3's names, on a free port."""
    session = botocore.session.Session()
    with loopback_server() as server:
        model = AwsModel(
            url=f"http://{server.place}",
            models={name: session.get_service_model(name) for name in services},
        )
        server.answer = model.told
        yield model


def _understood(
    models: Mapping[str, ServiceModel], request: Asked
) -> tuple[str, OperationModel, dict[str, Any]]:
    """Return the service and operation that a request means, and its parameters."""
    scope = re.search(r"Credential=([^,]+)", request.headers.get("authorization", ""))
    if not scope:
        raise AwsFaultError("MissingAuthenticationTokenException", "no signature", 403)
    signed = scope[1].split("/")[3]
    target = request.headers.get("x-amz-target")
    for service, model in models.items():
        if model.signing_name != signed:
            continue
        if target and target.split(".")[0] == model.metadata.get("targetPrefix"):
            asked = json.loads(request.body or b"{}")
            return service, model.operation_model(target.split(".")[1]), asked
        if not target:
            for name in model.operation_names:
                operation = model.operation_model(name)
                asked = _routed(operation, request)
                if asked is not None:
                    return service, operation, asked
    raise AwsFaultError("UnknownOperationException", f"{request.method} {request.path}", 404)


def _routed(operation: OperationModel, request: Asked) -> dict[str, Any] | None:
    """Return the parameters of a REST request if it means this operation."""
    url = urlsplit(request.path)
    wanted = operation.http["requestUri"].split("?")[0].rstrip("/")
    pattern = re.sub(r"\\\{(\w+)(\\\+)?\\\}", r"(?P<\1>[^/]+)", re.escape(wanted))
    match = re.fullmatch(pattern, url.path.rstrip("/"))
    if operation.http["method"] != request.method or not match:
        return None
    query = parse_qs(url.query)
    asked: dict[str, Any] = {}
    for name, shape in (operation.input_shape.members if operation.input_shape else {}).items():
        place = shape.serialization.get("location")
        named = shape.serialization.get("name", name)
        if place == "uri":
            asked[name] = unquote(match.group(named))
        elif place == "querystring" and named in query:
            asked[name] = _from_text(shape, query[named])
    return asked | json.loads(request.body or b"{}")


def _from_text(shape: Shape, texts: list[str]) -> object:
    if shape.type_name == "list":
        return texts
    if shape.type_name in {"integer", "long"}:
        return int(texts[0])
    if shape.type_name == "boolean":
        return texts[0] == "true"
    return texts[0]


def _check(shape: Shape, value: Any, where: str) -> None:
    """Refuse what the service would refuse, as its model says."""
    kind = shape.type_name
    if kind == "structure":
        _check_structure(shape, value, where)
    elif kind == "list":
        _check_length(shape, value, where)
        for number, part in enumerate(value):
            _check(shape.member, part, f"{where}[{number}]")
    elif kind == "map":
        for name, part in value.items():
            _check(shape.value, part, f"{where}.{name}")
    elif kind == "string":
        _check_text(shape, value, where)


def _check_structure(shape: Shape, value: Mapping[str, Any], where: str) -> None:
    for name in shape.required_members:
        if name not in value:
            raise AwsFaultError("ValidationException", f"{where}.{name} is missing")
    for name, part in value.items():
        if name not in shape.members:
            raise AwsFaultError("ValidationException", f"{where}.{name} is not known")
        _check(shape.members[name], part, f"{where}.{name}")


def _check_text(shape: Shape, value: object, where: str) -> None:
    if not isinstance(value, str):
        raise AwsFaultError("ValidationException", f"{where} is no text")
    if shape.enum and value not in shape.enum:
        raise AwsFaultError("ValidationException", f"{where}: {value!r} is none of {shape.enum}")
    _check_length(shape, value, where)
    pattern = shape.metadata.get("pattern")
    if pattern and not _matches(pattern, value):
        raise AwsFaultError("ValidationException", f"{where}: {value!r} does not match {pattern}")


def _check_length(shape: Shape, value: Any, where: str) -> None:
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max", _NO_MOST)
    if not least <= len(value) <= most:
        raise AwsFaultError("ValidationException", f"{where}: length {len(value)}")


def _matches(pattern: str, value: str) -> bool:
    for written, python in ((r"\p{L}", r"\w"), (r"\p{Z}", r"\s"), (r"\p{N}", r"\d")):
        pattern = pattern.replace(written, python)
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:  # a pattern of Java's that Python does not read
        return True


def _written(shape: Shape, value: Any) -> Any:
    """Return a result as it goes over the wire: serialised names, times as seconds."""
    kind = shape.type_name
    if kind == "structure":
        return {
            shape.members[name].serialization.get("name", name): _written(shape.members[name], part)
            for name, part in value.items()
            if part is not None
        }
    if kind == "list":
        return [_written(shape.member, part) for part in value]
    if kind == "map":
        return {name: _written(shape.value, part) for name, part in value.items()}
    if isinstance(value, datetime):
        return value.timestamp()
    return value

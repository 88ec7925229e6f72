"""AWS clients whose every answer is made up from botocore's models, and fails when it is told to.

Nothing goes over a network: the answers come where botocore lets a stub answer (``before-call``),
or as bytes where it would send (``before-send``), for botocore's own parsers to read. So every call
that a reader makes can be reached, and each of them made to fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.model import OperationModel, Shape
from botocore.parsers import ResponseParserError

from inventory.clouds.aws_reach import AwsReach
from inventory.model.fact import Reason
from migrate.clouds.asking import AwsAsked

NEXT_YEAR = "word-of-next-year"
"""A word that no enumeration has yet."""
_PAGING = frozenset(
    {"ContinuationToken", "Marker", "NextMarker", "NextToken", "PaginationToken", "nextToken"}
)
_DEEPEST = 12
Fault = Callable[[OperationModel], tuple[AWSResponse, dict[str, Any]] | bytes | None]
"""Answers in place of a call, by what botocore would read or by bytes for it to read; or raises
what botocore would."""


@dataclass
class MadeUp:
    """An AWS whose every answer is made up, one question after the other."""

    reach: AwsReach
    words: str | None = None
    """What stands for every enumeration's word; None is the first that the model knows."""
    fault: Fault | None = None
    failing: int = 0
    """Which call fails, the first being 1; 0 is none."""
    calls: list[str] = field(default_factory=list)
    """The calls that were made for the last question."""
    ids: tuple[str, ...] = ()
    _wire: threading.local = field(default_factory=threading.local)

    def asked(self, asked: AwsAsked, **how: Any) -> AwsAsked:
        """Return the same question, put to this AWS; ``how`` is what it does from now on."""
        self.words, self.fault, self.failing, self.calls = None, None, 0, []
        for name, value in how.items():
            setattr(self, name, value)
        self.ids = asked.ids
        return _Asked(**{each.name: getattr(asked, each.name) for each in fields(asked)}, aws=self)

    def answer(self, model: OperationModel, **_: object) -> Any:
        """Answer a call in place of AWS."""
        self.calls.append(model.name)
        if self.fault and len(self.calls) == self.failing:
            told = self.fault(model)
            if isinstance(told, bytes):
                self._wire.body = told
                return None
            if told:
                return told
        shape = model.output_shape
        said = _made(shape, self.ids, self.words, model.name) if shape else {}
        return _response(200), {**said, "ResponseMetadata": {"HTTPStatusCode": 200}}

    def send(self, **_: object) -> AWSResponse:
        """Answer a request by bytes, in place of whatever is at its address."""
        return AWSResponse("http://made.up", 200, {}, _Raw(self._wire.body))

    def answering(self, client: Any) -> Any:
        """Return the client, which asks nobody else from now on."""
        events = client.meta.events
        events.register_last("before-call", self.answer, unique_id="made-up")
        events.register_last("before-send", self.send, unique_id="made-up bytes")
        return client


@dataclass(frozen=True)
class _Raw:
    body: bytes

    def stream(self) -> Iterator[bytes]:
        yield self.body


@dataclass(frozen=True, kw_only=True)
class _Asked(AwsAsked):
    aws: MadeUp

    def client(self, service: str) -> Any:
        return self.aws.answering(super().client(service))


def refused(code: str, status: int) -> Fault:
    """Return the fault that is an error of the service."""

    def fault(_model: OperationModel) -> tuple[AWSResponse, dict[str, Any]]:
        metadata = {"HTTPStatusCode": status, "RetryAttempts": 0}
        error = {"Code": code, "Message": "made by a test"}
        return _response(status), {"Error": error, "ResponseMetadata": metadata}

    return fault


def raising(error: Exception) -> Fault:
    """Return the fault that botocore raises itself."""

    def fault(_model: OperationModel) -> None:
        raise error

    return fault


def empty(_model: OperationModel) -> tuple[AWSResponse, dict[str, Any]]:
    """Answer an empty object, as something that is not AWS might."""
    return _response(200), {"ResponseMetadata": {"HTTPStatusCode": 200}}


def of_something_else(model: OperationModel) -> bytes:
    """Answer as another operation might: XML by another name, or an object without our keys."""
    if "json" in model.service_model.resolved_protocol:
        return b"{}"
    return b"<ListNothingResponse><requestId>1</requestId></ListNothingResponse>"


def without_its_list(model: OperationModel) -> bytes:
    """Answer as the operation does, with nothing in it that it might list."""
    if "json" in model.service_model.resolved_protocol:
        return b'{"ResponseMetadata": {}}'
    result = f"<{model.name}Result></{model.name}Result>"
    return f"<{model.name}Response>{result}</{model.name}Response>".encode()


_WHERE = "https://made.up"
FAULTS: dict[str, tuple[Fault, Reason]] = {
    "throttled": (refused("ThrottlingException", 429), Reason.NOT_TOLD),
    "throttled, the old way": (refused("RequestLimitExceeded", 503), Reason.NOT_TOLD),
    "denied": (refused("AccessDeniedException", 403), Reason.NEEDS_PRIVILEGE),
    "denied by EC2": (refused("UnauthorizedOperation", 403), Reason.NEEDS_PRIVILEGE),
    "expired": (refused("ExpiredTokenException", 403), Reason.NEEDS_PRIVILEGE),
    "broken": (refused("InternalFailure", 500), Reason.UNREACHABLE),
    "a new code": (refused("WordOfNextYear", 400), Reason.NOT_TOLD),
    "slow": (raising(ReadTimeoutError(endpoint_url=_WHERE)), Reason.TIMED_OUT),
    "cut": (raising(ConnectionClosedError(endpoint_url=_WHERE)), Reason.UNREACHABLE),
    "no way there": (
        raising(EndpointConnectionError(endpoint_url=_WHERE, error="refused")),
        Reason.UNREACHABLE,
    ),
    "no credentials": (raising(NoCredentialsError()), Reason.NEEDS_PRIVILEGE),
    "malformed": (raising(ResponseParserError("no JSON")), Reason.UNREADABLE),
    "another's answer": (of_something_else, Reason.UNREADABLE),
    "no list in it": (without_its_list, Reason.UNREADABLE),
}
"""What may go wrong at a call, and why nothing is known then."""


def _response(status: int) -> AWSResponse:
    return AWSResponse("http://made.up", status, {}, None)


def _made(shape: Shape, ids: tuple[str, ...], words: str | None, path: str, deep: int = 0) -> Any:
    kind = shape.type_name
    if deep > _DEEPEST:
        return None
    if kind == "structure":
        parts = {
            name: _made(part, ids, words, name, deep + 1)
            for name, part in shape.members.items()
            if name not in _PAGING and not getattr(part, "deprecated", False)
        }
        return {name: part for name, part in parts.items() if part is not None}
    if kind == "list":
        part = _made(shape.member, ids, words, path, deep + 1)
        return [] if part is None else [part]
    if kind == "map":
        return {}
    return _plain(shape, ids, words, path)


def _plain(shape: Shape, ids: tuple[str, ...], words: str | None, path: str) -> Any:
    kind = shape.type_name
    if kind == "string":
        if shape.enum:
            return words or shape.enum[0]
        if path.lower().endswith(("instanceid", "resourceid", "targetid")) or path == "Id":
            return ids[0]
        if "cidr" in path.lower():
            return "2001:db8::/64" if "6" in path else "192.0.2.0/24"
        return f"arn:aws:ec2:eu-west-2:123456789012:instance/{ids[0]}" if "rn" in path else "1"
    made = {
        "timestamp": datetime(2026, 11, 22, tzinfo=UTC),
        "boolean": True,
        "blob": b"",
        "float": 1.0,
        "double": 1.0,
    }
    return made.get(kind, 1)

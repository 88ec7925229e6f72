"""What goes over the wire to and from the loopback Azure: requests, answers, errors, faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from migrate.demo.loopback import Asked


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, as the server got it."""

    method: str
    path: str
    """Without the query and without a slash at its end."""
    query: Mapping[str, str]
    """Names in lower case."""
    token: str
    """The bearer token; empty when there is none."""
    body: bytes = field(repr=False)

    @classmethod
    def of(cls, asked: Asked) -> Request:
        """Take a request's line and headers apart."""
        parts = urlsplit(asked.path)
        query = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
        return cls(
            method=asked.method,
            path=parts.path.rstrip("/"),
            query=query,
            token=asked.headers.get("authorization", "").removeprefix("Bearer "),
            body=asked.body,
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer."""

    status: int
    body: dict[str, Any] | None = None
    """JSON; None for an empty body."""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that goes wrong instead of an answer, or before one."""

    answer: Answer | None = None
    """What is said instead; None lets the true answer follow."""
    delay_seconds: float = 0
    cut: bool = False
    """Whether the connection is closed without an answer."""
    garbage: bytes | None = None
    """A body that is no JSON, sent with status 200."""


def refusal(status: int, code: str, message: str, **headers: str) -> Answer:
    """Return an answer with an error body in Resource Manager's shape."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, body={"error": {"code": code, "message": message}}, headers=named)


def throttled(retry_after_seconds: int) -> Fault:
    """Return the fault of a subscription that has asked too much."""
    answer = refusal(
        429,
        "TooManyRequests",
        "The request is being throttled.",
        Retry_After=str(retry_after_seconds),
    )
    return Fault(answer=answer)


def forbidden() -> Fault:
    """Return the fault of a credential without the role it needs."""
    words = "The client does not have authorization to perform action over the scope."
    return Fault(answer=refusal(403, "AuthorizationFailed", words))


def busy() -> Fault:
    """Return the fault of a service that cannot answer just now."""
    return Fault(answer=refusal(503, "ServerBusy", "The server is busy. Please retry."))

"""What a loopback Azure is told to answer beside its resources, and operations that take long."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from migrate.demo.arm_message import Answer, Request
from migrate.demo.arm_resources import listing

Said = Answer | dict[str, Any] | Callable[[Request], Answer]
"""An answer, the body of one with status 200, or what makes one of the request."""


@dataclass(kw_only=True)
class _Operation:
    polls: int
    done: Callable[[], dict[str, Any] | None]
    failure: tuple[str, str] | None


@dataclass(kw_only=True)
class Answers:
    """Answers by method and path, the newest first; and long-running operations."""

    url: str
    _said: list[tuple[str, re.Pattern[str], Said]] = field(default_factory=list)
    _operations: dict[str, _Operation] = field(default_factory=dict)

    def add(self, method: str, pattern: str, said: Said) -> None:
        """Answer so to every request whose whole path the pattern matches, case apart."""
        self._said.insert(0, (method, re.compile(pattern, re.IGNORECASE), said))

    def list(self, pattern: str, rows: Sequence[dict[str, Any]], *, page: int = 50) -> None:
        """Answer with a listing, page by page."""
        self.add("GET", pattern, lambda request: listing(rows, request, self.url, page))

    def begin(
        self,
        path: str,
        done: Callable[[], dict[str, Any] | None],
        *,
        polls: int = 2,
        failure: tuple[str, str] | None = None,
    ) -> Answer:
        """Return the answer that begins an operation which takes long.

        It is asked after under ``PATH/operations/ID``; after so many polls it is done, and
        ``done`` returns its result; or it fails with a code and words.
        """
        name = str(uuid.uuid4())
        self._operations[name] = _Operation(polls=polls, done=done, failure=failure)
        where = f"{self.url}{path}/operations/{name}?api-version=2024-01-01"
        headers = {"Azure-AsyncOperation": where, "Location": where, "Retry-After": "0"}
        return Answer(status=202, headers=headers)

    def answer(self, request: Request) -> Answer | None:
        """Return what a request is answered; None leaves it to the resources."""
        _, _, name = request.path.rpartition("/operations/")
        if request.method == "GET" and name in self._operations:
            return self._polled(name)
        for method, pattern, said in self._said:
            if method == request.method and pattern.fullmatch(request.path):
                if isinstance(said, Answer):
                    return said
                if isinstance(said, dict):
                    return Answer(status=200, body=said)
                return said(request)
        return None

    def _polled(self, name: str) -> Answer:
        operation = self._operations[name]
        operation.polls -= 1
        if operation.polls > 0:
            body = {"name": name, "status": "InProgress"}
            return Answer(status=200, body=body, headers={"Retry-After": "0"})
        if operation.failure:
            code, words = operation.failure
            error = {"code": code, "message": words}
            return Answer(status=200, body={"name": name, "status": "Failed", "error": error})
        result = operation.done()
        operation.done = lambda: result
        return Answer(
            status=200,
            body={
                "name": name,
                "status": "Succeeded",
                **({"properties": result} if result else {}),
            },
        )

"""Planning papers: a web application that keeps one connection to its database."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg2

_one_at_a_time = threading.Lock()
_connections: list[Any] = []


def application(_: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve the one page: how many applications there are."""
    try:
        page = f"Planning papers: {count()} applications\n".encode()
    except psycopg2.Error:
        _connections.clear()
        start_response("503 Service Unavailable", [("Content-Length", "0")])
        return []
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(page)))])
    return [page]


def count() -> int:
    """Ask the database."""
    with _one_at_a_time:
        if not _connections:
            _connections.append(psycopg2.connect(os.environ["PAPERS_DATABASE"]))
            _connections[0].autocommit = True
        with _connections[0].cursor() as cursor:
            cursor.execute("select count(*) from applications")
            return int(cursor.fetchone()[0])

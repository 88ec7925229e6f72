"""Planning papers: a web application that keeps a connection to everything that it uses."""

from __future__ import annotations

import http.client
import smtplib
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg2
import redis
from pymemcache.client.base import Client

Use = Callable[[], Any]
"""Uses a service over the connection that it keeps."""
GONE = (OSError, http.client.HTTPException, psycopg2.Error, redis.RedisError, smtplib.SMTPException)


def database() -> Use:
    """Ask the database."""
    connection = psycopg2.connect(host="db-1", dbname="papers", user="postgres")
    connection.autocommit = True
    cursor = connection.cursor()
    return lambda: cursor.execute("select 1")


def sessions() -> Use:
    """Ask the cache of sessions."""
    return redis.Redis(host="cache-1").ping


def pages() -> Use:
    """Ask the cache of pages."""
    return Client(("cache-2", 11211), timeout=5).version


def mail() -> Use:
    """Keep the mail relay's attention."""
    return smtplib.SMTP("mail-1", timeout=30).noop


def payments() -> Use:
    """Ask the payment service outside."""
    service = http.client.HTTPConnection("10.77.0.98", 8443, timeout=10)

    def ask() -> None:
        service.request("GET", "/")
        service.getresponse().read()

    return ask


def keep(connect: Callable[[], Use]) -> None:
    """Use a service every few seconds, and connect to it anew when it has gone away."""
    while True:
        try:
            use = connect()
            while True:
                use()
                time.sleep(8)
        except GONE:
            time.sleep(0.5)


for each in (database, sessions, pages, mail, payments):
    threading.Thread(target=keep, args=(each,), daemon=True).start()


def application(_: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve a page."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "7")])
    return [b"papers\n"]

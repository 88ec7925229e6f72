"""Telling an address by JSON: ``{"estate": …, "events": [{"event": "done", "server": …}]}``.

With a secret, the header ``X-Decant-Signature`` is ``sha256=`` and the HMAC-SHA-256 of the body,
hexadecimal, as GitHub's ``X-Hub-Signature-256`` is. Redirections are not followed.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from inventory.errors import DecantError
from inventory.secret import fetch
from migrate.model.event import Event
from migrate.notify.settings import Webhook

if TYPE_CHECKING:
    from requests import PreparedRequest

_CONNECT_SECONDS: Final = 5
_ANSWER_SECONDS: Final = 10
_ATTEMPTS: Final = 3
_PAUSE_SECONDS: Final = 1.0
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500


def send(
    hook: Webhook, estate: str, events: Sequence[Event], environment: Mapping[str, str]
) -> str:
    """Send it, three times at the most; return why it did not arrive, or nothing when it did.

    What is returned never holds the address.
    """
    try:
        address = fetch(hook.address, environment).value
        secret = fetch(hook.secret, environment).value if hook.secret else None
    except DecantError as error:
        return str(error)
    if not _is_private(address):
        return "its address is neither https nor on this machine"
    body = _body(estate, events)
    headers = {"Content-Type": "application/json", "User-Agent": "decant"}
    if secret is not None:
        mac = hmac.new(secret.encode("utf-8", "surrogateescape"), body, hashlib.sha256)
        headers["X-Decant-Signature"] = f"sha256={mac.hexdigest()}"
    return _sent(address, body, headers)


def _sent(address: str, body: bytes, headers: Mapping[str, str]) -> str:
    why = ""
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE_SECONDS * attempt)
        why, is_final = _attempt(address, body, headers)
        if is_final:
            return why
    return f"{why}, {_ATTEMPTS} times"


def _attempt(address: str, body: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    """Send it once; return what is wrong, and whether another attempt is of no use."""
    import requests

    try:
        with requests.Session() as session:
            session.auth = _as_it_is  # else requests would add what ~/.netrc has for that server
            answer = session.post(
                address,
                data=body,
                headers=dict(headers),
                timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            )
    except requests.RequestException as error:
        # What requests says of an error holds the address.
        return f"no answer ({type(error).__name__})", False
    status = answer.status_code
    if answer.ok and not answer.is_redirect:
        return "", True
    if answer.is_redirect:
        return f"it answered with a redirection ({status}), which is not followed", True
    return f"it answered {status}", status != _TOO_MANY and status < _SERVER_ERROR


def _as_it_is(request: PreparedRequest) -> PreparedRequest:
    return request


def _is_private(address: str) -> bool:
    """Tell whether nobody else can read what is sent there."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host)
    return parts.scheme == "http" and _is_here(host)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _body(estate: str, events: Sequence[Event]) -> bytes:
    told = [
        {
            "event": each.happening.value,
            "server": each.server,
            "stage": each.stage,
            "words": each.words,
            "details": list(each.details),
            "at": each.at.isoformat(),
        }
        for each in events
    ]
    return json.dumps({"estate": estate, "events": told}, ensure_ascii=False).encode()

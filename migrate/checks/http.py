"""A web page of the new server answers as it should, over HTTP or verified HTTPS.

Before the name points to the new server, ``host`` asks the new server's own address for that name:
the page, and the certificate, are then those that users will get.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from inventory.amount import amount
from inventory.model.certificates import Certificate
from inventory.x509 import what_is_wrong
from migrate.checks._certificate import certificate_json
from migrate.checks._http import (
    MOST_BODY_BYTES,
    PORTS,
    Question,
    Response,
    ask,
    trust,
    untrusted_certificate,
)
from migrate.checks._ports import PORT
from migrate.checks._say import failed, no_replacement, passed, unknown
from migrate.knock import heard
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FINE = 200
_MIN_DAYS = 14


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    question = _first(sight, parameters)
    if isinstance(question, CheckResult):
        return question
    ca_file = parameters.get("ca_file")
    try:
        context = trust(Path(ca_file).expanduser() if ca_file else None)
    except OSError as error:
        return unknown(f"ca_file {ca_file} cannot be used: {error.strerror or error}")
    for _ in range(1 + _MOST_REDIRECTS):
        response = _asked(question, context, sight.timeout_seconds)
        if isinstance(response, CheckResult):
            return response
        following = _following(question, response) if parameters.get("follow_redirects") else None
        if following is None:
            return _judge(question, response, parameters)
        question = following
    return failed(f"{question}: redirected more than {_MOST_REDIRECTS} times", url=str(question))


def _first(sight: Sight, parameters: Mapping[str, Any]) -> Question | CheckResult:
    if "url" in parameters:
        asked = _question(parameters["url"])
        return asked or unknown("the url given to this check is not one; mend its parameters")
    if sight.new_address is None:
        return no_replacement()
    scheme = parameters.get("scheme", "http")
    return Question(
        scheme=scheme,
        address=sight.new_address,
        port=parameters.get("port", PORTS[scheme]),
        host=parameters.get("host", sight.new_address),
        path=parameters.get("path", "/"),
    )


def _question(url: str, base: str = "") -> Question | None:
    try:
        parts = urlsplit(urljoin(base, url))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname:
        return None
    return Question(
        scheme=parts.scheme,
        address=parts.hostname,
        port=port or PORTS[parts.scheme],
        host=parts.hostname,
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


def _following(question: Question, response: Response) -> Question | None:
    if response.status not in _REDIRECTS or not response.location:
        return None
    following = _question(response.location, base=question.url)
    if following and following.host == question.host:
        return replace(following, address=question.address)
    return following


def _asked(question: Question, context: ssl.SSLContext, seconds: float) -> Response | CheckResult:
    url = str(question)
    try:
        return ask(question, context, seconds)
    except ssl.SSLCertVerificationError as error:
        return _refused(question, what_is_wrong(error), untrusted_certificate(question, seconds))
    except ssl.SSLError as error:
        return failed(f"{url}: TLS failed: {error.reason or error}", url=url)
    except http.client.HTTPException as error:
        return failed(f"{url}: no proper HTTP answer: {error!r}", url=url)
    except OSError as error:
        seen = heard(error, seconds)
        return (failed if seen.knock.is_telling else unknown)(f"{url}: {seen}", url=url)


def _refused(question: Question, why: str, certificate: Certificate | None) -> CheckResult:
    whose = f" ({certificate})" if certificate else ""
    return failed(
        f"{question}: its certificate is refused: {why}{whose}",
        url=str(question),
        certificate=certificate_json(certificate) if certificate else None,
    )


def _judge(question: Question, response: Response, parameters: Mapping[str, Any]) -> CheckResult:
    certificate = response.certificate
    observed = {
        "url": str(question),
        "status": response.status,
        "body_bytes": len(response.body),
        "certificate": certificate_json(certificate) if certificate else None,
    }
    wrong = [
        *_wrong_status(response, parameters),
        *_wrong_certificate(certificate, parameters),
    ]
    text = parameters.get("contains")
    if text is not None and text.encode() not in response.body:
        if not response.is_whole and not wrong:
            sought = f"{text!r} is not in the first {MOST_BODY_BYTES} bytes; the rest was not read"
            return unknown(f"{question}: {sought}", **observed)
        wrong.append(f"the page does not hold {text!r}")
    if wrong:
        return failed(f"{question}: {'; '.join(wrong)}", **observed)
    whose = f"; its certificate is {certificate}" if certificate else ""
    return passed(f"{question} answers {response.status}{whose}", **observed)


def _wrong_status(response: Response, parameters: Mapping[str, Any]) -> list[str]:
    wanted = parameters.get("status", _FINE)
    expected = wanted if isinstance(wanted, list) else [wanted]
    if response.status in expected:
        return []
    to = f" to {response.location.partition('?')[0]}" if response.location else ""
    return [f"it answers {response.status}{to}, not {' or '.join(map(str, expected))}"]


def _wrong_certificate(certificate: Certificate | None, parameters: Mapping[str, Any]) -> list[str]:
    if certificate is None:
        return []
    least, left = parameters.get("min_days", _MIN_DAYS), certificate.days_left(datetime.now(UTC))
    if left >= least:
        return []
    return [f"its certificate ({certificate}) has {amount(left, 'day')} left, fewer than {least}"]


_STATUS: dict[str, Any] = {"type": "integer", "minimum": 100, "maximum": 599}

CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "url": {
                "description": "A whole address to ask, in place of the new server's own.",
                "type": "string",
                "pattern": "^https?://[!-?A-~]+$",
            },
            "scheme": {"enum": ["http", "https"], "default": "http"},
            "port": {**PORT, "description": "80 for http and 443 for https when not given."},
            "path": {"type": "string", "pattern": "^/[!-~]*$", "default": "/"},
            "host": {
                "description": "Name to ask the new server for, also in its certificate.",
                "type": "string",
                "pattern": "^[A-Za-z0-9_.:-]+$",
            },
            "status": {
                "description": "The status, or statuses, that are right.",
                "oneOf": [_STATUS, {"type": "array", "items": _STATUS, "minItems": 1}],
                "default": _FINE,
            },
            "contains": {
                "description": "Text that the page must hold.",
                "type": "string",
                "minLength": 1,
            },
            "min_days": {
                "description": "How many days the certificate must still be valid.",
                "type": "integer",
                "minimum": 0,
                "default": _MIN_DAYS,
            },
            "ca_file": {
                "description": "Authorities to trust in place of the system's, as a PEM file.",
                "type": "string",
            },
            "follow_redirects": {"type": "boolean", "default": False},
        },
    },
    run=_run,
    reads="Gets one page, at most 1 MiB of it, and reads the certificate that came with it.",
    about=About.NEW,
)

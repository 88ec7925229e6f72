"""What replaces the server shows a certificate for its name, trusted, and valid long enough."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inventory.amount import amount
from inventory.discovery.starttls import DIALOGUES, NotOfferedError
from inventory.discovery.tls_handshake import Door, Shown, shake
from inventory.x509 import read_certificate, what_is_wrong
from migrate.checks._certificate import certificate_json
from migrate.checks._http import trust
from migrate.checks._ports import PORT
from migrate.checks._say import failed, no_replacement, passed, unknown
from migrate.knock import heard
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_PORT = 443
_MIN_DAYS = 14


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    if sight.new_address is None:
        return no_replacement()
    host = sight.new_address.partition("/")[0]
    door = Door(
        address=host,
        port=parameters.get("port", _PORT),
        starttls=parameters.get("starttls"),
        name=parameters.get("host", host),
    )
    ca_file = parameters.get("ca_file")
    try:
        context = trust(Path(ca_file).expanduser() if ca_file else None)
    except OSError as error:
        return unknown(f"ca_file {ca_file} cannot be used: {error.strerror or error}")
    where = f"{door.address} port {door.port}"
    try:
        shown = shake(door, context, time.monotonic() + sight.timeout_seconds)
    except NotOfferedError as error:
        return failed(f"{where} offers no TLS: {error}")
    except ssl.SSLCertVerificationError as error:
        return failed(f"{where}: {what_is_wrong(error)}", asked_for=door.name)
    except OSError as error:
        return _broken(where, error, sight.timeout_seconds)
    return _judge(sight, shown, where, parameters.get("min_days", _MIN_DAYS))


def _broken(where: str, error: OSError, seconds: float) -> CheckResult:
    if isinstance(error, ssl.SSLError):
        return failed(f"{where}: the handshake failed: {error.reason or error}")
    said = heard(error, seconds)
    if said.knock.is_telling:
        return failed(f"{where}: {said}")
    return unknown(f"{where}: {said}")


def _judge(sight: Sight, shown: Shown, where: str, min_days: int) -> CheckResult:
    if shown.refusal is not None:
        return unknown(f"{where} broke the handshake off: {shown.refusal.reason or shown.refusal}")
    if not shown.chain:
        return unknown(f"{where} shows no certificate")
    try:
        certificate = read_certificate(shown.chain[0])
    except ValueError as error:
        return unknown(f"{where}: its certificate cannot be read: {error}")
    days = certificate.days_left(sight.now)
    observed = {
        **certificate_json(certificate),
        "version": shown.version,
        "cipher": shown.cipher,
        "chain_length": len(shown.chain),
        "days_left": days,
    }
    if days < min_days:
        words = f"{certificate} has {amount(days, 'day')} left, fewer than {min_days}"
        return failed(f"{where}: {words}", **observed)
    return passed(f"{where}: {certificate}, over {shown.version}", **observed)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "port": {**PORT, "default": _PORT, "description": "Where TLS is spoken."},
            "host": {
                "type": "string",
                "minLength": 1,
                "description": "The name that users will ask for; the replacement's own address "
                "unless given.",
            },
            "starttls": {
                "enum": sorted(DIALOGUES),
                "description": "The protocol within which TLS is asked for; none unless given.",
            },
            "min_days": {
                "type": "integer",
                "minimum": 0,
                "default": _MIN_DAYS,
                "description": "For how many days the certificate must still be valid.",
            },
            "ca_file": {
                "type": "string",
                "minLength": 1,
                "description": "File of authorities to trust, in place of the system's.",
            },
        },
    },
    run=_run,
    reads="Shakes hands over TLS with what replaces the server, verifying chain and name.",
    about=About.NEW,
)

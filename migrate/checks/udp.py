"""UDP services of the new server answer a question of their own protocol: DNS and NTP.

A UDP port that says nothing may be open or lost on the way, so only services that answer a harmless
question can be proved: DNS (the root's name servers) and NTP (the time).
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any

from inventory.model.facts import LISTENERS
from inventory.model.parts import Protocol
from migrate.checks._ports import PORT, reachable
from migrate.checks._say import fact, failed, listed, no_replacement, passed, unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_NTP_PACKET = 48
_NTP_CLIENT = 0x23
"""Version 4, mode 3: a client's question (RFC 5905)."""
_SERVES = {53: "dns", 123: "ntp"}


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    if sight.new_address is None:
        return no_replacement()
    host = sight.new_address.partition("/")[0]
    services = parameters.get("services") or _known(sight)
    if isinstance(services, CheckResult):
        return services
    if not services:
        return unknown("the old server offers no UDP service that can be asked; name some")
    found = {
        f"{each['service']} on {each['port']}": _ASK[each["service"]](
            host, each["port"], sight.timeout_seconds
        )
        for each in services
    }
    observed = {"answers": found}
    silent = [f"{name}: {said}" for name, said in found.items() if said.startswith("no answer")]
    answering = tuple(name for name, said in found.items() if said.startswith("answers"))
    bad = [
        f"{name}: {said}"
        for name, said in found.items()
        if name not in answering and not said.startswith("no answer")
    ]
    if bad:
        return failed(f"{host}: {listed(bad)}", **observed)
    if silent:
        return unknown(f"{host}: {listed(silent)}, which may be the way and not it", **observed)
    return passed(
        f"{host}: {listed([f'{name} {said}' for name, said in found.items()])}", **observed
    )


def _known(sight: Sight) -> list[dict[str, Any]] | CheckResult:
    listeners = fact(sight.old, LISTENERS, "the old server")
    if isinstance(listeners, CheckResult):
        return listeners
    ports = {each.port for each in reachable(listeners.value) if each.protocol is Protocol.UDP}
    return [{"service": _SERVES[port], "port": port} for port in sorted(ports & set(_SERVES))]


def _dns(host: str, port: int, seconds: float) -> str:
    import dns.exception
    import dns.message
    import dns.query

    try:
        query = dns.message.make_query(".", "NS")
        dns.query.udp(query, _address(host, port), timeout=seconds, port=port)
    except dns.exception.Timeout:
        return f"no answer in {seconds:g} s"
    except (dns.exception.DNSException, OSError) as error:
        return str(error) or type(error).__name__
    return "answers"


def _ntp(host: str, port: int, seconds: float) -> str:
    question = struct.pack("!B47x", _NTP_CLIENT)
    try:
        with socket.socket(_family(host, port), socket.SOCK_DGRAM) as asked:
            asked.settimeout(seconds)
            asked.connect((_address(host, port), port))
            asked.send(question)
            answer = asked.recv(1024)
    except TimeoutError:
        return f"no answer in {seconds:g} s"
    except OSError as error:
        return error.strerror or str(error)
    if len(answer) < _NTP_PACKET:
        return "what it answers is no NTP"
    stratum = answer[1]
    return f"answers, stratum {stratum}" if 0 < stratum < 16 else "its clock is not set"  # noqa: PLR2004


def _address(host: str, port: int) -> str:
    return str(socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][4][0])


def _family(host: str, port: int) -> socket.AddressFamily:
    return socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][0]


_ASK: Mapping[str, Callable[[str, int, float], str]] = {"dns": _dns, "ntp": _ntp}

CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "services": {
                "description": "What is asked, and where; unless given, DNS and NTP where the old "
                "server offers them.",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["service", "port"],
                    "additionalProperties": False,
                    "properties": {"service": {"enum": sorted(_ASK)}, "port": PORT},
                },
            },
        },
    },
    run=_run,
    reads="Asks the new server's DNS for the root's name servers, and its NTP for the time.",
    about=About.NEW,
)

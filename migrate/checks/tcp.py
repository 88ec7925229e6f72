"""TCP ports of the new server answer.

By default every TCP port that others can reach on the old server must answer on the new one, so
that nothing is forgotten because nobody listed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from inventory.model.facts import LISTENERS
from inventory.model.parts import Protocol
from migrate.checks._ports import PORT, reachable
from migrate.checks._say import fact, failed, listed, no_replacement, passed, unknown
from migrate.knock import Heard, Knock, knock
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_AT_ONCE = 16


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    if sight.new_address is None:
        return no_replacement()
    ports = _wanted(sight, parameters)
    if isinstance(ports, CheckResult):
        return ports
    ports = [port for port in ports if port not in parameters.get("except", ())]
    if not ports:
        return unknown("there is no port to try, so nothing is shown; name some under ports")
    return _judge(sight.new_address, _knock_at(sight, sight.new_address, ports))


def _wanted(sight: Sight, parameters: Mapping[str, Any]) -> list[int] | CheckResult:
    if "ports" in parameters:
        return list(parameters["ports"])
    listeners = fact(sight.old, LISTENERS, "the old server")
    if isinstance(listeners, CheckResult):
        return listeners
    tcp = [each.port for each in reachable(listeners.value) if each.protocol is Protocol.TCP]
    return list(dict.fromkeys(tcp))


def _knock_at(sight: Sight, address: str, ports: list[int]) -> dict[int, Heard]:
    def one(port: int) -> Heard:
        return knock(address, port, sight.timeout_seconds)

    with ThreadPoolExecutor(min(_AT_ONCE, len(ports))) as pool:
        return dict(zip(ports, pool.map(one, ports), strict=True))


def _judge(address: str, heard: Mapping[int, Heard]) -> CheckResult:
    observed = {
        "address": address,
        "ports": {str(port): each.knock.value for port, each in heard.items()},
    }
    silent = {port: each for port, each in heard.items() if each.knock is not Knock.OPEN}
    words = listed([f"{port} {each}" for port, each in silent.items()])
    if any(each.knock.is_telling for each in silent.values()):
        return failed(f"{address} does not answer on: {words}", **observed)
    if silent:
        return unknown(f"it cannot be told whether {address} answers on: {words}", **observed)
    return passed(f"{address} answers on {listed([str(port) for port in heard])}", **observed)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "ports": {
                "description": "Ports to try, in place of those of the old server.",
                "type": "array",
                "items": PORT,
                "minItems": 1,
                "uniqueItems": True,
            },
            "from": {
                "description": "Where the ports come from when none are named.",
                "enum": ["source.listeners"],
                "default": "source.listeners",
            },
            "except": {
                "description": "Ports that are not tried.",
                "type": "array",
                "items": PORT,
                "uniqueItems": True,
            },
        },
    },
    run=_run,
    reads="Connects to each port of the new server; sends nothing.",
    about=About.NEW,
)

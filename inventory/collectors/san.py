"""How the server reaches storage networks: Fibre Channel ports, iSCSI name and sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from inventory.collectors._sysfs import by_folder, uevent
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.storage import (
    FIBRE_CHANNEL,
    ISCSI_INITIATOR,
    ISCSI_SESSIONS,
    FibreChannelPort,
    IscsiSession,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import FactKey, Observation

T = TypeVar("T")
_FC: Final = "/sys/class/fc_host"
_FC_FILES: Final = ("port_name", "node_name", "port_state", "speed", "symbolic_name")
_SESSIONS: Final = "/sys/class/iscsi_session"
_CONNECTIONS: Final = "/sys/class/iscsi_connection"
_INITIATOR: Final = "/etc/iscsi/initiatorname.iscsi"
_SYSFS: Final = "/sys/kernel/uevent_seqnum"
"""There wherever the kernel shows its devices at all."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    files = answer.files
    return (
        _seen(FIBRE_CHANNEL, tuple(sorted(_ports(files), key=lambda port: port.name)), files),
        _seen(
            ISCSI_SESSIONS,
            tuple(sorted(_sessions(files), key=lambda each: (each.target, each.address or ""))),
            files,
        ),
        _initiator(answer),
    )


def _seen(
    key: FactKey[tuple[T, ...]], found: tuple[T, ...], files: Mapping[str, str]
) -> Observation:
    if found or _SYSFS in files:
        return key.known(found)
    return key.unknown(Reason.NOT_TOLD, "the kernel does not show its devices")


def _ports(files: Mapping[str, str]) -> Iterator[FibreChannelPort]:
    for name, said in by_folder(files, _FC).items():
        wwpn = said.get("port_name", "").lower().removeprefix("0x")
        if wwpn:
            yield FibreChannelPort(
                name=name,
                wwpn=wwpn,
                wwnn=said.get("node_name", "").lower().removeprefix("0x") or None,
                state=said.get("port_state") or None,
                speed=said.get("speed") or None,
                adapter=said.get("symbolic_name") or None,
            )


def _sessions(files: Mapping[str, str]) -> Iterator[IscsiSession]:
    addresses = {}
    for name, said in by_folder(files, _CONNECTIONS).items():
        address, port = said.get("persistent_address", ""), said.get("persistent_port", "")
        if address:
            # connection3:0 belongs to session3.
            number = name.removeprefix("connection").partition(":")[0]
            host = f"[{address}]" if ":" in address else address
            addresses[number] = f"{host}:{port}" if port else host
    for name, said in by_folder(files, _SESSIONS).items():
        if said.get("targetname"):
            yield IscsiSession(
                target=said["targetname"],
                address=addresses.get(name.removeprefix("session")),
                state=said.get("state") or None,
            )


def _initiator(answer: Answer) -> Observation:
    if _INITIATOR in answer.denied:
        return ISCSI_INITIATOR.unknown(Reason.NEEDS_PRIVILEGE, f"only root may read {_INITIATOR}")
    if _INITIATOR not in answer.files:
        return ISCSI_INITIATOR.unknown(Reason.NOT_TOLD, f"there is no {_INITIATOR}")
    lines = (line for line in answer.files[_INITIATOR].splitlines() if not line.startswith("#"))
    name = uevent("\n".join(lines)).get("InitiatorName")
    return ISCSI_INITIATOR.known_or(name or None, Reason.NOT_TOLD, f"{_INITIATOR} names none")


COLLECTOR = Collector(
    files=(
        *(f"{_FC}/host*/{name}" for name in _FC_FILES),
        *(f"{_SESSIONS}/session*/{name}" for name in ("targetname", "state")),
        *(f"{_CONNECTIONS}/connection*/{x}" for x in ("persistent_address", "persistent_port")),
        _SYSFS,
    ),
    guarded=(_INITIATOR,),
    tells=(FIBRE_CHANNEL, ISCSI_SESSIONS, ISCSI_INITIATOR),
    read=_read,
    examples=(
        Example(
            system="rhel 8 with two adapters and an iscsi target, as root (format as documented)",
            files={
                f"{_FC}/host1/port_name": "0x21000024ff7ea2c4\n",
                f"{_FC}/host1/node_name": "0x20000024ff7ea2c4\n",
                f"{_FC}/host1/port_state": "Online\n",
                f"{_FC}/host1/speed": "16 Gbit\n",
                f"{_FC}/host1/symbolic_name": "QLE2692 FW:v8.08.231 DVR:v10.01.00.25\n",
                f"{_FC}/host2/port_name": "0x21000024ff7ea2c5\n",
                f"{_FC}/host2/port_state": "Linkdown\n",
                f"{_SESSIONS}/session3/targetname": "iqn.2001-05.com.equallogic:vol-1\n",
                f"{_SESSIONS}/session3/state": "LOGGED_IN\n",
                f"{_CONNECTIONS}/connection3:0/persistent_address": "192.0.2.10\n",
                f"{_CONNECTIONS}/connection3:0/persistent_port": "3260\n",
                _INITIATOR: "## DO NOT EDIT\nInitiatorName=iqn.1994-05.com.redhat:a1b2c3d4e5f6\n",
            },
            expected=(
                FIBRE_CHANNEL.known(
                    (
                        FibreChannelPort(
                            name="host1",
                            wwpn="21000024ff7ea2c4",
                            wwnn="20000024ff7ea2c4",
                            state="Online",
                            speed="16 Gbit",
                            adapter="QLE2692 FW:v8.08.231 DVR:v10.01.00.25",
                        ),
                        FibreChannelPort(name="host2", wwpn="21000024ff7ea2c5", state="Linkdown"),
                    )
                ),
                ISCSI_SESSIONS.known(
                    (
                        IscsiSession(
                            target="iqn.2001-05.com.equallogic:vol-1",
                            address="192.0.2.10:3260",
                            state="LOGGED_IN",
                        ),
                    )
                ),
                ISCSI_INITIATOR.known("iqn.1994-05.com.redhat:a1b2c3d4e5f6"),
            ),
        ),
        Example(
            system="debian 12",
            files={_SYSFS: "812\n"},
            denied=frozenset({_INITIATOR}),
            expected=(
                FIBRE_CHANNEL.known(()),
                ISCSI_SESSIONS.known(()),
                ISCSI_INITIATOR.unknown(
                    Reason.NEEDS_PRIVILEGE, "only root may read /etc/iscsi/initiatorname.iscsi"
                ),
            ),
        ),
        Example(
            system="freebsd 13, which has no sysfs",
            expected=(
                FIBRE_CHANNEL.unknown(Reason.NOT_TOLD, "the kernel does not show its devices"),
            ),
        ),
    ),
)

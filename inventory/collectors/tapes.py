"""Which tape drives and media changers are attached to the server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.storage import TAPES, Tape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model.fact import Observation

_LIST: Final = "/proc/scsi/scsi"
_SCSI: Final = "/sys/bus/scsi/drivers_autoprobe"
"""There wherever the kernel knows SCSI."""
_SYSFS: Final = "/sys/kernel/uevent_seqnum"
"""There wherever the kernel shows its devices at all."""
_DEVICE: Final = re.compile(
    r"Host: scsi(?P<host>\d+) Channel: (?P<channel>\d+) Id: (?P<id>\d+) Lun: (?P<lun>\d+)\s+"
    r"Vendor: (?P<vendor>.*?)\s+Model: (?P<model>.*?)\s+Rev:.*\s+"
    r"Type:\s+(?P<type>\S+(?: \S+)?)"
)
_TYPES: Final = {"Sequential-Access": False, "Medium Changer": True}


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = answer.files.get(_LIST)
    if said is not None:
        return (TAPES.known(tuple(sorted(_tapes(said)))),)
    if _SYSFS in answer.files and _SCSI not in answer.files and _SCSI not in answer.denied:
        return (TAPES.known(()),)
    return (TAPES.unknown(Reason.NOT_TOLD, f"there is no {_LIST}"),)


def _tapes(text: str) -> Iterator[Tape]:
    for each in text.split("Host: ")[1:]:
        match = _DEVICE.match(f"Host: {each}")
        if match and match["type"] in _TYPES:
            yield Tape(
                address=":".join(
                    match[name].lstrip("0") or "0" for name in ("host", "channel", "id", "lun")
                ),
                vendor=match["vendor"],
                model=match["model"],
                changer=_TYPES[match["type"]],
            )


COLLECTOR = Collector(
    files=(_LIST, _SCSI, _SYSFS),
    tells=(TAPES,),
    read=_read,
    examples=(
        Example(
            system="sles 12 with a tape library (format as people quote it)",
            files={
                _LIST: """\
Attached devices:
Host: scsi0 Channel: 02 Id: 00 Lun: 00
  Vendor: DELL     Model: PERC H730 Mini   Rev: 4.25
  Type:   Direct-Access                    ANSI  SCSI revision: 05
Host: scsi3 Channel: 00 Id: 01 Lun: 00
  Vendor: IBM      Model: ULT3580-TD6      Rev: G351
  Type:   Sequential-Access                ANSI  SCSI revision: 06
Host: scsi3 Channel: 00 Id: 01 Lun: 01
  Vendor: IBM      Model: 3573-TL          Rev: C.40
  Type:   Medium Changer                   ANSI  SCSI revision: 05
"""
            },
            expected=(
                TAPES.known(
                    (
                        Tape(address="3:0:1:0", vendor="IBM", model="ULT3580-TD6", changer=False),
                        Tape(address="3:0:1:1", vendor="IBM", model="3573-TL", changer=True),
                    )
                ),
            ),
        ),
        Example(
            system="ubuntu 22.04 on vmware (format as documented)",
            files={
                _LIST: """\
Attached devices:
Host: scsi2 Channel: 00 Id: 00 Lun: 00
  Vendor: VMware   Model: Virtual disk     Rev: 2.0
  Type:   Direct-Access                    ANSI  SCSI revision: 06
"""
            },
            expected=(TAPES.known(()),),
        ),
        Example(
            system="debian 12 in a microvm without SCSI",
            files={_SYSFS: "812\n"},
            expected=(TAPES.known(()),),
        ),
        Example(
            system="a kernel that knows SCSI and keeps no list (format as documented)",
            files={_SYSFS: "812\n", _SCSI: "1\n"},
            expected=(TAPES.unknown(Reason.NOT_TOLD, "there is no /proc/scsi/scsi"),),
        ),
    ),
)

"""Which serial ports are really there, and whether something is plugged into them.

The kernel shows more ports than there are: those without a chip are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import value
from inventory.collectors._text import number
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.hardware import SERIAL_PORTS, SerialPort

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_DRIVER: Final = "/proc/tty/driver/serial"
"""Only root may read it; it tells whether a port is used."""
_TYPES: Final = "/sys/class/tty/ttyS[0-9]/type"
_ADAPTERS: Final = ("/sys/class/tty/ttyUSB*/uevent", "/sys/class/tty/ttyACM*/uevent")
_TYPE: Final = re.compile(r"/sys/class/tty/(?P<name>ttyS\d)/type")
_ADAPTER: Final = re.compile(r"/sys/class/tty/(?P<name>tty(?:USB|ACM)\d+)/uevent")
_LINE: Final = re.compile(r"(?P<number>\d{1,3}): uart:(?P<type>\S+)(?P<rest>.*)")
_COUNT: Final = re.compile(r"\b(tx|rx):(\d{1,18})\b")
_CHIPS: Final = {
    "1": "8250", "2": "16450", "3": "16550", "4": "16550A", "5": "Cirrus", "6": "16650",
    "7": "16650V2", "8": "16750", "9": "Startech", "10": "16C950/954", "11": "16654",
    "12": "16850", "13": "RSA",
}  # fmt: skip
"""PORT_… of the kernel's include/uapi/linux/serial_core.h."""
_OURS: Final = "DTR"
_THEIRS: Final = ("CTS", "DSR", "CD")


def _read(answer: Answer) -> tuple[Observation, ...]:
    listed = answer.files.get(_DRIVER)
    built_in = _typed(answer.files) if listed is None else _listed(listed)
    found = sorted([*built_in, *_adapters(answer.files)], key=lambda port: port.name)
    if listed is not None or any(map(_TYPE.fullmatch, answer.files)):
        return (SERIAL_PORTS.known(tuple(found)),)
    if _DRIVER in answer.denied:
        return (SERIAL_PORTS.unknown(Reason.NEEDS_PRIVILEGE, f"only root may read {_DRIVER}"),)
    return (SERIAL_PORTS.unknown(Reason.NOT_TOLD, f"there is no {_DRIVER}"),)


def _listed(text: str) -> Iterator[SerialPort]:
    for match in map(_LINE.match, text.splitlines()):
        if match and match["type"] != "unknown":
            counts = dict(_COUNT.findall(match["rest"]))
            lines = match["rest"].rpartition(" ")[2].split("|")
            yield SerialPort(
                name=f"ttyS{match['number']}",
                type=match["type"],
                sent_bytes=number(counts.get("tx")),
                received_bytes=number(counts.get("rx")),
                in_use=_OURS in lines,
                connected=any(line in lines for line in _THEIRS),
            )


def _typed(files: Mapping[str, str]) -> Iterator[SerialPort]:
    for path in files:
        match, said = _TYPE.fullmatch(path), value(files, path)
        if match and said not in {None, "", "0"}:
            yield SerialPort(name=match["name"], type=_CHIPS.get(said or ""))


def _adapters(files: Mapping[str, str]) -> Iterator[SerialPort]:
    for match in map(_ADAPTER.fullmatch, files):
        if match:
            yield SerialPort(name=match["name"], type="usb")


COLLECTOR = Collector(
    files=(_TYPES, *_ADAPTERS),
    guarded=(_DRIVER,),
    tells=(SERIAL_PORTS,),
    read=_read,
    examples=(
        Example(
            system="debian 12, as root",
            files={
                _DRIVER: """\
serinfo:1.0 driver revision:
0: uart:16550A port:000003F8 irq:4 tx:1583 rx:0 RTS|CTS|DTR|DSR|CD
1: uart:unknown port:000002F8 irq:3
2: uart:unknown port:000003E8 irq:4
""",
            },
            expected=(
                SERIAL_PORTS.known(
                    (
                        SerialPort(
                            name="ttyS0",
                            type="16550A",
                            sent_bytes=1583,
                            received_bytes=0,
                            in_use=True,
                            connected=True,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="ubuntu 22.04 with an adapter, as a user without privilege "
            "(format as documented)",
            files={
                "/sys/class/tty/ttyS0/type": "4\n",
                "/sys/class/tty/ttyS1/type": "0\n",
                "/sys/class/tty/ttyUSB0/uevent": "MAJOR=188\nMINOR=0\nDEVNAME=ttyUSB0\n",
            },
            denied=frozenset({_DRIVER}),
            expected=(
                SERIAL_PORTS.known(
                    (
                        SerialPort(name="ttyS0", type="16550A"),
                        SerialPort(name="ttyUSB0", type="usb"),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 7, as a user without privilege (format as documented)",
            denied=frozenset({_DRIVER, "/sys/class/tty/ttyS0/type"}),
            expected=(
                SERIAL_PORTS.unknown(
                    Reason.NEEDS_PRIVILEGE, "only root may read /proc/tty/driver/serial"
                ),
            ),
        ),
    ),
)

"""Whether the account that asks has privileges, of its own or by sudo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import SUDO

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_STATUS: Final = "/proc/self/status"
"""Of the process that reads it, which is the account's own."""

_SCRIPT = f"""
if [ ! -r {_STATUS} ]; then id -u; fi
if [ "$SUDO" ]; then privileged id -u; fi
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    users = [line for line in answer.text.split() if line.isascii() and line.isdecimal()]
    for line in answer.files.get(_STATUS, "").splitlines():
        if line.startswith("Uid:"):
            users.extend(line.split()[2:3])  # real, effective, saved, filesystem's
    if not users:
        return (SUDO.unknown(Reason.NOT_TOLD, "id gave no user"),)
    return (SUDO.known("0" in users),)


COLLECTOR = Collector(
    files=(_STATUS,),
    script=_SCRIPT,
    tidy=True,
    tells=(SUDO,),
    read=_read,
    examples=(
        Example(
            system="debian 12, as root",
            files={_STATUS: "Name:\thead\nUid:\t0\t0\t0\t0\n"},
            expected=(SUDO.known(value=True),),
        ),
        Example(
            system="rhel 9 (format as documented), with sudo",
            text="0\n",
            files={_STATUS: "Name:\thead\nUid:\t1000\t1000\t1000\t1000\n"},
            expected=(SUDO.known(value=True),),
        ),
        Example(
            system="alpine 3.19 (busybox), as a user",
            files={_STATUS: "Name:\thead\nUid:\t1000\t1000\t1000\t1000\n"},
            expected=(SUDO.known(value=False),),
        ),
        Example(
            system="freebsd 14, as a user",
            text="1001\n",
            expected=(SUDO.known(value=False),),
        ),
        Example(
            system="a server without id",
            text="",
            expected=(SUDO.unknown(Reason.NOT_TOLD, "id gave no user"),),
        ),
    ),
)

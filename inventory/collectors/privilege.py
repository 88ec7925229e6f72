"""Whether the account that asks has privileges, of its own or by sudo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import SUDO

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_SCRIPT = """
id -u
if [ "$SUDO" ]; then $SUDO id -u; fi
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    users = [line for line in answer.text.split() if line.isascii() and line.isdecimal()]
    if not users:
        return (SUDO.unknown(Reason.NOT_TOLD, "id gave no user"),)
    return (SUDO.known("0" in users),)


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(SUDO,),
    read=_read,
    examples=(
        Example(system="debian 12, as root", text="0\n", expected=(SUDO.known(value=True),)),
        Example(
            system="rhel 9 (format as documented), with sudo",
            text="1000\n0\n",
            expected=(SUDO.known(value=True),),
        ),
        Example(
            system="alpine 3.19 (busybox), as a user",
            text="1000\n",
            expected=(SUDO.known(value=False),),
        ),
        Example(
            system="a server without id",
            text="",
            expected=(SUDO.unknown(Reason.NOT_TOLD, "id gave no user"),),
        ),
    ),
)

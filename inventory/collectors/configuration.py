"""What the server's configuration is like: one digest over the files under /etc.

It tells that something was changed, never what is in it: only a checksum of checksums leaves the
server. Files that the system rewrites by itself are left out. Asked whenever evidence is taken, and
otherwise on request: reading all of /etc costs a server a quarter of what all other questions do.
"""

from __future__ import annotations

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Observation, Reason
from inventory.model.software import CONFIGURATION

_SCRIPT = """
if [ -d /etc ]; then
  privileged find /etc -xdev -type f \\
    ! -name mtab ! -name adjtime ! -name '.pwd.lock' ! -name '*.swp' ! -name 'ld.so.cache' \\
    ! -path '/etc/lvm/archive/*' ! -path '/etc/lvm/backup/*' ! -path '/etc/lvm/cache/*' \\
    ! -path '/etc/cups/subscriptions*' \\
    -exec cksum {} + | sort | cksum
fi
"""

_FIELDS = 2


def _read(answer: Answer) -> tuple[Observation, ...]:
    words = answer.text.split()
    if len(words) < _FIELDS or not all(word.isdigit() for word in words[:_FIELDS]):
        return (CONFIGURATION.unknown(Reason.NOT_TOLD, "no checksum of /etc came back"),)
    if words[1] == "0":
        return (CONFIGURATION.unknown(Reason.NOT_TOLD, "no file under /etc could be read"),)
    return (CONFIGURATION.known(":".join(words[:_FIELDS])),)


COLLECTOR = Collector(
    script=_SCRIPT,
    optional=True,
    tells=(CONFIGURATION,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="1880312343 41277\n",
            expected=(CONFIGURATION.known("1880312343:41277"),),
        ),
        Example(
            system="alpine 3.19 (busybox)",
            text="3015617425 2130\n",
            expected=(CONFIGURATION.known("3015617425:2130"),),
        ),
        Example(
            system="a server without cksum",
            text="4294967295 0\n",
            expected=(CONFIGURATION.unknown(Reason.NOT_TOLD, "no file under /etc could be read"),),
        ),
    ),
)

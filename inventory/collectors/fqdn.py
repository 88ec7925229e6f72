"""What the server's full name is.

Apart from the other names, because the resolver may be asked, and may be slow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import FQDN

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_SCRIPT = """
name=$(uname -n)
printf '%s\\n' "$name"
case $name in *.*) ;; *) hostname -f ;; esac
:
"""

_NAME: Final = re.compile(r"([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*\Z")
_NO_NAME: Final = ("localhost.", "localhost4.", "localhost6.", "ip6-localhost.")


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = [line.strip().rstrip(".").lower() for line in answer.text.splitlines()]
    for name in said:
        if _NAME.match(name) and not name.startswith(_NO_NAME):
            return (FQDN.known(name),)
    names = " and ".join(repr(name) for name in dict.fromkeys(said) if name)
    detail = f"it calls itself {names}" if names else "it gave no name"
    return (FQDN.unknown(Reason.NOT_TOLD, detail),)


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(FQDN,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="web-1\nweb-1.shop.example.org\n",
            expected=(FQDN.known("web-1.shop.example.org"),),
        ),
        Example(
            system="rhel 9 (format as documented)",
            text="DB-1.Example.org\n",
            expected=(FQDN.known("db-1.example.org"),),
        ),
        Example(
            system="centos 7 as installed (format as documented)",
            text="localhost.localdomain\n",
            expected=(FQDN.unknown(Reason.NOT_TOLD, "it calls itself 'localhost.localdomain'"),),
        ),
        Example(
            system="alpine 3.19 (busybox), without an entry for itself in /etc/hosts",
            text="cache-1\ncache-1\n",
            expected=(FQDN.unknown(Reason.NOT_TOLD, "it calls itself 'cache-1'"),),
        ),
    ),
)

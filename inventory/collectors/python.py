"""Which Python interpreters are installed, by the names of their files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import PYTHON_VERSIONS

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_MINOR_VERSIONS: Final = {2: range(2, 8), 3: range(41)}
_VERSIONS: Final = " ".join(
    f"{major}.{minor}" for major, minors in _MINOR_VERSIONS.items() for minor in minors
)

# /usr/bin holds a thousand names and more: to ask for each version costs less than to list it.
_SCRIPT = f"""
if [ -x /usr/bin ]; then echo '@@ looked'; fi
for version in {_VERSIONS}; do
  if [ -x "/usr/bin/python$version" ]; then echo "/usr/bin/python$version"; fi
done
set -- /usr/local/bin/python[23].* /opt/*/bin/python[23].*
if [ ! -L /bin ]; then set -- "$@" /bin/python[23].*; fi
if [ -e /usr/libexec/platform-python ]; then set -- "$@" /usr/libexec/platform-python[23].*; fi
for file in "$@"; do
  if [ -x "$file" ]; then printf '%s\\n' "$file"; fi
done
:
"""

_NAME: Final = re.compile(r"/(?:platform-)?python(\d{1,2}\.\d{1,3})$", re.MULTILINE)


def _read(answer: Answer) -> tuple[Observation, ...]:
    if "looked" not in parts(answer.text):
        return (PYTHON_VERSIONS.unknown(Reason.NOT_TOLD, "/usr/bin may not be listed"),)
    versions = set(_NAME.findall(answer.text))
    return (PYTHON_VERSIONS.known(tuple(sorted(versions, key=_in_order))),)


def _in_order(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(PYTHON_VERSIONS,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="@@ looked\n@@ looked\n/usr/bin/python3.11\n/usr/local/bin/python3.9\n",
            expected=(PYTHON_VERSIONS.known(("3.9", "3.11")),),
        ),
        Example(
            system="rhel 8 as installed (format as documented)",
            text="@@ looked\n/usr/libexec/platform-python3.6\n/usr/libexec/platform-python3.6m\n",
            expected=(PYTHON_VERSIONS.known(("3.6",)),),
        ),
        Example(
            system="alpine 3.19 (busybox)",
            text="@@ looked\n",
            expected=(PYTHON_VERSIONS.known(()),),
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(PYTHON_VERSIONS.unknown(Reason.NOT_TOLD, "/usr/bin may not be listed"),),
        ),
    ),
)

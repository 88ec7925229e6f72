"""Which Oracle databases a server registers: their SIDs and homes, as /etc/oratab names them.

Each line is ``SID:HOME:Y|N``, whether it starts with the server. A line whose SID is ``*`` names no
database. https://docs.oracle.com/en/database/oracle/oracle-database/19/unxar/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.instances import ORACLE, Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model.fact import Observation

_FILES: Final = ("/etc/oratab", "/var/opt/oracle/oratab")
_LINE: Final = re.compile(r"\s*([A-Za-z0-9_$#+-]+):([^:\s]*)(?::([YNyn]))?")
_RELEASE: Final = re.compile(r"/(\d{1,2}(?:\.\d+){1,4})(?:/|\Z)")


def _read(answer: Answer) -> tuple[Observation, ...]:
    texts = [answer.files[path] for path in _FILES if path in answer.files]
    if not texts and answer.denied & set(_FILES):
        return (ORACLE.unknown(Reason.NEEDS_PRIVILEGE, "oratab may not be read"),)
    found = {each.name: each for text in texts for each in _instances(text)}
    return (ORACLE.known(tuple(found.values())),)


def _instances(text: str) -> Iterator[Instance]:
    for line in text.splitlines():
        match = _LINE.match(line)
        if match:
            sid, home, start = match.groups()
            release = _RELEASE.search(home)
            starts = {"y": "yes", "n": "no"}.get((start or "").lower())
            yield Instance(
                application="oracle-asm" if sid.startswith("+") else "oracle-db",
                kind=InstanceKind.SERVER,
                name=sid,
                version=release[1] if release else None,
                details=(
                    *((Detail(name="home", value=home),) if home else ()),
                    *((Detail(name="starts at boot", value=starts),) if starts else ()),
                ),
            )


COLLECTOR = Collector(
    files=_FILES,
    tells=(ORACLE,),
    read=_read,
    examples=(
        Example(
            system="oracle linux 8 with Oracle 19c (format as documented)",
            files={
                "/etc/oratab": "#\n# This file is used by ORACLE utilities.\n\n"
                "+ASM:/u01/app/19.0.0/grid:N\n"
                "UNIFORM:/u01/app/oracle/product/19.3.0/dbhome_1:Y\n"
                "*:/u01/app/oracle/agent:N\n"
            },
            expected=(
                ORACLE.known(
                    (
                        Instance(
                            application="oracle-asm",
                            kind=InstanceKind.SERVER,
                            name="+ASM",
                            version="19.0.0",
                            details=(
                                Detail(name="home", value="/u01/app/19.0.0/grid"),
                                Detail(name="starts at boot", value="no"),
                            ),
                        ),
                        Instance(
                            application="oracle-db",
                            kind=InstanceKind.SERVER,
                            name="UNIFORM",
                            version="19.3.0",
                            details=(
                                Detail(
                                    name="home", value="/u01/app/oracle/product/19.3.0/dbhome_1"
                                ),
                                Detail(name="starts at boot", value="yes"),
                            ),
                        ),
                    )
                ),
            ),
        ),
        Example(system="a server without Oracle", expected=(ORACLE.known(()),)),
        Example(
            system="a server whose oratab the account may not read",
            denied=frozenset({"/etc/oratab"}),
            expected=(ORACLE.unknown(Reason.NEEDS_PRIVILEGE, "oratab may not be read"),),
        ),
    ),
)

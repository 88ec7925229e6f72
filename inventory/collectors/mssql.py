"""Which databases SQL Server on Linux has, with the size of their files.

Nobody logs in: a database is a primary data file, ``NAME.mdf``, in the usual folder.
https://learn.microsoft.com/en-us/sql/linux/sql-server-linux-configure-mssql-conf
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.instances import MSSQL, Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_SCRIPT: Final = """
echo '@@ looked'
if [ -d /var/opt/mssql ]; then
  echo '@@ files'
  privileged du -ak /var/opt/mssql/data
fi
:
"""

_FOLDER: Final = "/var/opt/mssql/data"
_SYSTEM: Final = frozenset({
    "master", "model", "msdbdata", "tempdb", "model_msdbdata", "model_replicatedmaster",
})  # fmt: skip
_KIBIBYTE: Final = 1024


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (MSSQL.unknown(Reason.NOT_TOLD, "the question was not answered"),)
    if "files" not in said:
        return (MSSQL.known(()),)
    return (MSSQL.known(tuple(_instances(dict(_sizes(said["files"]))))),)


def _instances(sizes: Mapping[str, int]) -> Iterator[Instance]:
    is_seen = any(path.endswith("/master.mdf") for path in sizes)
    yield Instance(
        application="mssql",
        kind=InstanceKind.SERVER,
        name="MSSQLSERVER",
        path=_FOLDER,
        size_bytes=sizes.get(_FOLDER) if is_seen else None,
        details=() if is_seen else (Detail(name="databases", value="not read: needs privilege"),),
    )
    for path in sorted(sizes):
        name = path.rpartition("/")[2].removesuffix(".mdf")
        if path.endswith(".mdf") and name not in _SYSTEM:
            yield Instance(
                application="mssql",
                kind=InstanceKind.DATABASE,
                name=name,
                of="MSSQLSERVER",
                path=path,
                size_bytes=sizes[path],
            )


def _sizes(text: str) -> Iterator[tuple[str, int]]:
    for line in text.splitlines():
        kibibytes, _, path = line.partition("\t")
        size = number(kibibytes)
        if size is not None:
            yield path, size * _KIBIBYTE


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(MSSQL,),
    read=_read,
    examples=(
        Example(
            system="ubuntu 22.04 with SQL Server 2022 (format as documented)",
            text=(
                "@@ looked\n@@ files\n"
                "4096\t/var/opt/mssql/data/master.mdf\n"
                "8192\t/var/opt/mssql/data/tempdb.mdf\n"
                "73728\t/var/opt/mssql/data/Uniform.mdf\n"
                "8192\t/var/opt/mssql/data/Uniform_log.ldf\n"
                "98304\t/var/opt/mssql/data\n"
            ),
            expected=(
                MSSQL.known(
                    (
                        Instance(
                            application="mssql",
                            kind=InstanceKind.SERVER,
                            name="MSSQLSERVER",
                            path="/var/opt/mssql/data",
                            size_bytes=98304 * 1024,
                        ),
                        Instance(
                            application="mssql",
                            kind=InstanceKind.DATABASE,
                            name="Uniform",
                            of="MSSQLSERVER",
                            path="/var/opt/mssql/data/Uniform.mdf",
                            size_bytes=73728 * 1024,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="ubuntu 22.04 with SQL Server 2022, as a user (format as documented)",
            text="@@ looked\n@@ files\n",
            expected=(
                MSSQL.known(
                    (
                        Instance(
                            application="mssql",
                            kind=InstanceKind.SERVER,
                            name="MSSQLSERVER",
                            path="/var/opt/mssql/data",
                            details=(Detail(name="databases", value="not read: needs privilege"),),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server without SQL Server", text="@@ looked\n", expected=(MSSQL.known(()),)
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(MSSQL.unknown(Reason.NOT_TOLD, "the question was not answered"),),
        ),
    ),
)

"""Which MySQL and MariaDB servers a server has data of, and their schemas with sizes.

Nobody logs in: a schema is a folder within the data folder, and its size is what that takes on
disk. Of the configuration only ``datadir`` and ``port`` are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.instances import MYSQL, Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model.fact import Observation

_SCRIPT: Final = """
echo '@@ looked'
set --
for file in /etc/my.cnf /etc/mysql/my.cnf /etc/my.cnf.d/*.cnf /etc/mysql/conf.d/*.cnf \\
  /etc/mysql/mysql.conf.d/*.cnf /etc/mysql/mariadb.conf.d/*.cnf \\
  /usr/local/etc/mysql/my.cnf /usr/local/etc/mysql/conf.d/*.cnf; do
  if [ -r "$file" ]; then set -- "$@" "$file"; fi
done
settings=
if [ "$#" -gt 0 ]; then
  settings=$(grep -hsoE '^[[:space:]]*(datadir|port)[[:space:]]*=[^#]*' "$@")
  printf '@@ configuration\\n%s\\n' "$settings"
fi
if [ -d /var/lib/mysql ]; then
  echo '@@ sizes'
  privileged du -k -d 1 /var/lib/mysql || privileged du -k --max-depth=1 /var/lib/mysql
fi
# FreeBSD's own.
if [ -d /var/db/mysql ]; then
  echo '@@ sizes /var/db/mysql'
  privileged du -k -d 1 /var/db/mysql
fi
for word in $settings; do
  folder=${word#*=}
  folder=${folder%/}
  case $folder in
  /var/lib/mysql | /var/db/mysql) ;;
  /*)
    if [ -d "$folder" ]; then
      printf '@@ sizes %s\\n' "$folder"
      du -k -d 1 "$folder" || du -k --max-depth=1 "$folder"
    fi
    ;;
  esac
done
:
"""

_USUAL: Final = "/var/lib/mysql"
_SYSTEM: Final = frozenset({"mysql", "performance_schema", "sys", "information_schema"})
_NO_SCHEMA: Final = re.compile(r"[#.@]|lost\+found\Z|mysql-files|mysql-keyring")
_ENCODED: Final = re.compile(r"@([0-9a-f]{4})")
_KIBIBYTE: Final = 1024


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (MYSQL.unknown(Reason.NOT_TOLD, "the question was not answered"),)
    configured = [line.partition("=") for line in said.get("configuration", "").splitlines()]
    told = (number(value) for key, _, value in configured if key.strip() == "port")
    ports = tuple(f"{port}/tcp" for port in told if port)
    folders = {
        name.removeprefix("sizes").strip() or _USUAL: text
        for name, text in said.items()
        if name.split(" ")[0] == "sizes"
    }
    found = [each for folder, text in folders.items() for each in _server(folder, text, ports)]
    return (MYSQL.known(tuple(found)),)


def _server(folder: str, text: str, ports: tuple[str, ...]) -> Iterator[Instance]:
    """Yield the server whose data is in a folder, then its schemas."""
    sizes = dict(_sizes(text))
    # The account may see the folder and not what is in it: then neither names nor sizes are known.
    is_seen = any(path.startswith(f"{folder}/mysql") for path in sizes)
    yield Instance(
        application="mysql",
        kind=InstanceKind.SERVER,
        name=folder,
        path=folder,
        size_bytes=sizes.get(folder) if is_seen else None,
        ports=tuple(dict.fromkeys(ports)),
        details=() if is_seen else (Detail(name="schemas", value="not read: needs privilege"),),
    )
    for path, size in sorted(sizes.items()):
        name = path.removeprefix(f"{folder}/")
        if is_seen and path != folder and not _NO_SCHEMA.match(name) and name not in _SYSTEM:
            yield Instance(
                application="mysql",
                kind=InstanceKind.DATABASE,
                name=_ENCODED.sub(lambda match: chr(int(match[1], 16)), name),
                of=folder,
                path=path,
                size_bytes=size,
            )


def _sizes(text: str) -> Iterator[tuple[str, int]]:
    for line in text.splitlines():
        kibibytes, _, path = line.partition("\t")
        size = number(kibibytes)
        if size is not None and path.startswith("/"):
            yield path.rstrip("/") or "/", size * _KIBIBYTE


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(MYSQL,),
    read=_read,
    examples=(
        Example(
            system="freebsd 14 with mysql 8.0 (folders as its ports have them)",
            text="""\
@@ looked
@@ sizes /var/db/mysql
2764\t/var/db/mysql/mysql
512\t/var/db/mysql/shop
4096\t/var/db/mysql
""",
            expected=(
                MYSQL.known(
                    (
                        Instance(
                            application="mysql",
                            kind=InstanceKind.SERVER,
                            name="/var/db/mysql",
                            path="/var/db/mysql",
                            size_bytes=4_194_304,
                        ),
                        Instance(
                            application="mysql",
                            kind=InstanceKind.DATABASE,
                            name="shop",
                            of="/var/db/mysql",
                            path="/var/db/mysql/shop",
                            size_bytes=524_288,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12 (MariaDB 10.11)",
            text="""\
@@ looked
@@ configuration
port                    = 3306
@@ sizes
84\t/var/lib/mysql/sys
2764\t/var/lib/mysql/mysql
4\t/var/lib/mysql/performance_schema
164\t/var/lib/mysql/shop@002dlive
125388\t/var/lib/mysql
""",
            expected=(
                MYSQL.known(
                    (
                        Instance(
                            application="mysql",
                            kind=InstanceKind.SERVER,
                            name="/var/lib/mysql",
                            path="/var/lib/mysql",
                            size_bytes=125388 * 1024,
                            ports=("3306/tcp",),
                        ),
                        Instance(
                            application="mysql",
                            kind=InstanceKind.DATABASE,
                            name="shop-live",
                            of="/var/lib/mysql",
                            path="/var/lib/mysql/shop@002dlive",
                            size_bytes=164 * 1024,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9 with MySQL 8, as a user who may not look (format as documented)",
            text="@@ looked\n@@ configuration\n@@ sizes\n4\t/var/lib/mysql\n",
            expected=(
                MYSQL.known(
                    (
                        Instance(
                            application="mysql",
                            kind=InstanceKind.SERVER,
                            name="/var/lib/mysql",
                            path="/var/lib/mysql",
                            details=(Detail(name="schemas", value="not read: needs privilege"),),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server without MySQL",
            text="@@ looked\n",
            expected=(MYSQL.known(()),),
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(MYSQL.unknown(Reason.NOT_TOLD, "the question was not answered"),),
        ),
    ),
)

"""Where MongoDB, Redis, Valkey, Elasticsearch and OpenSearch keep their data, and how much it is.

Of their configuration only the settings below are read, without comments, never a password.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import by_file, number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.instances import DATA_STORES, Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation


@dataclass(frozen=True, kw_only=True)
class _Store:
    """How one product is configured."""

    application: str
    files: tuple[str, ...]
    folder: str
    """Where its packages put its data."""
    port: int
    settings: Mapping[str, str]
    """Meaning by setting, in lower case: ``folder``, ``port``, or what a detail is called."""


_REDIS: Final = {
    "dir": "folder",
    "port": "port",
    "replicaof": "replica of",
    "slaveof": "replica of",
    "appendonly": "append only",
}
_LUCENE: Final = {"path.data": "folder", "http.port": "port", "cluster.name": "cluster"}
_STORES: Final = (
    _Store(
        application="mongodb",
        files=("/etc/mongod.conf", "/etc/mongodb.conf"),
        folder="/var/lib/mongodb",
        port=27017,
        settings={
            "dbpath": "folder",
            "port": "port",
            "replsetname": "replica set",
            "replset": "replica set",
        },
    ),
    _Store(
        application="redis",
        files=("/etc/redis/redis.conf", "/etc/redis.conf"),
        folder="/var/lib/redis",
        port=6379,
        settings=_REDIS,
    ),
    _Store(
        application="valkey",
        files=("/etc/valkey/valkey.conf", "/etc/valkey.conf"),
        folder="/var/lib/valkey",
        port=6379,
        settings=_REDIS,
    ),
    _Store(
        application="elasticsearch",
        files=("/etc/elasticsearch/elasticsearch.yml",),
        folder="/var/lib/elasticsearch",
        port=9200,
        settings=_LUCENE,
    ),
    _Store(
        application="opensearch",
        files=("/etc/opensearch/opensearch.yml",),
        folder="/var/lib/opensearch",
        port=9200,
        settings=_LUCENE,
    ),
)
_FILES: Final = " ".join(file for each in _STORES for file in each.files)
_FOLDERS: Final = " ".join(each.folder for each in _STORES)
_WANTED: Final = "|".join(
    sorted({each.replace(".", "[.]") for store in _STORES for each in store.settings})
)

# Whether one of them is there at all is seen without a process.
_SCRIPT: Final = f"""
echo '@@ looked'
there=
for file in {_FILES}; do
  if [ -e "$file" ]; then there=1; fi
done
for folder in /etc/redis /etc/valkey /etc/elasticsearch /etc/opensearch; do
  if [ -d "$folder" ] && [ ! -x "$folder" ]; then there=1; fi
done
if [ "$there" ]; then
  echo '@@ settings'
  privileged grep -HsioE "^[[:space:]]*({_WANTED})[:=[:space:]][^#]*" {_FILES}
  echo '@@ sizes'
  privileged du -sk {_FOLDERS}
fi
:
"""

_SETTING: Final = re.compile(r"\s*([A-Za-z.]+)\s*[:=\s]\s*(.*?)\s*\Z")
_KIBIBYTE: Final = 1024


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (DATA_STORES.unknown(Reason.NOT_TOLD, "the question was not answered"),)
    files = by_file(said.get("settings", ""))
    if "settings" in said and not files:
        return (DATA_STORES.unknown(Reason.NEEDS_PRIVILEGE, "their settings may not be read"),)
    sizes = dict(_sizes(said.get("sizes", "")))
    found = (
        _instance(store, file, files[file], sizes)
        for store in _STORES
        for file in store.files
        if file in files
    )
    return (DATA_STORES.known(tuple(found)),)


def _instance(store: _Store, file: str, lines: list[str], sizes: Mapping[str, int]) -> Instance:
    settings = dict(_settings(store, lines))
    folder = settings.pop("folder", None) or store.folder
    port = number(settings.pop("port", None)) or store.port
    return Instance(
        application=store.application,
        kind=InstanceKind.SERVER,
        name=f"on port {port}",
        path=folder,
        size_bytes=sizes.get(folder.rstrip("/")),
        ports=(f"{port}/tcp",),
        details=(
            *(Detail(name=name, value=value) for name, value in settings.items()),
            Detail(name="configured in", value=file),
        ),
    )


def _settings(store: _Store, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield meaning and value of each setting; a key of YAML without a value is none."""
    for line in lines:
        match = _SETTING.match(line.partition(" #")[0])
        meaning = store.settings.get(match[1].lower()) if match else None
        if match and meaning and match[2]:
            yield meaning, match[2].strip("\"'")


def _sizes(text: str) -> Iterator[tuple[str, int]]:
    for line in text.splitlines():
        kibibytes, _, path = line.partition("\t")
        size = number(kibibytes)
        if size is not None:
            yield path, size * _KIBIBYTE


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(DATA_STORES,),
    read=_read,
    examples=(
        Example(
            system="debian 12 with Redis 7, and MongoDB 6 (format as documented)",
            text="""\
@@ looked
@@ settings
/etc/mongod.conf:  dbPath: /srv/mongo
/etc/mongod.conf:  port: 27018
/etc/mongod.conf:  replSetName: "rs0"
/etc/redis/redis.conf:port 6379
/etc/redis/redis.conf:dir /var/lib/redis
/etc/redis/redis.conf:appendonly no
/etc/redis/redis.conf:replicaof 10.0.0.7 6379
@@ sizes
12\t/var/lib/redis
""",
            expected=(
                DATA_STORES.known(
                    (
                        Instance(
                            application="mongodb",
                            kind=InstanceKind.SERVER,
                            name="on port 27018",
                            path="/srv/mongo",
                            ports=("27018/tcp",),
                            details=(
                                Detail(name="replica set", value="rs0"),
                                Detail(name="configured in", value="/etc/mongod.conf"),
                            ),
                        ),
                        Instance(
                            application="redis",
                            kind=InstanceKind.SERVER,
                            name="on port 6379",
                            path="/var/lib/redis",
                            size_bytes=12 * 1024,
                            ports=("6379/tcp",),
                            details=(
                                Detail(name="append only", value="no"),
                                Detail(name="replica of", value="10.0.0.7 6379"),
                                Detail(name="configured in", value="/etc/redis/redis.conf"),
                            ),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12 with Redis 7, as a user",
            text="@@ looked\n@@ settings\n@@ sizes\n",
            expected=(
                DATA_STORES.unknown(Reason.NEEDS_PRIVILEGE, "their settings may not be read"),
            ),
        ),
        Example(
            system="a server without any", text="@@ looked\n", expected=(DATA_STORES.known(()),)
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(DATA_STORES.unknown(Reason.NOT_TOLD, "the question was not answered"),),
        ),
    ),
)

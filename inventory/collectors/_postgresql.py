"""Puts together what the folders of PostgreSQL and its clusters themselves say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import by_file, number
from inventory.model.instances import Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FOLDER: Final = re.compile(r"/var/lib/(?:postgresql|pgsql)/(.+)\Z")
_SOCKET: Final = re.compile(r"socket (/.*)/\.s\.PGSQL\.(\d{1,5})\Z")
_PID_LINE, _PORT_LINE = 0, 3
"""Of postmaster.pid, as PostgreSQL's miscadmin.h numbers them."""
_KIBIBYTE: Final = 1024


@dataclass(kw_only=True)
class _Cluster:
    """One cluster, being gathered."""

    folder: str | None = None
    version: str | None = None
    size_bytes: int | None = None
    port: int | None = None
    pid: int | None = None
    standby: bool | None = None
    asked: bool = False
    """Whether it answered itself."""
    databases: dict[str, tuple[int | None, str | None]] = field(default_factory=dict)
    """Size in bytes and encoding by name."""

    @property
    def name(self) -> str:
        match = _FOLDER.match(self.folder or "")
        return match[1] if match else self.folder or f"on port {self.port}"

    def instances(self) -> Iterator[Instance]:
        """Yield the cluster, then its databases."""
        yield Instance(
            application="postgresql",
            kind=InstanceKind.SERVER,
            name=self.name,
            version=self.version,
            path=self.folder,
            size_bytes=self.size_bytes,
            ports=(f"{self.port}/tcp",) if self.port else (),
            pid=self.pid,
            details=tuple(self._details()),
        )
        for name, (size, encoding) in sorted(self.databases.items()):
            yield Instance(
                application="postgresql",
                kind=InstanceKind.DATABASE,
                name=name,
                of=self.name,
                size_bytes=size,
                details=(Detail(name="encoding", value=encoding),) if encoding else (),
            )

    def _details(self) -> Iterator[Detail]:
        if self.standby is not None:
            yield Detail(name="role", value="standby" if self.standby else "primary")
        if not self.port:
            yield Detail(name="state", value="does not run")
        elif not self.asked:
            yield Detail(name="databases", value="not read: needs privilege")


def read_clusters(said: Mapping[str, str]) -> tuple[Instance, ...]:
    """Return the clusters that folders and sockets show, each followed by its databases."""
    clusters = _by_folder(said.get("files", ""))
    _measure(said.get("sizes", ""), clusters)
    for part, text in said.items():
        match = _SOCKET.match(part)
        if match:
            _answered(_running(int(match[2]), text, clusters), text)
    ordered = sorted(clusters.values(), key=lambda each: each.name)
    return tuple(instance for each in ordered for instance in each.instances())


def _by_folder(text: str) -> dict[str, _Cluster]:
    clusters: dict[str, _Cluster] = {}
    for path, lines in by_file(text).items():
        folder, _, file = path.rpartition("/")
        cluster = clusters.setdefault(folder, _Cluster(folder=folder))
        padded = [*lines, *[""] * (_PORT_LINE + 1)]
        if file == "PG_VERSION":
            cluster.version = padded[0].strip() or None
        elif file == "postmaster.pid":
            cluster.pid, cluster.port = number(padded[_PID_LINE]), number(padded[_PORT_LINE])
    return clusters


def _measure(text: str, clusters: Mapping[str, _Cluster]) -> None:
    for line in text.splitlines():
        kibibytes, _, path = line.partition("\t")
        cluster = clusters.get(path.removesuffix("/base"))
        size = number(kibibytes)
        if cluster and size is not None:
            cluster.size_bytes = size * _KIBIBYTE


def _running(port: int, text: str, clusters: dict[str, _Cluster]) -> _Cluster:
    """Return the cluster behind a socket: the one that says so, or that has its port."""
    told = re.search(r"^folder\|(.+)$", text, re.MULTILINE)
    by_port = next((each for each in clusters.values() if each.port == port), None)
    key = told[1] if told else (by_port.folder if by_port else None) or f"port {port}"
    cluster = clusters.setdefault(key, _Cluster(folder=told[1] if told else None))
    cluster.port = port
    return cluster


def _answered(cluster: _Cluster, text: str) -> None:
    for line in text.splitlines():
        kind, _, value = line.partition("|")
        if kind == "version":
            cluster.asked, cluster.version = True, value.split(" ")[0] or cluster.version
        elif kind == "standby":
            cluster.standby = value == "t"
        elif kind == "database" and value:
            cluster.databases.setdefault(value, (None, None))
        elif kind == "size" and value.count("|") > 1:
            size, encoding, name = value.split("|", 2)
            cluster.databases[name] = (number(size), encoding)

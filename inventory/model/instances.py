"""Instances: the parts of an application that are moved one by one.

A database server's clusters and databases, a web server's sites, what is deployed in a Java server,
a project of containers. Each collector that tells of some has a key of its own here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from inventory.model.fact import FactKey


class InstanceKind(Enum):
    """What an instance is."""

    SERVER = "server"
    """One running or installed copy of the application with data of its own: a PostgreSQL cluster,
    an Oracle SID, a Tomcat base."""
    DATABASE = "database"
    """A database or schema within a server."""
    SITE = "site"
    """A virtual host of a web server."""
    DEPLOYMENT = "deployment"
    """A web application within a Java server; a program that an interpreter runs."""
    PROJECT = "project"
    """Containers that belong together: a compose project."""
    CONTAINER = "container"
    """A container that belongs to no project."""


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One more thing that is known of an instance."""

    name: str
    """``certificate``, ``passes to``, ``encoding`` …"""
    value: str


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance of an application. A field that is None was not told."""

    application: str
    """Identifier of the fingerprint that it belongs to: ``postgresql``, ``nginx``."""
    kind: InstanceKind
    name: str
    """What an engineer calls it: ``15/main``, ``shop``, ``www.example.gov.uk``."""
    of: str | None = None
    """Name of the instance that it is within: a database's cluster."""
    version: str | None = None
    path: str | None = None
    """Where its data or its files are."""
    size_bytes: int | None = None
    """What its data takes on disk."""
    ports: tuple[str, ...] = ()
    """Where it is reached, as ``5432/tcp``."""
    pid: int | None = None
    """The process that serves it."""
    details: tuple[Detail, ...] = ()

    def detail(self, name: str) -> tuple[str, ...]:
        """Return the values of the details of one name."""
        return tuple(each.value for each in self.details if each.name == name)


def _key(name: str, help_line: str) -> FactKey[tuple[Instance, ...]]:
    return FactKey(name=f"instances.{name}", kind=tuple[Instance, ...], help=help_line)


POSTGRESQL: Final = _key("postgresql", "PostgreSQL clusters and their databases, with sizes")
MYSQL: Final = _key("mysql", "MySQL and MariaDB servers and their schemas, with sizes")
ORACLE: Final = _key("oracle", "Oracle databases that are registered, with their homes")
MSSQL: Final = _key("mssql", "Databases of SQL Server on Linux, with sizes")
DATA_STORES: Final = _key("data_stores", "MongoDB, Redis, Elasticsearch and their like")
NGINX_SITES: Final = _key("nginx", "Virtual hosts of nginx")
APACHE_SITES: Final = _key("apache", "Virtual hosts of Apache")
JAVA: Final = _key("java", "Java servers that run, and what is deployed in them")
ALL: Final = (POSTGRESQL, MYSQL, ORACLE, MSSQL, DATA_STORES, NGINX_SITES, APACHE_SITES, JAVA)
"""Every key that tells of instances."""

PATHS: Final = FactKey[tuple[str, ...]](
    name="software.paths",
    kind=tuple[str, ...],
    help="Files and folders that tell of software, by name alone",
)

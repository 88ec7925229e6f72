"""Releases as the lifecycle catalogue counts them, where makers and folders write them otherwise.

SQL Server's builds and years are from the catalogue's own file ``products/mssqlserver.md``
(endoflife-date/endoflife.date@a70eca33). Of a release with service packs the last one counts: what
is told as ``13.0.4001`` may be it or older, so its end is the latest that can be meant.
"""

from __future__ import annotations

import re

_SQL_SERVER_YEARS = {
    "2008": "10.0",
    "2012": "11.0",
    "2014": "12.0",
    "2016": "13.0",
    "2017": "14.0",
    "2019": "15.0",
    "2022": "16.0",
    "2025": "17.0",
}
_SQL_SERVER_LAST = {
    "10.0": "10.0-sp4",
    "10.50": "10.50-sp3",
    "11.0": "11.0-sp4",
    "12.0": "12.0-sp3",
    "13.0": "13.0-sp3",
}
_ORACLE_JAVA_ALONE = 8
"""Before this release, the catalogue knows only Oracle's own Java."""


def release_of(product: str, version: str) -> str:
    """Return the release of a product as the lifecycle catalogue counts it."""
    if product == "mssqlserver":
        return _sql_server(version)
    if product in {"oracle-jdk", "eclipse-temurin"}:
        return re.sub(r"^1\.(?=[0-9])", "", version.replace("_", "."))
    return version


def java_product(version: str, vendor: str | None) -> str:
    """Return whose Java it is: Oracle's, or one of those that follow the free releases."""
    major = release_of("oracle-jdk", version).split(".")[0]
    old = major.isdigit() and int(major) < _ORACLE_JAVA_ALONE
    return "oracle-jdk" if old or (vendor and "oracle" in vendor.lower()) else "eclipse-temurin"


def _sql_server(version: str) -> str:
    started = re.match(r"\d+(\.\d+)?", version)
    line = started[0] if started else version
    line = _SQL_SERVER_YEARS.get(line, line)
    line = line if "." in line else f"{line}.0"
    return _SQL_SERVER_LAST.get(line, line)

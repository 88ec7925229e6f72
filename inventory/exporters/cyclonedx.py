"""CycloneDX: the software of each server as a bill of materials, for vulnerability scanners.

One JSON document a server, of specification 1.6: the operating system and every package that is
known, with a package URL where its manager has one. What is not known is said so by the document
itself: its composition is incomplete, or unknown. The same facts give the same document: its
serial number follows from the server and from the time of the facts, which is its timestamp.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from inventory.model.exporter import Exportable, Exporter, Lacking, Written
from inventory.model.fact import Known
from inventory.model.facts import OS_ID, OS_NAME, OS_VERSION, PACKAGES
from inventory.model.parts import Package
from inventory.model.server import Server

_NAMESPACE: Final = uuid.UUID("5f3c9b2e-6d0a-4b0f-9a57-0c1d7d4f2a11")
"""Of the serial numbers: any fixed one, so that they follow from what they are made of."""
_TYPES: Final = {"dpkg": "deb", "rpm": "rpm", "apk": "apk", "pacman": "alpm"}
"""Package managers that package URLs know:
https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst (2026-11-23)."""
_VENDORS: Final = {"rhel": "redhat", "ol": "oracle", "amzn": "amazon", "sles": "suse"}
"""What a package URL calls a distribution that os-release names otherwise."""
_EPOCH: Final = re.compile(r"(\d+):(.+)\Z")


def _write(exportable: Exportable) -> Iterator[Written]:
    taken: set[str] = set()
    for server in exportable.servers:
        packages = server.facts.of(PACKAGES)
        lacking: tuple[Lacking, ...] = ()
        if not isinstance(packages, Known):
            lacking = (Lacking(server=server.name, what=f"components: packages are {packages}"),)
        name = _file_name(server, taken)
        known = packages.value if isinstance(packages, Known) else None
        document = _document(server, known, exportable.at)
        content = json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"
        yield Written(name=name, content=content, lacking=lacking)


def _file_name(server: Server, taken: set[str]) -> str:
    """Return a name that no other server's document has."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", server.name).strip("._") or server.id
    names = (plain, f"{plain}-{server.id[:8]}", f"{plain}-{server.id}")
    name = next(each for each in names if each.lower() not in taken)
    taken.add(name.lower())
    return f"{name}.cdx.json"


def _document(server: Server, packages: tuple[Package, ...] | None, at: datetime) -> dict[str, Any]:
    told = _told_at(server) or at
    serial = uuid.uuid5(_NAMESPACE, f"{server.id} {told.isoformat()}")
    system = _system(server)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": told.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "tools": {
                "components": [
                    {"type": "application", "name": "decant", "version": version("decant")}
                ]
            },
            "component": {"type": "platform", "bom-ref": server.id, "name": server.name},
        },
        "components": [*([system] if system else []), *_components(server, packages or ())],
        "compositions": [
            # What no package manager brought is not looked for.
            {
                "aggregate": "unknown" if packages is None else "incomplete",
                "assemblies": [server.id],
            }
        ],
    }


def _told_at(server: Server) -> datetime | None:
    told = server.facts.get(PACKAGES.name)
    return told.origin.at if told and told.origin else None


def _system(server: Server) -> dict[str, Any] | None:
    name = server.facts.value(OS_ID) or server.facts.value(OS_NAME)
    if not name:
        return None
    release = server.facts.value(OS_VERSION)
    told = {"type": "operating-system", "bom-ref": "operating-system", "name": name}
    return {**told, "version": release} if release else told


def _components(server: Server, packages: tuple[Package, ...]) -> Iterator[dict[str, Any]]:
    numbered: dict[str, int] = {}
    for each in sorted(packages):
        reference = f"{each.manager}/{each.name}@{each.version}/{each.architecture or ''}"
        count = numbered[reference] = numbered.get(reference, 0) + 1
        component: dict[str, Any] = {
            "type": "library",
            "bom-ref": reference if count == 1 else f"{reference}#{count}",
            "name": each.name,
            "version": each.version,
        }
        if each.vendor:
            component["supplier"] = {"name": each.vendor}
        locator = package_url(each, server.facts.value(OS_ID), server.facts.value(OS_VERSION))
        yield {**component, "purl": locator} if locator else component


def package_url(package: Package, distribution: str | None, release: str | None) -> str | None:
    """Return a package's URL; None when its manager has no type, or the distribution is unknown.

    Source: https://github.com/package-url/purl-spec (2026-11-23).
    """
    kind = _TYPES.get(package.manager)
    if kind is None or not distribution or not package.name:
        return None
    release_of, qualifiers = package.version, {}
    epoch = _EPOCH.match(package.version)
    if kind == "rpm" and epoch:
        release_of = epoch[2]
        qualifiers = {} if epoch[1] == "0" else {"epoch": epoch[1]}
    if package.architecture:
        qualifiers["arch"] = package.architecture
    qualifiers["distro"] = f"{distribution}-{release}" if release else distribution
    vendor = _VENDORS.get(distribution, distribution).lower()
    name = package.name.lower() if kind in {"deb", "apk", "alpm"} else package.name
    at = f"@{_quoted(release_of)}" if release_of else ""
    pairs = "&".join(f"{key}={_quoted(value)}" for key, value in sorted(qualifiers.items()))
    return f"pkg:{kind}/{_quoted(vendor)}/{_quoted(name)}{at}?{pairs}"


def _quoted(text: str) -> str:
    return quote(text, safe=".-_~:")


EXPORTER: Final = Exporter(
    title="CycloneDX 1.6",
    source="https://cyclonedx.org/docs/1.6/json/ (2026-11-23)",
    write=_write,
)

"""What systemd says of its services, and what its folders say of those that it did not load.

A service is running while one of its processes is: a unit that did its work and ended, which
systemd calls active (exited), is stopped.

Whether one is started at boot shows in links, as systemd.unit(5) has it: ``enable`` makes a link in
a ``.wants`` or ``.requires`` folder, or under another name; a link in a service's own such folder
has it started with that service. ``systemctl list-unit-files`` would say the same, but reads and
resolves every unit file for it, a hundred times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from inventory.model.parts import Service, ServiceState

_COLUMNS: Final = 5
"""Unit, load, active, sub, and what it is; the last may be empty."""
_SUFFIX: Final = ".service"
_ADMINISTRATORS: Final = "/etc/systemd/system"


@dataclass(frozen=True, kw_only=True)
class _Files:
    """What lies on the disk, by the names of services."""

    paths: dict[str, str] = field(default_factory=dict)
    """Of the file that counts: an administrator's own hides the distribution's."""
    enabled: set[str] = field(default_factory=set)
    masked: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    installable: set[str] = field(default_factory=set)
    """Those that say when to start them, once they are enabled."""
    wanted_by: dict[str, set[str]] = field(default_factory=dict)
    """Of what is started with other services: those services."""


def read_systemd(units: str, *, links: str, files: str, installable: str) -> Iterator[Service]:
    """Read the services that are loaded, then those that only lie on the disk.

    ``links`` is what ``ls -ln`` says of the folders of links. ``files`` are the paths of unit
    files, those that lead to a device marked with a ``-``, other links with a ``@``.
    ``installable`` are the paths of those that say when to start them.
    """
    told = _files(links, files, installable)
    loaded = set()
    for name, load, active, sub, *rest in filter(None, map(_columns, units.splitlines())):
        if load != "not-found":
            loaded.add(name)
            state = _state(active, sub)
            yield Service(
                name=name,
                state=state,
                enabled=_enabled(name, told),
                description=rest[0] if rest else None,
                path=_path(name, told),
                gathers=state is ServiceState.STOPPED
                and name in told.wanted_by.get(f"{name}@", ()),
            )
    for name, path in told.paths.items():
        known = _enabled(name, told)
        if name not in loaded and not name.endswith("@") and known is not None:
            yield Service(name=name, state=ServiceState.STOPPED, enabled=known, path=path)


def _columns(line: str) -> list[str]:
    """Return name, load, active, sub, and description if there is one; nothing for other lines.

    What is amiss may have a mark of its own before it.
    """
    columns = line.split(None, _COLUMNS - 1)
    if columns and not columns[0].endswith(_SUFFIX):
        columns = line.split(None, _COLUMNS)[1:]
    if len(columns) < _COLUMNS - 1 or not columns[0].endswith(_SUFFIX):
        return []
    return [columns[0].removesuffix(_SUFFIX), *columns[1:]]


def _state(active: str, sub: str) -> ServiceState:
    if sub in {"running", "reload"}:
        return ServiceState.RUNNING
    if active == "failed" or sub == "auto-restart":
        return ServiceState.FAILED
    return ServiceState.STOPPED


def _files(links: str, files: str, installable: str) -> _Files:
    told = _Files()
    for line in files.splitlines():
        path = line.lstrip("-@")
        folder, _, file = path.rpartition("/")
        name = file.removesuffix(_SUFFIX)
        if name == file or "*" in name:
            continue
        told.paths[name] = path
        if line.startswith("-"):
            told.masked.add(name)
        elif line.startswith("@") and folder != _ADMINISTRATORS:
            told.aliases.add(name)
    told.installable.update(
        line.rpartition("/")[2].removesuffix(_SUFFIX) for line in installable.splitlines()
    )
    for folder, name, target in _links(links):
        _linked(told, folder, name, target)
    return told


def _linked(told: _Files, folder: str, name: str, target: str) -> None:
    with_service = folder.rpartition("/")[2].rpartition(f"{_SUFFIX}.")[0]
    if with_service:
        for each in (name, _template(name)):
            told.wanted_by.setdefault(each, set()).add(with_service)
    elif folder != _ADMINISTRATORS:
        told.enabled.update({name, _template(name)})
    elif target == "/dev/null":
        told.masked.add(name)
    elif target.rpartition("/")[2] != f"{name}{_SUFFIX}":
        told.aliases.add(name)
        told.enabled.add(target.rpartition("/")[2].removesuffix(_SUFFIX))


def _links(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield folder, service and target of each link."""
    folder = ""
    for line in text.splitlines():
        if line.startswith("/") and line.endswith(":"):
            folder = line[:-1]
        elif line.startswith("l"):
            before, _, target = line.partition(" -> ")
            name = before.rpartition(" ")[2]
            if name.endswith(_SUFFIX):
                yield folder, name.removesuffix(_SUFFIX), target


def _template(name: str) -> str:
    return f"{name.partition('@')[0]}@" if "@" in name else name


def _enabled(name: str, told: _Files, above: frozenset[str] = frozenset()) -> bool | None:
    """Tell whether a service starts at boot; None for one that only others start.

    One that is started with other services is, unless none of those is. ``above`` are those for
    which it is asked: they may want each other.
    """
    names = {name, _template(name)} if "@" in name else {name}
    if not names.isdisjoint(told.masked):
        return False
    if not names.isdisjoint(told.enabled):
        return True
    with_services = {each for name in names for each in told.wanted_by.get(name, ())} - above
    if any(_enabled(each, told, above | names) is not False for each in with_services):
        return True
    if with_services:
        return False
    if name in told.aliases:
        return None
    return False if not names.isdisjoint(told.installable) else None


def _path(name: str, told: _Files) -> str | None:
    return told.paths.get(name) or told.paths.get(_template(name))

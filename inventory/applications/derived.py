"""Instances that follow from what is known anyway: processes, and containers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.instances import Detail, Instance, InstanceKind
from inventory.model.software import ContainerState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.applications.sight import Sight
    from inventory.model.software import Container

_PMON: Final = re.compile(r"(ora|asm)_pmon_(\S+)\Z")
_LISTENER: Final = re.compile(r"(\S*)/bin/tnslsnr\s+(\S+)")
_TNS: Final = "/bin/tnslsnr"
_PUBLISHED: Final = re.compile(r"(?:\A|:)(\d+)->\d+/(tcp|udp)")


def is_of_oracle(name: str, command_line: str) -> bool:
    """Tell whether a process may be a database's or a listener's of Oracle."""
    return "_pmon_" in name or "_pmon_" in command_line or _TNS in command_line


def oracle(sight: Sight) -> Iterator[Instance]:
    """Yield the Oracle databases and listeners whose processes run.

    A database's background process PMON bears its SID; the listener's bears its name.
    """
    for process in sight.telling:
        if not is_of_oracle(process.name, process.command_line):
            continue
        pmon = _PMON.match(process.name) or _PMON.match(process.command_line)
        if pmon:
            yield Instance(
                application="oracle-asm" if pmon[1] == "asm" else "oracle-db",
                kind=InstanceKind.SERVER,
                name=pmon[2],
                pid=process.pid,
                details=(Detail(name="state", value="runs"),),
            )
        listener = _LISTENER.match(process.command_line)
        if listener:
            yield Instance(
                application="oracle-listener",
                kind=InstanceKind.SERVER,
                name=listener[2],
                pid=process.pid,
                details=(Detail(name="home", value=listener[1]),) if listener[1] else (),
            )


def containers(sight: Sight) -> Iterator[Instance]:
    """Yield each compose project with its services, and each container that is in none."""
    projects: dict[tuple[str, str], list[Container]] = {}
    for each in sight.containers:
        if each.project:
            projects.setdefault((each.engine, each.project), []).append(each)
        else:
            yield Instance(
                application=_engine(each.engine),
                kind=InstanceKind.CONTAINER,
                name=each.name or each.id,
                ports=_ports([each]),
                details=tuple(_image(each)),
            )
    for (engine, project), members in projects.items():
        yield Instance(
            application=_engine(engine),
            kind=InstanceKind.PROJECT,
            name=project,
            ports=_ports(members),
            details=tuple(
                Detail(name=f"service {each.service or each.name or each.id}", value=said.value)
                for each in members
                for said in _image(each)
            ),
        )


def _engine(name: str) -> str:
    return {"cri": "containerd"}.get(name, name)


def _ports(members: list[Container]) -> tuple[str, ...]:
    """Return the ports of the server that lead to them."""
    found = {match for each in members for port in each.ports for match in _PUBLISHED.findall(port)}
    return tuple(
        f"{number}/{protocol}" for number, protocol in sorted(found, key=lambda each: int(each[0]))
    )


def _image(container: Container) -> Iterator[Detail]:
    state = container.state
    stopped = f" ({state.value})" if state and state is not ContainerState.RUNNING else ""
    yield Detail(name="image", value=f"{container.image or 'unknown'}{stopped}")

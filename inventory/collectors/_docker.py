"""What docker says of its containers and images: a line each, fields parted by tabs.

Of a container's labels only the two by which compose knows its own are asked for; its command and
its environment may hold secrets and are not.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.model.software import Container, ContainerState, Image

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTAINER_FIELDS: Final = (
    r"{{.ID}}\t{{.Names}}\t{{.Image}}\t{{.Status}}\t{{.CreatedAt}}\t{{.Ports}}\t{{.Networks}}\t"
    r"{{.Mounts}}\t"
    r'{{.Label "com.docker.compose.project"}}\t{{.Label "com.docker.compose.service"}}'
)
IMAGE_FIELDS: Final = r"{{.ID}}\t{{.Repository}}\t{{.Tag}}\t{{.Size}}\t{{.CreatedAt}}"
_NONE: Final = "<none>"
_STATES: Final = {
    "Up": ContainerState.RUNNING,
    "Created": ContainerState.STOPPED,
    "Exited": ContainerState.STOPPED,
    "Restarting": ContainerState.FAILED,
    "Dead": ContainerState.FAILED,
    "Removal": ContainerState.STOPPED,
}


def read_containers(text: str) -> Iterator[Container]:
    """Read every line that has all fields."""
    count = CONTAINER_FIELDS.count(r"\t") + 1
    for line in text.splitlines():
        fields = line.split("\t")
        if len(fields) == count and fields[0]:
            yield _container(fields)


def _container(fields: list[str]) -> Container:
    identifier, name, image, status, created, ports, networks, mounts, project, service = fields
    return Container(
        engine="docker",
        id=identifier,
        name=name or None,
        image=image or None,
        state=state_of(status),
        status=status or None,
        ports=_listed(ports),
        networks=_listed(networks),
        mounts=_listed(mounts),
        project=project or None,
        service=service or None,
        created_at=moment(created),
    )


def state_of(status: str) -> ContainerState | None:
    """Return the state that docker's words for it mean: ``Up 3 days (Paused)``."""
    if status.endswith("(Paused)"):
        return ContainerState.PAUSED
    return _STATES.get(status.partition(" ")[0])


def read_images(text: str) -> tuple[Image, ...]:
    """Read every image once, with all its names."""
    found: dict[str, tuple[list[str], str, str]] = {}
    count = IMAGE_FIELDS.count(r"\t") + 1
    for line in text.splitlines():
        fields = line.split("\t")
        if len(fields) == count and fields[0]:
            identifier, repository, tag, size, created = fields
            names, _, _ = found.setdefault(identifier, ([], size, created))
            if repository != _NONE:
                names.append(repository if tag == _NONE else f"{repository}:{tag}")
    return tuple(
        Image(
            engine="docker",
            id=identifier,
            names=tuple(sorted(names)),
            size=size or None,
            created_at=moment(created),
        )
        for identifier, (names, size, created) in sorted(found.items())
    )


def moment(text: str) -> datetime | None:
    """Read ``2024-06-10 08:13:20 +0200 CEST``."""
    try:
        return datetime.strptime(text[:25], "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())

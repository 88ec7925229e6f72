"""What ``crictl ps -a`` says of the containers of Kubernetes: a table with a heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.software import Container, ContainerState

if TYPE_CHECKING:
    from collections.abc import Iterator

_GAP: Final = re.compile(r"\s{2,}|\t")
_STATES: Final = {
    "Running": ContainerState.RUNNING,
    "Created": ContainerState.STOPPED,
    "Exited": ContainerState.STOPPED,
}


def read_cri(text: str) -> Iterator[Container]:
    """Read every line; columns are parted by two blanks or more, and named by the heading."""
    heading, _, rest = text.partition("\n")
    names = _GAP.split(heading.strip())
    for line in rest.splitlines():
        told = dict(zip(names, _GAP.split(line.strip()), strict=False))
        if told.get("CONTAINER") and "STATE" in told:
            yield Container(
                engine="cri",
                id=told["CONTAINER"],
                name=told.get("NAME"),
                image=told.get("IMAGE"),
                state=_STATES.get(told["STATE"]),
                status=told["STATE"],
                pod=told.get("POD"),
            )

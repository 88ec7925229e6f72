"""Where the server swaps memory out to, and how much of it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.storage import SWAP, SwapArea

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model.fact import Observation

_SWAPS: Final = "/proc/swaps"
_KIBIBYTE: Final = 1024
_FIELDS: Final = 5


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = answer.files.get(_SWAPS)
    if said is None or not said.startswith("Filename"):
        return (SWAP.unknown(Reason.NOT_TOLD, f"there is no {_SWAPS}"),)
    return (SWAP.known(tuple(sorted(_areas(said), key=lambda area: area.path))),)


def _areas(text: str) -> Iterator[SwapArea]:
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) < _FIELDS or not words[0].startswith("/"):
            continue
        # A deleted file has a word more: "/swap (deleted)".
        kind, size, used, priority = words[-4:]
        total, taken = number(size), number(used)
        if total is not None and taken is not None:
            whole = number(priority.removeprefix("-"))
            negative = priority.startswith("-") and whole is not None
            yield SwapArea(
                path=words[0].replace("\\040", " "),
                file=kind == "file",
                size_bytes=total * _KIBIBYTE,
                used_bytes=taken * _KIBIBYTE,
                priority=-(whole or 0) if negative else whole,
            )


COLLECTOR = Collector(
    files=(_SWAPS,),
    tells=(SWAP,),
    read=_read,
    examples=(
        Example(
            system="debian 12 without swap",
            files={_SWAPS: "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"},
            expected=(SWAP.known(()),),
        ),
        Example(
            system="ubuntu 22.04 with a file, and a volume (format as documented)",
            files={
                _SWAPS: """\
Filename				Type		Size		Used		Priority
/swap.img                               file		4194300		1048576		-2
/dev/dm-1                               partition	2097148		0		5
"""
            },
            expected=(
                SWAP.known(
                    (
                        SwapArea(
                            path="/dev/dm-1",
                            file=False,
                            size_bytes=2_147_479_552,
                            used_bytes=0,
                            priority=5,
                        ),
                        SwapArea(
                            path="/swap.img",
                            file=True,
                            size_bytes=4_294_963_200,
                            used_bytes=1_073_741_824,
                            priority=-2,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 13, which has no such file",
            expected=(SWAP.unknown(Reason.NOT_TOLD, "there is no /proc/swaps"),),
        ),
    ),
)

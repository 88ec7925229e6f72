"""No partition or volume is set aside for swap."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import OS_FAMILY
from inventory.model.storage import SWAP, SwapArea
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AZURE_LINUX
from migrate.judging.units import GIB
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_LINUX = OS_FAMILY.known("linux")


def _judge(areas: tuple[SwapArea, ...]) -> Judgement:
    found = ", ".join(each.path for each in areas if not each.file and "zram" not in each.path)
    return Flagged(observed=found) if found else Passed()


def _swap(path: str, *, file: bool) -> Observation:
    return SWAP.known((SwapArea(path=path, file=file, size_bytes=2 * GIB, used_bytes=0),))


RULE = Rule(
    title="A swap partition",
    why=(
        "Azure advises against swap space on the system disk; its agent can make a swap file on "
        "the temporary disk, where the chosen size has one."
    ),
    fix="Choose a size with a temporary disk and let the agent make swap there, or keep it.",
    source=AZURE_LINUX.citation,
    source_date=AZURE_LINUX.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=on_family("linux", about(SWAP, _judge)),
    examples=(
        flags("a volume", _LINUX, _swap("/dev/dm-1", file=False)),
        passes("a file", _LINUX, _swap("/swap.img", file=True)),
        passes("compressed memory", _LINUX, _swap("/dev/zram0", file=False)),
        passes("none", _LINUX, SWAP.known(())),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("swap not told", _LINUX, untold(SWAP)),
    ),
)

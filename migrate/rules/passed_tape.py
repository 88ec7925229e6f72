"""No tape drive is passed through to the virtual machine."""

from __future__ import annotations

from inventory.model.facts import VIRTUALISATION
from inventory.model.storage import TAPES, Tape
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import listed
from migrate.judging.platform import on_virtual
from migrate.judging.reading import about
from migrate.judging.sources import AWS_TAPE_GATEWAY
from migrate.model.rule import Judgement, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")
_LIBRARY = Tape(address="4:0:0:0", vendor="STK", model="L700", changer=True)


def _judge(tapes: tuple[Tape, ...]) -> Judgement:
    return listed(
        (f"{each.vendor} {each.model}" for each in sorted(tapes)), severity=Severity.CONDITION
    )


RULE = Rule(
    title="The virtual machine has a tape drive or library",
    why=(
        "A drive, or a virtual tape library, is connected by SCSI, Fibre Channel or iSCSI. A "
        "real one cannot be connected to a server in a cloud; a virtual one must be reached "
        "from there."
    ),
    fix=(
        "Write backups to the cloud (virtual tapes by AWS Storage Gateway, or the backup "
        "product to object storage), and keep what reads old tapes at the Hub."
    ),
    source=AWS_TAPE_GATEWAY.citation,
    source_date=AWS_TAPE_GATEWAY.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_virtual(about(TAPES, _judge)),
    examples=(
        flags("a library", _VMWARE, TAPES.known((_LIBRARY,))),
        passes("none", _VMWARE, TAPES.known(())),
        spares("a physical server", VIRTUALISATION.known("none")),
        cannot_tell("not told", _VMWARE, untold(TAPES)),
    ),
)

"""No tape drive or library is connected."""

from __future__ import annotations

from inventory.model.facts import VIRTUALISATION
from inventory.model.storage import TAPES, Tape
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import listed
from migrate.judging.platform import on_physical
from migrate.judging.reading import about
from migrate.judging.sources import AWS_TAPE_GATEWAY
from migrate.model.rule import Judgement, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_PHYSICAL = VIRTUALISATION.known("none")
_DRIVE = Tape(address="3:0:1:0", vendor="IBM", model="ULT3580-HH7", changer=False)


def _judge(tapes: tuple[Tape, ...]) -> Judgement:
    return listed(
        f"{each.vendor} {each.model} ({'library' if each.changer else 'drive'})"
        for each in sorted(tapes)
    )


RULE = Rule(
    title="A tape drive or library is connected",
    why=(
        "No tape drive can be connected to a server in a cloud, and tapes that must be kept "
        "for years have to stay readable somewhere."
    ),
    fix=(
        "Write backups to the cloud (virtual tapes by AWS Storage Gateway, or the backup "
        "product to object storage), and keep drive, server and catalogue at the Hub for as "
        "long as old tapes may be asked for."
    ),
    source=AWS_TAPE_GATEWAY.citation,
    source_date=AWS_TAPE_GATEWAY.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_physical(about(TAPES, _judge)),
    examples=(
        flags("a drive", _PHYSICAL, TAPES.known((_DRIVE,))),
        passes("none", _PHYSICAL, TAPES.known(())),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        cannot_tell("not told", _PHYSICAL, untold(TAPES)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION)),
    ),
)

"""No folder is shared over SMB without a password."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.storage import SHARES, Share
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import CYBER_ESSENTIALS
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(shares: tuple[Share, ...]) -> Judgement:
    found = [each.name for each in sorted(shares) if each.protocol == "smb" and each.guests]
    return Flagged(observed=", ".join(found)) if found else Passed()


def _share(*, guests: bool | None) -> Share:
    return Share(name="scans", protocol="smb", path="/srv/scans", guests=guests)


RULE = Rule(
    title="A folder is shared over SMB without a password",
    why="Anybody on the network reads it, and with the move the network grows.",
    fix="Give the devices that use it (scanners, mostly) an account of their own.",
    source=CYBER_ESSENTIALS.citation,
    source_date=CYBER_ESSENTIALS.date,
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(SHARES, _judge),
    examples=(
        flags("guests are let in", SHARES.known((_share(guests=True),))),
        passes("left to the default, which is no", SHARES.known((_share(guests=None),))),
        passes("nothing shared", SHARES.known(())),
        passes(
            "a share of another kind", SHARES.known((replace(_share(guests=True), protocol="nfs"),))
        ),
        cannot_tell("shares not told", untold(SHARES)),
    ),
    verified=False,
)

"""Nobody uses remote desktops that need licences for a cloud."""

from __future__ import annotations

from datetime import date

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset({"rds-host", "rds-broker", "citrix-vda", "citrix-broker", "horizon"})
"""By their fingerprints."""

RULE = Rule(
    title="Users of remote desktops need licences that hold in a cloud",
    why=(
        "Remote Desktop access licences go to a shared cloud only with Software Assurance; Windows "
        "client desktops need rights of their own. Citrix and Horizon have editions for each cloud."
    ),
    fix="Check Software Assurance of the access licences and the edition of the desktop product.",
    source=(
        "Microsoft Product Terms on Remote Desktop Services and licence mobility (general "
        "knowledge, no page read)"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=licensed(PRODUCTS, Severity.CONDITION),
    examples=(
        flags("it runs", APPLICATIONS.known((recognised("rds-host", "vdi"),))),
        passes("something else runs", APPLICATIONS.known((recognised("nginx", "web"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)

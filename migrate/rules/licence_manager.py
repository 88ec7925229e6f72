"""No licence manager is bound to the server that it runs on."""

from __future__ import annotations

from datetime import date

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset(
    {
        "citrix-licensing",
        "arcgis-license",
        "bentley-lm",
        "sentinel-lm",
        "autodesk-nlm",
        "rds-licensing",
    }
)
"""By their fingerprints."""

RULE = Rule(
    title="A licence manager is bound to this server",
    why=(
        "Licence files of FlexNet, Sentinel and their like name a MAC address, a serial number or "
        "a host name: copied elsewhere they refuse."
    ),
    fix=(
        "Have the licences issued for the new server before the cut-over; keep the MAC address "
        "where the maker allows (an elastic network interface)."
    ),
    source=(
        "Licence managers of FlexNet, Sentinel, Citrix, Esri, Autodesk and Microsoft (general "
        "knowledge, no page read)"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=licensed(PRODUCTS, Severity.CONDITION),
    examples=(
        flags("it runs", APPLICATIONS.known((recognised("bentley-lm", "licensing"),))),
        passes("something else runs", APPLICATIONS.known((recognised("nginx", "web"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)

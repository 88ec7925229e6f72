"""Certificates in use stay valid for two months."""

from __future__ import annotations

from datetime import date, timedelta

from inventory.model.certificates import CERTIFICATES, TLS, Certificate
from migrate.judging.examples import cannot_tell, certificate, flags, passes, shows, untold
from migrate.judging.keys import each_in_use
from migrate.model.rule import Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

AHEAD = timedelta(days=60)


def _fault(seen: Certificate, around: Surroundings) -> str:
    end = seen.not_after.date()
    if end < around.today:
        return f"expired on {end}"
    return f"expires on {end}" if end < around.today + AHEAD else ""


NO_FILES = CERTIFICATES.known(())
NO_LISTENERS = TLS.known(())

RULE = Rule(
    title="A certificate has expired or expires soon",
    why=(
        "Clients refuse it, and a fault in the weeks of the move is taken for the fault of the "
        "move."
    ),
    fix="Renew it before the move, and note who renews it at the new place.",
    source="RFC 5280, section 4.1.2.5 (validity), rfc-editor.org/rfc/rfc5280",
    source_date=date(2008, 5, 1),
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=each_in_use(_fault),
    examples=(
        flags("expired", shows(certificate(date(2026, 11, 1))), NO_FILES),
        flags("expires in a month", shows(certificate(date(2026, 12, 20))), NO_FILES),
        passes("valid for a year", shows(certificate(date(2027, 11, 1))), NO_FILES),
        passes("nothing speaks TLS", NO_LISTENERS, NO_FILES),
        flags("expires on the 59th day", shows(certificate(date(2027, 1, 21))), NO_FILES),
        passes("expires on the 60th day", shows(certificate(date(2027, 1, 22))), NO_FILES),
        flags("expires today", shows(certificate(date(2026, 11, 23))), NO_FILES),
        cannot_tell("listeners not asked", untold(TLS), NO_FILES),
        cannot_tell("files not told", NO_LISTENERS, untold(CERTIFICATES)),
    ),
)

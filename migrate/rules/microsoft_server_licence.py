"""No Microsoft server product needs licence mobility."""

from __future__ import annotations

from datetime import date

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset(
    {
        "exchange",
        "sharepoint",
        "biztalk",
        "dynamics-crm",
        "dynamics-nav",
        "dynamics-gp",
        "skype-business",
        "scom",
        "sccm",
        "tfs",
        "pbirs",
    }
)
"""By their fingerprints."""

RULE = Rule(
    title="A Microsoft server product needs licence mobility",
    why=(
        "Its own licence goes to a shared cloud only with Software Assurance. For several of these "
        "a service of Microsoft has taken the place of the product."
    ),
    fix=(
        "Check Software Assurance, and weigh the service (Exchange Online, SharePoint Online, "
        "Dynamics 365)."
    ),
    source="Microsoft Product Terms on licence mobility (general knowledge, no page read)",
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=licensed(PRODUCTS, Severity.CONDITION),
    examples=(
        flags("it runs", APPLICATIONS.known((recognised("exchange", "mail"),))),
        passes("something else runs", APPLICATIONS.known((recognised("postfix", "mail"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)

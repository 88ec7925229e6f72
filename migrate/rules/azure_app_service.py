"""Web applications could go to App Service, as far as releases tell."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import OS_ID, OS_VERSION
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, spares, untold
from migrate.judging.sources import AZURE_APP_SERVICE
from migrate.judging.web import Least, fits_a_platform
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST = Least(windows="2008-r2", releases={"tomcat": (8,)})
"""What Azure Migrate assesses: IIS 7.5 and Tomcat 8, and newer."""

_SERVER = OS_ID.known("windows-server")


def _runs(name: str, version: str | None = None) -> Observation:
    return APPLICATIONS.known((recognised(name, "web", version=version),))


RULE = Rule(
    title="Web applications that App Service does not take as they stand",
    why=(
        "Azure Migrate assesses for App Service what runs on IIS 7.5 or Tomcat 8 and newer; "
        "whether the application itself fits, its configuration tells, which is not read."
    ),
    fix=(
        "Upgrade the web server first, or move the server as it is; run the assessment of App "
        "Service for the rest."
    ),
    source=AZURE_APP_SERVICE.citation,
    source_date=AZURE_APP_SERVICE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=fits_a_platform(LEAST),
    examples=(
        flags("Tomcat 7", _runs("tomcat", "7.0.109")),
        flags("IIS 7.0", _runs("iis"), _SERVER, OS_VERSION.known("2008")),
        passes("Tomcat 9", _runs("tomcat", "9.0.80")),
        passes("IIS 7.5", _runs("iis"), _SERVER, OS_VERSION.known("2008-r2")),
        spares("no web application", _runs("postgresql", "16")),
        passes("Tomcat 8", _runs("tomcat", "8.0.53")),
        cannot_tell("Tomcat of no release", _runs("tomcat")),
        cannot_tell("IIS of no release", _runs("iis"), _SERVER, untold(OS_VERSION)),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
)

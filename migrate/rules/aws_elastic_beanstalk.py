"""Web applications could go to Elastic Beanstalk, as far as releases tell."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import OS_ID, OS_VERSION
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, spares, untold
from migrate.judging.sources import BEANSTALK_IIS
from migrate.judging.web import Least, fits_a_platform
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST = Least(windows="2016", releases={"tomcat": (9,), "nodejs": (20,), "php-fpm": (8, 1)})
"""Windows Server 2016 and newer are its platforms for IIS. Tomcat's and PHP's releases are general
knowledge; Node.js 18 was retired in August 2025."""

_SERVER = OS_ID.known("windows-server")


def _runs(name: str, version: str | None = None) -> Observation:
    return APPLICATIONS.known((recognised(name, "web", version=version),))


RULE = Rule(
    title="Web applications that Elastic Beanstalk has no platform for as they stand",
    why=(
        "Its platforms are maintained releases: IIS on Windows Server 2016 and newer, Tomcat, "
        "Node.js and PHP. eb migrate reads IIS 7.0 and newer, best on Windows Server 2016."
    ),
    fix="Upgrade the runtime first, or move the server as it is.",
    source=BEANSTALK_IIS.citation,
    source_date=BEANSTALK_IIS.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.DAYS,
    judge=fits_a_platform(LEAST),
    examples=(
        flags("Tomcat 8.5", _runs("tomcat", "8.5.100")),
        flags("Node.js 18", _runs("nodejs", "18.20.4")),
        flags("IIS 8.5", _runs("iis"), _SERVER, OS_VERSION.known("2012-r2")),
        passes("Tomcat 10", _runs("tomcat", "10.1.20")),
        passes("PHP 8.2", _runs("php-fpm", "8.2.20")),
        passes("IIS 10", _runs("iis"), _SERVER, OS_VERSION.known("2019")),
        spares("no web application", _runs("postgresql", "16")),
        flags("PHP 8.0", _runs("php-fpm", "8.0.30")),
        passes("Tomcat 9", _runs("tomcat", "9.0.80")),
        passes("Node.js 20", _runs("nodejs", "20.11.1")),
        flags("Node.js 19", _runs("nodejs", "19.9.0")),
        passes("PHP 8.1", _runs("php-fpm", "8.1.28")),
        passes("IIS on Windows Server 2016", _runs("iis"), _SERVER, OS_VERSION.known("2016")),
        cannot_tell("Tomcat of no release", _runs("tomcat")),
        cannot_tell("IIS of no release", _runs("iis"), _SERVER, untold(OS_VERSION)),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)

"""Language runtimes are maintained."""

from __future__ import annotations

from inventory.model.facts import PACKAGES
from migrate.judging.examples import cannot_tell, flags, installed, passes, untold
from migrate.judging.software import maintained
from migrate.judging.sources import LIFECYCLE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = {
    r"php(?P<release>\d+\.\d+)(-(cli|fpm|cgi))?": "php",
    r"php-(cli|fpm)": "php",
    r"openjdk-(?P<release>\d+)-(jre|jdk)(-headless)?": "eclipse-temurin",
    r"java-(1\.)?(?P<release>\d+)(\.0)?-openjdk(-headless)?": "eclipse-temurin",
    r"temurin-(?P<release>\d+)-(jre|jdk)": "eclipse-temurin",
    r"nodejs": "nodejs",
    r"python(?P<release>[23]\.\d+)(-minimal)?": "python",
    r"ruby(?P<release>\d+\.\d+)": "ruby",
    r"(aspnetcore|dotnet)-runtime-(?P<release>\d+(\.\d+)?)": "dotnet",
}

RULE = Rule(
    title="A language runtime is no longer maintained",
    why=(
        "Its makers no longer mend runtimes of this release line. A distribution may still "
        "patch the build that it ships; packages do not tell."
    ),
    fix="Make sure that the distribution still patches it, or upgrade with the move.",
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SUPPORT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=maintained(PRODUCTS),
    examples=(
        flags("PHP 7.4", PACKAGES.known((installed("php7.4-fpm", "7.4.33-1+deb11u5"),))),
        flags("Python 2.7", PACKAGES.known((installed("python2.7", "2.7.18-8"),))),
        passes(
            "OpenJDK 17",
            PACKAGES.known((installed("openjdk-17-jre-headless", "17.0.12+7-2~deb12u1"),)),
        ),
        passes(
            "OpenJDK 8 of Red Hat",
            PACKAGES.known((installed("java-1.8.0-openjdk-headless", "1.8.0.422.b05-2.el9"),)),
        ),
        cannot_tell(
            "a release that the catalogue does not know",
            PACKAGES.known((installed("php99.1-cli", "99.1.0-1"),)),
        ),
        passes("none recognised", PACKAGES.known((installed("bash", "5.2.15-2"),))),
        cannot_tell("packages not told", untold(PACKAGES)),
    ),
)

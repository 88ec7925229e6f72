"""Language runtimes are maintained."""

from __future__ import annotations

from inventory.model.facts import PACKAGES
from inventory.model.software import RUNTIMES, Runtime
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, installed, passes, recognised, untold
from migrate.judging.runtimes import runtime_releases
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

CATEGORIES = frozenset({"runtime"})
"""Of recognised applications that are looked up as well as packages."""

NOTHING = APPLICATIONS.known(())
NO_PACKAGES = PACKAGES.known(())
NO_FOLDERS = RUNTIMES.known(())
JAVA_6 = Runtime(name="java", version="1.6.0_45", path="/usr/java/jdk1.6.0_45")
JAVA_17 = Runtime(
    name="java", version="17.0.15", path="/usr/lib/jvm/java-17-openjdk-amd64", vendor="Debian"
)

RULE = Rule(
    title="A language runtime is no longer maintained",
    why=(
        "Its makers no longer mend runtimes of this release line. A distribution may still "
        "patch the build that it ships; what is installed does not tell."
    ),
    fix="Make sure that the distribution still patches it, or upgrade with the move.",
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SUPPORT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=maintained(PRODUCTS, CATEGORIES, runtime_releases),
    examples=(
        flags(
            "PHP 7.4",
            PACKAGES.known((installed("php7.4-fpm", "7.4.33-1+deb11u5"),)),
            NOTHING,
            NO_FOLDERS,
            NO_FOLDERS,
        ),
        flags(
            "Python 2.7", PACKAGES.known((installed("python2.7", "2.7.18-8"),)), NOTHING, NO_FOLDERS
        ),
        passes(
            "OpenJDK 17",
            PACKAGES.known((installed("openjdk-17-jre-headless", "17.0.12+7-2~deb12u1"),)),
            NOTHING,
            NO_FOLDERS,
        ),
        passes(
            "OpenJDK 8 of Red Hat",
            PACKAGES.known((installed("java-1.8.0-openjdk-headless", "1.8.0.422.b05-2.el9"),)),
            NOTHING,
            NO_FOLDERS,
        ),
        cannot_tell(
            "a release that the catalogue does not know",
            PACKAGES.known((installed("php99.1-cli", "99.1.0-1"),)),
            NOTHING,
            NO_FOLDERS,
        ),
        passes(
            "none recognised", PACKAGES.known((installed("bash", "5.2.15-2"),)), NOTHING, NO_FOLDERS
        ),
        flags("Java 6 in a folder of its own", NO_PACKAGES, NOTHING, RUNTIMES.known((JAVA_6,))),
        flags(
            "Node.js that runs, of no package",
            NO_PACKAGES,
            APPLICATIONS.known(
                (recognised("nodejs", "runtime", version="14.21.3", lifecycle="nodejs"),)
            ),
            NO_FOLDERS,
        ),
        passes(
            "the same by its package and in its folder",
            PACKAGES.known((installed("openjdk-17-jre-headless", "17.0.15+6-1~deb12u1"),)),
            NOTHING,
            RUNTIMES.known((JAVA_17,)),
        ),
        cannot_tell("folders not told", NO_PACKAGES, NOTHING, untold(RUNTIMES)),
        cannot_tell("packages not told", untold(PACKAGES), NOTHING, NO_FOLDERS),
        cannot_tell("what runs not told", PACKAGES.known(()), untold(APPLICATIONS), NO_FOLDERS),
    ),
)

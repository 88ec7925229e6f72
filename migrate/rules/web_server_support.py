"""Web and proxy servers are maintained."""

from __future__ import annotations

from inventory.model.application import Confidence
from inventory.model.facts import PACKAGES
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import (
    cannot_tell,
    flags,
    installed,
    passes,
    recognised,
    untold,
)
from migrate.judging.software import maintained
from migrate.judging.sources import LIFECYCLE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = {
    r"nginx(-core|-full|-light|-extras)?": "nginx",
    r"(apache2|httpd)": "apache-http-server",
    r"tomcat(?P<release>\d+)": "tomcat",
    r"haproxy": "haproxy",
    r"squid": "squid",
    r"traefik": "traefik",
}

CATEGORIES = frozenset({"web", "app-server", "proxy", "load-balancer"})
"""Of recognised applications that are looked up as well as packages."""

NOTHING = APPLICATIONS.known(())
TOMCAT_7 = recognised("tomcat", "app-server", version="7.0.109", lifecycle="tomcat")
GUESSED = recognised("tomcat", "app-server", lifecycle="tomcat", confidence=Confidence.LOW)
GUNICORN = recognised("gunicorn", "app-server", version="20.1.0", lifecycle="python")

RULE = Rule(
    title="A web or proxy server is no longer maintained",
    why=(
        "Its makers no longer mend web servers of this release line. A distribution may still "
        "patch the build that it ships; what is installed does not tell."
    ),
    fix="Make sure that the distribution still patches it, or upgrade with the move.",
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SUPPORT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=maintained(PRODUCTS, CATEGORIES),
    examples=(
        flags(
            "nginx 1.18", PACKAGES.known((installed("nginx-core", "1.18.0-6.1+deb11u3"),)), NOTHING
        ),
        passes("Apache 2.4", PACKAGES.known((installed("apache2", "2.4.62-1~deb12u1"),)), NOTHING),
        cannot_tell(
            "a release that the catalogue does not know",
            PACKAGES.known((installed("nginx", "99.1.0-1"),)),
            NOTHING,
        ),
        passes("none recognised", PACKAGES.known((installed("bash", "5.2.15-2"),)), NOTHING),
        flags("Tomcat 7 in /opt", PACKAGES.known(()), APPLICATIONS.known((TOMCAT_7,))),
        passes("only guessed by a port", PACKAGES.known(()), APPLICATIONS.known((GUESSED,))),
        passes("a program in Python", PACKAGES.known(()), APPLICATIONS.known((GUNICORN,))),
        cannot_tell("packages not told", untold(PACKAGES), NOTHING),
        cannot_tell("what runs not told", PACKAGES.known(()), untold(APPLICATIONS)),
    ),
)

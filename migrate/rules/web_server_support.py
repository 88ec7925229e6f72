"""Web and proxy servers are maintained."""

from __future__ import annotations

from inventory.model.facts import PACKAGES
from migrate.judging.examples import cannot_tell, flags, installed, passes, untold
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

RULE = Rule(
    title="A web or proxy server is no longer maintained",
    why=(
        "Its makers no longer mend web servers of this release line. A distribution may still "
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
        flags("nginx 1.18", PACKAGES.known((installed("nginx-core", "1.18.0-6.1+deb11u3"),))),
        passes("Apache 2.4", PACKAGES.known((installed("apache2", "2.4.62-1~deb12u1"),))),
        cannot_tell(
            "a release that the catalogue does not know",
            PACKAGES.known((installed("nginx", "99.1.0-1"),)),
        ),
        passes("none recognised", PACKAGES.known((installed("bash", "5.2.15-2"),))),
        cannot_tell("packages not told", untold(PACKAGES)),
    ),
)

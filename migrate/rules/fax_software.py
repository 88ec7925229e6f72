"""No fax or telephone-line software is installed."""

from __future__ import annotations

from inventory.model.facts import OS_FAMILY, PACKAGES
from inventory.model.parts import Package
from migrate.judging.examples import cannot_tell, flags, installed, passes, spares, untold
from migrate.judging.parts import listed, names_of
from migrate.judging.reading import about, on_family
from migrate.judging.sources import ON_SITE
from migrate.model.rule import Judgement, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LINES = frozenset(
    {"capisuite", "dahdi", "dahdi-tools", "efax", "hylafax", "hylafax+", "hylafax-server"}
    | {"isdnutils", "mgetty-fax", "mgetty-sendfax", "wanpipe"}
)

_LINUX = OS_FAMILY.known("linux")


def _judge(packages: tuple[Package, ...]) -> Judgement:
    return listed(sorted(names_of(packages) & LINES), severity=Severity.CONDITION)


RULE = Rule(
    title="Software for fax or telephone lines is installed",
    why=(
        "It drives modems or telephone cards, and no line reaches a cloud. The old telephone "
        "network is being switched off besides."
    ),
    fix=(
        "Ask who still uses it; replace it by a fax service, secure e-mail or SIP with a "
        "gateway at the Hub, or keep the server at the Hub."
    ),
    source=ON_SITE.citation,
    source_date=ON_SITE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_family("linux", about(PACKAGES, _judge)),
    examples=(
        flags("HylaFAX", _LINUX, PACKAGES.known((installed("hylafax-server", "6.0.7-5"),))),
        passes("no such package", _LINUX, PACKAGES.known((installed("nginx", "1.22.1-9"),))),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("packages not told", _LINUX, untold(PACKAGES)),
    ),
)

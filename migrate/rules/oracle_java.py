"""No Java of Oracle needs a subscription."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from inventory.model.software import RUNTIMES, Runtime
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(runtimes: tuple[Runtime, ...]) -> Judgement:
    found = [
        f"{each.version} in {each.path}"
        for each in runtimes
        if each.name == "java" and "oracle" in (each.vendor or "").lower()
    ]
    return Flagged(observed=", ".join(sorted(found))) if found else Passed()


def _java(vendor: str) -> Runtime:
    return Runtime(name="java", version="8.0.401", path="/usr/java/jre1.8", vendor=vendor)


RULE = Rule(
    title="Java by Oracle may need a subscription",
    why=(
        "Since 2019 updates of Oracle's Java 8 and 11 need one, since 2023 counted by employees, "
        "not by servers. Builds of OpenJDK by Oracle, which say the same of their maker, do not."
    ),
    fix=(
        "Replace it by a free build (Temurin, Corretto, Microsoft) unless an application is "
        "supported on it alone."
    ),
    source=(
        "Oracle Java SE Universal Subscription price list, January 2023 (general knowledge, no "
        "page read)"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(RUNTIMES, _judge),
    examples=(
        flags("Oracle's", RUNTIMES.known((_java("Oracle Corporation"),))),
        passes("Debian's", RUNTIMES.known((_java("Debian"),))),
        passes("no Java", RUNTIMES.known(())),
        passes(
            "another product of Oracle's",
            RUNTIMES.known((replace(_java("Oracle Corporation"), name="python"),)),
        ),
        passes("a Java of nobody named", RUNTIMES.known((replace(_java(""), vendor=None),))),
        cannot_tell("runtimes not told", untold(RUNTIMES)),
    ),
    verified=False,
)

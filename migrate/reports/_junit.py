"""Conditions as JUnit XML, for CI: one suite for the inventory and one for each cloud.

A failed condition is a ``failure``, an unknown one an ``error``, an excused one ``skipped``; a
warning passes and says so in ``system-out``. Nothing is timed: conditions are judged, not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Final

from migrate.model.report import Material
from migrate.model.verdict import Cloud
from migrate.policy import Condition, Outcome

if TYPE_CHECKING:
    from junitparser import JUnitXml, TestCase, TestSuite

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(material: Material, conditions: Sequence[Condition]) -> str:
    """Write the conditions; the same ones give the same text."""
    from junitparser import JUnitXml

    document = JUnitXml(f"decant validate {_clean(material.estate)}")
    for cloud in (None, *Cloud):
        chosen = [condition for condition in conditions if condition.cloud is cloud]
        if chosen:
            document.add_testsuite(_suite(material, cloud, chosen))
    return _text(document)


def _suite(material: Material, cloud: Cloud | None, conditions: Iterable[Condition]) -> TestSuite:
    from junitparser import TestSuite

    suite = TestSuite(cloud.value if cloud else "inventory")
    suite.timestamp = f"{material.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    suite.hostname = _clean(material.estate)
    verdicts = [each for each in material.verdicts if cloud in {None, each.cloud}]
    for version in sorted({verdict.rules_version for verdict in verdicts}):
        suite.add_property("rules_version", version)
    for day in sorted({verdict.catalogue_date for verdict in verdicts}):
        suite.add_property("catalogue_date", day.isoformat())
    suite.add_testcases([_case(condition) for condition in conditions])
    return suite


def _case(condition: Condition) -> TestCase:
    from junitparser import Error, Failure, Skipped, TestCase

    suite = condition.cloud.value if condition.cloud else "inventory"
    case = TestCase(condition.name, classname=f"{suite}.{_clean(condition.server)}", time=0)
    kinds = {Outcome.FAILED: Failure, Outcome.UNKNOWN: Error, Outcome.EXCUSED: Skipped}
    details = _clean("\n".join((condition.why, *condition.details)))
    if condition.outcome in kinds:
        result = kinds[condition.outcome](_clean(condition.why), condition.outcome.value)
        result.text = details
        case.result = [result]
    elif condition.outcome is Outcome.WARNING or condition.details:
        case.system_out = f"{condition.outcome.value}: {details}"
    return case


def _text(document: JUnitXml) -> str:
    document.update_statistics()  # type: ignore[no-untyped-call]
    written: bytes | str = document.tostring()  # type: ignore[no-untyped-call]
    text = written.decode("utf-8") if isinstance(written, bytes) else written
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)

"""Which servers can go to which cloud, what stands in the way, and what it would cost a month.

Three verdicts a cloud, never blended: *fit*, *move* and *support*. What is not known is shown as
not known, everywhere.
"""

from __future__ import annotations

from typing import Final

from migrate.model.report import Report
from migrate.reports._readiness.as_csv import as_csv
from migrate.reports._readiness.as_html import as_html
from migrate.reports._readiness.as_json import as_json

REPORT: Final = Report(formats={"html": as_html, "json": as_json, "csv": as_csv})

"""Report: tell what the store holds, in one of the forms that a report has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from inventory.errors import UsageError
from inventory.registry import Plugin, Registry
from migrate.model.report import Material, Report

REPORTS: Final = Registry(package="migrate.reports", attribute="REPORT", kind=Report)


def reports(*own_folders: Path) -> dict[str, Plugin[Report]]:
    """Return every report: Decant's own, then those of the user's folders.

    Raises:
        PluginError: a file cannot be used.

    """
    return REPORTS.all(*own_folders)


def choose(
    found: Mapping[str, Plugin[Report]], name: str | None, form: str | None
) -> tuple[str, str, Callable[[Material], str]]:
    """Return a report's name, the format, its first unless given, and what writes it.

    Raises:
        UsageError: there is no such report, or it does not have that format.

    """
    if name is None:
        raise UsageError("which report?", hint=f"there are: {', '.join(found)}")
    if name not in found:
        raise UsageError(f"there is no report {name!r}", hint=f"there are: {', '.join(found)}")
    formats = found[name].value.formats
    chosen = form or next(iter(formats), "")
    if chosen not in formats:
        hint = f"it has: {', '.join(formats)}"
        raise UsageError(f"the report {name} has no format {chosen!r}", hint=hint)
    return name, chosen, formats[chosen]

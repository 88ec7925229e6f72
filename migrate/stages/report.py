"""Report: tell what the store holds, in one of the forms that a report has."""

from __future__ import annotations

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


def write(material: Material, found: dict[str, Plugin[Report]], name: str, form: str) -> str:
    """Write one report in one of its formats.

    Raises:
        UsageError: there is no such report, or it does not have that format.

    """
    plugin = found.get(name)
    if plugin is None:
        raise UsageError(f"there is no report {name!r}", hint=f"there are: {', '.join(found)}")
    renderer = plugin.value.formats.get(form)
    if renderer is None:
        formats = ", ".join(plugin.value.formats)
        raise UsageError(f"the report {name} has no format {form!r}", hint=f"it has: {formats}")
    return renderer(material)

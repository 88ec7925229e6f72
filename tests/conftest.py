"""Says at the end of a run how many tests met which real counterpart, and which were skipped."""

from __future__ import annotations

import signal
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

COUNTERPARTS = {
    "sshd": "real OpenSSH servers",
    "namespaces": "network namespaces",
    "estate": "servers of other releases",
    "postgresql": "PostgreSQL servers",
    "mariadb": "MariaDB servers",
    "moto": "moto servers",
    "azurite": "Azurite",
    "browser": "Chromium",
}


# How fast an example is depends on who else uses the machine; no promise is about that.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_configure() -> None:
    """Let what tests start be interrupted, though a shell that runs them beside ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the tests that ran under each marker; name those that were skipped."""
    ran: Counter[str] = Counter()
    skipped: dict[str, list[str]] = {marker: [] for marker in COUNTERPARTS}
    for outcome, reports in terminalreporter.stats.items():
        for report in reports:
            if outcome not in {"passed", "failed", "skipped"}:
                continue
            # A module that was skipped whole is told by a CollectReport, which has no keywords.
            for marker in COUNTERPARTS.keys() & getattr(report, "keywords", {}).keys():
                if outcome == "skipped":
                    skipped[marker].append(report.nodeid)
                else:
                    ran[marker] += 1
    if not ran and not any(skipped.values()):
        return
    terminalreporter.section("real counterparts")
    for marker, words in COUNTERPARTS.items():
        if ran[marker] or skipped[marker]:
            terminalreporter.line(
                f"{words}: {ran[marker]} tests ran, {len(skipped[marker])} skipped"
            )
        for name in skipped[marker]:
            terminalreporter.line(f"  skipped: {name}")

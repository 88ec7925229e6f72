"""A plug-in of pytest that tells coverage which test runs, those of Hypothesis among them."""

from __future__ import annotations

import pytest
from coverage import Coverage


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the lines from here on count for this test, its fixtures among them."""
    _switch(item.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Let what comes after count for none."""
    _switch("")


def _switch(name: str) -> None:
    coverage = Coverage.current()
    if coverage is not None:
        coverage.switch_context(name)

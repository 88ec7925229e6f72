"""Whether this machine can raise the estate, and if not, why."""

from __future__ import annotations

import shutil
from functools import cache
from typing import Final

import pytest

from estate import cgroups
from estate.mirror import mirror
from migrate.demo import fleet_needs

_TOOLS: Final = {"mmdebstrap": "mmdebstrap", "chroot": "coreutils"}


@cache
def why_not() -> str | None:
    """Return why no server of the estate can run here; None when they can.

    Whether the mirror can be reached turns out when a root is first built.
    """
    return fleet_needs.why_not() or why_no_root() or cgroups.why_not()


@cache
def why_no_root() -> str | None:
    """Return why no root can be built or entered here; None when one can."""
    missing = {tool: package for tool, package in _TOOLS.items() if not shutil.which(tool)}
    if missing:
        return f"{', '.join(missing)} not installed: apt-get install {' '.join(missing.values())}"
    return None if mirror() else "apt has no source of Debian's packages"


estate = [
    pytest.mark.estate,
    pytest.mark.skipif(why_not() is not None, reason=f"the estate: {why_not()}"),
]
"""Marks of tests that raise servers."""
roots = [
    pytest.mark.estate,
    pytest.mark.skipif(why_no_root() is not None, reason=f"roots of servers: {why_no_root()}"),
]
"""Marks of tests that only look into roots."""

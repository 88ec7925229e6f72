"""What is not known of the servers that are to land."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.checks._say import listed, unknown
from migrate.model.evidence import CheckResult
from migrate.model.landing import Need


def lacking(need: Need, *, disks: bool = False) -> Iterator[CheckResult]:
    """Yield an unknown for servers without a size, and with ``disks`` for those without disks."""
    if need.unsized:
        yield unknown(f"without a size: {listed(list(need.unsized))}")
    bare = [each.server for each in need.servers if each.disks is None]
    if disks and bare:
        yield unknown(f"disks not known of {listed(bare)}")

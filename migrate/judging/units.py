"""Sizes for people. What the providers call GB and TB of disks and memory are GiB and TiB."""

from __future__ import annotations

MIB = 1024**2
GIB = 1024**3
TIB_IN_GIB = 1024


def gib(size_bytes: int) -> str:
    """Write bytes as GiB with at most two decimals: ``3.82 GiB``, ``64 GiB``."""
    text = f"{size_bytes / GIB:,.2f}".rstrip("0").rstrip(".")
    return f"{text} GiB"


def mib(size_bytes: int) -> str:
    """Write bytes as whole MiB: ``212 MiB``."""
    return f"{size_bytes // MIB:,} MiB"

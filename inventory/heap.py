"""What a process asks of the C library's heap, where that is glibc's."""

from __future__ import annotations

from typing import Final

_M_MMAP_THRESHOLD: Final = -3
"""mallopt(3), malloc.h."""
_LARGE_BYTES: Final = 128 * 1024
"""glibc's own first threshold, which it would raise to the largest buffer ever freed."""


def return_large_buffers() -> None:
    """Have every large buffer returned to the system as soon as it is freed.

    glibc stops doing so after the first few and keeps them for later, in a heap for each of
    several threads: many answers of some hundred kilobytes leave it ten megabytes and more that
    nobody uses. Elsewhere this does nothing.
    """
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)

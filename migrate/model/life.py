"""The life of a server's move: every step, in order, each entered only by evidence."""

from __future__ import annotations

from enum import Enum


class Step(Enum):
    """Where a server stands. The order of the members is the order of the life."""

    DISCOVERED = "discovered"
    CLASSIFIED = "classified"
    PLANNED = "planned"
    PREPARED = "prepared"
    REPLICATING = "replicating"
    TESTING = "testing"
    TESTED = "tested"
    APPROVED = "approved"
    CUT_OVER = "cut over"
    RETESTED = "re-tested"
    """The cut-over instance itself, which is not the one that was tested before."""
    PARALLEL_RUN = "parallel run"
    QUIET = "quiet"
    CONTROLLED_STOP = "controlled stop"
    POWERED_OFF = "powered off"
    SANITISED = "sanitised"
    DISPOSED = "disposed"

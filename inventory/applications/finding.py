"""What was found so far of the applications of one server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.model.application import Confidence

if TYPE_CHECKING:
    from inventory.applications.choice import Choice
    from inventory.applications.fingerprints import Fingerprint
    from inventory.model.instances import Instance
    from inventory.model.parts import Listener, Process

ORDER: Final = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}


@dataclass(kw_only=True)
class Finding:
    """What was found so far of one application."""

    confidence: Confidence
    fingerprint: Fingerprint | None = None
    """None for what no fingerprint names."""
    name: str = ""
    """What to call it then."""
    others: tuple[Fingerprint, ...] = ()
    """What would show the same signs."""
    runs: bool | None = True
    """Whether it runs; None when that could not be seen."""
    processes: list[Process] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    @classmethod
    def running(cls, choice: Choice) -> Finding:
        """Begin with a process of it."""
        return cls(
            fingerprint=choice.fingerprint, confidence=choice.confidence, others=choice.others
        )


@dataclass(frozen=True)
class Found:
    """All that was found so far on one server."""

    findings: dict[str, Finding] = field(default_factory=dict)
    """By the identifier of the application."""
    owners: dict[int, str] = field(default_factory=dict)
    """The identifier of the application that each process belongs to."""

    def weak(
        self,
        fingerprint: Fingerprint,
        why: str,
        *,
        runs: bool | None,
        most: Confidence = Confidence.LOW,
    ) -> Finding:
        """Add an application that only weak signs tell of; return what is there already.

        It is never surer than ``most``, nor than its fingerprint.
        """
        surest = max(most, fingerprint.confidence, key=lambda each: ORDER[each])
        found = Finding(fingerprint=fingerprint, confidence=surest, runs=runs, why=[why])
        return self.findings.setdefault(fingerprint.id, found)

"""Certificates that are in use: those that listeners show, and those that services name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inventory.model.certificates import (
    CERTIFICATES,
    TLS,
    Certificate,
    CertificateFile,
    TlsLook,
    TlsSpeech,
)
from inventory.model.fact import Facts, Known
from migrate.judging.reading import lacking
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Surroundings

Fault = Callable[[Certificate, Surroundings], str]
"""Says what is wrong with a certificate; nothing when nothing is."""
_Seen = tuple[str, Certificate | None]
"""Where a certificate is in use, and the certificate; None when it could not be read."""


def each_in_use(fault: Fault) -> Callable[[Facts, Surroundings], Judgement]:
    """Flag certificates with a fault, each with where it was seen.

    What only lies in a usual place and is named by no service does not count. Nothing passes
    unless both listeners and files were looked at, and each certificate in use was read.
    """

    def judge(facts: Facts, around: Surroundings) -> Judgement:
        looks, files = facts.of(TLS), facts.of(CERTIFICATES)
        seen = [
            *_shown(looks.value if isinstance(looks, Known) else ()),
            *_named(files.value if isinstance(files, Known) else ()),
        ]
        found = {f"{at}: {said}" for at, each in seen if each and (said := fault(each, around))}
        if found:
            return Flagged(observed=", ".join(sorted(found)))
        if not (isinstance(looks, Known) and isinstance(files, Known)):
            return lacking(facts, TLS, CERTIFICATES)
        unread = sorted({at for at, each in seen if each is None})
        because = f"the certificate of {', '.join(unread)} could not be read"
        return CannotTell(missing=(CERTIFICATES,), because=because) if unread else Passed()

    return judge


def _shown(looks: tuple[TlsLook, ...]) -> Iterator[_Seen]:
    for each in looks:
        if each.speech is TlsSpeech.TLS:
            yield f"port {each.port}", each.chain[0] if each.chain else None


def _named(files: tuple[CertificateFile, ...]) -> Iterator[_Seen]:
    return ((each.path, each.certificate) for each in files if each.used_by)

"""Certificates that are in use: those that listeners show, and those that services name."""

from __future__ import annotations

from collections.abc import Callable

from inventory.model.certificates import CERTIFICATES, TLS, Certificate, CertificateFile, TlsLook
from inventory.model.fact import Facts, Known
from migrate.judging.reading import lacking
from migrate.model.rule import Flagged, Judgement, Passed, Surroundings

Fault = Callable[[Certificate, Surroundings], str]
"""Says what is wrong with a certificate; nothing when nothing is."""


def each_in_use(fault: Fault) -> Callable[[Facts, Surroundings], Judgement]:
    """Flag certificates with a fault, each with where it was seen.

    What only lies in a usual place and is named by no service does not count. Nothing passes
    unless both listeners and files were looked at.
    """

    def judge(facts: Facts, around: Surroundings) -> Judgement:
        looks, files = facts.of(TLS), facts.of(CERTIFICATES)
        seen = {
            **_shown(looks.value if isinstance(looks, Known) else ()),
            **_named(files.value if isinstance(files, Known) else ()),
        }
        found = [
            f"{where}: {said}"
            for where, each in sorted(seen.items(), key=lambda pair: pair[0])
            if (said := fault(each, around))
        ]
        if found:
            return Flagged(observed=", ".join(found))
        both = isinstance(looks, Known) and isinstance(files, Known)
        return Passed() if both else lacking(facts, TLS, CERTIFICATES)

    return judge


def _shown(looks: tuple[TlsLook, ...]) -> dict[str, Certificate]:
    return {f"port {each.port}": each.chain[0] for each in looks if each.chain}


def _named(files: tuple[CertificateFile, ...]) -> dict[str, Certificate]:
    return {each.path: each.certificate for each in files if each.used_by and each.certificate}

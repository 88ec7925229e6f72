"""What speaks TLS speaks 1.2 or newer."""

from __future__ import annotations

from inventory.model.certificates import TLS, TlsLook, TlsSpeech
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import OLD_TLS
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

OLD = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"})


def _judge(looks: tuple[TlsLook, ...]) -> Judgement:
    found = [f"port {each.port}: {each.version}" for each in sorted(looks) if each.version in OLD]
    return Flagged(observed=", ".join(found)) if found else Passed()


def _look(version: str) -> TlsLook:
    return TlsLook(address="192.0.2.4", port=443, speech=TlsSpeech.TLS, version=version)


RULE = Rule(
    title="The best TLS that it speaks is out of date",
    why=(
        "TLS 1.0 and 1.1 are withdrawn. Load balancers and services of the clouds refuse them, as "
        "do browsers."
    ),
    fix=(
        "Allow TLS 1.2 and 1.3; where the software cannot, put a proxy in front of it or replace "
        "it."
    ),
    source=OLD_TLS.citation,
    source_date=OLD_TLS.date,
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(TLS, _judge),
    examples=(
        flags("TLS 1.0", TLS.known((_look("TLSv1"),))),
        passes("TLS 1.3", TLS.known((_look("TLSv1.3"),))),
        passes("nothing speaks TLS", TLS.known(())),
        cannot_tell("listeners not asked", untold(TLS)),
    ),
    verified=False,
)

"""No trusted platform module keeps keys for the server."""

from __future__ import annotations

from inventory.model.hardware import TPM
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_NONE = "none"

RULE = Rule(
    title="The server has a trusted platform module (TPM)",
    why=(
        "What it keeps is not carried over: keys that unlock encrypted disks (BitLocker, "
        "LUKS) and certificates bound to it are lost. Both clouds offer new, empty ones "
        "(NitroTPM, vTPM of Azure)."
    ),
    fix=(
        "Find out whether anything uses it; have recovery keys at hand, unseal disks before "
        "replication, and seal them anew at the destination."
    ),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(
        TPM, lambda version: Passed() if version == _NONE else Flagged(observed=f"TPM {version}")
    ),
    examples=(
        flags("version 2.0", TPM.known("2.0")),
        passes("none", TPM.known("none")),
        cannot_tell("not told", untold(TPM)),
    ),
)

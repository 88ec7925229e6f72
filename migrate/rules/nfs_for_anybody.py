"""No folder is shared with everybody over NFS."""

from __future__ import annotations

from datetime import date

from inventory.model.storage import EXPORTS, Export
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

ANYBODY = frozenset({"*", "0.0.0.0/0", "0.0.0.0/0.0.0.0", "::/0", "(everyone)"})


def _judge(exports: tuple[Export, ...]) -> Judgement:
    found = [_said(each) for each in sorted(exports) if each.client in ANYBODY]
    return Flagged(observed=", ".join(found)) if found else Passed()


def _said(export: Export) -> str:
    root = " as root" if "no_root_squash" in export.options else ""
    return f"{export.path} to anybody{root}"


RULE = Rule(
    title="A folder is shared with everybody over NFS",
    why=(
        "NFS up to version 3 believes whatever a client says of its users, so that the list of "
        "clients is the only lock."
    ),
    fix="Name the clients in exports, keep root squashed, or use Kerberos.",
    source="exports(5) of Linux nfs-utils and RFC 2623, rfc-editor.org/rfc/rfc2623",
    source_date=date(1999, 6, 1),
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(EXPORTS, _judge),
    examples=(
        flags(
            "to anybody, as root",
            EXPORTS.known((Export(path="/srv", client="*", options=("rw", "no_root_squash")),)),
        ),
        passes("to a network", EXPORTS.known((Export(path="/srv", client="192.0.2.0/24"),))),
        passes("nothing shared", EXPORTS.known(())),
        cannot_tell("exports not told", untold(EXPORTS)),
    ),
    verified=False,
)

"""The document that the transcript is kept in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from migration.transcript import Transcript

DOCUMENT: Final = Path(__file__).parents[3] / "docs" / "full-migration.md"
_BEGINNING: Final = """\
# A full migration, as it was typed

Two old servers are replaced by two new ones: a web front (gunicorn, on `papers-old` and \
`papers-new`) and its PostgreSQL database (on `papers-db-old` and `papers-db-new`). All four are \
real: Debian with systemd, OpenSSH and the programs themselves, each in namespaces of its own. \
Every command below was run on them, and this is what it said. Only time was made to go faster: \
where days go by, Decant's clock was put ahead.

The playbooks are \
[papers-web.yaml](../tests/real/migration/files/playbooks/papers-web.yaml) and \
[papers-database.yaml](../tests/real/migration/files/playbooks/papers-database.yaml), with shorter \
waits than the shipped ones. `tests/real/test_migration.py` plays it all again at each `make test` \
where it can, and compares it with this page, line by line but for times, digests and the like.
"""


def whole(transcript: Transcript) -> str:
    """Write the whole document."""
    return f"{_BEGINNING}\n{transcript.markdown()}"

"""Play the migration, and write its transcript as documentation.

To be run as root, whenever what Decant says has changed, from the folder of the project::

    PYTHONPATH=tests/real python -m migration.record
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from migration.document import DOCUMENT, whole
from migration.leaving import CHAPTERS as LEAVING
from migration.proving import CHAPTERS as PROVING
from migration.scene import scene

CHAPTERS = (*PROVING, *LEAVING)


def main() -> None:
    """Play it, and write it."""
    with tempfile.TemporaryDirectory(prefix="decant-migration-") as folder:
        with scene(Path(folder)) as played:
            for chapter in CHAPTERS:
                chapter(played)
        DOCUMENT.write_text(whole(played.transcript), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT}: {len(played.transcript.steps)} commands\n")


if __name__ == "__main__":
    main()

"""The ledger as a folder of files that public tools alone can verify, for whoever doubts ours.

Each entry comes twice: as its envelope, which its signature is over, and as its row, of which the
digest in the chain is the plain SHA-256. README.md says how to verify both; verify.sh does it with
nothing but a shell, sha256sum, base64 and openssl.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from inventory.errors import BadInputError, UsageError
from inventory.store.chain import ChainRow
from migrate.ledger.audit import holder_of
from migrate.ledger.chain import row_bytes
from migrate.ledger.keys import key_id, pem
from migrate.ledger.statements import open_sealed
from migrate.ledger.trust import Trust


def write_bundle(rows: Iterable[ChainRow], trust: Trust, folder: Path) -> int:
    """Write a ledger's entries, the trusted public keys and how to verify them; count the entries.

    Raises:
        UsageError: the folder is there already, and holds something.
        BadInputError: it cannot be written.
        UnreadableError: an entry is no envelope.

    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty", hint="name a folder that is not there yet")
        (folder / "entries").mkdir(parents=True)
        (folder / "keys").mkdir()
        names = _write_keys(trust, folder / "keys")
        count = _write_entries(rows, names, folder)
        for name in ("README.md", "verify.sh"):
            text = files("migrate.ledger").joinpath("bundled", name).read_text(encoding="utf-8")
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{folder} cannot be written: {error.strerror}") from error
    return count


def _write_keys(trust: Trust, folder: Path) -> dict[str, str]:
    names: dict[str, str] = {}
    listed = []
    for line in sorted(trust.lines.values()):
        key = key_id(line)
        name = re.sub(r"[^A-Za-z0-9]", "-", key.removeprefix("SHA256:"))
        names[key] = name
        (folder / f"{name}.pem").write_text(pem(line), encoding="utf-8")
        listed.append({"keyid": key, "file": f"{name}.pem", "holder": holder_of(key, trust)})
    (folder / "keys.json").write_text(json.dumps(listed, indent=2, ensure_ascii=False) + "\n")
    return names


def _write_entries(rows: Iterable[ChainRow], names: dict[str, str], folder: Path) -> int:
    count = 0
    lines = []
    for row in rows:
        count = row.seq
        stem = f"{row.seq:06d}"
        (folder / "entries" / f"{stem}.row.json").write_bytes(row_bytes(row))
        (folder / "entries" / f"{stem}.dsse.json").write_text(row.body, encoding="utf-8")
        signed_by = names.get(open_sealed(row.body).key, "-")
        lines.append(f"{stem} {signed_by} {row.digest} {row.kind}\n")
    (folder / "entries.txt").write_text("".join(lines), encoding="utf-8")
    return count

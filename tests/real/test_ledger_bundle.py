"""A bundle of the ledger is verified by openssl and by securesystemslib, and by nothing of ours."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import CryptoSigner

from inventory.errors import UsageError
from migrate.ledger.bundle import write_bundle
from migrate.ledger.keys import key_id, public_key
from tests.stages.ledgers import TRUST, approval, every_kind, evidence, written
from tests.stages.workbenches import KEYS, KeyPair

openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
PUBLIC_VERIFIER = """
import base64, json, pathlib, sys
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

assert not any(name.split(".")[0] in {"inventory", "migrate"} for name in sys.modules)
folder = pathlib.Path(sys.argv[1])
keys = {}
for each in json.loads((folder / "keys/keys.json").read_text()):
    pem = (folder / "keys" / each["file"]).read_bytes()
    keys[each["keyid"]] = SSlibKey.from_crypto(load_pem_public_key(pem), keyid=each["keyid"])
count = 0
for path in sorted(folder.glob("entries/*.dsse.json")):
    said = json.loads(path.read_text())
    key = keys[said["signatures"][0]["keyid"]]
    envelope = Envelope.from_dict(said)
    envelope.verify([key], 1)
    parsed = json_format.Parse(envelope.payload, statement_pb2.Statement())
    Statement.copy_from_pb(parsed).validate()
    count += 1
print(count)
"""


def p256_pair() -> KeyPair:
    """Make a P-256 key, as a cloud's key management service holds them."""
    private = ec.generate_private_key(ec.SECP256R1())
    line = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return KeyPair(CryptoSigner(private, public_key(line)), line)


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a bundle with an entry of every kind, and one by a P-256 key."""
    monkeypatch.setitem(KEYS, "kms", p256_pair())
    line = KEYS["kms"].line
    trust = replace(
        TRUST,
        tools=TRUST.tools | {key_id(line)},
        lines={**TRUST.lines, key_id(line): line},
    )
    rows = written([*every_kind(), ("kms", evidence("s3"))])
    folder = tmp_path / "bundle"
    assert write_bundle(rows, trust, folder) == len(rows) == 10
    return folder


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the bundle's own script, in an environment in which nothing of ours is found."""
    return subprocess.run(
        ["sh", str(folder / "verify.sh")],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
    )


@openssl
def test_openssl_verifies_it(bundle: Path) -> None:
    """Digests, places and signatures, ed25519 and P-256, with a shell and openssl."""
    said = verified(bundle)
    assert (said.returncode, said.stderr) == (0, "")
    head = (bundle / "entries.txt").read_text().split()[-2]
    assert said.stdout == f"whole: 10 entries, 0 of them by keys that are not here, head {head}\n"


def test_the_projects_own_library_verifies_it(bundle: Path) -> None:
    """Securesystemslib takes every envelope, and in-toto's library every statement."""
    said = subprocess.run(
        [sys.executable, "-I", "-c", PUBLIC_VERIFIER, str(bundle)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stdout) == (0, "10\n"), said.stderr


@openssl
@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("entries/000003.row.json", 3),
        ("entries/000004.dsse.json", 4),
        ("entries/000010.dsse.json", 10),
    ],
)
def test_an_altered_file_is_found_by_the_script(bundle: Path, name: str, entry: int) -> None:
    """It names the entry, and ends with an error."""
    path = bundle / name
    text = path.read_text()
    path.write_text(text.replace("A", "B", 1))
    assert path.read_text() != text
    said = verified(bundle)
    assert said.returncode == 1
    assert said.stderr.startswith(f"entry {entry:06d}: ")


@openssl
def test_a_forged_signature_is_found_by_the_script(bundle: Path) -> None:
    """Another signature in an envelope, and in its row with a digest that fits."""
    envelope = bundle / "entries" / "000010.dsse.json"
    said = json.loads(envelope.read_text())
    other = written([*every_kind(), ("Ann", approval())])[-1]
    said["payload"] = json.loads(other.body)["payload"]
    body = json.dumps(said, separators=(",", ":"))
    envelope.write_text(body)
    row = bundle / "entries" / "000010.row.json"
    row.write_text(json.dumps([*json.loads(row.read_text())[:5], body], separators=(",", ":")))
    lines = (bundle / "entries.txt").read_text().splitlines()
    number, key, _, kind = lines[-1].split()
    digest = subprocess.run(
        ["sha256sum", str(row)], capture_output=True, text=True, check=True
    ).stdout.split()[0]
    lines[-1] = f"{number} {key} {digest} {kind}"
    (bundle / "entries.txt").write_text("\n".join(lines) + "\n")
    found = verified(bundle)
    assert found.returncode == 1
    assert "its signature is not by" in found.stderr or "another place" in found.stderr


@openssl
def test_dropped_and_added_files_are_found_by_the_script(bundle: Path) -> None:
    """A missing entry, and one that entries.txt does not name."""
    (bundle / "entries" / "000011.dsse.json").write_text("{}")
    assert "there are more entries" in verified(bundle).stderr
    lines = (bundle / "entries.txt").read_text().splitlines(keepends=True)
    (bundle / "entries.txt").write_text("".join(lines[1:]))
    assert "it stands at place 1" in verified(bundle).stderr


@openssl
def test_a_strangers_entry_is_named_by_the_script(tmp_path: Path) -> None:
    """It stands in the chain; whose it is nobody says."""
    write_bundle(written([("Eve", evidence())]), TRUST, tmp_path / "bundle")
    said = verified(tmp_path / "bundle")
    assert said.returncode == 0
    assert "entry 000001: evidence, by a key that is not in keys/" in said.stderr
    assert "1 of them by keys that are not here" in said.stdout


def test_the_readmes_lines_for_python_verify_it(bundle: Path) -> None:
    """What is written there for one signature runs as it stands."""
    text = (bundle / "README.md").read_text()
    part = text.split("with securesystemslib")[1].split("\n## ")[0]
    code = "\n".join(each[4:] for each in part.splitlines() if each.startswith("    "))
    envelope = json.loads((bundle / "entries/000001.dsse.json").read_text())
    keys = json.loads((bundle / "keys/keys.json").read_text())
    file = next(k["file"] for k in keys if k["keyid"] == envelope["signatures"][0]["keyid"])
    code = code.replace("keys/….pem", f"keys/{file}")
    subprocess.run([sys.executable, "-I", "-c", code], cwd=bundle, check=True)
    envelope["payload"] = base64.b64encode(b"{}").decode()
    (bundle / "entries/000001.dsse.json").write_text(json.dumps(envelope))
    broken = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=bundle, capture_output=True, text=True, check=False
    )
    assert "VerificationError" in broken.stderr


def test_nothing_is_written_over(bundle: Path) -> None:
    """A folder that holds something is left as it is."""
    with pytest.raises(UsageError, match="is not empty"):
        write_bundle([], TRUST, bundle)

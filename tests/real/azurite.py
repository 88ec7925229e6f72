"""A real Azurite, Microsoft's emulator of Azure storage, asked by the real identity and pipeline.

It runs over TLS on a free port with ``--oauth basic``: tokens must be from Azure's issuer, for
storage, and of now; their signature is not looked at. Its telemetry is switched off, and what it
keeps is in its memory alone. It knows neither roles nor versions nor policies of immutability.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import requests
from certificates import authority, server_tls

MAIN = (
    Path(__file__).resolve().parents[2] / ".venv/azurite/node_modules/azurite/dist/src/blob/main.js"
)
OLD, NEW = "oldcouncil", "newcouncil"
"""The two accounts that it holds."""
AUDIENCE = "https://storage.azure.com"
ISSUER = "https://sts.windows.net/00000000-0000-0000-0000-000000000000/"
_LISTENS = re.compile(r"successfully listens on https://127\.0\.0\.1:(\d+)")
_START_SECONDS = 60


def lacking() -> str:
    """Say what is missing here to run it; empty when nothing is."""
    if not shutil.which("node"):
        return "node is not installed: apt-get install nodejs npm"
    return "" if MAIN.is_file() else "Azurite is not installed: python tools/azurite"


def token(scope: str, *, issuer: str = ISSUER, life_seconds: float = 3600) -> str:
    """Return a token for a scope as Entra ID would shape it; nobody signed it."""
    now = int(time.time())
    claims = {
        "aud": scope.removesuffix("/.default"),
        "iss": issuer,
        "iat": now - 60,
        "nbf": now - 60,
        "exp": now + int(life_seconds),
    }
    parts = ({"typ": "JWT", "alg": "HS256"}, claims)
    coded = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts]
    return b".".join([*coded, secrets.token_urlsafe(16).encode()]).decode()


@dataclass(kw_only=True)
class Azurite:
    """A running Azurite, and what tests put there by its own REST interface."""

    port: int
    ca_file: Path
    """What its clients must trust."""
    log: Path
    """One line for each request."""
    _session: requests.Session = field(default_factory=requests.Session)

    @property
    def endpoint(self) -> str:
        """Where accounts are, as ``DECANT_AZBLOB_ENDPOINT`` has it."""
        return f"https://127.0.0.1:{self.port}/{{account}}"

    def make(self, account: str, container: str) -> None:
        """Make a container."""
        self._send("PUT", account, container, query={"restype": "container"})

    def put(
        self, account: str, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        """Put a block blob in one piece, as Put Blob does."""
        more = {"x-ms-blob-type": "BlockBlob", **(headers or {})}
        self._send("PUT", account, path, headers=more, body=body)

    def put_in_blocks(
        self, account: str, path: str, *blocks: bytes, md5: bytes | None = None
    ) -> None:
        """Put a block blob in blocks, with the MD5 that the uploader says, if any."""
        names = [base64.b64encode(f"{each:05}".encode()).decode() for each in range(len(blocks))]
        for name, block in zip(names, blocks, strict=True):
            query = {"comp": "block", "blockid": name}
            self._send("PUT", account, path, query=query, body=block)
        listed = "".join(f"<Latest>{name}</Latest>" for name in names)
        said = {"x-ms-blob-content-md5": base64.b64encode(md5).decode()} if md5 else {}
        body = f"<?xml version='1.0' encoding='utf-8'?><BlockList>{listed}</BlockList>".encode()
        self._send("PUT", account, path, query={"comp": "blocklist"}, headers=said, body=body)

    def set_encoding(self, account: str, path: str, encoding: str) -> None:
        """Say how a blob is encoded, without looking at what it holds."""
        headers = {"x-ms-blob-content-encoding": encoding}
        self._send("PUT", account, path, query={"comp": "properties"}, headers=headers)

    def snapshot(self, account: str, path: str) -> None:
        """Keep a blob as it is now."""
        self._send("PUT", account, path, query={"comp": "snapshot"})

    def delete(self, account: str, path: str) -> None:
        """Delete a blob and its snapshots."""
        self._send("DELETE", account, path, headers={"x-ms-delete-snapshots": "include"})

    def asked(self) -> list[str]:
        """Return method and address of what was asked of accounts so far, by the tests, too."""
        mark = f"/-{uuid.uuid4().hex}"  # what came before it is in the log before it
        root = f"https://127.0.0.1:{self.port}"
        self._session.get(root + mark, verify=str(self.ca_file), timeout=30)
        while mark not in (written := self.log.read_text()):
            time.sleep(0.01)
        return re.findall(r'"((?:GET|HEAD|PUT|POST|DELETE) /[^-]\S+)', written)

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def _send(
        self,
        method: str,
        account: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        root = self.endpoint.replace("{account}", account)
        given = {
            "Authorization": f"Bearer {token(AUDIENCE)}",
            "x-ms-version": "2021-12-02",
            **(headers or {}),
        }
        url = f"{root}/{quote(path)}" + (f"?{urlencode(query)}" if query else "")
        answer = self._session.request(
            method, url, headers=given, data=body, verify=str(self.ca_file), timeout=30
        )
        assert answer.status_code in {200, 201, 202}, answer.text


@contextmanager
def azurite(folder: Path) -> Iterator[Azurite]:
    """Run an Azurite with two accounts, which keeps nothing after it ended."""
    ours = authority(folder)
    server_tls(folder, ours)  # writes certificate and key to one file
    log = folder / "azurite.log"
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    command = ["node", str(MAIN), "--blobHost", "127.0.0.1", "--blobPort", "0"]
    command += ["--inMemoryPersistence", "--disableTelemetry", "--oauth", "basic"]
    command += ["--cert", str(folder / "server.pem"), "--key", str(folder / "server.pem")]
    environment = {"PATH": os.environ["PATH"], "AZURITE_ACCOUNTS": f"{OLD}:{key};{NEW}:{key}"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    running: Azurite | None = None
    try:
        running = Azurite(port=_port(process, log), ca_file=ours.file, log=log)
        yield running
    finally:
        if running:
            running.close()
        process.send_signal(signal.SIGKILL)
        process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Return the port that it took, once it listens."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if found := _LISTENS.search(log.read_text()):
            return int(found[1])
        time.sleep(0.05)
    raise RuntimeError(f"Azurite did not start: {log.read_text()}")

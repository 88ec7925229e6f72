"""Checks of object stores against a real Azurite: a folder, containers, and what looks at them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from azurite import NEW, OLD, Azurite, token
from clouds import BRIEF, azure_settings
from sights import HeldMemory, move, sight

from inventory.model.asking import Access, Limits, Reply
from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.registry import Registry
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.model.check import Check
from migrate.model.evidence import CheckResult
from migrate.questioning import ask_server

CHECK = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
_PATIENCE = replace(BRIEF, answer_seconds=30)
"""A page of 5,000 blobs takes Azurite seconds on a busy machine."""
AWS = AwsSettings(region="eu-west-2", patience=BRIEF)


@dataclass(kw_only=True)
class Blobs:
    """Two new containers of an Azurite, one in each account, and how they are looked at."""

    azurite: Azurite
    arm: LoopbackArm
    """Who issues tokens."""
    settings: AzureSettings
    folder: Path
    """On the old server."""
    container: str = field(default_factory=lambda: f"c{uuid.uuid4().hex}")
    memory: HeldMemory = field(default_factory=HeldMemory)
    hashed: int = 0
    """How often the old server hashed files in the last run."""
    looks: list[CloudLook] = field(default_factory=list)

    @property
    def old(self) -> str:
        """The address of the old container's part that is compared."""
        return f"azblob://{OLD}/{self.container}/data"

    @property
    def new(self) -> str:
        """The same of the new one."""
        return f"azblob://{NEW}/{self.container}/data"

    def put(self, name: str, body: bytes, *, to: str = NEW, **headers: str) -> None:
        """Put a blob in one piece."""
        self.azurite.put(to, f"{self.container}/data/{name}", body, headers)

    def put_in_blocks(
        self, name: str, *blocks: bytes, md5: bytes | None = None, to: str = NEW
    ) -> None:
        """Put a blob in blocks."""
        self.azurite.put_in_blocks(to, f"{self.container}/data/{name}", *blocks, md5=md5)

    def write(self, name: str, body: bytes) -> None:
        """Write a file of the old server."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def look(self) -> CloudLook:
        """Return a new look at the clouds."""
        self.looks.append(open_clouds(AWS, self.settings))
        return self.looks[-1]

    def run(self, **parameters: Any) -> CheckResult:
        """Compare the folder, unless an old bucket is named, with the new container."""
        self.hashed = 0
        seen = replace(
            sight(),
            move=move(source="local"),
            memory=self.memory,
            clouds=self.look(),
            ask=self._ask,
        )
        given = {"bucket": self.new, **parameters}
        given |= {} if "old_bucket" in given else {"folder": str(self.folder)}
        return CHECK.one("objects-data").value.run(seen, given)

    def _ask(self, target: str, script: str, *, seconds: float, most_bytes: int) -> Reply:
        self.hashed += "sum --" in script
        return ask_server(
            Access(), Limits(), target, script, seconds=seconds, most_bytes=most_bytes
        )


@contextmanager
def blobs_of(azurite: Azurite, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Blobs]:
    """Give two new containers, to which the environment leads."""
    with loopback_arm(folder) as arm:
        arm.tokens.make = token
        trusted = folder / "trusted.pem"
        trusted.write_bytes(azurite.ca_file.read_bytes() + arm.ca_file.read_bytes())
        for name, value in arm.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DECANT_AZBLOB_ENDPOINT", azurite.endpoint)
        settings = replace(azure_settings(arm, _PATIENCE), ca_file=trusted)
        made = Blobs(azurite=azurite, arm=arm, settings=settings, folder=folder / "data")
        made.folder.mkdir()
        for account in (OLD, NEW):
            azurite.make(account, made.container)
        yield made
        for each in made.looks:
            each.close()

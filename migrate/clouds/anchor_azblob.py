"""An anchor in Azure blob storage: each head a blob with a locked immutability policy of its own.

Such a policy can be neither shortened nor removed, by nobody, until it ends. The container needs
support for version-level immutability, which is chosen when it is made. Versions are listed,
because a newer one may be laid over a blob all the same.

Sources: https://learn.microsoft.com/azure/storage/blobs/immutable-version-level-worm-policies,
https://learn.microsoft.com/rest/api/storageservices/put-blob and …/list-blobs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from inventory.errors import BadInputError, PartlyUnknownError
from inventory.model.cloud_calls import Purpose, azure_call
from migrate.clouds.anchor_names import heads_among, name_of
from migrate.clouds.azblob import BLOBS, BlobService, name_in
from migrate.ledger.anchors import Head

if TYPE_CHECKING:
    from inventory.model.cloud_settings import AzureSettings

CALLS = (
    *(
        azure_call(name, f"{BLOBS}/read", purpose=Purpose.LEDGER, is_data=True)
        for name in ("GET blobs", "GET blob", "HEAD blob")
    ),
    azure_call(
        "PUT blob",
        f"{BLOBS}/write",
        f"{BLOBS}/add/action",
        changes=True,
        purpose=Purpose.LEDGER,
        is_data=True,
    ),
)
"""Permissions as the pages above have them. Whether a policy of immutability needs more than
writing was never seen: no real Azure was asked."""
_CREATED = 201
_DAY = timedelta(days=1)
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class BlobAnchor:
    """Heads in a container."""

    settings: AzureSettings
    account: str
    container: str
    prefix: str
    days: int
    """How long a head cannot be taken away."""

    @property
    def where(self) -> str:
        """Where it is."""
        return f"azblob://{self.account}/{self.container}/{self.prefix}".rstrip("/")

    def keep(self, head: Head, envelope: str) -> str:
        """Put a blob with a locked policy, and look that it is locked.

        Raises:
            PartlyUnknownError: Azure does not answer, or refuses.
            BadInputError: Azure took it without locking it: the container has no version-level
                immutability.

        """
        name = name_of(self.prefix, head)
        until = datetime.now(UTC) + timedelta(days=self.days)
        headers = {
            "x-ms-blob-type": "BlockBlob",
            "Content-Type": "application/json",
            "x-ms-immutability-policy-until-date": format_datetime(until, usegmt=True),
            "x-ms-immutability-policy-mode": "Locked",
        }
        made = self._ask("PUT", name, headers=headers, content=envelope.encode(), wanted=_CREATED)
        version = made.headers.get("x-ms-version-id", "")
        query = {"versionid": version} if version else {}
        ends = _locked_until(self._ask("HEAD", name, query=query))
        if ends is None or ends < until - _DAY:
            raise BadInputError(
                f"{self.where} took the head but did not lock it: it could be taken away",
                hint="the container needs version-level immutability, which is chosen when it is "
                "made: az storage container-rm create --enable-vlw",
            )
        return f"{self.where}: {name}, locked until {ends:%Y-%m-%d}"

    def heads(self) -> Sequence[Head]:
        """Return every head of which the container holds a version.

        Raises:
            PartlyUnknownError: Azure does not answer, or refuses.

        """
        return heads_among(self.prefix, (name for name, _ in self._versions(self.prefix)))

    def envelope(self, head: Head) -> str:
        """Return the first version of a head's blob: whatever was laid over it is not looked at.

        Raises:
            PartlyUnknownError: Azure does not answer, refuses, holds something else, or holds it
                unlocked, so that another could have been put in its place.

        """
        name = name_of(self.prefix, head)
        versions = sorted(version for found, version in self._versions(name) if found == name)
        if not versions:
            raise PartlyUnknownError(f"{self.where} does not hold {name} any more")
        query = {"versionid": versions[0]} if versions[0] else {}
        found = self._ask("GET", name, query=query)
        ends = _locked_until(found)
        if ends is None or ends < datetime.now(UTC):
            raise PartlyUnknownError(
                f"{name} in {self.where} is not locked: it could have been put there since",
                hint="keep the head in a container with version-level immutability",
            )
        try:
            return bytes(found.content)[:_MOST_BYTES].decode()
        except UnicodeDecodeError as error:
            raise PartlyUnknownError(f"{name} in {self.where} is no text") from error

    def _versions(self, start: str) -> list[tuple[str, str]]:
        """Return name and version of each blob whose name starts so; versions sort by time."""
        with self._used() as service:
            return [
                (name_in(each), each.findtext("VersionId", ""))
                for each in service.listed(self.container, start, "versions")
            ]

    def _ask(self, method: str, name: str, **given: Any) -> Any:
        with self._used() as service:
            return service.ask(method, f"{self.container}/{name}", **given)

    @contextmanager
    def _used(self) -> Iterator[BlobService]:
        """Give the account, and turn its failures into words."""
        from inventory.clouds.azure_failures import FAILURES, words_of

        try:
            with BlobService(
                settings=self.settings, account=self.account, calls=CALLS, changes=True
            ) as service:
                yield service
        except FAILURES as error:
            raise PartlyUnknownError(
                f"{self.where} cannot be used: {words_of(error)}",
                hint="the credential needs the role Storage Blob Data Contributor there, and the "
                "container version-level immutability",
            ) from error


def _locked_until(answer: Any) -> datetime | None:
    """Return until when a blob is locked, as Azure says of it; None when it is not."""
    if answer.headers.get("x-ms-immutability-policy-mode", "").lower() != "locked":
        return None
    try:
        ends = parsedate_to_datetime(answer.headers["x-ms-immutability-policy-until-date"])
    except (KeyError, ValueError):
        return None
    return ends if ends.tzinfo else ends.replace(tzinfo=UTC)

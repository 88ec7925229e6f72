"""An anchor in Azure blob storage: each head a blob with a locked immutability policy of its own.

Such a policy can be neither shortened nor removed, by nobody, until it ends. The container needs
support for version-level immutability, which is chosen when it is made. Versions are listed,
because a newer one may be laid over a blob all the same.

Sources: https://learn.microsoft.com/azure/storage/blobs/immutable-version-level-worm-policies,
https://learn.microsoft.com/rest/api/storageservices/put-blob and …/list-blobs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from inventory.errors import BadInputError, PartlyUnknownError
from inventory.model.cloud_calls import Purpose, azure_call
from inventory.model.cloud_settings import AZURE_ADDRESSES
from migrate.clouds.anchor_names import heads_among, name_of
from migrate.ledger.anchors import Head

if TYPE_CHECKING:
    from inventory.model.cloud_settings import AzureSettings

_VERSION = "2021-12-02"
"""Of the service's interface: immutability policies came with 2020-06-12."""
_SCOPE = "https://storage.azure.com/.default"
_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
CALLS = (
    *(
        azure_call(name, f"{_BLOBS}/read", purpose=Purpose.LEDGER, is_data=True)
        for name in ("GET blobs", "GET blob", "HEAD blob")
    ),
    azure_call(
        "PUT blob",
        f"{_BLOBS}/write",
        f"{_BLOBS}/add/action",
        changes=True,
        purpose=Purpose.LEDGER,
        is_data=True,
    ),
)
"""Permissions as the pages above have them. Whether a policy of immutability needs more than
writing was never seen: no real Azure was asked."""
_CREATED, _OK = 201, 200
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
            BadInputError: the container has no version-level immutability.

        """
        name = name_of(self.prefix, head)
        until = datetime.now(UTC) + timedelta(days=self.days)
        headers = {
            "x-ms-blob-type": "BlockBlob",
            "Content-Type": "application/json",
            "x-ms-immutability-policy-until-date": format_datetime(until, usegmt=True),
            "x-ms-immutability-policy-mode": "Locked",
        }
        self._ask("PUT", name, headers=headers, content=envelope.encode(), wanted=_CREATED)
        seen = self._ask("HEAD", name)
        mode = str(seen.headers.get("x-ms-immutability-policy-mode", ""))
        if mode.lower() != "locked":
            raise BadInputError(
                f"{self.where} has no version-level immutability: what is kept there could be "
                "taken away",
                hint="make a container with --enable-vlw: az storage container-rm create",
            )
        return f"{self.where}: {name}, locked until {until:%Y-%m-%d}"

    def heads(self) -> Sequence[Head]:
        """Return every head of which the container holds a version.

        Raises:
            PartlyUnknownError: Azure does not answer, or refuses.

        """
        return heads_among(self.prefix, (name for name, _ in self._versions(self.prefix)))

    def envelope(self, head: Head) -> str:
        """Return the first version of a head's blob: whatever was laid over it is not looked at.

        Raises:
            PartlyUnknownError: Azure does not answer, refuses, or holds something else.

        """
        name = name_of(self.prefix, head)
        versions = sorted(version for found, version in self._versions(name) if found == name)
        if not versions:
            raise PartlyUnknownError(f"{self.where} does not hold {name} any more")
        query = {"versionid": versions[0]} if versions[0] else {}
        try:
            return bytes(self._ask("GET", name, query=query).content)[:_MOST_BYTES].decode()
        except UnicodeDecodeError as error:
            raise PartlyUnknownError(f"{name} in {self.where} is no text") from error

    def _versions(self, start: str) -> list[tuple[str, str]]:
        """Return name and version of each blob whose name starts so; versions sort by time."""
        from azure.core.pipeline.policies import ContentDecodePolicy

        found: list[tuple[str, str]] = []
        marker = ""
        while True:
            query = {"restype": "container", "comp": "list", "include": "versions"}
            query |= {"prefix": start} if start else {}
            query |= {"marker": marker} if marker else {}
            answer = self._ask("GET", "", query=query)
            listed = ContentDecodePolicy.deserialize_from_text(answer.text(), "application/xml")
            found += [
                (each.findtext("Name", ""), each.findtext("VersionId", ""))
                for each in listed.iter("Blob")
            ]
            marker = listed.findtext("NextMarker", "") or ""
            if not marker:
                return found

    def _ask(
        self,
        method: str,
        name: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        wanted: int = _OK,
    ) -> Any:
        from azure.core.exceptions import DecodeError, HttpResponseError
        from azure.core.rest import HttpRequest

        from inventory.clouds.azure_access import storage_client
        from inventory.clouds.azure_failures import FAILURES, words_of

        # Where a private cloud keeps its blobs; the tests' loopback is one.
        root = os.environ.get("DECANT_AZBLOB_ENDPOINT") or (
            f"https://{self.account}.{AZURE_ADDRESSES[self.settings.cloud].blobs}"
        )
        path = "/".join(filter(None, [self.container, quote(name)]))
        url = f"{root.rstrip('/')}/{path}" + (f"?{urlencode(query)}" if query else "")
        given = {"x-ms-version": _VERSION, **(headers or {})}
        request = HttpRequest(method, url, headers=given, content=content)
        try:
            with storage_client(root, _SCOPE, self.settings, CALLS) as client:
                answer = client.send_request(request)
                answer.read()
                if answer.status_code != wanted:
                    code = answer.headers.get("x-ms-error-code", "")
                    said = f"it answered {answer.status_code} {code}".rstrip()
                    raise HttpResponseError(message=said, response=answer)
                return answer
        except (*FAILURES, DecodeError) as error:
            raise PartlyUnknownError(
                f"{self.where} cannot be used: {words_of(error)}",
                hint="the credential needs the role Storage Blob Data Contributor there, and the "
                "container version-level immutability",
            ) from error

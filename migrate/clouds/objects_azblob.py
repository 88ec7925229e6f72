"""A container of Azure blobs, as checks look at it: listed, and asked for the MD5s that Azure made.

Azure calculates the MD5 of a block blob that is put there in one piece. Of one that is put there in
blocks it keeps what the uploader says, and never compares it with what arrived: with AzCopy's
``--put-md5``, that is the MD5 of the source. So only blobs without a list of blocks have one that
counts.

Sources: https://learn.microsoft.com/rest/api/storageservices/put-blob, …/put-block-list and
…/get-block-list; Azure/azure-storage-python issue 99; Azure/azure-storage-ruby issue 64. Folders of
a hierarchical namespace: …/list-blobs (``hdi_isfolder``, ``ResourceType``).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypeVar

from inventory.errors import PartlyUnknownError
from inventory.model.cloud_calls import azure_call
from migrate.clouds.azblob import BLOBS, BlobService, name_in, xml_of
from migrate.model.objects import Checksums, StoredObject, checksums_of

T = TypeVar("T")
CALLS = tuple(
    azure_call(name, f"{BLOBS}/read", is_data=True)
    for name in ("GET blobs", "GET blob", "GET blocks")
)
_MD5_BYTES = 16
_ABSENT, _CONFLICT = 404, 409
_NO_ADDRESS = "a part of its name is . or .., which no address can hold"
_IN_BLOCKS = "it was put there in blocks, so its MD5 is what the uploader said"


@dataclass(frozen=True, kw_only=True)
class BlobObjects:
    """The blobs of a container under a prefix: neither snapshots nor older versions."""

    service: BlobService
    container: str
    prefix: str
    """Empty, or ending in a slash."""
    _kept: dict[str, Checksums] = field(default_factory=dict)
    """What the last listing said of each, whoever calculated it."""

    def listed(self) -> Mapping[str, StoredObject]:
        """List the blobs, by their names below the prefix; marks of folders are left out."""

        def pages() -> dict[str, StoredObject]:
            found: dict[str, StoredObject] = {}
            kept: dict[str, Checksums] = {}
            for each in self.service.listed(self.container, self.prefix, "metadata"):
                if not _is_folder(each):
                    key = name_in(each).removeprefix(self.prefix)
                    found[key], kept[key] = stored_in(each), kept_in(each)
            self._kept.clear()
            self._kept.update(kept)
            return found

        return self._ask(pages)

    def checksums(self, keys: Sequence[str]) -> Mapping[str, Checksums]:
        """Return what Azure calculated of some blobs' content, asked for each, a few at once."""

        def all_of_them() -> dict[str, Checksums]:
            with ThreadPoolExecutor(self.service.settings.patience.at_once) as pool:
                return dict(zip(keys, pool.map(self._calculated, keys), strict=True))

        return self._ask(all_of_them)

    def read_whole(self, key: str) -> Checksums:
        """Read a blob whole, as it is stored, and return its checksums."""

        def read() -> Checksums:
            answer = self.service.ask("GET", self._path(key), stream=True)
            with closing(answer):
                # Not decompressed: what is compared is what is stored.
                return checksums_of(answer.iter_raw())

        return self._ask(read)

    def _calculated(self, key: str) -> Checksums:
        kept = self._kept.get(key, Checksums(why_none="it was not listed"))
        if not kept.md5:
            return kept
        if not _has_address(self.prefix + key):
            return Checksums(why_none=_NO_ADDRESS)
        query = {"comp": "blocklist", "blocklisttype": "committed"}
        answer = self.service.ask("GET", self._path(key), query=query)
        if xml_of(answer.content, "BlockList").find("CommittedBlocks/Block") is None:
            return kept
        return Checksums(why_none=_IN_BLOCKS)

    def _path(self, key: str) -> str:
        if not _has_address(self.prefix + key):
            raise PartlyUnknownError(f"{self.prefix}{key}: {_NO_ADDRESS}")
        return f"{self.container}/{self.prefix}{key}"

    def _ask(self, question: Callable[[], T]) -> T:
        from inventory.clouds.azure_failures import FAILURES, words_of

        try:
            return question()
        except FAILURES as error:
            raise PartlyUnknownError(
                f"azblob://{self.service.account}/{self.container}/{self.prefix} cannot be read: "
                f"{words_of(error)}",
                hint=_remedy(getattr(error, "status_code", None)),
            ) from error


def _remedy(status: int | None) -> str:
    """Return what may help when Azure answers so; None when it does not answer."""
    if status in {401, 403}:
        return (
            "the credential needs the role Storage Blob Data Reader there, and the account's "
            "firewall must let this computer in"
        )
    if status == _CONFLICT:
        return "a blob in the archive tier must be brought back first"
    if status is None:
        return "check the account's name, and the network from here to it"
    return "check the names of account and container" if status == _ABSENT else "try again later"


def _has_address(name: str) -> bool:
    """Tell whether a name can be asked for: what speaks HTTP takes ``.`` and ``..`` out of it."""
    return not {".", ".."} & set(name.split("/"))


def stored_in(blob: Any) -> StoredObject:
    """Return what a ``Blob`` element of a listing says of its size and its changes.

    Raises:
        azure.core.exceptions.DecodeError: it says no size, or nothing to tell changes by.

    """
    from azure.core.exceptions import DecodeError

    size = blob.findtext("Properties/Content-Length", "")
    tag = blob.findtext("Properties/Etag", "")
    changed = blob.findtext("Properties/Last-Modified", "")
    if not (size.isascii() and size.isdigit() and tag):
        raise DecodeError("a blob in a listing without its size or its ETag")
    return StoredObject(size=int(size), mark=f"{tag} {changed}")


def kept_in(blob: Any) -> Checksums:
    """Return the MD5 that a ``Blob`` element of a listing has, whoever calculated it."""
    kind = blob.findtext("Properties/BlobType", "")
    if kind != "BlockBlob":
        return Checksums(why_none=f"Azure keeps no checksum of a {kind or 'blob of no kind'}")
    text = blob.findtext("Properties/Content-MD5", "") or ""
    try:
        md5 = base64.b64decode(text, validate=True)
    except binascii.Error:
        md5 = b""
    if len(md5) != _MD5_BYTES:
        return Checksums(why_none="Azure keeps no MD5 of it, as of most that is put in blocks")
    return Checksums(md5=md5.hex())


def _is_folder(blob: Any) -> bool:
    """Tell whether a blob only stands for a folder, as tools and hierarchical namespaces make."""
    is_said = (
        blob.findtext("Properties/ResourceType", "").lower() == "directory"
        or blob.findtext("Metadata/hdi_isfolder", "").lower() == "true"
        or name_in(blob).endswith("/")
    )
    return is_said and blob.findtext("Properties/Content-Length", "") in {"", "0"}

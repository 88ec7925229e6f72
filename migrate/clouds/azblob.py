"""Azure blob storage, as anchors and checks speak to it: by azure-core's own pipeline.

Sources: https://learn.microsoft.com/rest/api/storageservices/list-blobs and
…/versioning-for-the-azure-storage-services.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote, unquote, urlencode

from inventory.errors import BadInputError
from inventory.model.cloud_calls import Call, Tally
from inventory.model.cloud_settings import AZURE_ADDRESSES

if TYPE_CHECKING:
    from inventory.model.cloud_settings import AzureSettings

BLOBS: Final = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
"""What permissions on blobs begin with; they are data actions."""
_VERSION: Final = "2021-12-02"
"""Of the service's interface: policies of immutability came with 2020-06-12, names that XML cannot
hold with 2021-02-12."""
_SCOPE: Final = "https://storage.azure.com/.default"
"""In every one of Microsoft's clouds."""
_ACCOUNT: Final = "{account}"
_OK: Final = 200
_MOST_PAGES: Final = 200_000
"""Of 5,000 blobs each: no container that is listed here is nearly so large."""


@dataclass(frozen=True, kw_only=True)
class BlobService:
    """The blobs of one storage account; closed as a context manager. Safe between threads."""

    settings: AzureSettings
    account: str
    calls: Collection[Call]
    """What may be sent."""
    changes: bool = False
    """Whether declared calls that change something may be sent, too."""
    tally: Tally = field(default_factory=Tally)
    who: Callable[[], Any] | None = None
    """Tells the credential of this run; without it, one is made of the settings."""
    _held: list[Any] = field(default_factory=list)
    """The client, once there is one, and after it a credential of its own."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        """Hold nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close its client, and a credential of its own."""
        while self._held:
            self._held.pop().close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        wanted: int = _OK,
        stream: bool = False,
    ) -> Any:
        """Return the answer of what is at ``container`` or ``container/blob``.

        With ``stream`` its body is still to be read, and the answer to be closed.

        Raises:
            azure.core.exceptions.AzureError: it was not told, or answered otherwise than wanted.
            BadInputError: the environment's endpoint does not say where an account is.

        """
        from azure.core.exceptions import HttpResponseError
        from azure.core.rest import HttpRequest

        url = f"{self._root}/{quote(path)}" + (f"?{urlencode(query)}" if query else "")
        given = {
            "x-ms-version": _VERSION,
            "x-ms-date": format_datetime(datetime.now(UTC), usegmt=True),
            **(headers or {}),
        }
        request = HttpRequest(method, url, headers=given, content=content)
        answer = self._opened().send_request(request, stream=stream)
        if answer.status_code == wanted:
            return answer
        answer.close()
        code = answer.headers.get("x-ms-error-code", "")
        error = HttpResponseError(message=f"it answered {answer.status_code} {code}".rstrip())
        error.status_code = answer.status_code
        raise error

    def listed(self, container: str, prefix: str, include: str) -> Iterator[Any]:
        """Yield each ``Blob`` element of a container's listing, page by page.

        Raises:
            azure.core.exceptions.AzureError: see :meth:`ask`. A page that is no listing, or that
                comes again, is a DecodeError.

        """
        from azure.core.exceptions import DecodeError

        query = {"restype": "container", "comp": "list", "include": include}
        query |= {"prefix": prefix} if prefix else {}
        seen: set[str] = set()
        while True:
            answer = self.ask("GET", container, query=query)
            page = xml_of(answer.content, "EnumerationResults")
            blobs = page.find("Blobs")
            if blobs is None:
                raise DecodeError("a page of a listing without its blobs")
            yield from blobs.iter("Blob")
            marker = page.findtext("NextMarker", "") or ""
            if not marker:
                return
            if marker in seen or len(seen) > _MOST_PAGES:
                raise DecodeError("the listing has no end: a page of it came again")
            seen.add(marker)
            query["marker"] = marker

    @property
    def _root(self) -> str:
        # Where a private cloud keeps its blobs; the tests' loopback is one.
        own = f"https://{_ACCOUNT}.{AZURE_ADDRESSES[self.settings.cloud].blobs}"
        given = os.environ.get("DECANT_AZBLOB_ENDPOINT") or own
        if _ACCOUNT not in given:
            # Two accounts would be one place, and a container a true copy of itself.
            raise BadInputError(
                f"DECANT_AZBLOB_ENDPOINT does not say where an account is: {given}",
                hint=f"write {_ACCOUNT} where its name belongs: https://blobs.example/{_ACCOUNT}",
            )
        return given.replace(_ACCOUNT, self.account).rstrip("/")

    def _opened(self) -> Any:
        from inventory.clouds.azure_access import credential, storage_client

        with self._lock:
            if not self._held:
                who = self.who() if self.who else credential(self.settings)
                client = storage_client(
                    self._root,
                    _SCOPE,
                    self.settings,
                    self.calls,
                    who=who,
                    place=self.account,
                    tally=self.tally,
                    changes=self.changes,
                )
                self._held.extend([client] if self.who else [client, who])
            return self._held[0]


def name_in(blob: Any) -> str:
    """Return the name in a ``Blob`` element: what XML cannot hold is encoded as in addresses.

    Raises:
        azure.core.exceptions.DecodeError: there is none.

    """
    from azure.core.exceptions import DecodeError

    name = blob.find("Name")
    if name is None or not name.text:
        raise DecodeError("a blob in a listing without its name")
    return unquote(name.text) if name.get("Encoded", "").lower() == "true" else str(name.text)


def xml_of(body: bytes, root: str) -> Any:
    """Return the element that a body of XML is, which must have this name.

    Raises:
        azure.core.exceptions.DecodeError: it is something else.

    """
    from azure.core.exceptions import DecodeError
    from azure.core.pipeline.policies import ContentDecodePolicy

    try:
        found = ContentDecodePolicy.deserialize_from_text(body, "application/xml")
    except UnicodeDecodeError as error:
        raise DecodeError(f"no text: {error}") from error
    if getattr(found, "tag", None) != root:
        raise DecodeError(f"no {root}, but something else")
    return found

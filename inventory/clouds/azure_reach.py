"""Azure's Resource Manager: listings page by page, and clients that send only what was declared.

Listings are read by the SDK's own pipeline (credential, challenge, retry) as Resource Manager
writes them, since one client library for each of its services would be dozens. Imports azure, so it
is itself imported only where Azure is asked.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote, urlsplit

from azure.core import PipelineClient
from azure.core.exceptions import DecodeError
from azure.core.pipeline.policies import RequestIdPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest
from azure.identity import DefaultAzureCredential, EnvironmentCredential
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

from inventory.clouds.azure_access import credential, options
from inventory.errors import BadInputError
from inventory.model.cloud_calls import Call, Tally
from inventory.model.cloud_settings import AzureSettings

T = TypeVar("T")
_SAFE: Final = "/()'$,:@"
_MOST_PAGES: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class AzureReach:
    """What Azure is reached by in a run; closed as a context manager. Safe between threads."""

    settings: AzureSettings
    tally: Tally = field(default_factory=Tally)
    _credential: list[DefaultAzureCredential | EnvironmentCredential] = field(default_factory=list)
    _clients: dict[object, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        """Hold nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close every client and the credential."""
        for each in (*self._clients.values(), *self._credential):
            each.close()

    def arm(self, calls: Collection[Call], *, changes: bool = False) -> Arm:
        """Return a client of Resource Manager that sends only the calls that are declared.

        With ``changes`` it may send declared calls that change something, too.

        Raises:
            BadInputError: the settings' credential or file of authorities cannot be used.

        """
        base, who = self.settings.resource_manager, self.credential()
        key = ("arm", frozenset(calls), changes)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._pipeline(who, calls, changes=changes)
            return Arm(pipeline=self._clients[key], base=base)

    def client(self, kind: type[T], subscription: str, calls: Collection[Call]) -> T:
        """Return a management client of the SDK that sends only the calls that are declared.

        Raises:
            BadInputError: the settings' credential or file of authorities cannot be used.

        """
        made: Any = kind
        key, who = (kind, subscription, frozenset(calls)), self.credential()
        with self._lock:
            if key not in self._clients:
                self._clients[key] = made(who, subscription, **self._options(calls))
            client: T = self._clients[key]
            return client

    def credential(self) -> DefaultAzureCredential | EnvironmentCredential:
        """Return the one credential of this run; no token is fetched by this."""
        with self._lock:
            if not self._credential:
                try:
                    self._credential.append(credential(self.settings))
                except ValueError as error:
                    raise BadInputError(
                        f"the Azure credential is unusable: {error}",
                        hint="give it by environment, managed identity or az login",
                    ) from error
            return self._credential[0]

    def _pipeline(
        self,
        who: DefaultAzureCredential | EnvironmentCredential,
        calls: Collection[Call],
        *,
        changes: bool,
    ) -> PipelineClient[Any, Any]:
        given = self._options(calls, changes=changes)
        scopes = given.pop("credential_scopes")
        return PipelineClient(
            given.pop("base_url"),
            policies=[
                RequestIdPolicy(),
                UserAgentPolicy("decant"),
                given.pop("retry_policy"),
                ARMChallengeAuthenticationPolicy(who, *scopes),
                *given.pop("per_retry_policies"),
            ],
            **given,
        )

    def _options(self, calls: Collection[Call], *, changes: bool = False) -> dict[str, Any]:
        file = self.settings.ca_file
        if file and not file.is_file():
            raise BadInputError(f"there is no file {file}", hint="mend ca_file under [azure]")
        return options(self.settings, calls, self.tally, changes=changes)


@dataclass(frozen=True, kw_only=True)
class Arm:
    """Resource Manager, asked by path. Answers are as it wrote them, after JSON."""

    pipeline: PipelineClient[Any, Any]
    base: str

    def get(self, path: str, version: str, **query: str) -> dict[str, Any]:
        """Return what is at a path. ``filter_="…"`` is the query's ``$filter``.

        Raises:
            azure.core.exceptions.AzureError: it was not told; a body that is no object of JSON is
                a DecodeError.

        """
        return self._sent(HttpRequest("GET", self._url(path), params=_query(version, query)))

    def post(
        self, path: str, version: str, body: Mapping[str, Any], **query: str
    ) -> dict[str, Any]:
        """Return what a question that is put by POST is answered.

        Raises:
            azure.core.exceptions.AzureError: see :meth:`get`.

        """
        url, asked = self._url(path), _query(version, query)
        return self._sent(HttpRequest("POST", url, params=asked, json=dict(body)))

    def pages(self, path: str, version: str, **query: str) -> Iterator[dict[str, Any]]:
        """Yield every item of a listing, page by page as it is wanted.

        Raises:
            azure.core.exceptions.AzureError: see :meth:`get`. A next page that is elsewhere than
                Resource Manager, or comes again, is a DecodeError: no token is sent there.

        """
        page = self.get(path, version, **query)
        seen: set[str] = set()
        while True:
            yield from _items(page)
            following = page.get("nextLink")
            if not following:
                return
            if not self._is_ours(following) or following in seen or len(seen) > _MOST_PAGES:
                raise DecodeError(f"the next page of {path} is not to be had at {following}")
            seen.add(following)
            page = self._sent(HttpRequest("GET", following))

    def _url(self, path: str) -> str:
        return f"{self.base}/{quote(path.lstrip('/'), safe=_SAFE)}"

    def _is_ours(self, address: object) -> bool:
        return isinstance(address, str) and (urlsplit(address)[:2] == urlsplit(self.base)[:2])

    def _sent(self, request: HttpRequest) -> dict[str, Any]:
        answer = self.pipeline.send_request(request)
        answer.raise_for_status()
        try:
            told = answer.json()
        except ValueError as error:
            raise DecodeError(f"no JSON: {error}") from error
        if not isinstance(told, dict):
            raise DecodeError(f"no object of JSON, but {type(told).__name__}")
        return told


def _query(version: str, query: Mapping[str, str]) -> dict[str, str]:
    named = {
        f"${key.rstrip('_')}" if key.endswith("_") else key: text for key, text in query.items()
    }
    return {"api-version": version, **named}


def _items(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = page.get("value")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise DecodeError("a page without a list of objects under value")
    return found

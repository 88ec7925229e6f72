"""How Azure's clients are made: whose credential, how patient, and what they may send.

Imports azure, so it is itself imported only where Azure is asked.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from azure.core import PipelineClient
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import (
    BearerTokenCredentialPolicy,
    HeadersPolicy,
    HTTPPolicy,
    RetryPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)
from azure.identity import DefaultAzureCredential, EnvironmentCredential

from inventory.errors import RefusedError
from inventory.model.cloud_calls import Call, Tally, azure_call_name
from inventory.model.cloud_settings import (
    AZURE_ADDRESSES,
    AzureCloud,
    AzureCredential,
    AzureSettings,
    Patience,
)

_NameOf = Callable[[PipelineRequest[Any]], str]
_CHUNK: Final = 1 << 20
"""Bytes of a blob that are held at a time."""
_OF_BLOBS: Final = {"": "blob", "list": "blobs", "blocklist": "blocks"}
"""What is asked of blob storage, by the query's ``comp``."""
_SUBSCRIPTION: Final = re.compile(r"/subscriptions/([^/]+)", re.IGNORECASE)


def credential(settings: AzureSettings) -> DefaultAzureCredential | EnvironmentCredential:
    """Return the credential that the settings ask for; no token is fetched yet."""
    _keep_quiet()
    given: dict[str, Any] = _transport(settings)
    if settings.authority:
        # A private authority is in no list of authorities that could be asked about it.
        given |= {"authority": settings.authority, "disable_instance_discovery": True}
    elif settings.cloud is not AzureCloud.PUBLIC:
        given["authority"] = AZURE_ADDRESSES[settings.cloud].authority
    if settings.credential is AzureCredential.ENVIRONMENT:
        return EnvironmentCredential(**given)
    return DefaultAzureCredential(
        process_timeout=round(settings.patience.answer_seconds),
        exclude_broker_credential=True,
        **given,
    )


def options(
    settings: AzureSettings,
    calls: Collection[Call],
    tally: Tally | None = None,
    *,
    changes: bool = False,
) -> dict[str, Any]:
    """Return what every management client is made with: it sends only what is declared.

    With ``changes`` it may send declared calls that change something, too.
    """
    given: dict[str, Any] = {
        **_transport(settings),
        # After every other policy: what a client's own policies send must be declared as well.
        "per_retry_policies": [
            OnlyDeclared(calls, changes=changes),
            Counted(tally or Tally(), calls),
        ],
    }
    given["base_url"] = settings.resource_manager
    given["credential_scopes"] = list(settings.resource_manager_scopes)
    return given


def storage_client(
    url: str,
    scope: str,
    settings: AzureSettings,
    calls: Collection[Call],
    *,
    who: DefaultAzureCredential | EnvironmentCredential,
    place: str,
    tally: Tally,
    changes: bool = False,
) -> PipelineClient[Any, Any]:
    """Return a client of a storage account's own interface; it is closed as a context manager.

    It sends only what is declared: ``GET blobs`` is a listing, ``GET blocks`` a blob's list of
    blocks, ``PUT blob`` and so on the blob itself. What changes something needs ``changes``.
    """
    return _data_client(
        url,
        settings,
        BearerTokenCredentialPolicy(who, scope),
        OnlyDeclared(calls, changes=changes, name_of=_blob_name_of),
        Counted(tally, calls, name_of=_blob_name_of, place=place),
    )


def vault_client(
    url: str,
    scope: str,
    settings: AzureSettings,
    calls: Collection[Call],
    *,
    who: DefaultAzureCredential | EnvironmentCredential,
    tally: Tally,
) -> PipelineClient[Any, Any]:
    """Return a client of a key vault's own interface: looking at keys, and signing by them.

    It sends only what is declared: ``GET keys`` is one key, ``POST keys/sign`` a signature.
    """
    return _data_client(
        url,
        settings,
        BearerTokenCredentialPolicy(who, scope),
        OnlyDeclared(calls, changes=False, name_of=_key_name_of),
        Counted(tally, calls, name_of=_key_name_of, place=urlsplit(url).netloc),
    )


def _data_client(
    url: str, settings: AzureSettings, *last: HTTPPolicy[Any, Any] | SansIOHTTPPolicy[Any, Any]
) -> PipelineClient[Any, Any]:
    """Return a client of what is no Resource Manager; ``last`` sees what really goes out."""
    given = _transport(settings)
    retries = given.pop("retry_policy")
    return PipelineClient(
        url,
        policies=[HeadersPolicy(), UserAgentPolicy("decant"), retries, *last],
        connection_data_block_size=_CHUNK,
        **given,
    )


def _name_of(request: PipelineRequest[Any]) -> str:
    sent = request.http_request
    return azure_call_name(sent.method, urlsplit(sent.url).path)


def _blob_name_of(request: PipelineRequest[Any]) -> str:
    sent = request.http_request
    query = parse_qs(urlsplit(sent.url).query, keep_blank_values=True)
    asked = ",".join(query.get("comp", []))
    return f"{sent.method} {_OF_BLOBS.get(asked, f'{asked} of a blob')}"


def _key_name_of(request: PipelineRequest[Any]) -> str:
    """Return method, collection and action, without the key's name and version."""
    sent = request.http_request
    collection, *rest = urlsplit(sent.url).path.strip("/").split("/")
    return f"{sent.method} {'/'.join((collection, *rest[2:]))}"


class OnlyDeclared(SansIOHTTPPolicy[Any, Any]):
    """Lets nothing pass that was not declared.

    That rules out, too, that a client registers a resource provider on the subscription by itself
    when Azure answers 409 MissingSubscriptionRegistration.
    """

    def __init__(
        self, calls: Collection[Call], *, changes: bool, name_of: _NameOf = _name_of
    ) -> None:
        self._allowed = frozenset(
            call.name.lower() for call in calls if changes or not call.changes
        )
        self._name_of = name_of

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Refuse a request that nothing declares.

        Raises:
            RefusedError: nothing declares its method on this type.

        """
        name = self._name_of(request)
        if name.lower() not in self._allowed:
            raise RefusedError(
                f"Azure would have been asked for {name}, which nothing here declares",
                hint="nothing was sent; please report this",
            )


class Counted(SansIOHTTPPolicy[Any, Any]):
    """Counts what goes out, again when it is sent again, by the names that are declared.

    A path may be in any case, such as that of the resource ids which lead to it.
    """

    def __init__(
        self,
        tally: Tally,
        calls: Collection[Call],
        *,
        name_of: _NameOf = _name_of,
        place: str = "Azure",
    ) -> None:
        self._tally, self._name_of, self._place = tally, name_of, place
        self._declared = {call.name.lower(): call.name for call in calls}

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Count a request."""
        path = urlsplit(request.http_request.url).path
        found = _SUBSCRIPTION.match(path)
        name = self._name_of(request)
        place = found[1].lower() if found else self._place
        self._tally.add(place, self._declared.get(name.lower(), name))


class PatientWithin(RetryPolicy[Any, Any]):
    """Retries as Azure asks, but never pauses for longer than a run can wait."""

    def __init__(self, patience: Patience) -> None:
        super().__init__(
            retry_total=patience.attempts - 1,
            retry_backoff_factor=0.4,
            retry_backoff_max=round(patience.longest_pause_seconds),
        )
        self._longest_pause_seconds = patience.longest_pause_seconds

    def get_retry_after(self, response: PipelineResponse[Any, Any]) -> float | None:
        """Return the pause that Azure asks for, in seconds; None when it asks for none.

        What is no number of seconds and no date is no pause: the usual one is made.
        """
        try:
            return super().get_retry_after(response)
        except ValueError:
            return None

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        """Say whether to ask again: not when the pause that Azure asks for is too long."""
        pause_seconds = self.get_retry_after(response) or 0
        return pause_seconds <= self._longest_pause_seconds and super().is_retry(settings, response)


def _transport(settings: AzureSettings) -> dict[str, Any]:
    patience = settings.patience
    given: dict[str, Any] = {
        "connection_timeout": patience.connect_seconds,
        "read_timeout": patience.answer_seconds,
        "retry_policy": PatientWithin(patience),
    }
    if settings.ca_file:
        given["connection_verify"] = str(settings.ca_file)
    return given


def _keep_quiet() -> None:
    """Give the SDKs' warnings somewhere to go, so that Python does not print them itself."""
    for name in ("azure", "msal"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())

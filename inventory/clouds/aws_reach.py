"""AWS, account by account and region by region: clients that send only what was declared.

Imports boto3 only when a client is made.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from inventory.clouds.aws_session import endpoint, patient, session_of
from inventory.errors import BadInputError, RefusedError
from inventory.model.cloud_calls import Call, Provider, Tally

if TYPE_CHECKING:
    from inventory.model.cloud_settings import AwsSettings

T = TypeVar("T")
_ARN_PARTS = 6
_EVERYWHERE = "-global"
"""How botocore ends the region of services that have none."""
_JSON: Final = frozenset({"json", "rest-json"})
_REFUSED: Final = 300


@dataclass(frozen=True, kw_only=True, order=True)
class AwsPlace:
    """One region of one account."""

    account: str = ""
    """The account's twelve digits; empty for the one that the credentials belong to."""
    region: str = ""
    """Empty leaves it to boto3: ``AWS_REGION``, or the profile's."""

    def __str__(self) -> str:
        """Say ``123456789012 eu-west-2``, or what there is of it."""
        return " ".join(filter(None, (self.account, self.region))) or "AWS"


@dataclass(frozen=True, kw_only=True)
class AwsReach:
    """What AWS is reached by in a run. Clients are made once and may be used by many threads."""

    settings: AwsSettings
    tally: Tally = field(default_factory=Tally)
    _clients: dict[object, Any] = field(default_factory=dict)
    _sessions: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def place_of(self, resource: str) -> AwsPlace:
        """Return where a resource is: as its ARN says, or the settings' own account and region."""
        own = self.settings.region or ""
        parts = resource.split(":", _ARN_PARTS - 1)
        if parts[0] != "arn" or len(parts) < _ARN_PARTS:
            return AwsPlace(region=own)
        return AwsPlace(account=parts[4], region=parts[3] or own)

    def places(self) -> tuple[AwsPlace, ...]:
        """Return every place that the estate allows, the credentials' own account first."""
        accounts = ("", *(each.id for each in self.settings.accounts))
        return tuple(
            AwsPlace(account=account, region=region)
            for account in accounts
            for region in self.settings.allowed_regions
        )

    def client(
        self, service: str, place: AwsPlace, calls: Collection[Call], *, changes: bool = False
    ) -> Any:
        """Return a boto3 client that sends only the calls that are declared.

        With ``changes`` it may send declared calls that change something, too. An account that no
        setting names is taken to be the credentials' own.

        Raises:
            RefusedError: the estate does not allow the region.
            BadInputError: the endpoint is not an address.
            botocore.exceptions.BotoCoreError: there is no region, or no such profile.

        """
        if place.region:
            self._refuse_foreign(place.region)
        key = (service, place, frozenset(call.name for call in calls), changes)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._made(service, place, calls, changes=changes)
            return self._clients[key]

    def close(self) -> None:
        """Close every client."""
        for each in self._clients.values():
            each.close()

    def _made(
        self, service: str, place: AwsPlace, calls: Collection[Call], *, changes: bool
    ) -> Any:
        session = self.session(place.account)
        try:
            client = session.client(
                service,
                region_name=place.region or None,
                endpoint_url=endpoint(self.settings, session._session, service),  # noqa: SLF001 - boto3 hides the loader of models
                config=patient(self.settings),
            )
        except ValueError as error:
            raise BadInputError(
                f"{service} of AWS cannot be asked: {error}",
                hint="mend region and endpoint under [aws] in decant.toml",
            ) from error
        # Where no region was said, it is the environment's or the profile's.
        if not client.meta.region_name.endswith(_EVERYWHERE):
            self._refuse_foreign(client.meta.region_name)
        guard = partial(_refuse_undeclared, service, _names(calls, changes=changes))
        client.meta.events.register("before-call", guard)
        client.meta.events.register("before-parse", _refuse_what_is_no_json)
        client.meta.events.register("before-send", partial(self._count, service, str(place)))
        return client

    def session(self, account: str) -> Any:
        """Return the boto3 session for an account; it asks nobody, but may read configuration.

        Raises:
            botocore.exceptions.BotoCoreError: there is no such profile, or no credentials to
                assume the account's role with.

        """
        if account not in self._sessions:
            known = next((each for each in self.settings.accounts if each.id == account), None)
            self._sessions[account] = session_of(self.settings, known, self.tally)
        return self._sessions[account]

    def _refuse_foreign(self, region: str) -> None:
        if region not in self.settings.allowed_regions:
            raise RefusedError(
                f"the estate does not allow the region {region}",
                hint="list it in regions under [aws] in decant.toml, if it is meant",
            )

    def _count(self, service: str, place: str, event_name: str, **_: object) -> None:
        self.tally.add(place, f"{service}:{event_name.rpartition('.')[2]}")


def pages(client: Any, method: str, key: str, **asked: Any) -> Iterator[Any]:
    """Yield what a listing tells under a key, page by page as it is wanted.

    ``pages(ec2, "describe_volumes", "Volumes", VolumeIds=["vol-1"])`` yields volumes.

    Raises:
        botocore.exceptions.ClientError: and all that :data:`aws_failures.FAILURES` names.

    """
    for page in client.get_paginator(method).paginate(**asked):
        yield from page.get(key, ())


def in_chunks(items: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """Yield the items, so many at a time."""
    for begin in range(0, len(items), most):
        yield items[begin : begin + most]


def _names(calls: Collection[Call], *, changes: bool) -> frozenset[str]:
    return frozenset(
        call.name
        for call in calls
        if call.provider is Provider.AWS and (changes or not call.changes)
    )


def _refuse_undeclared(service: str, allowed: frozenset[str], model: Any, **_: object) -> None:
    name = f"{service}:{model.name}"
    if name not in allowed:
        raise RefusedError(
            f"AWS would have been asked for {name}, which nothing here declares",
            hint="nothing was sent; please report this",
        )


def _refuse_what_is_no_json(
    operation_model: Any, response_dict: Mapping[str, Any], **_: object
) -> None:
    """Fail on a body that is no JSON where JSON is due: botocore reads it as an empty answer.

    Raises:
        botocore.parsers.ResponseParserError: so that no proxy's page is taken for an empty listing.

    """
    protocol = operation_model.service_model.resolved_protocol
    body = response_dict["body"]
    plain = not (operation_model.has_streaming_output or operation_model.has_event_stream_output)
    if protocol in _JSON and plain and body and response_dict["status_code"] < _REFUSED:
        try:
            told = json.loads(body)
        except ValueError as error:
            raise _no_json(operation_model.name) from error
        if not isinstance(told, dict):
            raise _no_json(operation_model.name)


def _no_json(operation: str) -> Exception:
    from botocore.parsers import ResponseParserError  # type: ignore[import-untyped]

    return cast("Exception", ResponseParserError(f"the answer to {operation} is no JSON object"))

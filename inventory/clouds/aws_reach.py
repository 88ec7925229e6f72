"""AWS, account by account and region by region: clients that send only what was declared.

Imports boto3 only when a client is made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from inventory.clouds.aws_answers import refuse_what_is_no_answer, unreadable
from inventory.clouds.aws_session import endpoint, patient, session_of
from inventory.errors import BadInputError, RefusedError
from inventory.model.cloud_calls import Call, Provider, Tally, aws_call

if TYPE_CHECKING:
    from inventory.model.cloud_settings import AwsSettings

T = TypeVar("T")
WHO: Final = aws_call("sts:GetCallerIdentity")
"""Which account credentials belong to; nobody can be denied to ask it."""
_ARN_PARTS = 6
_STS: Final = "sts"
_EVERYWHERE = "-global"
"""How botocore ends the region of services that have none."""
_ABOUT_IT: Final = "ResponseMetadata"
"""What botocore adds to an answer of its own; it differs each time."""
_MOST_PAGES: Final = 10_000
"""Longer than any listing that is asked for; a token that leads on for ever ends there."""


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
    _whose: dict[str, str] = field(default_factory=dict)
    """The account that credentials turned out to be of, by the one that they should be of."""
    _asking: threading.Lock = field(default_factory=threading.Lock)
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

        With ``changes`` it may send declared calls that change something, too. Where the place
        names an account, STS is first asked whose the credentials are: in another account nothing
        would be found, and what is not found would seem not to exist.

        Raises:
            RefusedError: the estate does not allow the region, or the credentials are another
                account's.
            BadInputError: the endpoint is not an address.
            botocore.exceptions.BotoCoreError: there is no region, or no such profile; or whose the
                credentials are cannot be asked, which may be a ClientError as well.

        """
        if place.region:
            self._refuse_foreign(place.region)
        if service != _STS:
            self._refuse_another(place)
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
        client.meta.events.register("before-parse", refuse_what_is_no_answer)
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

    def _refuse_another(self, place: AwsPlace) -> None:
        """Refuse a place whose account the credentials do not belong to; asked once an account."""
        if not place.account or self._leads_there(place.account):
            return
        with self._asking:
            if place.account not in self._whose:
                sts = self.client(_STS, place, (WHO,))
                try:
                    self._whose[place.account] = sts.get_caller_identity()["Account"]
                except KeyError as error:
                    raise unreadable(f"STS does not say {error}") from error
        told = self._whose[place.account]
        if told != place.account:
            raise RefusedError(
                f"these credentials are of the account {told} and not {place.account}: name that "
                "one, with a role or a profile of its own, under [[aws.accounts]] in decant.toml"
            )

    def _leads_there(self, account: str) -> bool:
        """Tell whether the settings have a role for an account, which is one of that account's."""
        roles = (each.role or "" for each in self.settings.accounts if each.id == account)
        return any(each.split(":")[4:5] == [account] for each in roles)

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
        botocore.exceptions.ClientError: and all that :data:`aws_failures.FAILURES` names. A page
            without the key is unreadable: see :func:`whole_pages`.

    """
    for page in whole_pages(client, method, key, **asked):
        yield from page[key]


def whole_pages(client: Any, method: str, *keys: str, **asked: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the pages of a listing, each of which has every one of the keys.

    AWS sends the list of an empty listing, empty: a page without it is of something else, and says
    of nothing that it is not there.

    Raises:
        botocore.exceptions.ClientError: and all that :data:`aws_failures.FAILURES` names. A page
            without a key is a ResponseParserError, and so are pages without an end.

    """
    return _whole(client.get_paginator(method).paginate(**asked), keys, method)


def follow(ask: Callable[..., Mapping[str, Any]], key: str, token: str) -> Iterator[Any]:
    """Yield what a listing tells under a key, page by page, where botocore knows no paginator.

    ``token`` is what the name of the next page is called, in the answer and in the question.

    Raises:
        botocore.exceptions.ClientError: see :func:`pages`.

    """
    for page in _whole(_following(ask, token), (key,), key):
        yield from page[key]


def _following(ask: Callable[..., Mapping[str, Any]], token: str) -> Iterator[Mapping[str, Any]]:
    page = ask()
    yield page
    while page.get(token):
        page = ask(**{token: page[token]})
        yield page


def _whole(
    found: Iterable[Mapping[str, Any]], keys: Sequence[str], what: str
) -> Iterator[Mapping[str, Any]]:
    seen: set[int] = set()
    for page in found:
        lacking = [each for each in keys if each not in page]
        if lacking:
            raise unreadable(f"a page of {what} is without {' and '.join(lacking)}")
        seen_as = hash(repr({name: page[name] for name in page if name != _ABOUT_IT}))
        if seen_as in seen or len(seen) >= _MOST_PAGES:
            raise unreadable(f"the pages of {what} lead round in a circle, or have no end")
        seen.add(seen_as)
        yield page


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

"""Whose credentials AWS is asked with, how patiently, and at which addresses.

Credentials come from boto3's own chain; roles are assumed by botocore's own means, and renewed
before they end. Imports boto3 only when a session is made.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from inventory.model.cloud_calls import Tally, aws_call

if TYPE_CHECKING:
    from inventory.model.cloud_settings import AwsAccount, AwsSettings

ASSUME_ROLE: Final = aws_call("sts:AssumeRole")
"""What becoming a role asks for; it is sent by botocore itself."""
_TALKATIVE: Final = ("botocore.auth", "botocore.endpoint", "botocore.hooks", "botocore.parsers")
"""What writes headers and answers, session tokens in them, into the log when it debugs."""


def session_of(settings: AwsSettings, account: AwsAccount | None, tally: Tally) -> Any:
    """Return a boto3 session as the credentials' own account, or as another.

    Raises:
        botocore.exceptions.BotoCoreError: there is no such profile, or no credentials to assume
            the account's role with.

    """
    import boto3  # type: ignore[import-untyped]
    import botocore.session  # type: ignore[import-untyped]

    keep_quiet()
    profile = (account.profile if account else None) or settings.profile
    if account and account.role:
        session = _in_role(settings, profile, account, tally)
    else:
        session = botocore.session.Session(profile=profile)
    parsers = session.get_component("response_parser_factory")
    parsers.set_parser_defaults(timestamp_parser=_moment)
    return boto3.Session(botocore_session=session, region_name=settings.region)


def _moment(text: Any) -> datetime:
    """Read a time: those that end in ``Z``, nearly all, far faster than botocore does."""
    from botocore.utils import parse_timestamp  # type: ignore[import-untyped]

    if isinstance(text, str) and text.endswith("Z"):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    return cast("datetime", parse_timestamp(text))


def patient(settings: AwsSettings) -> Any:
    """Return how patient a client is, as botocore takes it.

    In adaptive mode a client slows down when AWS throttles it. botocore waits for what
    ``x-amz-retry-after`` asks, but never for more than five seconds beyond its own pause.
    """
    from botocore.config import Config  # type: ignore[import-untyped]

    patience = settings.patience
    return Config(
        connect_timeout=patience.connect_seconds,
        read_timeout=patience.answer_seconds,
        retries={"mode": "adaptive", "total_max_attempts": patience.attempts},
        max_pool_connections=patience.at_once,
        user_agent_extra="decant",
    )


def endpoint(settings: AwsSettings, session: Any, service: str) -> str | None:
    """Return a service's address; None leaves it to botocore, whose session is given.

    What is said of one service comes before what is said of all: ``AWS_ENDPOINT_URL_MGN`` before
    ``endpoint`` of the estate.
    """
    if service in settings.endpoints:
        return settings.endpoints[service]
    if settings.endpoint_url is None:
        return None
    model = session.get_service_model(service)
    variable = f"AWS_ENDPOINT_URL_{model.service_id.upper().replace(' ', '_')}"
    return None if os.environ.get(variable) else settings.endpoint_url


def _in_role(settings: AwsSettings, profile: str | None, account: AwsAccount, tally: Tally) -> Any:
    """Return a botocore session whose credentials are those of the account's role."""
    import botocore.session
    from botocore.credentials import (  # type: ignore[import-untyped]
        AssumeRoleCredentialFetcher,
        DeferredRefreshableCredentials,
    )
    from botocore.exceptions import NoCredentialsError  # type: ignore[import-untyped]

    source = botocore.session.Session(profile=profile)
    credentials = source.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    asked = {"ExternalId": account.external_id} if account.external_id else {}
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=partial(_sts, settings, source, tally, account.id),
        source_credentials=credentials,
        role_arn=account.role,
        extra_args={"RoleSessionName": "decant", **asked},
    )
    made = botocore.session.Session(profile=profile)
    made._credentials = DeferredRefreshableCredentials(  # noqa: SLF001 - boto3's documented way in
        refresh_using=fetcher.fetch_credentials, method="assume-role"
    )
    return made


def _sts(
    settings: AwsSettings, source: Any, tally: Tally, account: str, service: str, **given: Any
) -> Any:
    """Return the client that assumes a role; its requests are counted as the account's."""
    region = settings.region or settings.allowed_regions[0]
    client = source.create_client(
        service,
        endpoint_url=endpoint(settings, source, service),
        region_name=region,
        config=patient(settings),
        **given,
    )

    def count(**_: object) -> None:
        tally.add(f"{account} {region}", ASSUME_ROLE.name)

    client.meta.events.register("before-send", count)
    return client


def keep_quiet() -> None:
    """Keep what holds credentials out of every log, whatever level a log is set to."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.INFO)

"""As whom each AWS account would be asked: ``sts:GetCallerIdentity``, which everybody may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from inventory.clouds.aws_reach import AwsPlace
from inventory.errors import DecantError
from inventory.model.cloud_calls import Provider, aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.identity import Identity

if TYPE_CHECKING:
    from inventory.clouds.aws_reach import AwsReach
    from inventory.model.cloud_settings import AwsAccount

CALLS = (aws_call("sts:GetCallerIdentity"),)
_SOURCES: Final = {
    "env": "environment",
    "shared-credentials-file": "credentials file",
    "config-file": "configuration file",
    "custom-process": "credential process",
    "assume-role": "role of the profile",
    "assume-role-with-web-identity": "web identity",
    "container-role": "container's role",
    "iam-role": "instance's role",
    "sso": "single sign-on",
    "login": "aws login",
}
"""What botocore calls where it found credentials, in our words."""


def identities(reach: AwsReach) -> tuple[Identity, ...]:
    """Return as whom each account is asked; one that fails costs only itself."""
    return tuple(_identity(reach, each) for each in (None, *reach.settings.accounts))


def _identity(reach: AwsReach, account: AwsAccount | None) -> Identity:
    from inventory.clouds import aws_failures

    settings = reach.settings
    region = settings.region or ("" if account is None else settings.allowed_regions[0])
    place = AwsPlace(account=account.id if account else "", region=region)
    who: str | Unknown
    source, endpoint, told = "", "", ""
    try:
        source = _source(reach, account)
        sts = reach.client("sts", place, CALLS)
        endpoint = sts.meta.endpoint_url
        said = sts.get_caller_identity()
        told, who = said["Account"], _checked(said, account)
    except aws_failures.FAILURES as error:
        who = aws_failures.unknown_of(error, allow="sts:GetCallerIdentity")
    except DecantError as error:
        who = Unknown(reason=Reason.NOT_ASKED, detail=f"{error}; {error.hint}")
    except (KeyError, TypeError, ValueError) as error:
        who = Unknown(reason=Reason.UNREADABLE, detail=f"the answer could not be read: {error!r}")
    return Identity(
        provider=Provider.AWS,
        place=account.id if account else told,
        name=account.name if account else "the credentials' own",
        who=who,
        source=source,
        endpoint=endpoint,
        regions=settings.allowed_regions,
    )


def _checked(said: dict[str, Any], account: AwsAccount | None) -> str | Unknown:
    arn, told = str(said["Arn"]), str(said["Account"])
    if account is None or told == account.id:
        return arn
    return Unknown(
        reason=Reason.NEEDS_PRIVILEGE,
        detail=f"these credentials are {arn}, of the account {told} and not {account.id}: give the "
        "account its own role or profile under [[aws.accounts]] in decant.toml",
    )


def _source(reach: AwsReach, account: AwsAccount | None) -> str:
    """Say where credentials come from; empty when there are none."""
    found = reach.session(account.id if account else "").get_credentials()
    if found is None:
        return ""
    profile = (account.profile if account else None) or reach.settings.profile
    if account and account.role:
        return f"role {account.role}" + (f" by the profile {profile}" if profile else "")
    words = _SOURCES.get(found.method, str(found.method))
    return f"{words}, profile {profile}" if profile else words

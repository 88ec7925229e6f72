"""Show as whom the clouds would be asked, and the least that they must allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inventory.errors import FINE, PARTLY_UNKNOWN, UsageError
from inventory.model.cloud_calls import Provider, Purpose
from inventory.model.fact import Unknown
from inventory.output import format_option, print_json, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.clouds.identity import Identity
    from migrate.clouds.permissions_estate import Kept

_COLUMNS = ("cloud", "place", "name", "who", "by", "state", "regions", "endpoint", "fault")
_LAUNCHING = (
    "MGN launches servers as whoever asks for it: attach AWS's own policy "
    "AWSApplicationMigrationEC2Access as well"
)
"""Source: https://docs.aws.amazon.com/mgn/latest/ug/security-iam-awsmanpol.html"""
_PROVIDER = click.Choice([each.value for each in Provider])


@click.group()
def cloud() -> None:
    """Show as whom the clouds would be asked, and the least that they must allow.

    \b
        decant cloud whoami
        decant cloud permissions aws > decant-look.json

    Credentials come from AWS's and Azure's own chains; docs/clouds.md says how to give them.
    """


@cloud.command()
@click.argument("provider", required=False, type=_PROVIDER, metavar="[aws|azure]")
@format_option()
@click.pass_obj
def whoami(session: Session, provider: str | None, form: str) -> int:
    """Show as whom each account and subscription would be asked, and where that comes from.

    \b
        decant cloud whoami
        decant cloud whoami azure --format json

    Both clouds are asked who we are, and nothing else; no secret is shown. An account that cannot
    be asked is listed with the reason, and costs only itself; then the exit code is 3.
    """
    found = tuple(_identities(session, provider))
    print_rows([_row(each) for each in found], _COLUMNS, form, empty="")
    return PARTLY_UNKNOWN if any(isinstance(each.who, Unknown) for each in found) else FINE


@cloud.command()
@click.argument("provider", type=_PROVIDER, metavar="aws|azure")
@click.option(
    "--for",
    "purpose",
    type=click.Choice([each.value for each in Purpose]),
    default=Purpose.LOOK.value,
    show_default=True,
    help="What is to be done: looking, acting on moves as well, or keeping the ledger.",
)
@click.option("--part", type=click.IntRange(min=1), help="Which policy, where AWS needs several.")
@click.pass_obj
def permissions(session: Session, provider: str, purpose: str, part: int | None) -> None:
    """Print the least that a cloud must allow: an IAM policy, or an Azure role, as JSON.

    \b
        decant cloud permissions aws > decant-look.json
        aws iam create-policy --policy-name decant-look --policy-document file://decant-look.json
    \b
        decant cloud permissions azure --for migrate > role.json
        az role definition create --role-definition role.json

    It is made of the calls that Decant's own code declares; a call that is not declared is never
    sent. In an estate it is narrowed to the roles, buckets, keys, subscriptions and kinds of
    resources that decant.toml names. --for migrate allows what --for look does, and the changes.
    """
    from migrate.clouds.declared import declared_for

    kept, wanted = _kept(session), Purpose(purpose)
    calls = declared_for(Provider(provider), wanted)
    if Provider(provider) is Provider.AZURE:
        from migrate.clouds.permissions_azure import role

        print_json(role((*calls, *kept.calls(wanted)), wanted, kept.subscriptions))
        return
    from migrate.clouds.permissions_aws import policies

    found = policies(calls, kept.resources)
    if not found:
        raise UsageError(
            "nothing of this estate's ledger is kept in AWS, so that nothing is needed",
            hint="[ledger] anchors and [signing] key in decant.toml would name it",
        )
    if part is None and len(found) > 1:
        raise UsageError(
            f"this takes {len(found)} policies: a managed policy of IAM is no longer",
            hint="print them one by one: --part 1, and so on; attach all of them",
        )
    if (part or 1) > len(found):
        raise UsageError(f"there is no part {part}: it takes {len(found)}")
    print_json(found[(part or 1) - 1])
    if wanted is Purpose.MIGRATE:
        session.say(_LAUNCHING)


def _identities(session: Session, provider: str | None) -> Iterator[Identity]:
    from contextlib import closing

    from inventory.clouds.configured import aws_settings, azure_settings

    estate = session.estate()
    if provider != Provider.AZURE.value:
        from inventory.clouds.aws_reach import AwsReach
        from migrate.clouds import identity_aws

        with closing(AwsReach(settings=aws_settings(estate))) as aws:
            yield from identity_aws.identities(aws)
    if provider != Provider.AWS.value:
        from inventory.clouds.azure_reach import AzureReach
        from migrate.clouds import identity_azure

        with AzureReach(settings=azure_settings(estate)) as azure:
            yield from identity_azure.identities(azure)


def _row(found: Identity) -> dict[str, Any]:
    is_known = not isinstance(found.who, Unknown)
    return {
        "cloud": found.provider.value,
        "place": found.place,
        "name": found.name,
        "who": found.who if is_known else None,
        "by": found.source,
        "state": found.state,
        "regions": list(found.regions),
        "endpoint": found.endpoint,
        "fault": None if is_known else str(found.who),
    }


def _kept(session: Session) -> Kept:
    """Return what privileges can be narrowed to: what the estate names, or nothing without one."""
    from migrate.clouds.permissions_estate import Kept, kept_of

    try:
        estate = session.estate()
    except UsageError:
        if session.estate_folder:
            raise
        return Kept()
    return kept_of(estate)


COMMAND = cloud

"""The printed policy is enough, and all of it is needed: on an AWS that checks permissions.

Moto reads policies and signatures as AWS does, as far as actions go; it has not every service, and
those that it lacks are left to :mod:`tests.stages.test_cloud_permissions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from moto.backend_index import backend_url_patterns
from permitted import anything, check_nothing, make_user

from inventory.clouds.aws_failures import FAILURES, unknown_of
from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.model.cloud_calls import Call, Provider
from inventory.model.cloud_settings import AwsSettings, Patience
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.declared import declared
from migrate.clouds.permissions_aws import policies
from migrate.clouds.readers import read, readers
from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.model.reader import Reader
from migrate.model.target import Machine

pytestmark = pytest.mark.moto

_ALWAYS = "sts:GetCallerIdentity"
"""Nobody can be denied this."""
_ONCE = Patience(attempts=1, answer_seconds=20)
_HAD = {name.replace("-", "") for name, _ in backend_url_patterns}
_MISREAD = frozenset({"route53:ListHostedZonesByVPC"})
"""Moto reckons the signature of this wrongly, because of its query, and says so without a code."""
_CALLS = [
    each
    for each in declared(Provider.AWS)
    if each.name.partition(":")[0].replace("-", "") in _HAD and each.name not in _MISREAD
]
_SAMPLED = frozenset(
    {"ec2:DescribeInstances", "elbv2:DescribeTargetHealth", "cloudwatch:DescribeAlarms"}
)
"""One of each way in which services write refusals."""


@pytest.fixture(scope="module")
def aws() -> Iterator[LoopbackAws]:
    """Return a running AWS."""
    with loopback_aws() as running:
        yield running


@pytest.fixture(scope="module")
def instance(aws: LoopbackAws) -> str:
    """Return the id of a running instance, made while nobody was checked."""
    return aws.run_instance()


@pytest.fixture
def as_user(aws: LoopbackAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """Return a function that makes us a user with some policies, on an AWS that checks them."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    opened: list[AwsReach] = []

    def become(*given: Mapping[str, Any]) -> AwsReach:
        for name, value in make_user(aws, *given).items():
            monkeypatch.setenv(name, value)
        opened.append(AwsReach(settings=AwsSettings(region=aws.region, patience=_ONCE)))
        return opened[-1]

    yield become
    check_nothing(aws)
    for each in opened:
        each.close()


def _is_denied(reach: AwsReach, call: Call) -> bool:
    service, _, operation = call.name.partition(":")
    place = AwsPlace(region=reach.settings.region or "")
    client = reach.client(service, place, _CALLS, changes=True)
    given = anything(client.meta.service_model.operation_model(operation))
    try:
        getattr(client, xform_name(operation))(**given)
    except FAILURES as error:
        return _is_refusal(unknown_of(error))
    return False


def _is_refusal(told: object) -> bool:
    # Moto reckons the signature of some requests with a query wrongly; that is no refusal.
    return (
        isinstance(told, Unknown)
        and told.reason is Reason.NEEDS_PRIVILEGE
        and "SignatureDoesNotMatch" not in told.detail
    )


def test_the_printed_policy_is_enough_for_every_call(as_user: Any) -> None:
    """Who may do what it says is denied nothing; who may do nothing is denied nearly all.

    The second half shows that it is looked at: only what moto does not implement slips by.
    """
    allowed = as_user(*policies(declared(Provider.AWS)))
    assert [each.name for each in _CALLS if _is_denied(allowed, each)] == []
    nobody = as_user()
    slipped = [each.name for each in _CALLS if not _is_denied(nobody, each)]
    assert _ALWAYS in slipped
    assert len(slipped) < len(_CALLS) / 5


@pytest.mark.parametrize(
    "call", [each for each in _CALLS if each.name in _SAMPLED], ids=lambda call: str(call.name)
)
def test_a_call_that_is_left_out_of_the_policy_is_denied(as_user: Any, call: Call) -> None:
    """Each line of the policy is needed."""
    others = [each for each in declared(Provider.AWS) if each.name != call.name]
    assert _is_denied(as_user(*policies(others)), call)


@pytest.mark.parametrize("reader", readers(Provider.AWS).values(), ids=lambda it: it.tells.__name__)
def test_every_reader_is_allowed_what_it_asks(
    instance: str, as_user: Any, reader: Reader[Any]
) -> None:
    """With a policy for its own calls, and no more, no reader meets a refusal.

    What AWS would answer is the matter of the readers' own tests.
    """
    told = _told(as_user(*policies(reader.calls)), reader, (instance,))
    assert [each for each in told.values() if _is_refusal(each)] == []


def test_what_is_not_allowed_is_unknown_and_named(instance: str, as_user: Any) -> None:
    """Without the statement for EC2 a machine is unknown: needs privilege, and which one."""
    (whole,) = policies(declared(Provider.AWS))[:1]
    less = [each for each in whole["Statement"] if "ec2:DescribeInstances" not in each["Action"]]
    assert len(less) == len(whole["Statement"]) - 1
    reach = as_user({**whole, "Statement": less})
    told = _told(reach, readers(Provider.AWS)[Machine], (instance,))[instance]
    assert isinstance(told, Unknown)
    assert told.reason is Reason.NEEDS_PRIVILEGE
    assert "allow ec2:DescribeInstances to these credentials" in told.detail
    assert "decant cloud permissions aws" in told.detail


def _told(reach: AwsReach, reader: Reader[Any], ids: tuple[str, ...]) -> Mapping[str, object]:
    place = AwsPlace(region=reach.settings.region or "")
    return read(reader, AwsAsked(reach=reach, place=place, ids=ids, calls=reader.calls))

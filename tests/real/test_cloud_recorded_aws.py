"""What AWS once said of two instances and a database, judged by every check that can judge it.

The recordings are botocore's own, of 2011 to 2014, made by its makers and not by us: one instance
runs (i-78f1b94a, Windows, m1.medium, in us-west-2b, with a public address), one is stopped
(i-fde9cece, m1.small, in us-west-2a). They are older than encryption of volumes, metadata options
and ARNs of databases, which therefore are not told, and must be unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from clouds import BRIEF
from recorded_aws import ARCHIVE, recorded_aws
from sights import move, sight

from inventory.model.cloud_settings import AwsSettings, AzureSettings
from migrate.clouds.look import CloudLook, open_clouds
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination
from migrate.workbench import CHECKS

pytestmark = pytest.mark.skipif(
    not ARCHIVE.is_file(), reason=f"needs {ARCHIVE.name}: tools/recordings fetches it"
)
RUNS, STOPPED = "i-78f1b94a", "i-fde9cece"
DATABASE = "arn:aws:rds:us-east-1:123456789012:db:simcoprod01"


@pytest.fixture(scope="module")
def clouds() -> Iterator[CloudLook]:
    """Return the clouds, of which AWS repeats what it once said."""
    with pytest.MonkeyPatch.context() as patch, recorded_aws() as aws:
        patch.setenv("AWS_ACCESS_KEY_ID", "recorded")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "recorded")
        settings = AwsSettings(
            region="us-west-2",
            regions=("us-west-2", "us-east-1"),
            endpoint_url=aws.url,
            patience=BRIEF,
        )
        look = open_clouds(settings, AzureSettings())
        yield look
        look.close()


def _judged(clouds: CloudLook, check: str, resource: str, given: Mapping[str, Any]) -> CheckResult:
    seen = replace(sight(), move=move(to=Destination.AWS, resource=resource), clouds=clouds)
    return CHECKS.one(check).value.run(seen, given)


@pytest.mark.parametrize(
    ("check", "resource", "given", "outcome", "words"),
    [
        pytest.param(
            *("target-running", RUNS, {}, Outcome.PASSED, "it runs"),
            id="its state is running, and both status checks are ok",
        ),
        pytest.param(
            *("target-running", STOPPED, {}, Outcome.FAILED, "stopped"),
            id="its user stopped it on 2013-03-01",
        ),
        pytest.param(
            *("target-not-exposed", RUNS, {}, Outcome.FAILED, "54.245.16.142"),
            id="it has a public address",
        ),
        pytest.param(
            *("target-not-exposed", RUNS, {"public_address": True}, Outcome.FAILED, "3389/tcp"),
            id="its group lets the whole internet use remote desktop",
        ),
        pytest.param(
            "target-not-exposed",
            RUNS,
            {"public_address": True, "allowed_ports": ["3389/tcp"]},
            Outcome.PASSED,
            "",
            id="remote desktop and the address are all that is open",
        ),
        pytest.param(
            *("target-not-exposed", STOPPED, {}, Outcome.FAILED, "8888/tcp"),
            id="its group is open for a notebook, though it is stopped",
        ),
        pytest.param(
            *("target-tagged", STOPPED, {"tags": {"notebook": []}}, Outcome.FAILED, "empty"),
            id="the tag notebook has no value",
        ),
        pytest.param(
            *("target-tagged", STOPPED, {"tags": {"Owner": []}}, Outcome.FAILED, "Owner"),
            id="there is no tag Owner",
        ),
        pytest.param(
            *("target-in-place", RUNS, {"regions": ["eu-west-2"]}, Outcome.FAILED, "us-west-2"),
            id="it is in Oregon",
        ),
        pytest.param(
            *("target-in-place", RUNS, {"regions": ["us-west-2"], "zones": ["us-west-2b"]}),
            *(Outcome.PASSED, ""),
            id="it is where it may be",
        ),
        pytest.param(
            *("target-encrypted", RUNS, {}, Outcome.UNKNOWN, "Encrypted"),
            id="AWS did not tell of encryption in those days",
        ),
        pytest.param(
            *("target-metadata", RUNS, {}, Outcome.UNKNOWN, "metadata"),
            id="there were no metadata options in those days",
        ),
        pytest.param(
            *("target-protected", RUNS, {}, Outcome.UNKNOWN, ""),
            id="the attribute that was recorded is another",
        ),
        pytest.param(
            *("target-boots", RUNS, {}, Outcome.UNKNOWN, "not recorded"),
            id="no console was recorded",
        ),
        pytest.param(
            *("target-database", DATABASE, {}, Outcome.UNKNOWN, "DBInstanceArn"),
            id="databases had no ARN by which this one could be told from another",
        ),
    ],
)
def test_what_aws_once_said_is_judged(
    clouds: CloudLook,
    check: str,
    resource: str,
    given: Mapping[str, Any],
    outcome: Outcome,
    words: str,
) -> None:
    """As the recording argues; nothing that it does not tell is passed."""
    result = _judged(clouds, check, resource, given)
    assert result.outcome is outcome, result
    assert words in result.detail

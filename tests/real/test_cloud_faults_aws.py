"""Whatever goes wrong at whichever call to AWS, it is unknown and the reason is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from aws_made_up import FAULTS, NEXT_YEAR, MadeUp, empty
from clouds import BRIEF
from unknowns import reasons_in

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.model.cloud_calls import Provider
from inventory.model.cloud_settings import AwsSettings
from inventory.model.fact import Reason
from migrate.clouds.asking import AwsAsked
from migrate.clouds.readers import REGISTRIES, read

READERS = REGISTRIES[Provider.AWS].all()
PLACE = AwsPlace(region="eu-west-2")
ID = "i-0a1b2c3d4e5f60718"
IDS = {
    "storage": "arn:aws:s3:::made-up",
    "database": "arn:aws:rds:eu-west-2:123456789012:db:made-up",
}
"""What readers are asked of that do not look at instances."""
NO_OUTPUT = ("boot", "no list in it")
"""An instance that began a moment ago has no console output: its answer is without it."""


@pytest.fixture(scope="module")
def aws() -> Iterator[MadeUp]:
    """Return an AWS that is never asked over a network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "made-up")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        reach = AwsReach(settings=AwsSettings(region="eu-west-2", patience=BRIEF))
        yield MadeUp(reach)
        reach.close()


def _ask(aws: MadeUp, name: str, **how: Any) -> object:
    """Let a reader ask, and return what it told."""
    reader = READERS[name].value
    number = IDS.get(name, ID)
    asked = AwsAsked(reach=aws.reach, place=PLACE, ids=(number,), calls=reader.calls)
    return read(reader, aws.asked(asked, **how))[number]


@pytest.mark.parametrize("name", READERS)
def test_every_reader_asks_something_and_reads_the_answer(aws: MadeUp, name: str) -> None:
    """An answer that the model allows is read without a traceback, whatever it comes to."""
    _ask(aws, name)
    assert aws.calls


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", READERS)
def test_a_fault_at_any_call_is_told_with_its_reason(aws: MadeUp, name: str, fault: str) -> None:
    """At the first, the last and each between: what hangs on the call is unknown."""
    _ask(aws, name)
    how, reason = FAULTS[fault]
    reasons = {reason, Reason.NOT_TOLD} if (name, fault) == NO_OUTPUT else {reason}
    for number, call in enumerate(tuple(aws.calls), start=1):
        told = _ask(aws, name, fault=how, failing=number)
        assert len(aws.calls) >= number
        assert reasons_in(told) & reasons, (call, told)


@pytest.mark.parametrize("name", READERS)
def test_an_answer_that_is_empty_breaks_nothing(aws: MadeUp, name: str) -> None:
    """Something that is not AWS answers an empty object."""
    _ask(aws, name)
    for number in range(1, len(aws.calls) + 1):
        _ask(aws, name, fault=empty, failing=number)


@pytest.mark.parametrize("name", READERS)
def test_words_of_next_year_break_nothing(aws: MadeUp, name: str) -> None:
    """Every enumeration of every answer may have a word that we have never heard of."""
    _ask(aws, name, words=NEXT_YEAR)
    assert aws.calls

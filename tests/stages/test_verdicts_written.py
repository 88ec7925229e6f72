"""Promises of how verdicts are written: the same text as by the encoder of everything else."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.classify.estate import each_server
from benchmarks.classify.measure import NOW, classifier_of
from inventory.model.codec import encode, fast_from_json
from migrate.model.verdict import Verdict
from migrate.records import body_of


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[Verdict]:
    """Judge some servers of all kinds."""
    folder: Path = tmp_path_factory.mktemp("estate")
    return list(classifier_of(folder).classify(each_server(60)))


def test_a_verdict_is_written_as_by_the_encoder_of_everything(verdicts: list[Verdict]) -> None:
    """However often its findings were written before; and it is read back as it was."""
    assert len(verdicts) == 120
    assert all(each.at == NOW for each in verdicts)
    for each in (*verdicts, *verdicts):
        body = body_of(each)
        assert body.key == f"{each.server_id}:{each.cloud.value}"
        assert body.text == encode(each).decode()
        assert fast_from_json(body.text, Verdict) == each


def test_a_verdict_that_came_from_another_process_is_written_the_same(
    verdicts: list[Verdict],
) -> None:
    """None of its parts is the same object as here."""
    for each, there in zip(verdicts, pickle.loads(pickle.dumps(verdicts)), strict=True):  # noqa: S301 - our own
        assert there == each
        assert body_of(there) == body_of(each)


def test_half_an_emoji_is_written_as_ever(verdicts: list[Verdict]) -> None:
    """In a finding, in what is missing, or in a name; what comes after it is written as before."""
    found = next(each for each in verdicts if each.findings and each.missing)
    odd = "half \ud83d"
    for each in (
        replace(found, server=odd),
        replace(found, findings=(replace(found.findings[0], observed=odd), *found.findings)),
        replace(found, missing=(replace(found.missing[0], why_unknown=odd), *found.missing)),
    ):
        assert body_of(each).text == encode(each).decode()
        assert fast_from_json(body_of(each).text, Verdict) == each
    assert body_of(found).text == encode(found).decode()

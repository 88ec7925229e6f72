"""``decant catalogue refresh`` as a person runs it, against public services on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_catalogue_refresh_web import Loopback, running, say

from inventory.errors import UnreachableError, UsageError
from inventory.session import Session
from migrate.cli.catalogue import COMMAND
from migrate.clouds.public_prices import LIFECYCLE_VARIABLE, PRICES_VARIABLE


def call(folder: Path, *words: str) -> Result:
    """Run the command on an estate."""
    return CliRunner().invoke(COMMAND, words, obj=Session(estate_folder=folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make an estate."""
    (tmp_path / "decant.toml").write_text('[estate]\nname = "Test"\n')
    return tmp_path


def test_a_refresh_shows_what_it_renewed_and_the_listing_follows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it the dates are the shipped ones and some are old; after it they are today's."""
    before = call(folder, "--format", "json")
    assert not any(each["refreshed"] for each in json.loads(before.stdout))
    assert "warning: lifecycle is of 2026-08-22" in before.stderr
    with running() as web:
        monkeypatch.setenv(PRICES_VARIABLE, web.url)
        monkeypatch.setenv(LIFECYCLE_VARIABLE, web.url)
        done = call(folder, "refresh", "--only", "lifecycle", "--only", "azure-size-prices")
    assert done.exit_code == 0, done.output
    assert "renewed as one" in done.stderr
    after = call(folder, "--format", "json")
    refreshed = {each["name"] for each in json.loads(after.stdout) if each["refreshed"]}
    assert refreshed == {"lifecycle", "azure-size-prices"}
    assert "lifecycle is of" not in after.stderr


def test_a_region_can_be_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only that region is asked for; the others stay, with their dates."""
    with running() as web:
        monkeypatch.setenv(PRICES_VARIABLE, web.url)
        words = ("refresh", "--only", "azure-disks", "--region", "uksouth")
        assert call(folder, *words).exit_code == 0
        assert {("uksouth" in path) for path in web.asked} == {True}
    rows = json.loads(call(folder, "--format", "json").stdout)
    parts = next(each["parts"] for each in rows if each["name"] == "azure-disks")
    assert [part.split()[0] for part in parts] == ["northeurope", "uksouth", "westeurope"]


@pytest.mark.parametrize(
    "words", [("--only", "prices"), ("--region", "London"), ("--region", "eu-west-2;x")]
)
def test_what_cannot_be_asked_for_is_a_wrong_call(folder: Path, words: tuple[str, ...]) -> None:
    """Nothing is asked when a name means nothing."""
    done = call(folder, "refresh", *words)
    assert isinstance(done.exception, UsageError)
    assert done.exception.hint


def test_a_service_in_trouble_ends_with_its_name_and_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pause of an hour is not waited for: the error says so, and the listing is as it was."""
    with running() as web:
        monkeypatch.setenv(LIFECYCLE_VARIABLE, web.url)
        _trouble(web)
        done = call(folder, "refresh", "--only", "lifecycle")
    assert isinstance(done.exception, UnreachableError)
    assert "endoflife.date" in str(done.exception)
    rows = json.loads(call(folder, "--format", "json").stdout)
    assert not any(each["refreshed"] for each in rows)


def test_without_an_estate_the_shipped_catalogue_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listing needs no estate; a refresh does, as it has to keep what it fetches somewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DECANT_ESTATE", raising=False)
    shown = CliRunner().invoke(COMMAND, ["--format", "csv"], obj=Session())
    assert shown.exit_code == 0
    assert "eol.json" in shown.stdout
    refused = CliRunner().invoke(COMMAND, ["refresh"], obj=Session())
    assert isinstance(refused.exception, UsageError)


def _trouble(web: Loopback) -> None:
    web.instead = [lambda handler: say(handler, b"later", 429, Retry_After="3600")]

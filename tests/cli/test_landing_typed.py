"""Whether landing zones are ready, as a person at a terminal asks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from terminal import Decant

_ZONE = """

[[landing_zones]]
name = "uk-prod"
cloud = "aws"
without = {quotas = "raised by the provider on the day"}

[[landing_zones]]
name = "uk-test"
cloud = "azure"
"""


def _write(text: str) -> None:
    path = Path("decant.toml")
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_an_estate_without_a_landing_zone_is_told_how_to_write_one(decant: Decant) -> None:
    """It is used wrongly, and the hint says what to write."""
    decant("init")
    said = decant("landing")
    assert said.code == 2
    assert "[[landing_zones]]" in said.err


def test_a_zone_that_is_not_there_is_named(decant: Decant) -> None:
    """With those that are."""
    decant("init")
    _write(_ZONE)
    said = decant("landing", "uk-dev")
    assert said.code == 2
    assert "there is no landing zone 'uk-dev'" in said.err
    assert "uk-prod, uk-test" in said.err


@pytest.fixture
def nobody(decant: Decant, monkeypatch: pytest.MonkeyPatch) -> Decant:
    """Return a person who has no credentials of any cloud, and no network to them."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    decant("init")
    path = Path("decant.toml")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(
            "[azure]\n", '[azure]\nendpoint = "https://127.0.0.1:9"\ncredential = "environment"\n'
        ),
        encoding="utf-8",
    )
    _write(_ZONE)
    return decant


def test_what_cannot_be_told_is_not_ready(nobody: Decant) -> None:
    """Nothing is known of either cloud, so nothing passes but what needs no cloud: exit code 3."""
    assert not any(name.startswith("AWS_SECRET") for name in os.environ)
    said = nobody("landing", "--format", "json")
    assert said.code == 3
    rows = said.json()
    assert len(rows) == 26
    by_key = {(each["zone"], each["condition"]): each for each in rows}
    assert by_key["uk-prod", "quotas"]["standing"] == "left out"
    assert by_key["uk-prod", "quotas"]["detail"] == "raised by the provider on the day"
    assert by_key["uk-prod", "licences"]["standing"] == "ready"
    left = [each for each in rows if each["condition"] not in {"quotas", "licences"}]
    assert {each["standing"] for each in left} == {"unknown"}
    assert "subnets = [...]" in by_key["uk-prod", "addresses"]["detail"]
    assert "credentials" in by_key["uk-prod", "policies"]["detail"]
    assert "subscription" in by_key["uk-test", "policies"]["detail"]
    assert "Traceback" not in said.err


def test_one_zone_is_asked_about_when_one_is_named(nobody: Decant) -> None:
    """As a table, with a row for each condition."""
    said = nobody("landing", "uk-test")
    assert said.code == 3
    assert "uk-prod" not in said.out
    for name in ("security-groups", "sizes", "tags"):
        assert name in said.out

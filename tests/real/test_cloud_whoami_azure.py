"""As whom Azure would be asked, told by a loopback Entra ID and Resource Manager."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from clouds import azure_settings

from inventory.clouds.azure_reach import AzureReach
from inventory.model.cloud_settings import AzureCredential, AzureSettings, AzureSubscription
from inventory.model.fact import Reason, Unknown
from migrate.clouds.identity import Identity
from migrate.clouds.identity_azure import identities
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, Fault, Request, forbidden, refusal, throttled
from migrate.demo.arm_tokens import Tokens

ONE, TWO, GONE = (f"{number}" * 8 + "-0000-0000-0000-000000000000" for number in "123")


@dataclass(kw_only=True)
class ClaimingTokens(Tokens):
    """Tokens that say whose they are, as Entra ID's do."""

    def answer(self, request: Request, url: str) -> Answer | None:
        """Answer as always; a token is written as a JSON web token."""
        told = super().answer(request, url)
        if told and told.body and "access_token" in told.body:
            claims = {
                "appid": self.client_id,
                "oid": "the-object",
                "tid": self.tenant,
                "upn": "jo@council.example",
            }
            middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
            token = f"h.{middle}.{told.body['access_token']}"
            self._issued[token] = self._issued[told.body["access_token"]]
            return replace(told, body={**told.body, "access_token": token})
        return told


@pytest.fixture
def arm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return a running Azure with two subscriptions, which the environment leads to."""
    with loopback_arm(tmp_path) as running:
        running.tokens = ClaimingTokens(
            tenant=running.tokens.tenant, client_id=running.tokens.client_id
        )
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        running.answers.list(
            "/subscriptions",
            [
                {
                    "id": f"/subscriptions/{each}",
                    "subscriptionId": each,
                    "displayName": name,
                    "state": state,
                    "tenantId": running.tokens.tenant,
                }
                for each, name, state in ((ONE, "Libraries", "Enabled"), (TWO, "Parks", "Warned"))
            ],
        )
        yield running


def _asked(settings: AzureSettings) -> tuple[Identity, ...]:
    with AzureReach(settings=settings) as reach:
        return identities(reach)


def test_each_subscription_of_the_estate_is_told(arm: LoopbackArm) -> None:
    """By whom it would be asked, its name and state; one that is not seen costs only itself."""
    settings = replace(
        azure_settings(arm),
        subscription=ONE,
        subscriptions=(
            AzureSubscription(name="green", id=TWO.upper()),
            AzureSubscription(name="gone", id=GONE),
        ),
    )
    libraries, parks, gone = _asked(settings)
    who = f"application {arm.tokens.client_id}, object the-object, tenant {arm.tokens.tenant}"
    assert (libraries.who, libraries.name, libraries.state) == (who, "Libraries", "Enabled")
    assert (parks.who, parks.name, parks.state) == (who, "green", "Warned")
    assert {libraries.endpoint, parks.endpoint} == {arm.url}
    assert isinstance(gone.who, Unknown)
    assert gone.who.reason is Reason.NEEDS_PRIVILEGE
    assert "does not see this subscription" in gone.who.detail
    told = repr((libraries, parks, gone))
    assert arm.tokens.client_secret not in told
    assert "jo@council.example" not in told


def test_without_any_in_the_estate_all_that_are_seen_are_told(arm: LoopbackArm) -> None:
    """So that their ids can be copied from there."""
    assert [each.place for each in _asked(azure_settings(arm))] == [ONE, TWO]


def test_the_chain_says_which_of_it_answered(arm: LoopbackArm) -> None:
    """The default chain begins with the environment."""
    settings = replace(azure_settings(arm), credential=AzureCredential.DEFAULT)
    assert {each.source for each in _asked(settings)} == {"environment"}


def test_the_environment_alone_is_told_as_such(arm: LoopbackArm) -> None:
    """When the settings ask for nothing else."""
    assert {each.source for each in _asked(azure_settings(arm))} == {"environment"}


@pytest.mark.parametrize(
    ("fault", "reason", "words"),
    [
        (forbidden(), Reason.NEEDS_PRIVILEGE, "Microsoft.Resources/subscriptions/read"),
        (throttled(1), Reason.NOT_TOLD, "throttling"),
        (Fault(cut=True), Reason.UNREACHABLE, "network"),
        (Fault(garbage=b"<html>"), Reason.UNREADABLE, "really is Azure's"),
        (Fault(garbage=b'{"value": [{}]}'), Reason.UNREADABLE, "could not be read"),
        (
            Fault(answer=refusal(401, "ExpiredAuthenticationToken", "The token expired.")),
            Reason.NEEDS_PRIVILEGE,
            "expired",
        ),
    ],
)
def test_whatever_goes_wrong_is_told_of_every_subscription(
    arm: LoopbackArm, fault: Fault, reason: Reason, words: str
) -> None:
    """With its reason; the estate's subscriptions are still listed."""
    arm.misbehave(fault)
    settings = replace(azure_settings(arm), subscription=ONE)
    (only,) = _asked(settings)
    assert only.place == ONE
    assert isinstance(only.who, Unknown)
    assert only.who.reason is reason
    assert words in only.who.detail


def test_a_credential_that_sees_nothing_is_told(arm: LoopbackArm) -> None:
    """It is somebody, and yet nothing can be asked."""
    arm.answers.list("/subscriptions", [])
    (only,) = _asked(azure_settings(arm))
    assert isinstance(only.who, Unknown)
    assert "sees no subscription" in only.who.detail


def test_a_wrong_secret_is_told_and_stays_secret(
    arm: LoopbackArm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what Entra ID says."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "the-secret-itself")
    (only,) = _asked(azure_settings(arm))
    assert isinstance(only.who, Unknown)
    assert only.who.reason is Reason.NEEDS_PRIVILEGE
    assert "AADSTS7000215" in only.who.detail
    assert "the-secret-itself" not in only.who.detail

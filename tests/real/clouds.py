"""How tests reach the loopback clouds: briefly, and by nothing but the test's own environment."""

from __future__ import annotations

from inventory.model.cloud_settings import AzureCredential, AzureSettings, Patience
from migrate.demo.arm import LoopbackArm

BRIEF = Patience(connect_seconds=2, answer_seconds=2, attempts=2, longest_pause_seconds=2)


def azure_settings(arm: LoopbackArm, patience: Patience = BRIEF) -> AzureSettings:
    """Return settings that lead to a loopback Azure, by the environment's credential alone."""
    settings = AzureSettings(credential=AzureCredential.ENVIRONMENT, patience=patience)
    return settings.with_environment(arm.environment())

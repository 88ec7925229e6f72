"""What Azure Backup once said of a virtual machine, from the first protection to its end.

The recording is of the tests of Microsoft's own SDK (azure-mgmt-recoveryservicesbackup 0.4.0,
test_iaasvm_e2e), of 19 October 2017, made by its makers and not by us. It is judged at two
moments: when protection was just switched on, and when, after a backup and a restore, it was
stopped and the data kept. Between them Azure was not asked what it protects.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from expectations import Expectation, World, each_of, fails, passes, unknown
from recorded_azure import SUBSCRIPTION, recorded_world
from recordings import azure, needs, said

LIBRARY = "recoveryservicesbackup-0.4.0"
pytestmark = needs(azure(LIBRARY))
MACHINE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/swaggersdktestrg/providers"
    "/Microsoft.Compute/virtualMachines/swaggersdktest"
)
VAULT = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/PythonSDKBackupTestRg/providers"
    "/Microsoft.RecoveryServices/vaults/PySDKBackupTestRsVault"
)
PROTECTED, STOPPED = 24, 94
"""How many of its answers had been given at each moment."""
THEN = datetime(2017, 10, 19, 8, 0, tzinfo=UTC)


AT_FIRST = (
    fails(
        "target-backed-up",
        "its policy is DefaultPolicy, and the first backup is pending: 2001-01-01 is no backup",
        resource=MACHINE,
        words="there is no whole backup",
        at=THEN,
    ),
    unknown(
        "target-restore-tested",
        "no restore was ever begun",
        resource=MACHINE,
        words="no restore of it ended",
        at=THEN,
    ),
    passes(
        "backups",
        "the vault is there, and its DefaultPolicy backs up servers every day",
        given={"vaults": (VAULT,)},
        words="DefaultPolicy",
        at=THEN,
    ),
)
AT_LAST = (
    fails(
        "target-backed-up",
        "its protection is stopped, though there is a recovery point of an hour ago",
        resource=MACHINE,
        words="protectionstopped",
        at=THEN,
    ),
    passes(
        "target-restore-tested",
        "the restore of 07:57 was completed, which is enough if it is not to be validated",
        resource=MACHINE,
        given={"validated": False},
        words="2017-10-19 07:57",
        at=THEN,
    ),
    unknown(
        "target-restore-tested",
        "the restore was completed, and nobody tells whether what came back is right",
        resource=MACHINE,
        words="the cloud does not tell",
        at=THEN,
    ),
    unknown(
        "target-restore-tested",
        "the restore was completed a hundred days ago",
        resource=MACHINE,
        given={"validated": False},
        words="no restore of it ended",
        at=THEN + timedelta(days=100),
    ),
)
EXPECTED = (*AT_FIRST, *AT_LAST)


def _world(folder: Path, answers: int) -> Iterator[World]:
    with recorded_world(folder, "southeastasia", said(LIBRARY, "test_iaasvm_e2e")[:answers]) as it:
        yield it


@pytest.fixture(scope="module")
def at_first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return Azure when protection had just been switched on."""
    yield from _world(tmp_path_factory.mktemp("first"), PROTECTED)


@pytest.fixture(scope="module")
def at_last(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return Azure when protection had been stopped."""
    yield from _world(tmp_path_factory.mktemp("last"), STOPPED)


@each_of(AT_FIRST)
def test_a_machine_whose_first_backup_is_pending(at_first: World, expected: Expectation) -> None:
    """A policy alone is no backup."""
    at_first.holds(expected)


@each_of(AT_LAST)
def test_a_machine_that_was_restored_and_is_protected_no_more(
    at_last: World, expected: Expectation
) -> None:
    """What was done stands; what protects it no more is told."""
    at_last.holds(expected)

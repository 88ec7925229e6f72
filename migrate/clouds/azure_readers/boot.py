"""What the serial console of virtual machines showed; Azure tells it of one at a time.

Azure answers with addresses that anybody may read for a while. They are used at once and neither
kept nor told; the log itself is read without our token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds import console_log
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import COMPUTE, servers
from migrate.clouds.azure_readers._serial_log import serial_log
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_boot import Boot

_WHAT: Final = "retrieveBootDiagnosticsData"
_CALLS: Final = (
    azure_call(
        f"POST Microsoft.Compute/virtualMachines/{_WHAT}",
        f"Microsoft.Compute/virtualMachines/{_WHAT}/action",
    ),
)
_MINUTES: Final = "5"
"""For how long the addresses may be read; Azure's own choice would be two hours."""


def _read(asked: AzureAsked) -> Mapping[str, Boot | Unknown]:
    arm = asked.arm

    def ask(machine: str) -> Boot | Unknown:
        said = arm.post(f"{machine}/{_WHAT}", COMPUTE, {}, sasUriExpirationTimeInMinutes=_MINUTES)
        return boot(said, lambda address: serial_log(asked, address))

    return singly(asked, servers(asked), ask, _CALLS)


def boot(said: Mapping[str, Any], log: Callable[[str], str | Unknown]) -> Boot | Unknown:
    """Make it of boot diagnostics; ``log`` returns the end of the text at an address."""
    address = said.get("serialConsoleLogBlobUri")
    if not address:
        detail = "Azure keeps no serial console log of it: enable boot diagnostics"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    text = log(str(address))
    return text if isinstance(text, Unknown) else console_log.boot(text)


READER = Reader(tells=Boot, calls=_CALLS, read=_read)

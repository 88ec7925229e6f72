"""What the serial console of virtual machines showed; Azure tells it of one at a time.

Azure answers with addresses that anybody may read for a while. They are used at once and neither
kept nor told; the log itself is read without our token.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds import console_log
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import COMPUTE, servers
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
_MOST_BYTES: Final = 4 * 2**20
_COUNTED: Final = "GET serial console log"


def _read(asked: AzureAsked) -> Mapping[str, Boot | Unknown]:
    arm = asked.arm

    def ask(machine: str) -> Boot | Unknown:
        said = arm.post(f"{machine}/{_WHAT}", COMPUTE, {}, sasUriExpirationTimeInMinutes=_MINUTES)
        return boot(said, lambda address: _log(asked, address))

    return singly(asked, servers(asked), ask, _CALLS)


def boot(said: Mapping[str, Any], log: Any) -> Boot | Unknown:
    """Make it of boot diagnostics; ``log`` returns the text at an address."""
    address = said.get("serialConsoleLogBlobUri")
    if not address:
        detail = "Azure keeps no serial console log of it: enable boot diagnostics"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    if not str(address).startswith("https://"):
        return Unknown(reason=Reason.UNREADABLE, detail="Azure's log is not at an https address")
    text: str = log(address)
    return console_log.boot(text)


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nowhere: the address is as good as a password."""


def _log(asked: AzureAsked, address: str) -> str:
    """Return the end of a log.

    Raises:
        OSError: it cannot be read; the words hold no address.

    """
    ca_file = asked.reach.settings.ca_file
    trust = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    opener = build_opener(ProxyHandler(), HTTPSHandler(context=trust), _StayHere())
    asked.reach.tally.add(asked.place, _COUNTED)
    seconds = asked.reach.settings.patience.answer_seconds
    try:
        with opener.open(address, timeout=seconds) as answer:
            return str(answer.read(_MOST_BYTES).decode("utf-8", "replace"))
    except (OSError, HTTPException, ValueError) as error:
        said = getattr(error, "code", None) or type(error).__name__
        raise OSError(f"the serial console log cannot be read from its storage: {said}") from None


READER = Reader(tells=Boot, calls=_CALLS, read=_read)

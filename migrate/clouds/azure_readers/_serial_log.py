"""Reading a text at an address that anybody may read for a while: without our token, and bounded.

The address is as good as a password: it is neither kept nor told, and nobody is followed from it.
"""

from __future__ import annotations

import ssl
import time
from http.client import HTTPException
from typing import Final
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener

from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked

_CHUNK_BYTES: Final = 2**16
_KEPT_BYTES: Final = 2**20
"""Of the end of a log: what came last decides."""
_MOST_BYTES: Final = 64 * 2**20
_COUNTED: Final = "GET serial console log"


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nowhere."""


def serial_log(asked: AzureAsked, address: str) -> str | Unknown:
    """Return the end of the text at an address, or why it cannot be read."""
    if not address.startswith("https://"):
        return Unknown(reason=Reason.UNREADABLE, detail="Azure's log is not at an https address")
    asked.reach.tally.add(asked.place, _COUNTED)
    try:
        return _end(asked, address)
    except (OSError, HTTPException, ValueError) as error:
        said = getattr(error, "code", None) or type(error).__name__
        detail = f"the serial console log cannot be read from its storage: {said}"
        return Unknown(reason=Reason.UNREACHABLE, detail=detail)


def _end(asked: AzureAsked, address: str) -> str:
    ca_file, patience = asked.reach.settings.ca_file, asked.reach.settings.patience
    trust = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    opener = build_opener(ProxyHandler(), HTTPSHandler(context=trust), _StayHere())
    until = time.monotonic() + patience.answer_seconds
    end, total = b"", 0
    with opener.open(address, timeout=patience.answer_seconds) as answer:
        while chunk := answer.read1(_CHUNK_BYTES):
            end, total = (end + chunk)[-_KEPT_BYTES:], total + len(chunk)
            if total > _MOST_BYTES or time.monotonic() > until:
                raise TimeoutError
    return end.decode("utf-8", "replace")

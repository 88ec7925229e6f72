"""Where a server is asked: a transport, a user, an address."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from inventory.errors import UsageError
from inventory.model.ordered import Ordered

DEFAULT_PORTS = {"ssh": 22}
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_.])?\Z")


@dataclass(frozen=True, kw_only=True)
class Target(Ordered):
    """One place to ask."""

    transport: str
    """Name of the transport: ``ssh``, ``local``, ``recorded``."""
    host: str = ""
    """Name or address; a path for ``recorded``; empty for ``local``."""
    port: int | None = None
    user: str | None = None
    port_typed: bool = field(default=False, compare=False, repr=False)
    """Whether the port was written, so that it wins over ssh_config's."""

    def __str__(self) -> str:
        """Write the target as a user would type it."""
        if self.transport == "local":
            return "local"
        host = f"[{self.host}]" if ":" in self.host else self.host
        user = f"{self.user}@" if self.user else ""
        port = (
            f":{self.port}" if self.port and self.port != DEFAULT_PORTS.get(self.transport) else ""
        )
        return f"{self.transport}://{user}{host}{port}"

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read ``ssh://user@server:port``, ``user@server``, ``recorded://folder`` or ``local``.

        Raises:
            UsageError: it is none of these; the message says what is wrong with it.

        """
        if text == "local":
            return cls(transport="local")
        if text.startswith("recorded://") and len(text) > len("recorded://"):
            return cls(transport="recorded", host=text.removeprefix("recorded://"))
        address = text if "://" in text else f"ssh://{text}"
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise _malformed(text, str(error)) from error
        if parts.scheme != "ssh":
            raise _malformed(text, f"there is no transport {parts.scheme!r}")
        if parts.password is not None:
            raise _malformed(text.replace(parts.password, "…"), "a password has no place here")
        if parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise _malformed(text, "nothing may follow the port")
        host = parts.hostname or ""
        if not _is_host(host):
            raise _malformed(text, f"{host!r} is not a host name or address")
        if port == 0:
            raise _malformed(text, "port 0 cannot be asked")
        return cls(
            transport="ssh",
            host=host,
            port=port or 22,
            user=parts.username or None,
            port_typed=port is not None,
        )


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(_HOST.match(host))
    return True


def _malformed(text: str, why: str) -> UsageError:
    return UsageError(
        f"malformed target {text!r}: {why}",
        hint="write ssh://user@server:port, user@server, recorded://FOLDER or local",
    )

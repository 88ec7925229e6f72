"""Who is told of what: the ``[[notify]]`` tables of decant.toml, whose shape is checked already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from inventory.secret import Reference
from migrate.model.event import Happening

_STARTTLS_PORT: Final = 587


class MailSecurity(Enum):
    """How mail is kept from others on its way to the mail server."""

    STARTTLS = "starttls"
    """The connection is secured before anything is said; a server that cannot is told nothing."""
    TLS = "tls"
    """It is secured from the beginning."""
    NONE = "none"
    """It is not: only for a mail server on this very machine, or a network that is trusted."""


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """An address that takes JSON."""

    address: Reference
    """Where the address is; it often is a secret itself."""
    secret: Reference | None = None
    """Where the secret is by which each message is signed; None signs none."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail server, and who is written to."""

    to: tuple[str, ...]
    host: str
    port: int
    sender: str
    security: MailSecurity = MailSecurity.STARTTLS
    user: str | None = None
    password: Reference | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What one table asks for."""

    happenings: frozenset[Happening]
    webhook: Webhook | None = None
    mail: Mail | None = None
    fault: str = ""
    """What the table lacks; empty when it is whole."""


def wanted(tables: Iterable[Mapping[str, Any]]) -> tuple[Wanted, ...]:
    """Read the tables."""
    return tuple(_wanted(each) for each in tables)


def _wanted(table: Mapping[str, Any]) -> Wanted:
    happenings = frozenset(Happening(each) for each in table["events"])
    if not table.get("webhook_from") and not table.get("email"):
        return Wanted(happenings=happenings, fault="it names neither webhook_from nor email")
    if table.get("email") and not (table.get("smtp") and table.get("sender")):
        return Wanted(happenings=happenings, fault="email needs smtp and sender beside it")
    return Wanted(
        happenings=happenings,
        webhook=_webhook(table) if table.get("webhook_from") else None,
        mail=_mail(table) if table.get("email") else None,
    )


def _webhook(table: Mapping[str, Any]) -> Webhook:
    return Webhook(
        address=Reference.parse(table["webhook_from"]), secret=_reference(table, "secret_from")
    )


def _mail(table: Mapping[str, Any]) -> Mail:
    host, _, port = str(table["smtp"]).rpartition(":")
    has_port = bool(host) and port.isdigit()
    return Mail(
        to=tuple(table["email"]),
        host=(host if has_port else str(table["smtp"])).strip("[]"),
        port=int(port) if has_port else _STARTTLS_PORT,
        sender=table["sender"],
        security=MailSecurity(table.get("security", "starttls")),
        user=table.get("user"),
        password=_reference(table, "password_from"),
    )


def _reference(table: Mapping[str, Any], name: str) -> Reference | None:
    return Reference.parse(table[name]) if table.get(name) else None

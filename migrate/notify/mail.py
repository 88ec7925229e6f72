"""Telling people by e-mail, over a mail server that the estate names."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final

from inventory.errors import DecantError
from inventory.secret import Secret, fetch
from migrate.model.event import Event
from migrate.notify.settings import Mail, MailSecurity

_SECONDS: Final = 10
_MOST_SUBJECT: Final = 150


def send(mail: Mail, estate: str, events: Sequence[Event], environment: Mapping[str, str]) -> str:
    """Hand it to the mail server; return why that was not possible, or nothing when it was.

    A password is only ever given over a connection that is secured.
    """
    if mail.password and mail.security is MailSecurity.NONE:
        return "a password is not given to a mail server without TLS"
    try:
        password = fetch(mail.password, environment) if mail.password else None
        message = _message(mail, estate, events)
        _hand_over(mail, message, password)
    except DecantError as error:
        return str(error)
    except smtplib.SMTPNotSupportedError:
        return f"{mail.host} offers no STARTTLS, or no login"
    except smtplib.SMTPResponseException as error:
        return f"{mail.host} answered {error.smtp_code}"
    except (smtplib.SMTPException, OSError, MessageError, ValueError) as error:
        words = getattr(error, "strerror", None) or type(error).__name__
        return f"{mail.host}: {words}"
    return ""


def _hand_over(mail: Mail, message: EmailMessage, password: Secret | None) -> None:
    context = ssl.create_default_context()
    if mail.security is MailSecurity.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=_SECONDS)
    try:
        if mail.security is MailSecurity.STARTTLS:
            server.starttls(context=context)
        if mail.user and password:
            server.login(mail.user, password.value)
        refused = server.send_message(message, from_addr=mail.sender, to_addrs=list(mail.to))
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)
        with suppress(smtplib.SMTPException, OSError):
            server.quit()  # it has the message: how it says goodbye is its own affair
    finally:
        server.close()


def _message(mail: Mail, estate: str, events: Sequence[Event]) -> EmailMessage:
    message = EmailMessage()
    message["From"] = _one_line(mail.sender)
    message["To"] = ", ".join(_one_line(each) for each in mail.to)
    message["Subject"] = _one_line(_subject(estate, events))[:_MOST_SUBJECT]
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(_paragraph(each) for each in events) + "\n")
    return message


def _subject(estate: str, events: Sequence[Event]) -> str:
    first = events[0]
    more = f" (and {len(events) - 1} more)" if len(events) > 1 else ""
    return f"decant {estate}: {first.server} {first.happening.value}{more}"


def _paragraph(event: Event) -> str:
    stage = f", {event.stage}" if event.stage else ""
    head = f"{event.at:%Y-%m-%d %H:%M} UTC  {event.server}{stage}: {event.happening.value}"
    return "\n".join((head, _one_line(event.words), *(f"- {_one_line(d)}" for d in event.details)))


def _one_line(text: str) -> str:
    return " ".join(text.split())

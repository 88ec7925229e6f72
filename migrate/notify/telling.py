"""Tells everyone who wants to know. Whatever goes wrong is said here, and stops nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from inventory.session import tell_warning
from migrate.notify import mail, webhook
from migrate.notify.settings import Wanted, wanted

if TYPE_CHECKING:
    from inventory.estate import Estate
    from migrate.model.event import Event


def notify(
    estate: Estate, events: Sequence[Event], *, say: Callable[[str], None] = tell_warning
) -> None:
    """Tell each of the estate's ``[[notify]]`` what it wants to hear, in one message.

    Never raises for what goes wrong: that is told by ``say``.
    """
    for number, each in enumerate(wanted(estate.notify), start=1):
        heard = [event for event in events if event.happening in each.happenings]
        for fault in _faults(each, estate.name, heard) if heard else ():
            say(f"notify {number} of decant.toml was not told: {fault}")


def _faults(each: Wanted, estate: str, events: Sequence[Event]) -> Iterator[str]:
    sending: list[Callable[[], str]] = [lambda: each.fault]
    if each.webhook is not None:
        sending.append(partial(webhook.send, each.webhook, estate, events, os.environ))
    if each.mail is not None:
        sending.append(partial(mail.send, each.mail, estate, events, os.environ))
    for send in sending:
        try:
            why = send()
        except Exception as error:  # noqa: BLE001 - whatever it is, what was done stays done
            why = f"this is a bug of decant: {type(error).__name__}"
        if why:
            yield why

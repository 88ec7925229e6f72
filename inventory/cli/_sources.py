"""Asking clouds as a whole, as ``decant discover`` tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.amount import amount
from inventory.errors import FINE, PARTLY_UNKNOWN
from inventory.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.discovery.sources import Told
    from inventory.estate import Estate
    from inventory.session import Session


def ask_and_tell(session: Session, estate: Estate, texts: Sequence[str]) -> int:
    """Ask what the targets name, keep what is told, and return the exit code.

    Raises:
        UsageError: a target names nothing that the estate allows.
        StoreError: the store cannot be written.

    """
    from inventory.discovery.sources import ask_sources, wanted
    from inventory.model.cloud_calls import Tally
    from inventory.store.runs import begin_run, finish_run
    from inventory.store.settling import settle

    tally = Tally()
    places = wanted(estate, texts, tally)
    with session.store(estate) as store:
        run = begin_run(store, command=f"discover {' '.join(texts)}", at=session.now())
        told = ask_sources(store, places, run_id=run.id, clock=session.now, step=session.say)
        finish_run(store, run.id, session.now(), len(places), len(places) - len(told.silent))
        settle(store)
    _tell(session, told)
    return PARTLY_UNKNOWN if told.silent or told.unread else FINE


def _tell(session: Session, told: Told) -> None:
    for place, why in told.silent:
        click.echo(f"no answer from {place}: {printable(why)}", err=True)
    left_out = ", ".join(f"{count} {what}" for what, count in sorted(told.left_out.items()))
    more = f"; left out: {left_out}" if left_out else ""
    session.say(f"{amount(told.servers, 'server')} of clouds{more}")
    gone = f"; gone: {told.gone}" if told.gone else ""
    session.say(f"{amount(told.resources, 'other resource')} of clouds{gone}")

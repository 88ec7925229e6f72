"""What a discovery was told on the command line and by the estate, put together into a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.errors import BadInputError, Place, UsageError

if TYPE_CHECKING:
    from inventory.discovery.compose import Window
    from inventory.estate import Estate
    from inventory.model.asking import Access, Limits
    from inventory.model.collector import Collector
    from inventory.model.fact import Facts, Observation
    from inventory.model.target import Target
    from inventory.registry import Plugin
    from inventory.secret import Reference

_ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was typed, as click hands it over."""

    identity: tuple[Path, ...]
    known_hosts: tuple[Path, ...]
    ssh_config: Path | None
    passphrase_from: Reference | None
    password_from: Reference | None
    accept_new_host_keys: bool
    sudo: bool
    at_once: int | None
    timeout: float | None
    run_timeout: int | None
    rate: float | None
    sample: int | None
    every: int
    also: tuple[str, ...]
    tls: bool
    tls_authorities: Path | None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Whom to ask, what, and how."""

    targets: tuple[Target, ...]
    access: Access
    limits: Limits
    at_once: int
    window: Window | None
    collectors: Mapping[str, Plugin[Collector]]
    look: Callable[[str, Facts], tuple[Observation, ...]] | None
    """What else is looked at from here, given an address and what the server said of itself."""


def plan_of(estate: Estate, chosen: Options, targets: list[Target]) -> Plan:
    """Return whom to ask, what, and how.

    Raises:
        UsageError: what was typed does not fit together.
        BadInputError: the certificates to trust cannot be read.

    """
    window = _window(chosen)
    return Plan(
        targets=tuple(targets),
        access=_access(estate, chosen),
        limits=_limits(estate, chosen, window),
        at_once=chosen.at_once or estate.discovery.at_once,
        window=window,
        collectors=_collectors(estate, chosen.also),
        look=_tls_look(chosen),
    )


def _limits(estate: Estate, chosen: Options, window: Window | None) -> Limits:
    from inventory.model.asking import Limits

    limits = Limits(
        server_seconds=chosen.timeout or Limits.server_seconds,
        run_seconds=chosen.run_timeout,
        connections_a_second=chosen.rate or estate.discovery.rate,
    )
    if window:
        return replace(limits, server_seconds=limits.server_seconds + window.seconds)
    return limits


def _access(estate: Estate, chosen: Options) -> Access:
    from inventory.access import Typed, access_of

    config = chosen.ssh_config
    typed = Typed(
        identity=chosen.identity,
        known_hosts=chosen.known_hosts,
        ssh_config=None if config is None else () if str(config) == "none" else (config,),
        passphrase=chosen.passphrase_from,
        password=chosen.password_from,
        accept_new_host_keys=chosen.accept_new_host_keys,
        sudo=chosen.sudo,
    )
    return access_of(estate, typed)


def _window(chosen: Options) -> Window | None:
    from inventory.discovery.compose import Window

    if chosen.sample is None:
        return None
    if chosen.every > chosen.sample:
        raise UsageError(
            f"looking every {chosen.every} s for {chosen.sample} s is no sample",
            hint="give --sample a longer time than --every",
        )
    return Window(seconds=chosen.sample, every_seconds=chosen.every)


def _collectors(estate: Estate, also: tuple[str, ...]) -> Mapping[str, Plugin[Collector]]:
    from inventory.model.collector import Collector
    from inventory.registry import Registry

    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    plugins = registry.all(estate.own("collectors"))
    optional = [name for name, each in plugins.items() if each.value.optional]
    for name in also:
        if name not in {*optional, _ALL}:
            raise UsageError(
                f"{name!r} is no question that is asked only on request",
                hint=f"those are: {', '.join(optional) or 'none'}",
            )
    wanted = optional if _ALL in also else also
    return {
        name: each for name, each in plugins.items() if not each.value.optional or name in wanted
    }


def _tls_look(chosen: Options) -> Callable[[str, Facts], tuple[Observation, ...]] | None:
    if not chosen.tls:
        return None
    from inventory.discovery.tls import look_at_tls
    from inventory.discovery.tls_handshake import trusting_context

    authorities = chosen.tls_authorities
    if authorities:
        try:
            trusting_context(authorities)
        except OSError as error:
            raise BadInputError(
                f"the certificates to trust cannot be read: {error.strerror or error}",
                hint="give a readable file of certificates in PEM form",
                place=Place(file=authorities),
            ) from error
    return lambda address, facts: look_at_tls(facts, address, authorities=authorities)

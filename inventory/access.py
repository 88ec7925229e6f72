"""What a run may use to get in: what the estate says, and what was typed over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.model.asking import Access

if TYPE_CHECKING:
    from pathlib import Path

    from inventory.estate import Estate
    from inventory.secret import Reference


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed for one run; whatever is empty is left to the estate."""

    identity: tuple[Path, ...] = ()
    known_hosts: tuple[Path, ...] = ()
    ssh_config: tuple[Path, ...] | None = None
    """Empty means no file at all."""
    passphrase: Reference | None = None
    password: Reference | None = None
    accept_new_host_keys: bool = False
    sudo: bool = False


_NOTHING: Typed = Typed()


def access_of(estate: Estate, typed: Typed = _NOTHING) -> Access:
    """Return it; whatever was typed stands in place of what ``decant.toml`` says.

    The estate's own ``known_hosts``, into which new keys are recorded when that is asked for,
    counts beside the others.
    """
    settings, own = estate.discovery, estate.folder / "known_hosts"
    return Access(
        identities=typed.identity or settings.identity,
        passphrase=typed.passphrase or settings.passphrase,
        password=typed.password or settings.password,
        ssh_config=settings.ssh_config if typed.ssh_config is None else typed.ssh_config,
        sites=estate.sites,
        known_hosts=typed.known_hosts or settings.known_hosts,
        estate_known_hosts=own,
        accept_new_into=own if typed.accept_new_host_keys else None,
        sudo=typed.sudo or settings.sudo,
    )

"""What a run may use to get in: what the estate says, and what was typed over it."""

from __future__ import annotations

from pathlib import Path

from inventory.estate import Estate
from inventory.model.asking import Access


def access_of(
    estate: Estate,
    *,
    identity: tuple[Path, ...] = (),
    known_hosts: tuple[Path, ...] = (),
    accept_new_host_keys: bool = False,
    sudo: bool = False,
) -> Access:
    """Return it; whatever is given here stands in place of what ``decant.toml`` says.

    The estate's own ``known_hosts``, into which new keys are recorded when that is asked for,
    counts beside the others.
    """
    settings, own = estate.discovery, estate.folder / "known_hosts"
    files = known_hosts or settings.known_hosts or Access().known_hosts
    return Access(
        identities=identity or settings.identity,
        known_hosts=(*files, own),
        accept_new_into=own if accept_new_host_keys else None,
        sudo=sudo or settings.sudo,
    )

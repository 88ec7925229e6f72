"""Ansible inventory: a static one in YAML, and a script that asks Decant anew each time.

``ansible -i decant-inventory.yml``, or ``ansible -i decant-inventory``: the script looks for the
estate from where it lies upwards, or where DECANT_ESTATE says. Groups that begin with ``decant_``
are of operating systems, environments and applications; the others are the servers' own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from inventory.exporters._ansible_groups import Host, by_group, hosts_of
from inventory.model.exporter import Exportable, Exporter, Written

_SCRIPT: Final = b"""#!/bin/sh
cd "$(dirname "$0")" && exec decant ansible-inventory "$@"
"""


def _write(what: Exportable) -> Iterator[Written]:
    hosts = hosts_of(what)
    lines = [f"# Decant's inventory of {what.at.isoformat(timespec='seconds')}", *_yaml(hosts)]
    yield Written(
        name="decant-inventory.yml",
        content="".join(f"{line}\n" for line in lines).encode(),
        lacking=tuple(one for each in hosts for one in each.lacking),
    )
    yield Written(name="decant-inventory", content=_SCRIPT, executable=True)


def _yaml(hosts: Sequence[Host]) -> Iterator[str]:
    """Yield the lines; every text is written as JSON writes it, which YAML reads alike."""
    yield "all:"
    yield "  hosts:"
    for each in hosts:
        yield f"    {json.dumps(each.name)}:"
        for name, value in each.variables.items():
            yield f"      {name}: {json.dumps(value)}"
    groups = {name: held for name, held in by_group(hosts).items() if name != "ungrouped"}
    if groups:
        yield "  children:"
    for name, held in groups.items():
        yield f"    {json.dumps(name)}:"
        yield "      hosts:"
        yield from (f"        {json.dumps(each)}:" for each in held)


EXPORTER: Final = Exporter(
    title="Ansible inventory",
    source="https://docs.ansible.com/ansible-core/2.19/inventory_guide/intro_inventory.html, "
    "https://docs.ansible.com/ansible-core/2.19/dev_guide/developing_inventory.html (2026-11-23)",
    write=_write,
)

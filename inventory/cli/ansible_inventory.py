"""Answer Ansible as a dynamic inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inventory.errors import UsageError
from inventory.output import print_json
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.exporters._ansible_groups import Host


@click.command()
@click.option("--list", "everything", is_flag=True, help="Print all groups and servers.")
@click.option("--host", "name", metavar="NAME", help="Print the variables of one server.")
@click.pass_obj
def ansible_inventory(session: Session, *, everything: bool, name: str | None) -> None:
    """Answer Ansible as a dynamic inventory.

    \b
        decant ansible-inventory --list
        decant ansible-inventory --host web-1
        decant export ansible-inventory && ansible -i decant-inventory all -m ping

    Groups are the servers' own, and decant_os_…, decant_environment_… and decant_application_….
    """
    if everything == bool(name):
        raise UsageError("give --list, or --host with a name")
    hosts = _hosts(session)
    if everything:
        print_json(_listing(hosts))
        return
    found = next((each for each in hosts if each.name == name), None)
    if found is None:
        raise UsageError(f"there is no server {name!r}", hint="decant ansible-inventory --list")
    print_json(found.variables)


def _hosts(session: Session) -> Sequence[Host]:
    from inventory.cli._landscape import Landscape
    from inventory.exporters._ansible_groups import hosts_of
    from inventory.model.exporter import Exportable
    from inventory.store.servers import servers
    from inventory.store.sightings import sightings

    estate = session.estate()
    with session.store(estate) as store:
        everyone, seen = servers(store), sightings(store)
    landscape = Landscape(estate, everyone, seen)
    applications = {
        each.id: tuple(dict.fromkeys(app.name for app in landscape.applications(each)))
        for each in everyone
    }
    what = Exportable(servers=everyone, applications=applications, at=session.now())
    return hosts_of(what)


def _listing(hosts: Sequence[Host]) -> dict[str, Any]:
    from inventory.exporters._ansible_groups import by_group

    groups = by_group(hosts)
    return {
        "_meta": {"hostvars": {each.name: each.variables for each in hosts}},
        "all": {"children": [name for name in groups if name != "ungrouped"] + ["ungrouped"]},
        **{name: {"hosts": list(held)} for name, held in groups.items()},
    }


COMMAND = ansible_inventory

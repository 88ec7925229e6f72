"""Which switch ports the server is plugged into, as lldpd has heard them announce themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from inventory.collectors._text import number
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.network import LINK_PARTNERS, LinkPartner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model.fact import Observation

_SCRIPT: Final = """
if [ -S /run/lldpd.socket ] || [ -S /var/run/lldpd.socket ] || [ -S /run/lldpd/lldpd.socket ]
then
  echo '@@ lldpd'
  privileged lldpcli -f json show neighbors
fi
:
"""

_ASKED: Final = "@@ lldpd"


def _read(answer: Answer) -> tuple[Observation, ...]:
    _, asked, said = answer.text.partition(_ASKED)
    if not asked:
        return (LINK_PARTNERS.unknown(Reason.NOT_TOLD, "lldpd does not run"),)
    if not said.strip():
        return (LINK_PARTNERS.unknown(Reason.NEEDS_PRIVILEGE, "lldpd tells only root"),)
    try:
        told = json.loads(said)
    except ValueError as error:
        return (LINK_PARTNERS.unknown(Reason.UNREADABLE, f"what lldpcli said: {error}"),)
    if not isinstance(told, dict) or "lldp" not in told:
        return (LINK_PARTNERS.unknown(Reason.UNREADABLE, "lldpcli said nothing of lldp"),)
    return (LINK_PARTNERS.known(tuple(sorted(_partners(told), key=_order))),)


def _partners(told: Any) -> Iterator[LinkPartner]:
    """Yield what ``lldpcli -f json`` holds.

    One thing may stand where others write several; old releases write lists of everything, as new
    ones do for ``json0``.
    """
    for each in _several(_in(told, "lldp", "interface")):
        named = isinstance(each, dict) and "name" in each
        pairs = [(each["name"], each)] if named else each.items() if isinstance(each, dict) else ()
        for name, link in pairs:
            if isinstance(link, dict):
                yield _partner(str(name), link)


def _partner(interface: str, link: dict[str, Any]) -> LinkPartner:
    chassis, vlans = link.get("chassis"), _several(link.get("vlan"))
    own = [each for each in vlans if isinstance(each, dict) and each.get("pvid") is True]
    port = _in(link, "port", "id", "value") or _text(_in(link, "port", "descr"))
    return LinkPartner(
        interface=interface,
        protocol=str(link.get("via") or "LLDP"),
        system=_system(chassis),
        port=str(port) if port else None,
        vlan=number(str(own[0].get("vlan-id"))) if own else None,
    )


def _system(chassis: Any) -> str | None:
    """Return the name that a switch stands under; or one that stands there itself, if it has it."""
    chassis = _first(chassis)
    if not isinstance(chassis, dict) or not chassis:
        return None
    name = _text(chassis.get("name")) if "id" in chassis else next(iter(chassis))
    return str(name) if name else None


def _in(told: Any, *names: str) -> Any:
    for name in names:
        told = _first(told)
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _first(told: Any) -> Any:
    return next(iter(told), None) if isinstance(told, list) else told


def _text(told: Any) -> Any:
    """Return what stands there itself, or as the value of the first in a list."""
    told = _first(told)
    return told.get("value") if isinstance(told, dict) else told


def _several(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _order(each: LinkPartner) -> tuple[str, str, str]:
    return each.interface, each.system or "", each.port or ""


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(LINK_PARTNERS,),
    read=_read,
    examples=(
        Example(
            system="debian 12 with lldpd 1.0 (format as in lldpcli(8), and as others read it)",
            text="""\
@@ lldpd
{
  "lldp": {
    "interface": [
      {
        "eno1": {
          "via": "LLDP",
          "rid": "1",
          "chassis": {
            "leaf-1.example.org": {"id": {"type": "mac", "value": "00:11:22:33:44:55"}}
          },
          "port": {"id": {"type": "ifname", "value": "Ethernet1/1"}, "ttl": "120"},
          "vlan": [{"vlan-id": "20", "pvid": false}, {"vlan-id": "10", "pvid": true}]
        }
      },
      {
        "eno2": {
          "via": "CDPv2",
          "chassis": {"id": {"type": "mac", "value": "00:11:22:33:44:66"}},
          "port": {"descr": "Uplink"}
        }
      }
    ]
  }
}
""",
            expected=(
                LINK_PARTNERS.known(
                    (
                        LinkPartner(
                            interface="eno1",
                            protocol="LLDP",
                            system="leaf-1.example.org",
                            port="Ethernet1/1",
                            vlan=10,
                        ),
                        LinkPartner(interface="eno2", protocol="CDPv2", port="Uplink"),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 8 with lldpd and one neighbour (format as others read it)",
            text='@@ lldpd\n{"lldp": {"interface": {"eth2": {"via": "LLDP", "chassis":'
            ' {"leaf-1": {}}, "port": {"id": {"value": "swp1"}}}}}}\n',
            expected=(
                LINK_PARTNERS.known(
                    (LinkPartner(interface="eth2", protocol="LLDP", system="leaf-1", port="swp1"),)
                ),
            ),
        ),
        Example(
            system="an old lldpd, which writes lists (format as sonic-gnmi reads json0)",
            text='@@ lldpd\n{"lldp": [{"interface": [{"name": "eth0", "via": "LLDP", "chassis":'
            ' [{"id": [{"type": "mac", "value": "00:11:22:33:44:55"}], "name":'
            ' [{"value": "leaf-1"}]}], "port": [{"id": [{"type": "ifname", "value": "swp1"}],'
            ' "descr": [{"value": "Uplink"}]}], "vlan": [{"vlan-id": "10", "pvid": true}]}]}]}\n',
            expected=(
                LINK_PARTNERS.known(
                    (
                        LinkPartner(
                            interface="eth0", protocol="LLDP", system="leaf-1", port="swp1", vlan=10
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12 with lldpd that hears nobody (format from memory, never seen)",
            text='@@ lldpd\n{\n  "lldp": {\n\n  }\n}\n',
            expected=(LINK_PARTNERS.known(()),),
        ),
        Example(
            system="debian 12 with lldpd, asked as a user (as the question words it)",
            text="@@ lldpd\n",
            expected=(LINK_PARTNERS.unknown(Reason.NEEDS_PRIVILEGE, "lldpd tells only root"),),
        ),
        Example(
            system="an lldpcli that says something else (made up)",
            text='@@ lldpd\n{"neighbours": []}\n',
            expected=(LINK_PARTNERS.unknown(Reason.UNREADABLE, "lldpcli said nothing of lldp"),),
        ),
        Example(
            system="debian 12 without lldpd",
            expected=(LINK_PARTNERS.unknown(Reason.NOT_TOLD, "lldpd does not run"),),
        ),
    ),
)

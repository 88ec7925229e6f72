"""nmap's XML (``-oX``): what answered a scan of the network, and on which ports.

A scan sees from outside. A target that did not answer is left out, and so is one that nmap was told
to take for up (``-Pn``) and of which it saw nothing. Ports are those that were scanned and open: a
server may wait on others. What several scans saw at one address is one server, with the ports of
all. A scan that was broken off is read as far as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import ip_address
from typing import Final
from xml.etree.ElementTree import Element

from inventory.errors import BadInputError
from inventory.importers._broken_off import until_broken
from inventory.importers._nmap_guess import kind_of_device, system_of
from inventory.importers._nmap_merge import merged
from inventory.model.facts import FQDN, INTERFACES, LISTENERS
from inventory.model.imported import Item, LeftOut, ServerRecord, Stated, Unread, Where
from inventory.model.importer import CERTAIN, NO, Importer, ImportExample
from inventory.model.macs import spelled
from inventory.model.nearness import Nearness
from inventory.model.parts import Interface, Listener, Protocol
from inventory.model.placement import TOLD_SERVICES, ToldService
from inventory.reading import values
from inventory.reading.export import Export, File, Kind
from inventory.reading.texts import text_of

SOURCE: Final = "nmap"
_STARTED: Final = re.compile(r"<nmaprun\b[^>]*\bstart=\"(\d+)\"")
_HIGHEST_PORT: Final = 65535
_PROTOCOLS: Final = {each.value: each for each in Protocol}
_DNS_NAME: Final = re.compile(r"[A-Za-z0-9_][\w-]*(\.[\w-]+)+\.?", re.ASCII)


def _recognise(export: Export) -> int:
    return CERTAIN if any(map(_is_scan, export.files)) else NO


def _is_scan(file: File) -> bool:
    return file.kind is Kind.XML and file.root_tag == "nmaprun"


def _read(export: Export) -> Iterator[Item]:
    scans = [file for file in export.files if _is_scan(file)]
    if not scans:
        raise BadInputError(
            "there is no scan in it: no XML that begins with nmaprun",
            hint="nmap -oX scan.xml … writes one",
        )
    seen: dict[str, list[ServerRecord]] = {}
    for each in _targets(scans):
        if isinstance(each, ServerRecord):
            seen.setdefault(each.key, []).append(each)
        else:
            yield each
    yield from map(merged, seen.values())


def _targets(scans: Iterable[File]) -> Iterator[Item]:
    for file in scans:
        found = _STARTED.search(file.beginning)
        started = found[1] if found else None
        for number, element in enumerate(until_broken(file, file.elements("host")), 1):
            if isinstance(element, Unread):
                yield element
                continue
            where = Where(file=file.name, sheet=f"host {number}")
            try:
                yield _target(element, started, where)
            except ValueError as error:
                yield Unread(why=str(error), where=where)


def _target(element: Element, started: str | None, where: Where) -> Item:
    addresses = _addresses(element)
    if not addresses:
        raise ValueError("it has no address")
    names = _names(element)
    name = next(iter(names), addresses[0])
    if what := _why_not(element):
        return LeftOut(what=what, name=name, where=where)
    return ServerRecord(
        source=SOURCE,
        key=addresses[0],
        name=name,
        stated=tuple(_stated(element, addresses)),
        at=_moment(element.get("endtime") or element.get("starttime") or started),
        where=where,
    )


def _moment(said: str | None) -> datetime | None:
    """Return when; of a clock that was never set, None."""
    try:
        return values.moment(said)
    except ValueError:
        return None


def _why_not(element: Element) -> str | None:
    """Return what a target is that is no server; None when it is one."""
    status = element.find("status")
    state, reason = ("", "") if status is None else (status.get("state"), status.get("reason"))
    if state == "down":
        return "target that is down"
    if state != "up":
        return "target that was not looked at"
    if reason == "user-set" and not _answered(element):
        return "target that did not answer"
    return kind_of_device(element)


def _answered(element: Element) -> bool:
    """Tell whether any port of a target that was taken for up answered."""
    extra = {each.get("state") for each in element.iterfind("ports/extraports")}
    states = {each.get("state") for each in element.iterfind("ports/port/state")}
    return bool((extra | states) & {"open", "closed", "unfiltered"})


def _addresses(element: Element) -> list[str]:
    found = []
    for each in element.iterfind("address"):
        if each.get("addrtype", "ipv4") in {"ipv4", "ipv6"}:
            said = each.get("addr", "")
            try:
                found.append(str(ip_address(said)))
            except ValueError as error:
                raise ValueError(f"address addr is {said!r}, which is no address") from error
    return found


def _names(element: Element) -> list[str]:
    """Return its names: what the address resolves to, then what nmap was asked for."""
    told = sorted(
        element.iterfind("hostnames/hostname"), key=lambda each: each.get("type") != "PTR"
    )
    return [name for each in told if (name := text_of(each.get("name", "")))]


def _stated(element: Element, addresses: list[str]) -> Iterator[Stated]:
    for column, observation in system_of(element):
        yield Stated(column=column, observation=observation)
    for each in element.iterfind("hostnames/hostname"):
        name = text_of(each.get("name", "")) or ""
        if each.get("type") == "PTR" and _DNS_NAME.fullmatch(name):
            fqdn = FQDN.known(name.lower().rstrip("."))
            yield Stated(column="hostname name (PTR)", observation=fqdn)
    macs = [each.get("addr") for each in element.iterfind("address") if _is_mac(each)]
    interface = Interface(
        name="interface 1",
        mac=spelled(macs[0]) if macs else None,
        addresses=tuple(addresses),
        up=True,
    )
    yield Stated(column="address addr", observation=INTERFACES.known((interface,)))
    if services := tuple(_services(element)):
        listeners = tuple(
            Listener(protocol=each.protocol, address=addresses[0], port=each.port)
            for each in services
        )
        yield Stated(column="port portid", observation=LISTENERS.known(listeners))
        yield Stated(column="port service", observation=TOLD_SERVICES.known(services))


def _is_mac(element: Element) -> bool:
    return element.get("addrtype") == "mac"


def _services(element: Element) -> Iterator[ToldService]:
    """Yield the open ports of TCP and UDP; one that is ``open|filtered`` may be neither."""
    for port in element.iterfind("ports/port"):
        state, protocol = port.find("state"), _PROTOCOLS.get(port.get("protocol", ""))
        if state is None or state.get("state") != "open" or protocol is None:
            continue
        number = port.get("portid", "")
        if not (number.isascii() and number.isdigit() and 0 < int(number) <= _HIGHEST_PORT):
            raise ValueError(f"port portid is {number!r}, which is no port")
        service = port.find("service")
        told = {} if service is None else service.attrib
        yield ToldService(
            protocol=protocol,
            port=int(number),
            name=text_of(told.get("name", "")),
            product=text_of(told.get("product", "")),
            version=text_of(told.get("version", "")),
            guessed=told.get("method") == "table",
            encrypted=True if told.get("tunnel") == "ssl" else None,
        )


_SCAN: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -sV -O -oX scan.xml 192.0.2.0/29" start="1763870400"\
 version="7.95" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="3" services="22,80,9100"/>
<host starttime="1763870401" endtime="1763870411"><status state="up" reason="arp-response"\
 reason_ttl="0"/>
<address addr="192.0.2.2" addrtype="ipv4"/>
<address addr="52:54:00:AA:BB:01" addrtype="mac" vendor="QEMU virtual NIC"/>
<hostnames><hostname name="www" type="user"/><hostname name="web-1.example.org" type="PTR"/>\
</hostnames>
<ports><extraports state="closed" count="1"/>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack" reason_ttl="64"/>\
<service name="ssh" product="OpenSSH" version="9.2p1" method="probed" conf="10"/></port>
<port protocol="tcp" portid="80"><state state="open" reason="syn-ack" reason_ttl="64"/>\
<service name="http" method="table" conf="3"/></port>
</ports>
<os><osmatch name="Linux 5.0 - 6.2" accuracy="100" line="1"><osclass type="general purpose"\
 vendor="Linux" osfamily="Linux" osgen="5.X" accuracy="100"/></osmatch></os>
</host>
<host><status state="up" reason="arp-response" reason_ttl="0"/>
<address addr="192.0.2.3" addrtype="ipv4"/><hostnames></hostnames>
<ports><port protocol="tcp" portid="9100"><state state="open" reason="syn-ack"\
 reason_ttl="64"/><service name="jetdirect" devicetype="printer" method="probed" conf="10"/>\
</port></ports>
</host>
<host><status state="down" reason="no-response" reason_ttl="0"/>
<address addr="192.0.2.4" addrtype="ipv4"/>
</host>
<runstats><finished time="1763870420" elapsed="20"/><hosts up="2" down="1" total="3"/></runstats>
</nmaprun>
"""
_UNSEEN: Final = b"""<?xml version="1.0"?>
<nmaprun scanner="nmap" args="nmap -Pn -oX - 198.51.100.7-8" start="1763870400" version="7.95">
<host><status state="up" reason="user-set"/><address addr="198.51.100.7" addrtype="ipv4"/>
<ports><extraports state="filtered" count="1000"/></ports></host>
<host><status state="up" reason="user-set"/><address addr="198.51.100.8" addrtype="ipv4"/>
<ports><extraports state="filtered" count="999"/><port protocol="tcp" portid="443">\
<state state="open" reason="syn-ack"/><service name="http" tunnel="ssl" method="probed"/></port>
</ports></host>
<host><status state="up" reason="user-set"/><address addr="198.51"""
IMPORTER: Final = Importer(
    title="nmap",
    files="one or several .xml files that nmap -oX wrote, or -oA",
    source="https://nmap.org/book/nmap-dtd.html (2026-11-23)",
    nearness=Nearness.SCAN,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="nmap 7.95 (format as documented)",
            files=(("scan.xml", _SCAN),),
            servers=("web-1.example.org",),
            left_out=2,
        ),
        ImportExample(
            tool="nmap 7.95, broken off (format as documented)",
            files=(("cut.xml", _UNSEEN),),
            servers=("198.51.100.8",),
            left_out=1,
            unread=1,
        ),
    ),
)

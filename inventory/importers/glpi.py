"""Inventories of GLPI's agent (JSON, XML) and of FusionInventory (XML), one file for each server.

Virtual machines that a server holds become servers too, containers do not. What the agents found
by SNMP (printers, switches) is left out. Any computer counts as a server, whatever its chassis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._agent_inventory import from_json, from_xml
from inventory.importers._agent_items import items_of
from inventory.importers._broken_off import until_broken
from inventory.model.imported import Item, Unread, Where
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.reading.export import Export, File, Kind

SOURCE: Final = "glpi"
_OURS: Final = re.compile(r"FusionInventory|GLPI[- ](?:Inventory|Agent)", re.IGNORECASE)
_THEIRS: Final = "OCS-NG"
_JSON: Final = re.compile(
    r'"(?:action"\s*:\s*"(?:inventory|netinventory|netdiscovery)|deviceid"\s*:\s*")'
)
_CONTENT: Final = re.compile(r'"content"\s*:\s*\{')


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if file.kind is Kind.JSON:
        content = _CONTENT.search(file.beginning)
        named = _JSON.search(file.beginning) or '"versionclient"' in file.beginning
        # A long inventory tells what it is behind its first 64 KiB.
        hardware = '"hardware"' in file.beginning or '"bios"' in file.beginning
        return CERTAIN if content and (named or hardware) else NO
    if not is_request(file):
        return NO
    if _THEIRS in file.beginning:
        return LIKELY - 10
    return CERTAIN if _OURS.search(file.beginning) else LIKELY + 5


def is_request(file: File) -> bool:
    """Tell whether a file is what agents send: XML whose outermost element is ``REQUEST``."""
    return file.kind is Kind.XML and file.root_tag == "REQUEST" and "<CONTENT" in file.beginning


def read_requests(file: File, source: str) -> Iterator[Item]:
    """Yield what the XML of an agent says; also where it breaks off."""
    for number, each in enumerate(until_broken(file, file.elements("REQUEST")), 1):
        if isinstance(each, Unread):
            yield each
            continue
        where = Where(file=file.name, sheet=None if number == 1 else f"REQUEST {number}")
        inventory = from_xml(each, where)
        if inventory is None:
            yield Unread(why="a REQUEST without CONTENT", where=where)
        else:
            yield from items_of(inventory, source)


def _read(export: Export) -> Iterator[Item]:
    found = False
    for file in export.files:
        if file.kind is Kind.JSON:
            found = True
            yield from _documents(file)
        elif file.kind is Kind.XML and file.root_tag == "REQUEST":
            found = True
            yield from read_requests(file, SOURCE)
    if not found:
        raise BadInputError(
            "there is no inventory of an agent in it",
            hint="glpi-agent --local FOLDER --json writes one",
        )


def _documents(file: File) -> Iterator[Item]:
    for number, each in enumerate(until_broken(file, file.documents()), 1):
        if isinstance(each, Unread):
            yield each
            continue
        where = Where(file=file.name, sheet=None if number == 1 else f"document {number}")
        inventory = from_json(each, where)
        if inventory is None:
            yield Unread(why="it is no inventory: it has no content", where=where)
        else:
            yield from items_of(inventory, SOURCE)


_INVENTORY: Final = b"""{"action": "inventory", "deviceid": "kvm-1-2026-01-05-08-30-00",
 "itemtype": "Computer", "tag": "hall-2", "content": {
 "accesslog": {"logdate": "2026-11-20 06:00:00"}, "versionclient": "GLPI-Agent_v1.15",
 "bios": {"smanufacturer": "Dell Inc.", "smodel": "PowerEdge R740", "ssn": "ABC1234",
  "bdate": "2025-03-01", "secure_boot": "enabled"},
 "hardware": {"name": "kvm-1", "memory": 128000, "chassis_type": "Rack Mount Chassis",
  "uuid": "4c4c4544-0051-4d10-8052-b3c04f4b4e31", "vmsystem": "Physical", "dns": "192.0.2.53"},
 "operatingsystem": {"full_name": "Debian GNU/Linux 12 (bookworm)", "arch": "x86_64",
  "kernel_version": "6.1.0-26-amd64", "fqdn": "kvm-1.example.org", "name": "Debian",
  "boot_time": "2026-10-01 04:00:00", "timezone": {"name": "CEST", "offset": "+0200"}},
 "cpus": [{"name": "Intel(R) Xeon(R) Gold 6226R", "core": 16, "thread": 32},
  {"name": "Intel(R) Xeon(R) Gold 6226R", "core": 16, "thread": 32}],
 "networks": [
  {"description": "eno1", "mac": "52:54:00:aa:bb:01", "ipaddress": "192.0.2.10",
   "ipmask": "255.255.255.0", "status": "up", "type": "ethernet", "virtualdev": false},
  {"description": "bmc", "mac": "52:54:00:aa:bb:0f", "ipaddress": "192.0.2.210",
   "management": true}],
 "storages": [{"name": "sda", "disksize": 960197, "type": "disk", "serial": "S1"}],
 "drives": [{"type": "/", "volumn": "/dev/sda2", "filesystem": "ext4", "total": 900000,
  "free": 400000}],
 "softwares": [{"name": "openssh-server", "version": "1:9.2p1-2", "from": "deb"}],
 "processes": [{"pid": 812, "cmd": "/usr/sbin/app --password=hunter2", "user": "root"}],
 "virtualmachines": [{"name": "web-1", "uuid": "0f6c1f00-74f2-4a4c-9a5c-1f3d58a3a001",
  "status": "off", "vcpu": 2, "memory": 4096, "vmtype": "kvm"},
  {"name": "cache", "image": "redis:7", "vmtype": "docker", "status": "running"}]
}}
"""
_PRINTER: Final = b"""<?xml version="1.0" encoding="UTF-8" ?>
<REQUEST><CONTENT><DEVICE><INFO><ID>41</ID><NAME>prn-1</NAME><TYPE>PRINTER</TYPE></INFO></DEVICE>
<MODULEVERSION>2.2</MODULEVERSION></CONTENT><DEVICEID>foo</DEVICEID><QUERY>SNMPQUERY</QUERY>
</REQUEST>
"""
_OLD: Final = b"""<?xml version="1.0" encoding="UTF-8" ?>
<REQUEST><CONTENT>
<BIOS><SMANUFACTURER>VMware, Inc.</SMANUFACTURER><SSN>VMware-56 4d 1a</SSN></BIOS>
<CPUS><CORE>2</CORE><NAME>Intel(R) Xeon(R)</NAME></CPUS>
<HARDWARE><NAME>srv-1</NAME><MEMORY>many</MEMORY><VMSYSTEM>VMware</VMSYSTEM>\
<OSNAME>Microsoft Windows Server 2012 R2 Standard</OSNAME></HARDWARE>
<NETWORKS><DESCRIPTION>vmxnet3</DESCRIPTION><IPADDRESS>192.0.2.20</IPADDRESS>\
<IPMASK>255.255.255.0</IPMASK><MACADDR>00:50:56:AA:BB:01</MACADDR><STATUS>Up</STATUS></NETWORKS>
<NETWORKS><DESCRIPTION>vmxnet3</DESCRIPTION><IPADDRESS6>fe80::1</IPADDRESS6>\
<IPMASK6>ffff:ffff:ffff:ffff::</IPMASK6><MACADDR>00:50:56:AA:BB:01</MACADDR></NETWORKS>
<VERSIONCLIENT>FusionInventory-Agent_v2.3.20</VERSIONCLIENT></CONTENT>
<DEVICEID>srv-1-2019-05-06-07-08-09</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>
"""
IMPORTER: Final = Importer(
    title="GLPI and FusionInventory agents",
    files="one .json or .xml (.ocs) file for each server, as glpi-agent --local and "
    "fusioninventory-agent --local write them, in a folder or an archive",
    source="https://github.com/glpi-project/inventory_format at d03ff5f (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="GLPI agent 1.15 (format as documented)",
            files=(("kvm-1.json", _INVENTORY), ("printer.xml", _PRINTER)),
            servers=("kvm-1", "web-1"),
            left_out=1,
        ),
        ImportExample(
            tool="FusionInventory agent 2.3 (format as documented)",
            files=(("srv-1.ocs", _OLD),),
            servers=("srv-1",),
            unread=1,
        ),
    ),
)

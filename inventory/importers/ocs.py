"""Inventories of OCS Inventory's agents as XML (``.ocs``), one file for each server.

They have the same sections as those of GLPI's agent, which is their descendant, and are read by
the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.errors import BadInputError
from inventory.importers.glpi import is_request, read_requests
from inventory.model.imported import Item
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.reading.export import Export, File, Kind

SOURCE: Final = "ocs"
_MARK: Final = "OCS-NG"
"""How all of OCS's agents begin the name of their version."""
_OF_ITS_OWN: Final = ("<RUNNING_PROCESSES>", "<LOGICAL_CPUS>", "<DOWNLOAD>", "<NBSOCKET>")
"""Elements that the agents of others do not write."""


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if not is_request(file):
        return NO
    if _MARK in file.beginning:
        return CERTAIN
    return LIKELY + 10 if any(each in file.beginning for each in _OF_ITS_OWN) else LIKELY - 5


def _read(export: Export) -> Iterator[Item]:
    found = False
    for file in export.files:
        if file.kind is Kind.XML and file.root_tag == "REQUEST":
            found = True
            yield from read_requests(file, SOURCE)
    if not found:
        raise BadInputError(
            "there is no inventory of an OCS agent in it",
            hint="ocsinventory-agent --local=FOLDER writes one",
        )


_LINUX: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<REQUEST>
  <CONTENT>
    <ACCESSLOG><LOGDATE>2026-11-20 06:00:00</LOGDATE><USERID>N/A</USERID></ACCESSLOG>
    <ACCOUNTINFO><KEYNAME>TAG</KEYNAME><KEYVALUE>hall-2</KEYVALUE></ACCOUNTINFO>
    <BIOS><ASSETTAG>N/A</ASSETTAG><BMANUFACTURER>HPE</BMANUFACTURER>\
<SMANUFACTURER>HPE</SMANUFACTURER><SMODEL>ProLiant DL380 Gen10</SMODEL>\
<SSN>CZ20110ABC</SSN><TYPE>Rack Mount Chassis</TYPE></BIOS>
    <CPUS><CORES>8</CORES><CPUARCH>x86_64</CPUARCH><LOGICAL_CPUS>16</LOGICAL_CPUS>\
<MANUFACTURER>Intel</MANUFACTURER><TYPE>Intel(R) Xeon(R) Silver 4208</TYPE></CPUS>
    <DRIVES><FILESYSTEM>xfs</FILESYSTEM><FREE>20000</FREE><TOTAL>50000</TOTAL><TYPE>/</TYPE>\
<VOLUMN>/dev/mapper/rhel-root</VOLUMN></DRIVES>
    <HARDWARE><CHECKSUM>262143</CHECKSUM><DEFAULTGATEWAY>192.0.2.1</DEFAULTGATEWAY>\
<MEMORY>63828</MEMORY><NAME>db-1</NAME><OSNAME>Red Hat Enterprise Linux release 8.10 (Ootpa)\
</OSNAME><OSVERSION>4.18.0-553.el8_10.x86_64</OSVERSION><UUID>30373237-3132-5A43-3230-313130414243\
</UUID><VMSYSTEM>Physical</VMSYSTEM></HARDWARE>
    <MEMORIES><CAPACITY>32768</CAPACITY><CAPTION>DIMM</CAPTION><NUMSLOTS>1</NUMSLOTS>\
<SPEED>2933 MT/s</SPEED><TYPE>DDR4</TYPE></MEMORIES>
    <MEMORIES><CAPACITY>No</CAPACITY><CAPTION>DIMM</CAPTION><NUMSLOTS>2</NUMSLOTS></MEMORIES>
    <NETWORKS><DESCRIPTION>eno1</DESCRIPTION><IPADDRESS>192.0.2.30</IPADDRESS>\
<IPMASK>255.255.255.0</IPMASK><MACADDR>94:40:c9:aa:bb:01</MACADDR><SPEED>10 Gbps</SPEED>\
<STATUS>Up</STATUS>\
<TYPE>ethernet</TYPE></NETWORKS>
    <RUNNING_PROCESSES><COMMANDLINE>/usr/sbin/sshd -D</COMMANDLINE><PROCESSID>901</PROCESSID>\
<USERNAME>root</USERNAME></RUNNING_PROCESSES>
    <SOFTWARES><FROM>rpm</FROM><NAME>openssh-server</NAME><VERSION>8.0p1-25.el8</VERSION></SOFTWARES>
    <STORAGES><DISKSIZE>480103</DISKSIZE><NAME>sda</NAME><TYPE>disk</TYPE></STORAGES>
    <VERSIONCLIENT>OCS-NG_unified_unix_agent_v2.10.2</VERSIONCLIENT>
  </CONTENT>
  <DEVICEID>db-1-2024-02-12-10-11-12</DEVICEID>
  <QUERY>INVENTORY</QUERY>
</REQUEST>
"""
IMPORTER: Final = Importer(
    title="OCS Inventory agents",
    files="one .ocs or .xml file for each server, as ocsinventory-agent --local writes it, in a "
    "folder or an archive",
    source="https://github.com/OCSInventory-NG/UnixAgent at f565a2f, "
    "lib/Ocsinventory/Agent/Common.pm (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="OCS agent for Unix 2.10 (format of its source)",
            files=(("db-1-2024-02-12-10-11-12.ocs", _LINUX),),
            servers=("db-1",),
        ),
    ),
)

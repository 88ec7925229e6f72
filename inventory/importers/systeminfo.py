"""Windows' systeminfo: what it prints as list, table or CSV, in any language.

Fields are known by their position, so labels in any language and code page do. Times of install and
boot are left out: how they are written depends on settings that are not printed. Several servers
may stand in one file, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Final

from inventory.importers import _systeminfo_text as form
from inventory.importers._os_name import os_observations
from inventory.importers._self_firmware import Seen, state_firmware, virtualisation_of
from inventory.importers._systeminfo_text import Printed, read_printed
from inventory.importers._told import Told
from inventory.model.facts import (
    ARCHITECTURE,
    FQDN,
    HOSTNAME,
    INTERFACES,
    KERNEL,
    MEMORY_TOTAL,
    OS_FAMILY,
    PACKAGES,
    VIRTUALISATION,
)
from inventory.model.hardware import CPU_SOCKETS, FIRMWARE_VERSION
from inventory.model.imported import Item, ServerRecord, Where
from inventory.model.importer import CERTAIN, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.model.network import DOMAIN
from inventory.model.parts import Interface, Package
from inventory.model.placement import ROLE
from inventory.reading.export import Export, File, Kind

SOURCE: Final = "systeminfo"
_MEBIBYTE: Final = 1 << 20
_NUMBERED: Final = re.compile(r"(\s*)\[\d+\].?: (.+)")
"""French has a blank before the colon, narrow or not, and whatever a code page makes of it."""
_HOTFIX: Final = re.compile(r"\bKB\d{5,8}\b")
_ARCHITECTURES: Final = (("arm64", "aarch64"), ("x64", "x86_64"), ("x86", "i686"))


def _recognise(export: Export) -> int:
    return CERTAIN if any(map(_is_printed, export.files)) else NO


def _is_printed(file: File) -> bool:
    if file.kind not in {Kind.TEXT, Kind.DELIMITED}:
        return False
    return any(read_printed(file.beginning.splitlines()))


def _read(export: Export) -> Iterator[Item]:
    for file in export.files:
        if file.kind in {Kind.TEXT, Kind.DELIMITED}:
            for printed in read_printed(file.lines()):
                yield from _server(printed, Where(file=file.name, row=printed.row))


def _server(printed: Printed, where: Where) -> Iterator[Item]:
    told = Told()
    name = printed.value(form.HOST)
    domain = printed.value(form.DOMAIN).lower()
    told.text("Host Name", HOSTNAME, name)
    if "." in domain:
        told.text("Domain", DOMAIN, domain)
        told.text("Domain", FQDN, f"{name}.{domain}".lower())
    _state_system(printed, told)
    _state_hardware(printed, told)
    told.state("Network Card(s)", INTERFACES, tuple(_interfaces(printed.lines(form.CARDS))))
    told.state("Hotfix(s)", PACKAGES, tuple(sorted(set(_hotfixes(printed)))))
    record = ServerRecord(
        source=SOURCE, key=name, name=name, stated=tuple(told.stated), where=where
    )
    yield from told.items(record)


def _state_system(printed: Printed, told: Told) -> None:
    told.state("OS Name", OS_FAMILY, "windows")
    system = printed.value(form.OS_NAME)
    if system:
        for each in os_observations(system):
            if each.key is not OS_FAMILY:
                told.observe("OS Name", each)
    told.text("OS Version", KERNEL, printed.value(form.OS_VERSION).partition(" ")[0])
    told.text("OS Configuration", ROLE, printed.value(form.ROLE))
    kind = printed.value(form.TYPE).lower()
    architecture = next((name for sign, name in _ARCHITECTURES if sign in kind), None)
    told.state("System Type", ARCHITECTURE, architecture)


def _state_hardware(printed: Printed, told: Told) -> None:
    seen = {
        "sys_vendor": Seen(column="System Manufacturer", value=printed.value(form.MANUFACTURER)),
        "product_name": Seen(column="System Model", value=printed.value(form.MODEL)),
    }
    state_firmware(told, seen)
    virtual = virtualisation_of(None, is_guest=False, seen=seen)
    told.state("System Manufacturer", VIRTUALISATION, virtual)
    told.text("BIOS Version", FIRMWARE_VERSION, printed.value(form.FIRMWARE))
    sockets = sum(bool(_NUMBERED.match(line)) for line in printed.lines(form.PROCESSORS))
    told.state("Processor(s)", CPU_SOCKETS, sockets or None)
    # Whatever parts the thousands, in whatever code page: there is no fraction.
    digits = re.sub(r"\D", "", printed.value(form.MEMORY))
    told.state("Total Physical Memory", MEMORY_TOTAL, int(digits[:12] or 0) * _MEBIBYTE or None)


def _interfaces(lines: Sequence[str]) -> Iterator[Interface]:
    """Yield the cards: an entry of the outer list, its connection's name, its addresses."""
    outer, card, names, found = None, "", [""], list[str]()
    for line in lines:
        entry = _NUMBERED.match(line)
        if entry and (outer is None or len(entry[1]) <= outer):
            if outer is not None:
                yield Interface(name=names[-1] or card, addresses=tuple(found))
            outer, card, names, found = len(entry[1]), entry[2].strip(), [""], []
        elif entry and _is_address(entry[2].strip()):
            found.append(entry[2].strip())
        elif not entry and outer is not None and not names[-1]:
            names.append(line.partition(":")[2].strip())
    if outer is not None:
        yield Interface(name=names[-1] or card, addresses=tuple(found))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _hotfixes(printed: Printed) -> Iterator[Package]:
    for line in printed.lines(form.HOTFIXES):
        for name in _HOTFIX.findall(line):
            yield Package(name=name, version="", manager="windows")


_LIST: Final = """
Host Name:                 FILES-1
OS Name:                   Microsoft Windows Server 2019 Standard
OS Version:                10.0.17763 N/A Build 17763
OS Manufacturer:           Microsoft Corporation
OS Configuration:          Member Server
OS Build Type:             Multiprocessor Free
Registered Owner:          Windows User
Registered Organization:
Product ID:                00429-00000-00001-AA000
Original Install Date:     12/02/2021, 10:11:12
System Boot Time:          01/11/2026, 03:04:05
System Manufacturer:       VMware, Inc.
System Model:              VMware7,1
System Type:               x64-based PC
Processor(s):              2 Processor(s) Installed.
                           [01]: Intel64 Family 6 Model 85 Stepping 7 GenuineIntel ~2295 Mhz
                           [02]: Intel64 Family 6 Model 85 Stepping 7 GenuineIntel ~2295 Mhz
BIOS Version:              VMware, Inc. VMW71.00V.16707776.B64.2008070230, 07/08/2020
Windows Directory:         C:\\Windows
System Directory:          C:\\Windows\\system32
Boot Device:               \\Device\\HarddiskVolume2
System Locale:             en-gb;English (United Kingdom)
Input Locale:              en-gb;English (United Kingdom)
Time Zone:                 (UTC+00:00) Dublin, Edinburgh, Lisbon, London
Total Physical Memory:     16,383 MB
Available Physical Memory: 9,914 MB
Virtual Memory: Max Size:  18,815 MB
Virtual Memory: Available: 11,600 MB
Virtual Memory: In Use:    7,215 MB
Page File Location(s):     C:\\pagefile.sys
Domain:                    example.local
Logon Server:              \\\\DC-1
Hotfix(s):                 2 Hotfix(s) Installed.
                           [01]: KB5034127
                           [02]: KB4589208
Network Card(s):           1 NIC(s) Installed.
                           [01]: vmxnet3 Ethernet Adapter
                                 Connection Name: Ethernet0
                                 DHCP Enabled:    No
                                 IP address(es)
                                 [01]: 192.0.2.7
                                 [02]: fe80::1
Hyper-V Requirements:      A hypervisor has been detected.
"""
_GERMAN: Final = """
Hostname:                                      ANWENDUNG-1
Betriebssystemname:                            Microsoft Windows Server 2016 Datacenter
Betriebssystemversion:                         10.0.14393 Nicht zutreffend Build 14393
Betriebssystemhersteller:                      Microsoft Corporation
Betriebssystemkonfiguration:                   Mitgliedsserver
Typ des Betriebssystembuilds:                  Multiprocessor Free
Registrierter Benutzer:                        x
Registrierte Organisation:
Produkt-ID:                                    00376
Ursprüngliches Installationsdatum:             01.02.2019, 10:11:12
Systemstartzeit:                               01.11.2026, 03:04:05
Systemhersteller:                              Dell Inc.
Systemmodell:                                  PowerEdge R640
Systemtyp:                                     x64-based PC
Prozessor(en):                                 1 Prozessor(en) installiert.
                                               [01]: Intel64 Family 6 Model 85 ~2095 MHz
BIOS-Version:                                  Dell Inc. 2.10.0, 12.11.2020
Windows-Verzeichnis:                           C:\\Windows
System-Verzeichnis:                            C:\\Windows\\system32
Startgerät:                                    \\Device\\HarddiskVolume1
Systemgebietsschema:                           de;Deutsch (Deutschland)
Eingabegebietsschema:                          de;Deutsch (Deutschland)
Zeitzone:                                      (UTC+01:00) Amsterdam, Berlin, Bern, Rom
Gesamter physischer Speicher:                  65.154 MB
Verfügbarer physischer Speicher:               40.000 MB
Virtueller Arbeitsspeicher: Maximale Größe:    75.000 MB
Virtueller Arbeitsspeicher: Verfügbar:         50.000 MB
Virtueller Arbeitsspeicher: Zurzeit verwendet: 25.000 MB
Auslagerungsdateipfad(e):                      C:\\pagefile.sys
Domäne:                                        WORKGROUP
"""
IMPORTER: Final = Importer(
    title="Windows systeminfo",
    files="one or several text files of what systeminfo printed (/fo list, table or csv)",
    source="https://learn.microsoft.com/windows-server/administration/windows-commands/systeminfo "
    "(2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="systeminfo of Windows Server 2019 (format as in answers of 2012 R2 and 10)",
            files=(("files-1.txt", _LIST.replace("\n", "\r\n").encode("cp437")),),
            servers=("FILES-1",),
        ),
        ImportExample(
            tool="systeminfo of a German Windows Server 2016, through PowerShell "
            "(format as documented)",
            files=(("app.txt", _GERMAN.replace("\n", "\r\n").encode("utf-16")),),
            servers=("ANWENDUNG-1",),
        ),
    ),
)

"""Operating systems → the names that Azure Migrate's assessment recognises in an imported list.

The list is Microsoft's: https://github.com/MicrosoftDocs/azure-docs, articles/migrate/
tutorial-discover-import.md at 019c5fa, section "Supported operating system names" (2026-11-23).
It is of 2020. What came later is written as the list would name it, and that is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from inventory.model.fact import Facts
from inventory.model.facts import OS_FAMILY, OS_ID, OS_NAME, OS_VERSION

LISTED: Final = frozenset(
    (
        *("Apple Mac OS X 10", "Asianux 3", "Asianux 4", "Asianux 5", "CentOS", "CentOS 4/5"),
        *("CoreOS Linux", "Debian GNU/Linux 4", "Debian GNU/Linux 5", "Debian GNU/Linux 6"),
        *("Debian GNU/Linux 7", "Debian GNU/Linux 8", "FreeBSD", "IBM OS/2", "MS-DOS"),
        *("Novell NetWare 5", "Novell NetWare 6", "Oracle Linux", "Oracle Linux 4/5"),
        *("Oracle Solaris 10", "Oracle Solaris 11", "Red Hat Enterprise Linux 2"),
        *("Red Hat Enterprise Linux 3", "Red Hat Enterprise Linux 4"),
        *("Red Hat Enterprise Linux 5", "Red Hat Enterprise Linux 6"),
        *("Red Hat Enterprise Linux 7", "Red Hat Fedora", "SCO OpenServer 5"),
        *("SCO OpenServer 6", "SCO UnixWare 7", "Serenity Systems eComStation 1"),
        *("Serenity Systems eComStation", "Sun Microsystems Solaris 8"),
        *("Sun Microsystems Solaris 9", "SUSE Linux Enterprise 10", "SUSE Linux Enterprise 11"),
        *("SUSE Linux Enterprise 12", "SUSE Linux Enterprise 8/9", "SUSE openSUSE"),
        *("Ubuntu Linux", "VMware ESXi 4", "VMware ESXi 5", "VMware ESXi 6", "Windows 10"),
        *("Windows 2000", "Windows 3", "Windows 7", "Windows 8", "Windows 95", "Windows 98"),
        *("Windows NT", "Windows Server (R) 2008", "Windows Server 2003", "Windows Server 2008"),
        *("Windows Server 2008 R2", "Windows Server 2012", "Windows Server 2012 R2"),
        *("Windows Server 2016", "Windows Server 2019", "Windows Server Threshold"),
        *("Windows Vista", "Windows Web Server 2008 R2", "Windows XP Professional"),
    )
)
_BY_PRODUCT: Final = {
    "centos": "CentOS",
    "fedora": "Red Hat Fedora",
    "ol": "Oracle Linux",
    "opensuse-leap": "SUSE openSUSE",
    "ubuntu": "Ubuntu Linux",
}
"""The list has one name for all their releases that run today."""
_BY_RELEASE: Final = {
    "debian": "Debian GNU/Linux",
    "rhel": "Red Hat Enterprise Linux",
    "sles": "SUSE Linux Enterprise",
}
"""What stands before the first number of the release."""
_BY_YEAR: Final = {"windows": "Windows", "windows-server": "Windows Server"}
"""What stands before all of the release."""
_UNUSUAL: Final = {
    ("windows", "XP"): "Windows XP Professional",
    ("windows-server", "2000"): "Windows 2000",
    ("windows-server", "NT"): "Windows NT",
    **{(each, number): f"{_BY_PRODUCT[each]} 4/5" for each in ("centos", "ol") for number in "45"},
    **{("sles", number): "SUSE Linux Enterprise 8/9" for number in "89"},
}
_BY_FAMILY: Final = {"freebsd": "FreeBSD"}
_SOLARIS: Final = {
    "8": "Sun Microsystems Solaris 8",
    "9": "Sun Microsystems Solaris 9",
    "10": "Oracle Solaris 10",
    "11": "Oracle Solaris 11",
}


@dataclass(frozen=True, kw_only=True)
class NamedSystem:
    """What is written of an operating system."""

    name: str
    listed: bool
    """Whether an assessment recognises it: the list holds the name, or a part of it."""


def system_of(facts: Facts) -> NamedSystem | None:
    """Return what to call a server's operating system; None when nothing is known of it."""
    product, release = facts.value(OS_ID), facts.value(OS_VERSION)
    name = _named(product, release) or _of_family(facts.value(OS_FAMILY), release)
    name = name or facts.value(OS_NAME)
    return NamedSystem(name=name, listed=any(each in name for each in LISTED)) if name else None


def _named(product: str | None, release: str | None) -> str | None:
    if product is None:
        return None
    major = (release or "").split(".")[0]
    unusual = _UNUSUAL.get((product, release or "")) or _UNUSUAL.get((product, major))
    if unusual or product in _BY_PRODUCT:
        return unusual or _BY_PRODUCT[product]
    if release and product in _BY_YEAR:
        return f"{_BY_YEAR[product]} {release}"
    return f"{_BY_RELEASE[product]} {major}" if major and product in _BY_RELEASE else None


def _of_family(family: str | None, release: str | None) -> str | None:
    if family == "sunos":
        return _SOLARIS.get((release or "").removeprefix("5.").split(".")[0])
    return _BY_FAMILY.get(family or "")

"""Names of operating systems are read as hypervisors, tools and people write them."""

from __future__ import annotations

import pytest

from inventory.importers._os_name import OsName, os_observations, read_os_name
from inventory.model.facts import OS_FAMILY, OS_ID, OS_NAME, OS_VERSION


@pytest.mark.parametrize(
    ("name", "family", "product", "version"),
    [
        ("Red Hat Enterprise Linux 8 (64-bit)", "linux", "rhel", "8"),
        ("Red Hat Enterprise Linux Server release 7.9 (Maipo)", "linux", "rhel", "7.9"),
        ("RHEL8.6", "linux", "rhel", "8.6"),
        ("CentOS 7 (64-bit)", "linux", "centos", "7"),
        ("CentOS 4/5 or later (64-bit)", "linux", "centos", None),
        ("Rocky Linux 9.3 (Blue Onyx)", "linux", "rocky", "9.3"),
        ("AlmaLinux release 9.3 (Shamrock Pampas Cat)", "linux", "almalinux", "9.3"),
        ("Oracle Linux 7 (64-bit)", "linux", "ol", "7"),
        ("SUSE Linux Enterprise Server 15 SP4", "linux", "sles", "15.4"),
        ("SUSE Linux Enterprise 12 (64-bit)", "linux", "sles", "12"),
        ("Amazon Linux 2 (64-bit)", "linux", "amzn", "2"),
        ("Ubuntu 22.04.3 LTS", "linux", "ubuntu", "22.04"),
        ("Linux 5.4.0-42-generic Ubuntu 20.04", "linux", "ubuntu", "20.04"),
        ("Ubuntu Linux (64-bit)", "linux", "ubuntu", None),
        ("Debian GNU/Linux 11 (64-bit)", "linux", "debian", "11"),
        ("VMware Photon OS (64-bit)", "linux", "photon", None),
        ("Other 3.x or later Linux (64-bit)", "linux", None, None),
        ("Microsoft Windows Server 2012 R2 Standard", "windows", "windows-server", "2012 R2"),
        ("Microsoft Windows Server 2016 or later (64-bit)", "windows", "windows-server", None),
        ("Microsoft(R) Windows(R) Server 2008 Standard", "windows", "windows-server", "2008"),
        ("Microsoft Windows 2000 Server", "windows", "windows-server", "2000"),
        ("Win2019", "windows", "windows-server", "2019"),
        ("Microsoft Windows 10 (64-bit)", "windows", "windows", "10"),
        ("Windows", "windows", None, None),
        ("FreeBSD 12 or later versions (64-bit)", "freebsd", None, None),
        ("Oracle Solaris 11 (64-bit)", "sunos", None, None),
        ("Other (32-bit)", None, None, None),
        ("", None, None, None),
    ],
)
def test_a_name_tells_family_product_and_release(
    name: str, family: str | None, product: str | None, version: str | None
) -> None:
    """And nothing that it does not: a name that stands for several releases has none."""
    assert read_os_name(name) == OsName(family=family, product=product, version=version)


def test_a_release_that_is_told_beside_the_name_goes_before() -> None:
    """The name may be that of the machine's template."""
    told = {each.key: each.fact for each in os_observations("CentOS 7 (64-bit)", "7.9.2009")}
    assert told == {
        each.key: each.fact
        for each in (
            OS_NAME.known("CentOS 7 (64-bit)"),
            OS_FAMILY.known("linux"),
            OS_ID.known("centos"),
            OS_VERSION.known("7.9.2009"),
        )
    }

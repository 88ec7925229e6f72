"""What many made servers have alike: accounts, settings, devices, runtimes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from inventory.model.accounts import (
    Account,
    AccountKind,
    PasswordPolicy,
    PasswordState,
    SshServer,
    SshSetting,
)
from inventory.model.certificates import Certificate, CertificateFile
from inventory.model.hardware import PciDevice, UsbDevice
from inventory.model.network import ChainPolicy, TimeServer
from inventory.model.software import Runtime
from inventory.model.storage import SwapArea
from inventory.model.utilisation import Spread, Utilisation

UNTIL: Final = datetime(2026, 11, 20, tzinfo=UTC)
_SYSTEM_ACCOUNTS: Final = 28
_GIB: Final = 1024**3


@cache
def accounts(people: int, *, privileged: bool) -> tuple[Account, ...]:
    """Return root, the system's accounts, and so many people; passwords where they may be seen."""
    absent, used = (PasswordState.ABSENT, PasswordState.SET) if privileged else (None, None)
    root = Account(name="root", uid=0, gid=0, kind=AccountKind.ROOT, password=used)
    system = (
        Account(
            name=f"system-{uid}", uid=uid, gid=uid, kind=AccountKind.SYSTEM,
            may_log_in=False, password=absent,
        )
        for uid in range(1, _SYSTEM_ACCOUNTS)
    )  # fmt: skip
    some = (
        Account(name=f"person-{uid}", uid=uid, gid=uid, kind=AccountKind.PERSON, password=used)
        for uid in range(1000, 1000 + people)
    )
    return (root, *system, *some)


@cache
def password_policy(number: int) -> PasswordPolicy:
    """Return one of the policies that are about."""
    return PasswordPolicy(max_days=(99_999, 90, 365)[number], hash_method="SHA512")


@cache
def ssh_server(number: int) -> SshServer:
    """Return one of the configurations that are about."""
    root = ("no", "prohibit-password", "yes")[number % 3]
    settings = (
        SshSetting(name="permitrootlogin", value=root),
        SshSetting(name="passwordauthentication", value=("yes", "no")[number % 2]),
        SshSetting(name="x11forwarding", value="no"),
    )
    return SshServer(settings=settings)


@cache
def firewall(number: int) -> tuple[ChainPolicy, ...]:
    """Return one of the firewalls that are about."""
    if number == 0:
        return ()
    policy = ("accept", "drop")[number % 2]
    chains = ("filter INPUT", "filter FORWARD", "filter OUTPUT")
    return tuple(ChainPolicy(tool="iptables", chain=each, policy=policy) for each in chains)


@cache
def time_servers() -> tuple[TimeServer, ...]:
    """Return the two that all use."""
    names = ("ntp1.council.example", "ntp2.council.example")
    return tuple(TimeServer(address=each, kind="server", client="chrony") for each in names)


@cache
def runtimes(number: int) -> tuple[Runtime, ...]:
    """Return what lies in folders of its own."""
    versions = ("1.8.0_402", "11.0.22", "17.0.10", "8u181", "21.0.2")
    if number > 1:
        return ()
    return (Runtime(name="java", version=versions[number], path="/opt/java"),)


@cache
def swap(number: int) -> tuple[SwapArea, ...]:
    """Return none, a partition, or a file."""
    if number == 0:
        return ()
    path = ("/dev/sda2", "/swapfile")[number % 2]
    return (SwapArea(path=path, file=number % 2 == 1, size_bytes=2 * _GIB, used_bytes=0),)


@cache
def virtual_cards() -> tuple[PciDevice, ...]:
    """Return what VMware gives its guests."""
    told = (("display", "0405"), ("SCSI", "07c0"), ("ethernet", "07b0"))
    return tuple(
        PciDevice(slot=f"0000:{at:02x}:00.0", kind=kind, vendor_id="15ad", device_id=device)
        for at, (kind, device) in enumerate(told)
    )


@cache
def cards(*, on_san: bool) -> tuple[PciDevice, ...]:
    """Return what is in a bought server."""
    told = [("display", "102b", "0536"), ("RAID controller", "1000", "005d")]
    told += [("ethernet", "14e4", "165f")] * 4
    told += [("Fibre Channel", "1077", "2261")] * 2 if on_san else []
    return tuple(
        PciDevice(slot=f"0000:{at:02x}:00.0", kind=kind, vendor_id=vendor, device_id=device)
        for at, (kind, vendor, device) in enumerate(told)
    )


@cache
def licence_key() -> tuple[UsbDevice, ...]:
    """Return a dongle."""
    return (UsbDevice(port="1-1", vendor_id="0529", product_id="0001", product="HASP HL 3.25"),)


def certificates(draw: random.Random, name: str) -> tuple[CertificateFile, ...]:
    """Return a certificate that no other server has, some of them over soon."""
    begins = UNTIL - timedelta(days=draw.randrange(30, 390))
    certificate = Certificate(
        subject=f"CN={name}.council.example",
        issuer="CN=Council CA",
        names=(f"{name}.council.example",),
        serial=f"{draw.getrandbits(64):x}",
        not_before=begins,
        not_after=begins + timedelta(days=397),
        key="RSA",
        key_bits=2048,
        signature="sha256",
        self_signed=False,
        authority=False,
        sha256=f"{draw.getrandbits(256):064x}",
    )
    path = "/etc/ssl/private/server.pem"
    return (
        CertificateFile(path=path, used_by=("/etc/nginx/nginx.conf",), certificate=certificate),
    )


def watched(draw: random.Random) -> Utilisation:
    """Return how busy a server was for some weeks; many are not."""

    def spread(most: float) -> Spread:
        mean = draw.random() ** 3 * most
        return Spread(
            mean=mean, p50=mean, p90=mean * 1.3, p95=mean * 1.5, p99=mean * 1.8, maximum=mean * 2
        )

    days = draw.choice((7, 28, 31, 31, 60))
    return Utilisation(
        source="sar",
        since=UNTIL - timedelta(days=days),
        until=UNTIL,
        samples=days * 144,
        cpu_percent=spread(50),
        memory_percent=spread(50),
        disk_read_bytes_per_second=spread(20e6),
        disk_write_bytes_per_second=spread(10e6),
        disk_operations_per_second=spread(800),
        network_received_bytes_per_second=spread(10e6),
        network_sent_bytes_per_second=spread(10e6),
    )

"""How the kernel's network is set: forwarding, and what is often tuned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import FactKey, Reason
from inventory.model.network import FORWARDS_IPV4, FORWARDS_IPV6, KERNEL_SETTINGS, Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

_PROC: Final = "/proc/sys/"
_V4: Final = "net/ipv4/ip_forward"
_V6: Final = "net/ipv6/conf/all/forwarding"
_TUNED: Final = (
    "net/core/somaxconn",
    "net/ipv4/conf/all/rp_filter",
    "net/ipv4/ip_local_port_range",
    "net/ipv4/ip_nonlocal_bind",
    "net/ipv4/tcp_congestion_control",
    "net/ipv4/tcp_keepalive_time",
    "net/ipv4/tcp_syncookies",
    "net/ipv4/tcp_tw_reuse",
    "net/ipv6/conf/all/disable_ipv6",
    "net/netfilter/nf_conntrack_max",
)


def _read(answer: Answer) -> tuple[Observation, ...]:
    settings = tuple(
        Setting(name=name.replace("/", "."), value=" ".join(text.split()))
        for name in (_V4, _V6, *_TUNED)
        for text in (answer.files.get(_PROC + name, ""),)
        if text.strip()
    )
    return (
        _forwards(FORWARDS_IPV4, _V4, answer.files),
        _forwards(FORWARDS_IPV6, _V6, answer.files),
        KERNEL_SETTINGS.known_or(
            tuple(sorted(settings)) or None, Reason.NOT_TOLD, "there is no /proc/sys/net"
        ),
    )


def _forwards(key: FactKey[bool], name: str, files: Mapping[str, str]) -> Observation:
    said = files.get(_PROC + name, "").strip()
    if not said.isdecimal():
        return key.unknown(Reason.NOT_TOLD, f"there is no {_PROC}{name}")
    return key.known(said != "0")


COLLECTOR = Collector(
    files=tuple(_PROC + name for name in (_V4, _V6, *_TUNED)),
    tells=(FORWARDS_IPV4, FORWARDS_IPV6, KERNEL_SETTINGS),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            files={
                "/proc/sys/net/ipv4/ip_forward": "1\n",
                "/proc/sys/net/ipv6/conf/all/forwarding": "0\n",
                "/proc/sys/net/core/somaxconn": "4096\n",
                "/proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n",
            },
            expected=(
                FORWARDS_IPV4.known(value=True),
                FORWARDS_IPV6.known(value=False),
                KERNEL_SETTINGS.known(
                    (
                        Setting(name="net.core.somaxconn", value="4096"),
                        Setting(name="net.ipv4.ip_forward", value="1"),
                        Setting(name="net.ipv4.ip_local_port_range", value="32768 60999"),
                        Setting(name="net.ipv6.conf.all.forwarding", value="0"),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 8 started without IPv6 (format as documented)",
            files={"/proc/sys/net/ipv4/ip_forward": "0\n"},
            expected=(
                FORWARDS_IPV4.known(value=False),
                FORWARDS_IPV6.unknown(
                    Reason.NOT_TOLD, "there is no /proc/sys/net/ipv6/conf/all/forwarding"
                ),
            ),
        ),
    ),
)

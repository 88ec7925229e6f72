"""Which network interfaces the server has, with their addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inventory.collectors._ifconfig import read_ifconfig
from inventory.collectors._ip import read_ip
from inventory.collectors._sysfs_net import kind_of, speed_of
from inventory.collectors._text import first_lines, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

_SCRIPT = """
if command -v ip >/dev/null; then echo '@@ ip'; ip addr; else echo '@@ ifconfig'; ifconfig -a; fi
if [ -d /sys/class/net ]; then
  echo '@@ sysfs'
  grep -HasE '^([^=]*|DEVTYPE=.*)$' /sys/class/net/*/type /sys/class/net/*/speed \\
    /sys/class/net/*/uevent /sys/class/net/*/tun_flags
  echo '@@ marks'
  for mark in /sys/class/net/*/device /sys/class/net/*/bonding /sys/class/net/*/bridge; do
    if [ -e "$mark" ]; then printf '%s\\n' "$mark"; fi
  done
fi
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    found = read_ip(said.get("ip", "")) or read_ifconfig(said.get("ifconfig", ""))
    if not found:
        return (INTERFACES.unknown(Reason.NOT_TOLD, "neither ip nor ifconfig answered"),)
    attributes = first_lines(said.get("sysfs", ""))
    marks = frozenset(said.get("marks", "").split())
    return (INTERFACES.known(tuple(_told(each, attributes, marks) for each in sorted(found))),)


def _told(interface: Interface, attributes: Mapping[str, str], marks: frozenset[str]) -> Interface:
    return replace(
        interface,
        speed_mbps=speed_of(interface.name, attributes),
        kind=interface.kind or kind_of(interface.name, attributes, marks),
    )


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(INTERFACES,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
@@ ip
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host
       valid_lft forever preferred_lft forever
4: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc pfifo_fast state UP group default
    link/ether 02:fc:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0
       valid_lft forever preferred_lft forever
    inet6 fd00::2/64 scope global nodad
       valid_lft forever preferred_lft forever
@@ sysfs
/sys/class/net/eth0/type:1
/sys/class/net/lo/type:772
/sys/class/net/eth0/speed:-1
@@ marks
/sys/class/net/eth0/device
""",
            expected=(
                INTERFACES.known(
                    (
                        Interface(
                            name="eth0",
                            mac="02:fc:00:00:00:01",
                            addresses=("192.0.2.2/24", "fd00::2/64"),
                            up=True,
                            kind="physical",
                        ),
                        Interface(
                            name="lo",
                            addresses=("127.0.0.1/8", "::1/128"),
                            up=True,
                            kind="loopback",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9 with a bond, a VLAN and a container's veth (format as documented)",
            text="""\
@@ ip
2: eno1: <BROADCAST,MULTICAST,SLAVE,UP,LOWER_UP> mtu 1500 qdisc mq master bond0 state UP
    link/ether 3c:ec:ef:00:00:01 brd ff:ff:ff:ff:ff:ff
3: eno2: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq state DOWN group default
    link/ether 3c:ec:ef:00:00:02 brd ff:ff:ff:ff:ff:ff
4: bond0: <BROADCAST,MULTICAST,MASTER,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
    link/ether 3c:ec:ef:00:00:01 brd ff:ff:ff:ff:ff:ff
5: bond0.20@bond0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
    link/ether 3c:ec:ef:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 10.20.0.4/24 brd 10.20.0.255 scope global bond0.20
7: veth1a2b@if6: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
    link/ether 9e:11:22:33:44:55 brd ff:ff:ff:ff:ff:ff link-netnsid 0
@@ sysfs
/sys/class/net/eno1/type:1
/sys/class/net/eno1/speed:10000
/sys/class/net/bond0/speed:10000
/sys/class/net/bond0/uevent:DEVTYPE=bond
/sys/class/net/bond0.20/uevent:DEVTYPE=vlan
@@ marks
/sys/class/net/eno1/device
/sys/class/net/eno2/device
/sys/class/net/bond0/bonding
""",
            expected=(
                INTERFACES.known(
                    (
                        Interface(
                            name="bond0",
                            mac="3c:ec:ef:00:00:01",
                            up=True,
                            speed_mbps=10000,
                            kind="bond",
                        ),
                        Interface(
                            name="bond0.20",
                            mac="3c:ec:ef:00:00:01",
                            addresses=("10.20.0.4/24",),
                            up=True,
                            kind="vlan",
                        ),
                        Interface(
                            name="eno1",
                            mac="3c:ec:ef:00:00:01",
                            up=True,
                            speed_mbps=10000,
                            kind="physical",
                        ),
                        Interface(name="eno2", mac="3c:ec:ef:00:00:02", up=False, kind="physical"),
                        Interface(name="veth1a2b", mac="9e:11:22:33:44:55", up=True, kind="veth"),
                    )
                ),
            ),
        ),
        Example(
            system="centos 6 without ip (net-tools 1.60; format as documented)",
            text="""\
@@ ifconfig
eth0      Link encap:Ethernet  HWaddr 00:0C:29:AB:CD:EF
          inet addr:10.0.0.4  Bcast:10.0.0.255  Mask:255.255.255.0
          inet6 addr: fe80::20c:29ff:feab:cdef/64 Scope:Link
          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1

lo        Link encap:Local Loopback
          inet addr:127.0.0.1  Mask:255.0.0.0
          UP LOOPBACK RUNNING  MTU:16436  Metric:1
@@ sysfs
/sys/class/net/eth0/speed:1000
@@ marks
/sys/class/net/eth0/device
""",
            expected=(
                INTERFACES.known(
                    (
                        Interface(
                            name="eth0",
                            mac="00:0c:29:ab:cd:ef",
                            addresses=("10.0.0.4/24", "fe80::20c:29ff:feab:cdef/64"),
                            up=True,
                            speed_mbps=1000,
                            kind="physical",
                        ),
                        Interface(name="lo", addresses=("127.0.0.1/8",), up=True, kind="loopback"),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 13 (format as documented)",
            text="""\
@@ ifconfig
em0: flags=8863<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> metric 0 mtu 1500
	options=481009b<RXCSUM,TXCSUM,VLAN_MTU>
	ether 08:00:27:12:34:56
	inet 10.0.2.15 netmask 0xffffff00 broadcast 10.0.2.255
	inet6 fe80::a00:27ff:fe12:3456%em0 prefixlen 64 scopeid 0x1
	status: active
""",
            expected=(
                INTERFACES.known(
                    (
                        Interface(
                            name="em0",
                            mac="08:00:27:12:34:56",
                            addresses=("10.0.2.15/24", "fe80::a00:27ff:fe12:3456/64"),
                            up=True,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server with neither ip nor ifconfig",
            text="@@ ifconfig\n",
            expected=(INTERFACES.unknown(Reason.NOT_TOLD, "neither ip nor ifconfig answered"),),
        ),
    ),
)

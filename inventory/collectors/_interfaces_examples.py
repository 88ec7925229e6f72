"""What systems said when they were asked how they are attached to their networks."""

from __future__ import annotations

from typing import Final

from inventory.model.collector import Example
from inventory.model.fact import Reason
from inventory.model.facts import INTERFACES
from inventory.model.network import GATEWAYS, NEIGHBOURS, ROUTES, ROUTING_RULES, Neighbour, Route
from inventory.model.parts import AddressMethod, Interface

_DEBIAN: Final = Example(
    system="debian 12 in a virtual machine",
    text="""\
@@ batch
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0  allmulti 0 minmtu 0 maxmtu 0 numtxqueues 1 numrxqueues 1
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host
       valid_lft forever preferred_lft forever
2: ifb0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default qlen 32
    link/ether da:bc:e9:31:c1:fe brd ff:ff:ff:ff:ff:ff promiscuity 0  allmulti 0 minmtu 0 maxmtu 0
    ifb numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 tso_max_size 524280
4: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc pfifo_fast state UP group default qlen 1000
    link/ether 02:fc:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0  allmulti 0 minmtu 68 maxmtu 65535 numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 gro_max_size 65536 parentbus virtio parentdev virtio2
    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0
       valid_lft forever preferred_lft forever
    inet6 fd00::2/64 scope global nodad
       valid_lft forever preferred_lft forever
unicast default via 192.0.2.1 dev eth0 table main proto boot scope global
unicast 192.0.2.0/24 dev eth0 table main proto kernel scope link src 192.0.2.2
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
broadcast 192.0.2.255 dev eth0 table local proto kernel scope link src 192.0.2.2
unicast fd00::/64 dev eth0 table main proto kernel scope global metric 256 pref medium
unicast default via fd00::1 dev eth0 table main proto boot scope global metric 1024 pref medium
local fd00::2 dev eth0 table local proto kernel scope global metric 0 pref medium
multicast ff00::/8 dev eth0 table local proto kernel scope global metric 256 pref medium
0:	from all lookup local proto kernel
32766:	from all lookup main proto kernel
32767:	from all lookup default proto kernel
192.0.2.1 dev eth0 lladdr 02:fc:00:00:00:05 REACHABLE
fd00::1 dev eth0 FAILED
@@ configured
/etc/network/interfaces:iface lo inet loopback
/etc/network/interfaces:iface eth0 inet static
""",  # noqa: E501 - as it was said
    files={
        "/sys/class/net/lo/type": "772\n",
        "/sys/class/net/eth0/device/uevent": "DRIVER=virtio_net\nMODALIAS=virtio:d1v1\n",
        "/sys/class/net/eth0/device/net/eth0/speed": "-1\n",
        "/sys/class/net/eth0/device/net/eth0/duplex": "unknown\n",
    },
    expected=(
        INTERFACES.known(
            (
                Interface(
                    name="eth0",
                    mac="02:fc:00:00:00:01",
                    addresses=("192.0.2.2/24", "fd00::2/64"),
                    up=True,
                    kind="physical",
                    mtu_bytes=1400,
                    driver="virtio_net",
                    method=AddressMethod.STATIC,
                ),
                Interface(
                    name="ifb0",
                    mac="da:bc:e9:31:c1:fe",
                    up=False,
                    kind="virtual",
                    mtu_bytes=1500,
                ),
                Interface(
                    name="lo",
                    addresses=("127.0.0.1/8", "::1/128"),
                    up=True,
                    kind="loopback",
                    mtu_bytes=65536,
                ),
            )
        ),
        ROUTES.known(
            (
                Route(
                    destination="0.0.0.0/0",
                    gateways=("192.0.2.1",),
                    interface="eth0",
                    origin="boot",
                ),
                Route(
                    destination="192.0.2.0/24",
                    interface="eth0",
                    origin="kernel",
                    source="192.0.2.2",
                ),
                Route(destination="fd00::/64", interface="eth0", metric=256, origin="kernel"),
                Route(
                    destination="::/0",
                    gateways=("fd00::1",),
                    interface="eth0",
                    metric=1024,
                    origin="boot",
                ),
            )
        ),
        GATEWAYS.known(("192.0.2.1", "fd00::1")),
        ROUTING_RULES.known(()),
        NEIGHBOURS.known(
            (Neighbour(address="192.0.2.1", interface="eth0", mac="02:fc:00:00:00:05"),)
        ),
    ),
)

_BRIDGED: Final = Example(
    system="debian 12 with a bridge, a tap, a veth and a routing rule",
    text="""\
@@ batch
2: peer0@eth0: <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> mtu 1500 qdisc noqueue state LOWERLAYERDOWN group default qlen 1000
    link/ether 92:d5:2c:1a:02:7e brd ff:ff:ff:ff:ff:ff promiscuity 0  allmulti 0 minmtu 68 maxmtu 65535
    veth numtxqueues 2 numrxqueues 2 gso_max_size 65536 gso_max_segs 65535 tso_max_size 524280
6: br0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default qlen 1000
    link/ether 62:4b:38:a4:ea:73 brd ff:ff:ff:ff:ff:ff promiscuity 0  allmulti 0 minmtu 68 maxmtu 65535
    bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time 30000 stp_state 0 priority 32768
    inet 192.168.122.1/24 scope global br0
       valid_lft forever preferred_lft forever
7: tap1: <BROADCAST,MULTICAST> mtu 1500 qdisc noop master br0 state DOWN group default qlen 1000
    link/ether 62:4b:38:a4:ea:73 brd ff:ff:ff:ff:ff:ff promiscuity 1  allmulti 1 minmtu 68 maxmtu 65521
    tun type tap pi off vnet_hdr off persist on
    bridge_slave state disabled priority 32 cost 2 hairpin off guard off root_block off fastleave off
blackhole 10.66.0.0/16 table main proto boot scope global
unicast 192.168.122.0/24 dev br0 table main proto kernel scope link src 192.168.122.1 linkdown
unicast default table 200 proto static scope global
	nexthop via 192.168.122.5 dev br0 weight 1
	nexthop via 192.168.122.6 dev br0 weight 2
local 192.168.122.1 dev br0 table local proto kernel scope host src 192.168.122.1
0:	from all lookup local proto kernel
100:	from all fwmark 0x1 lookup 200 proto unspec
32766:	from all lookup main proto kernel
""",  # noqa: E501 - as it was said
    files={"/sys/class/net/lo/type": "772\n"},
    expected=(
        INTERFACES.known(
            (
                Interface(
                    name="br0",
                    mac="62:4b:38:a4:ea:73",
                    addresses=("192.168.122.1/24",),
                    up=False,
                    kind="bridge",
                    mtu_bytes=1500,
                    members=("tap1",),
                ),
                Interface(
                    name="peer0", mac="92:d5:2c:1a:02:7e", up=False, kind="veth", mtu_bytes=1500
                ),
                Interface(
                    name="tap1",
                    mac="62:4b:38:a4:ea:73",
                    up=False,
                    kind="tunnel",
                    mtu_bytes=1500,
                    master="br0",
                ),
            )
        ),
        ROUTES.known(
            (
                Route(destination="10.66.0.0/16", kind="blackhole", origin="boot"),
                Route(
                    destination="192.168.122.0/24",
                    interface="br0",
                    origin="kernel",
                    source="192.168.122.1",
                ),
                Route(
                    destination="0.0.0.0/0",
                    gateways=("192.168.122.5", "192.168.122.6"),
                    interface="br0",
                    table="200",
                    origin="static",
                ),
            )
        ),
        GATEWAYS.known(()),
        ROUTING_RULES.known(("100: from all fwmark 0x1 lookup 200",)),
        NEIGHBOURS.known(()),
    ),
)

_BONDED: Final = Example(
    system="rhel 9 with a bond, a VLAN and a lease (format as documented)",
    text="""\
@@ batch
2: eno1: <BROADCAST,MULTICAST,SLAVE,UP,LOWER_UP> mtu 9000 qdisc mq master bond0 state UP mode DEFAULT group default qlen 1000
    link/ether 3c:ec:ef:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 9702
    bond_slave state ACTIVE mii_status UP link_failure_count 0 perm_hwaddr 3c:ec:ef:00:00:01 queue_id 0
    vf 0     link/ether 00:00:00:00:00:00, spoof checking off, link-state auto, trust off
    vf 1     link/ether 00:00:00:00:00:00, spoof checking off, link-state auto, trust off
3: eno2: <NO-CARRIER,BROADCAST,MULTICAST,SLAVE,UP> mtu 9000 qdisc mq master bond0 state DOWN group default qlen 1000
    link/ether 3c:ec:ef:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 9702
    bond_slave state BACKUP mii_status DOWN link_failure_count 1 perm_hwaddr 3c:ec:ef:00:00:02 queue_id 0
4: bond0: <BROADCAST,MULTICAST,MASTER,UP,LOWER_UP> mtu 9000 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 3c:ec:ef:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 65535
    bond mode active-backup active_slave eno1 miimon 100 updelay 0 downdelay 0 use_carrier 1
5: bond0.20@bond0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9000 qdisc noqueue state UP group default qlen 1000
    link/ether 3c:ec:ef:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 0 maxmtu 65535
    vlan protocol 802.1Q id 20 <REORDER_HDR> addrgenmode none numtxqueues 1 numrxqueues 1
    inet 10.20.0.4/24 brd 10.20.0.255 scope global dynamic noprefixroute bond0.20
       valid_lft 85912sec preferred_lft 85912sec
unicast default via 10.20.0.1 dev bond0.20 table main proto dhcp scope global src 10.20.0.4 metric 400
""",  # noqa: E501 - as it was said
    files={
        "/sys/class/net/eno1/device/uevent": "DRIVER=ixgbe\nPCI_CLASS=20000\n",
        "/sys/class/net/eno2/device/uevent": "DRIVER=ixgbe\nPCI_CLASS=20000\n",
        "/sys/class/net/eno1/device/net/eno1/speed": "10000\n",
        "/sys/class/net/eno1/device/net/eno1/duplex": "full\n",
        "/sys/class/net/bond0/speed": "10000\n",
        "/proc/net/bonding/bond0": """\
Ethernet Channel Bonding Driver: v5.14.0-362.8.1.el9_3.x86_64

Bonding Mode: fault-tolerance (active-backup)
Primary Slave: None
Currently Active Slave: eno1
MII Status: up

Slave Interface: eno2
MII Status: down
Permanent HW addr: 3c:ec:ef:00:00:02

Slave Interface: eno1
MII Status: up
Speed: 10000 Mbps
Permanent HW addr: 3c:ec:ef:00:00:01
""",
    },
    expected=(
        INTERFACES.known(
            (
                Interface(
                    name="bond0",
                    mac="3c:ec:ef:00:00:01",
                    up=True,
                    speed_mbps=10000,
                    kind="bond",
                    mtu_bytes=9000,
                    members=("eno1", "eno2"),
                    active_member="eno1",
                    mode="active-backup",
                ),
                Interface(
                    name="bond0.20",
                    mac="3c:ec:ef:00:00:01",
                    addresses=("10.20.0.4/24",),
                    up=True,
                    kind="vlan",
                    mtu_bytes=9000,
                    parent="bond0",
                    vlan=20,
                    method=AddressMethod.DHCP,
                ),
                Interface(
                    name="eno1",
                    mac="3c:ec:ef:00:00:01",
                    up=True,
                    speed_mbps=10000,
                    kind="physical",
                    mtu_bytes=9000,
                    duplex="full",
                    driver="ixgbe",
                    master="bond0",
                    virtual_functions=2,
                ),
                Interface(
                    name="eno2",
                    mac="3c:ec:ef:00:00:01",
                    up=False,
                    kind="physical",
                    mtu_bytes=9000,
                    driver="ixgbe",
                    permanent_mac="3c:ec:ef:00:00:02",
                    master="bond0",
                ),
            )
        ),
        GATEWAYS.known(("10.20.0.1",)),
    ),
)

_CENTOS_5: Final = Example(
    system="centos 5, whose ip knows no batch (format as in the fixtures of GLPI's agent)",
    text="""\
@@ batch
@@ ip
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast qlen 1000
    link/ether 00:0c:29:ab:cd:ef brd ff:ff:ff:ff:ff:ff
    inet 10.0.0.4/24 brd 10.0.0.255 scope global eth0
5: eth0.20@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue
    link/ether 00:0c:29:ab:cd:ef brd ff:ff:ff:ff:ff:ff
7: veth1a2b@if6: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue
    link/ether 9e:11:22:33:44:55 brd ff:ff:ff:ff:ff:ff
@@ sysfs
/sys/class/net/eth0/type:1
/sys/class/net/eth0.20/type:1
/sys/class/net/eth0.20/uevent:DEVTYPE=vlan
/sys/class/net/veth1a2b/type:1
@@ marks
/sys/class/net/eth0/device
@@ configured
/etc/sysconfig/network-scripts/ifcfg-eth0:DEVICE=eth0
/etc/sysconfig/network-scripts/ifcfg-eth0:BOOTPROTO=none
""",
    files={
        "/proc/net/route": (
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\n"
            "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
            "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
        ),
        "/proc/net/ipv6_route": (
            "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 "
            "00000000000000000000000000000000 00000100 00000000 00000000 00000001     eth0\n"
            "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
            "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n"
        ),
        "/proc/net/arp": """\
IP address       HW type     Flags       HW address            Mask     Device
10.0.0.1         0x1         0x2         00:50:56:C0:00:08     *        eth0
10.0.0.9         0x1         0x0         00:00:00:00:00:00     *        eth0
""",
    },
    expected=(
        INTERFACES.known(
            (
                Interface(
                    name="eth0",
                    mac="00:0c:29:ab:cd:ef",
                    addresses=("10.0.0.4/24",),
                    up=True,
                    kind="physical",
                    mtu_bytes=1500,
                    method=AddressMethod.STATIC,
                ),
                Interface(
                    name="eth0.20",
                    mac="00:0c:29:ab:cd:ef",
                    up=True,
                    kind="vlan",
                    mtu_bytes=1500,
                    parent="eth0",
                ),
                Interface(
                    name="veth1a2b",
                    mac="9e:11:22:33:44:55",
                    up=True,
                    kind="veth",
                    mtu_bytes=1500,
                ),
            )
        ),
        ROUTES.known(
            (
                Route(destination="10.0.0.0/24", interface="eth0", metric=0),
                Route(destination="0.0.0.0/0", gateways=("10.0.0.1",), interface="eth0", metric=0),
                Route(destination="fe80::/64", interface="eth0", metric=256),
            )
        ),
        GATEWAYS.known(("10.0.0.1",)),
        ROUTING_RULES.unknown(Reason.NOT_TOLD, "ip told of none"),
        NEIGHBOURS.known(
            (Neighbour(address="10.0.0.1", interface="eth0", mac="00:50:56:c0:00:08"),)
        ),
    ),
)

_CENTOS_6: Final = Example(
    system="centos 6 without ip (net-tools 1.60; format as in the fixtures of GLPI's agent)",
    text="""\
@@ batch
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
                    mtu_bytes=1500,
                ),
                Interface(
                    name="lo",
                    addresses=("127.0.0.1/8",),
                    up=True,
                    kind="loopback",
                    mtu_bytes=16436,
                ),
            )
        ),
    ),
)

_FREEBSD: Final = Example(
    system="freebsd 13 (format as in the fixtures of GLPI's agent; routes as in netstat(1))",
    text="""\
@@ batch
@@ ifconfig
em0: flags=8863<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> metric 0 mtu 1500
	options=481009b<RXCSUM,TXCSUM,VLAN_MTU>
	ether 08:00:27:12:34:56
	inet 10.0.2.15 netmask 0xffffff00 broadcast 10.0.2.255
	inet6 fe80::a00:27ff:fe12:3456%em0 prefixlen 64 scopeid 0x1
	status: active
@@ netstat
Routing tables

Internet:
Destination        Gateway            Flags     Netif Expire
default            10.0.2.2           UGS         em0
10.0.2.0/24        link#1             U           em0
10.0.2.15          link#1             UHS         lo0
127.0.0.1          link#2             UH          lo0

Internet6:
Destination                       Gateway                       Flags     Netif Expire
default                           fe80::1%em0                   UGS         em0
""",
    expected=(
        INTERFACES.known(
            (
                Interface(
                    name="em0",
                    mac="08:00:27:12:34:56",
                    addresses=("10.0.2.15/24", "fe80::a00:27ff:fe12:3456/64"),
                    up=True,
                    mtu_bytes=1500,
                ),
            )
        ),
        ROUTES.known(
            (
                Route(destination="0.0.0.0/0", gateways=("10.0.2.2",), interface="em0"),
                Route(destination="10.0.2.0/24", interface="em0"),
                Route(destination="::/0", gateways=("fe80::1",), interface="em0"),
            )
        ),
        GATEWAYS.known(("10.0.2.2", "fe80::1")),
    ),
)

_AIX: Final = Example(
    system="aix 7 (routes and links as in Facter's fixtures; flags as in PowerHA's howtos)",
    text="""\
@@ batch
@@ ifconfig
en0: flags=1e084863,480<UP,BROADCAST,NOTRAILERS,RUNNING,SIMPLEX,MULTICAST>
	inet 10.1.1.20 netmask 0xffffff00 broadcast 10.1.1.255
@@ netstat
Routing tables
Destination        Gateway           Flags   Refs     Use  If   Exp  Groups

Route Tree for Protocol Family 2 (Internet):
default            10.1.1.1          UG        2     12345 en0      -      -
10.1.1.0           10.1.1.20         UHSb      0         0 en0      -      -   =>
10.1.1/24          10.1.1.20         U         5     99999 en0      -      -
10.1.1.20          127.0.0.1         UGHS      0        16 lo0      -      -
127/8              127.0.0.1         U         3       102 lo0      -      -

Route Tree for Protocol Family 24 (Internet v6):
::1%1              ::1%1             UH        2       798 lo0      -      -
@@ links
Name  Mtu   Network     Address            Ipkts Ierrs    Opkts Oerrs  Coll
en0   1500  link#2      a.c6.24.39.41.3    162325     0    60252     0     0
en0   1500  10.1.1      10.1.1.20          162325     0    60252     0     0
lo0*  16896 link#1                          36891     0    36891     0     0
lo0*  16896 127         127.0.0.1           36891     0    36891     0     0
""",
    expected=(
        INTERFACES.known(
            (
                Interface(
                    name="en0",
                    mac="0a:c6:24:39:41:03",
                    mtu_bytes=1500,
                    addresses=("10.1.1.20/24",),
                    up=True,
                ),
            )
        ),
        ROUTES.known(
            (
                Route(destination="0.0.0.0/0", gateways=("10.1.1.1",), interface="en0"),
                Route(destination="10.1.1.0/24", interface="en0"),
                Route(destination="127.0.0.0/8", interface="lo0"),
            )
        ),
        GATEWAYS.known(("10.1.1.1",)),
    ),
)

_SOLARIS: Final = Example(
    system="solaris 11 (format as in the fixtures of Facter and OSHI)",
    text="""\
@@ batch
@@ ifconfig
net0: flags=1000843<UP,BROADCAST,RUNNING,MULTICAST,IPv4> mtu 1500 index 2
	inet 10.1.1.30 netmask ffffff00 broadcast 10.1.1.255
	ether 0:14:4f:fa:2:7e
@@ netstat

IRE Table: IPv4
  Destination             Mask           Gateway          Device  MTU  Ref Flg  Out  In/Fwd
-------------------- --------------- -------------------- ------ ----- --- --- ----- ------
default              0.0.0.0         10.1.1.1                        0   5 UG  56665      0
10.1.1.0             255.255.255.0   10.1.1.30            net0    1500   3 U     231      0
127.0.0.1            255.255.255.255 127.0.0.1            lo0     8232  20 UH    289    289

IRE Table: IPv6
  Destination/Mask            Gateway                    If    MTU  Ref Flags  Out   In/Fwd
--------------------------- --------------------------- ----- ----- --- ----- ------ ------
::1                         ::1                         lo0    8252   2 UH       10      10
fe80::/10                   fe80::214:4fff:fefa:27e     net0   1500   2 U         0       0
""",
    expected=(
        INTERFACES.known(
            (
                Interface(
                    name="net0",
                    mac="00:14:4f:fa:02:7e",
                    addresses=("10.1.1.30/24",),
                    up=True,
                    mtu_bytes=1500,
                ),
            )
        ),
        ROUTES.known(
            (
                Route(destination="0.0.0.0/0", gateways=("10.1.1.1",)),
                Route(destination="10.1.1.0/24", interface="net0"),
                Route(destination="fe80::/10", interface="net0"),
            )
        ),
        GATEWAYS.known(("10.1.1.1",)),
    ),
)

_SOLARIS_PLAIN: Final = Example(
    system="solaris 9, as an older question had it: no masks (format as in netstat(1M))",
    text="""\
@@ batch
@@ ifconfig
hme0: flags=1000843<UP,BROADCAST,RUNNING,MULTICAST,IPv4> mtu 1500 index 2
	inet 10.1.1.30 netmask ffffff00 broadcast 10.1.1.255
@@ netstat

Routing Table: IPv4
  Destination           Gateway           Flags  Ref   Use   Interface
-------------------- -------------------- ----- ----- ------ ---------
10.1.1.0             10.1.1.30             U        1    177  hme0
default              10.1.1.1              UG       1    255
127.0.0.1            127.0.0.1             UH       3    635  lo0
""",
    expected=(
        ROUTES.unknown(Reason.NOT_TOLD, "netstat does not say how large the networks are"),
        GATEWAYS.known(("10.1.1.1",)),
    ),
)

_OPENBSD: Final = Example(
    system="openbsd 7 (format as in the fixtures of GLPI's agent)",
    text="""\
@@ batch
@@ ifconfig
em0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	inet 10.0.1.115 netmask 0xffffff00 broadcast 10.0.1.255
@@ netstat
Routing tables

Internet:
Destination        Gateway            Flags   Refs      Use   Mtu  Prio Iface
default            10.0.1.1           UGS        0        0     -     8 em0
10.0.1/24          link#1             UC         2        0     -     4 em0
10.0.1.1           00:1d:7e:43:96:57  UHLc       1        3     -     4 em0
""",
    expected=(
        ROUTES.known(
            (
                Route(destination="0.0.0.0/0", gateways=("10.0.1.1",), interface="em0"),
                Route(destination="10.0.1.0/24", interface="em0"),
            )
        ),
    ),
)

_SILENT: Final = Example(
    system="a server with neither ip nor ifconfig",
    text="@@ batch\n@@ ifconfig\n",
    expected=(
        INTERFACES.unknown(Reason.NOT_TOLD, "neither ip nor ifconfig answered"),
        ROUTES.unknown(Reason.NOT_TOLD, "neither ip nor /proc/net nor netstat told"),
    ),
)

EXAMPLES: Final = (
    _DEBIAN,
    _BRIDGED,
    _BONDED,
    _CENTOS_5,
    _CENTOS_6,
    _FREEBSD,
    _AIX,
    _SOLARIS,
    _SOLARIS_PLAIN,
    _OPENBSD,
    _SILENT,
)

"""Which sockets wait for others, and which connections are established, by which process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.collectors._netstat import is_netstat, read_netstat
from inventory.collectors._proc_net import read_proc_net
from inventory.collectors._socket import Socket, connections, listeners
from inventory.collectors._ss import is_ss, read_ss
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import CONNECTIONS, LISTENERS
from inventory.model.parts import Connection, Direction, Listener, Protocol

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_SCRIPT = """
echo '@@ ss'
$SUDO ss -tunap exclude time-wait || {
  echo '@@ netstat'
  $SUDO netstat -tunap || netstat -tuna
} || {
  echo '@@ proc'
  grep -Has : /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6
}
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    sockets = _sockets(parts(answer.text))
    if sockets is None:
        detail = "none of ss, netstat and /proc/net answered"
        return (
            LISTENERS.unknown(Reason.NOT_TOLD, detail),
            CONNECTIONS.unknown(Reason.NOT_TOLD, detail),
        )
    return (LISTENERS.known(listeners(sockets)), CONNECTIONS.known(connections(sockets)))


def _sockets(said: dict[str, str]) -> list[Socket] | None:
    if is_ss(said.get("ss", "")):
        return list(read_ss(said["ss"]))
    if is_netstat(said.get("netstat", "")):
        return list(read_netstat(said["netstat"]))
    if "local_address" in said.get("proc", ""):
        return list(read_proc_net(said["proc"]))
    return None


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(LISTENERS, CONNECTIONS),
    read=_read,
    examples=(
        Example(
            system="debian 12, as root",
            text="""\
@@ ss
Netid State  Recv-Q Send-Q      Local Address:Port    Peer Address:Port  Process
udp   UNCONN 0      0           127.0.0.53%lo:53           0.0.0.0:*     users:(("systemd-resolve",pid=512,fd=12))
tcp   LISTEN 0      244             127.0.0.1:5432         0.0.0.0:*     users:(("postgres",pid=901,fd=5))
tcp   LISTEN 0      511                     *:80                 *:*     users:(("nginx",pid=733,fd=6),("nginx",pid=732,fd=6))
tcp   LISTEN 0      128               0.0.0.0:22           0.0.0.0:*     users:(("sshd",pid=600,fd=3),("systemd",pid=1,fd=70))
tcp   ESTAB  0      0      [::ffff:10.0.0.4]:80  [::ffff:10.0.0.9]:51334 users:(("nginx",pid=733,fd=9))
tcp   ESTAB  0      0                10.0.0.4:40112       10.0.0.7:5432  users:(("python3",pid=990,fd=4))
tcp   ESTAB  0      0               127.0.0.1:41210      127.0.0.1:5432
tcp   CLOSE-WAIT 1  0                10.0.0.4:40114       10.0.0.8:443   users:(("curl",pid=1200,fd=5))
""",  # noqa: E501 - as it was said
            expected=(
                LISTENERS.known(
                    (
                        Listener(
                            protocol=Protocol.TCP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=22,
                            process="sshd",
                            pid=600,
                        ),
                        Listener(
                            protocol=Protocol.TCP, address="::", port=80, process="nginx", pid=732
                        ),
                        Listener(
                            protocol=Protocol.TCP,
                            address="127.0.0.1",
                            port=5432,
                            process="postgres",
                            pid=901,
                        ),
                        Listener(
                            protocol=Protocol.UDP,
                            address="127.0.0.53",
                            port=53,
                            process="systemd-resolve",
                            pid=512,
                        ),
                    )
                ),
                CONNECTIONS.known(
                    (
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.INBOUND,
                            local_address="10.0.0.4",
                            local_port=80,
                            remote_address="10.0.0.9",
                            remote_port=51334,
                            process="nginx",
                        ),
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.OUTBOUND,
                            local_address="10.0.0.4",
                            local_port=40112,
                            remote_address="10.0.0.7",
                            remote_port=5432,
                            process="python3",
                        ),
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.LOOPBACK,
                            local_address="127.0.0.1",
                            local_port=41210,
                            remote_address="127.0.0.1",
                            remote_port=5432,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="centos 6 (iproute 2.6.32; format as documented)",
            text="""\
@@ ss
Netid  State      Recv-Q Send-Q     Local Address:Port       Peer Address:Port
tcp    LISTEN     0      128                   :::22                   :::*      users:(("sshd",1405,4))
tcp    LISTEN     0      128                    *:22                    *:*      users:(("sshd",1405,3))
tcp    ESTAB      0      0              10.0.0.4:22            10.0.0.9:50222    users:(("sshd",2001,3))
""",  # noqa: E501 - as it was said
            expected=(
                LISTENERS.known(
                    (
                        Listener(
                            protocol=Protocol.TCP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=22,
                            process="sshd",
                            pid=1405,
                        ),
                        Listener(
                            protocol=Protocol.TCP, address="::", port=22, process="sshd", pid=1405
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox)",
            text="""\
@@ netstat
Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 0.0.0.0:6379            0.0.0.0:*               LISTEN      41/redis-server *:6
tcp        0      0 10.0.0.5:6379           10.0.0.4:41800          ESTABLISHED 41/redis-server *:6
tcp        0      0 :::22                   :::*                    LISTEN      -
udp        0      0 0.0.0.0:68              0.0.0.0:*                           22/udhcpc
""",
            expected=(
                LISTENERS.known(
                    (
                        Listener(protocol=Protocol.TCP, address="::", port=22),
                        Listener(
                            protocol=Protocol.TCP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=6379,
                            process="redis-server",
                            pid=41,
                        ),
                        Listener(
                            protocol=Protocol.UDP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=68,
                            process="udhcpc",
                            pid=22,
                        ),
                    )
                ),
                CONNECTIONS.known(
                    (
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.INBOUND,
                            local_address="10.0.0.5",
                            local_port=6379,
                            remote_address="10.0.0.4",
                            remote_port=41800,
                            process="redis-server",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server with neither ss nor netstat, linux 6",
            text="""\
@@ proc
/proc/net/tcp:  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
/proc/net/tcp:   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
/proc/net/tcp:   1: 0400000A:C350 0700000A:1538 01 00000000:00000000 00:00000000 00000000     0
/proc/net/tcp6:   0: 00000000000000000000000001000000:0CEA 00000000000000000000000000000000:0000 0A 0:0
""",  # noqa: E501 - as it was said
            expected=(
                LISTENERS.known(
                    (
                        Listener(
                            protocol=Protocol.TCP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=22,
                        ),
                        Listener(protocol=Protocol.TCP, address="::1", port=3306),
                    )
                ),
                CONNECTIONS.known(
                    (
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.OUTBOUND,
                            local_address="10.0.0.4",
                            local_port=50000,
                            remote_address="10.0.0.7",
                            remote_port=5432,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 13, whose netstat has other options (format as documented)",
            text="@@ netstat\n",
            expected=(
                LISTENERS.unknown(Reason.NOT_TOLD, "none of ss, netstat and /proc/net answered"),
            ),
        ),
    ),
)

"""Which sockets wait for others, and which connections are established, by which process.

Those that the server only tries to open are told apart. While a window of time is sampled, what
comes and goes within it is added.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from inventory.collectors._netstat import is_netstat, read_netstat
from inventory.collectors._netstat_dotted import is_dotted, read_dotted
from inventory.collectors._proc_net import read_proc_net
from inventory.collectors._socket import Socket, connections, listeners, with_samples
from inventory.collectors._sockstat import is_sockstat, read_sockstat
from inventory.collectors._ss import is_ss, read_ss
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import CONNECTIONS, LISTENERS
from inventory.model.network import ATTEMPTS
from inventory.model.parts import Connection, Direction, Listener, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from inventory.model.fact import Observation

_SCRIPT = """
echo '@@ ss'
if ! privileged ss -tunap exclude time-wait
then
  if [ -r /proc/net/tcp ]; then
    echo '@@ netstat'
    if ! privileged netstat -tunap
    then
      netstat -tuna || {
        echo '@@ proc'
        grep -Has : /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6
      }
    fi
  elif command -v sockstat >/dev/null; then
    echo '@@ sockstat'
    if ! privileged sockstat -46s
    then
      privileged sockstat -46
    fi
  else
    echo '@@ dotted'
    netstat -an -f inet
    netstat -an -f inet6
  fi
fi
:
"""

# Without the processes: to find them, ss looks at every file that every process has open.
_SAMPLE = """
echo '@@ ss'
ss -tuna exclude time-wait || {
  if [ -r /proc/net/tcp ]; then
    echo '@@ proc'
    grep -Has : /proc/net/tcp /proc/net/tcp6
  else
    echo '@@ dotted'
    netstat -an -f inet
    netstat -an -f inet6
  fi
}
:
"""

_TOLD = (LISTENERS, CONNECTIONS, ATTEMPTS)


def _read(answer: Answer) -> tuple[Observation, ...]:
    sockets = _sockets(parts(answer.text))
    if sockets is None:
        detail = "none of ss, netstat, sockstat and /proc/net answered"
        return tuple(key.unknown(Reason.NOT_TOLD, detail) for key in _TOLD)
    if answer.samples:
        later = (_sockets(parts(sample)) or () for sample in _changes(answer.samples))
        sockets = with_samples(sockets, chain.from_iterable(later))
    return (
        LISTENERS.known(listeners(sockets)),
        CONNECTIONS.known(connections(sockets)),
        ATTEMPTS.known(connections(sockets, opening=True)),
    )


def _changes(samples: Iterable[str]) -> Iterator[str]:
    """Yield samples without the sockets that an earlier one has shown already."""
    seen: set[str] = set()
    for sample in samples:
        lines = sample.splitlines()
        yield "\n".join(each for each in lines if each not in seen)
        seen.update(each for each in lines if each.startswith(("tcp ", "udp ")))


def _sockets(said: dict[str, str]) -> list[Socket] | None:
    if is_ss(said.get("ss", "")):
        return list(read_ss(said["ss"]))
    if is_netstat(said.get("netstat", "")):
        return list(read_netstat(said["netstat"]))
    if said.get("proc", "").startswith("/proc/net/"):
        return list(read_proc_net(said["proc"]))
    if is_sockstat(said.get("sockstat", "")):
        return list(read_sockstat(said["sockstat"]))
    if is_dotted(said.get("dotted", "")):
        return list(read_dotted(said["dotted"]))
    return None


COLLECTOR = Collector(
    script=_SCRIPT,
    sample=_SAMPLE,
    tidy=True,
    tells=_TOLD,
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
                            backlog=128,
                        ),
                        Listener(
                            protocol=Protocol.TCP,
                            address="::",
                            port=80,
                            process="nginx",
                            pid=732,
                            backlog=511,
                        ),
                        Listener(
                            protocol=Protocol.TCP,
                            address="127.0.0.1",
                            port=5432,
                            process="postgres",
                            pid=901,
                            backlog=244,
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
                            pid=733,
                        ),
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.OUTBOUND,
                            local_address="10.0.0.4",
                            local_port=40112,
                            remote_address="10.0.0.7",
                            remote_port=5432,
                            process="python3",
                            pid=990,
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
            system="centos 6 (iproute 2.6.32; format as people quote it)",
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
                            backlog=128,
                        ),
                        Listener(
                            protocol=Protocol.TCP,
                            address="::",
                            port=22,
                            process="sshd",
                            pid=1405,
                            backlog=128,
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
                            pid=41,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server with neither ss nor netstat, linux 6 (grep leaves the headings out)",
            text="""\
@@ proc
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
            system="debian 12, as a user, whose samples show one more client and one more service",
            text="""\
@@ ss
Netid State    Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
tcp   LISTEN   0      511          0.0.0.0:80         0.0.0.0:*     users:(("nginx",pid=733,fd=6))
tcp   ESTAB    0      0          10.0.0.4:80        10.0.0.9:51334 users:(("nginx",pid=733,fd=9))
tcp   SYN-SENT 0      1          10.0.0.4:40200     10.0.0.8:389   users:(("sssd_be",pid=411,fd=20))
""",
            samples=(
                """\
@@ ss
Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
udp   UNCONN 0      0           0.0.0.0:53122      0.0.0.0:*
tcp   LISTEN 0      511         0.0.0.0:80         0.0.0.0:*
tcp   ESTAB  0      0          10.0.0.4:80        10.0.0.9:51334
tcp   ESTAB  0      0          10.0.0.4:80        10.0.0.9:51390
tcp   ESTAB  0      0          10.0.0.4:80       10.0.0.11:40022
""",
                """\
@@ ss
Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
tcp   LISTEN 0      511         0.0.0.0:80         0.0.0.0:*
tcp   ESTAB  0      0          10.0.0.4:51000     10.0.0.7:5432
""",
            ),
            expected=(
                LISTENERS.known(
                    (
                        Listener(
                            protocol=Protocol.TCP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=80,
                            process="nginx",
                            pid=733,
                            backlog=511,
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
                            remote_address="10.0.0.11",
                            remote_port=40022,
                            process="nginx",
                        ),
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.INBOUND,
                            local_address="10.0.0.4",
                            local_port=80,
                            remote_address="10.0.0.9",
                            remote_port=51334,
                            process="nginx",
                            pid=733,
                        ),
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.OUTBOUND,
                            local_address="10.0.0.4",
                            local_port=51000,
                            remote_address="10.0.0.7",
                            remote_port=5432,
                        ),
                    )
                ),
                ATTEMPTS.known(
                    (
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.OUTBOUND,
                            local_address="10.0.0.4",
                            local_port=40200,
                            remote_address="10.0.0.8",
                            remote_port=389,
                            process="sssd_be",
                            pid=411,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 14 (sockstat; format as in FreeBSD's own tests of -s)",
            text="""\
@@ sockstat
USER     COMMAND    PID   FD PROTO LOCAL ADDRESS         FOREIGN ADDRESS       STATE
www      nginx      3743  7  tcp4  10.17.89.20:80        *:*                   LISTEN
root     sshd       2991  7  tcp6  *:22                  *:*                   LISTEN
alice    sshd       45118 5  tcp4  10.17.89.20:22        10.17.89.1:54210      ESTABLISHED
root     syslogd    2722  7  udp4  *:514                 *:*
?        ?          ?     ?  tcp4  10.17.89.20:80        10.17.89.9:40000      TIME_WAIT
""",
            expected=(
                LISTENERS.known(
                    (
                        Listener(
                            protocol=Protocol.TCP, address="::", port=22, process="sshd", pid=2991
                        ),
                        Listener(
                            protocol=Protocol.TCP,
                            address="10.17.89.20",
                            port=80,
                            process="nginx",
                            pid=3743,
                        ),
                        Listener(
                            protocol=Protocol.UDP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=514,
                            process="syslogd",
                            pid=2722,
                        ),
                    )
                ),
                CONNECTIONS.known(
                    (
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.INBOUND,
                            local_address="10.17.89.20",
                            local_port=22,
                            remote_address="10.17.89.1",
                            remote_port=54210,
                            process="sshd",
                            pid=45118,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="solaris 11 (netstat; format as people quote it)",
            text="""\
@@ dotted

UDP: IPv4
   Local Address        Remote Address      State
-------------------- -------------------- ----------
      *.111                               Idle
      *.*                                 Unbound

TCP: IPv4
   Local Address        Remote Address    Swind Send-Q Rwind Recv-Q    State
-------------------- -------------------- ----- ------ ----- ------ -----------
      *.22                 *.*                0      0 128000      0 LISTEN
      *.*                  *.*                0      0  49152      0 IDLE
192.168.0.60.22      192.168.0.127.1063   16445      0  24820      0 ESTABLISHED
192.168.0.60.80      172.16.100.54.3396   31856      0  24616      0 TIME_WAIT

TCP: IPv6
   Local Address                     Remote Address                   Swind Send-Q Rwind Recv-Q   State      If
--------------------------------- --------------------------------- ------- ------ ------- ------ ----------- -----
      *.22                              *.*                               0      0  128000      0 LISTEN
""",  # noqa: E501 - as it was said
            expected=(
                LISTENERS.known(
                    (
                        Listener(
                            protocol=Protocol.TCP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=22,
                        ),
                        Listener(protocol=Protocol.TCP, address="::", port=22),
                        Listener(
                            protocol=Protocol.UDP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=111,
                        ),
                    )
                ),
                CONNECTIONS.known(
                    (
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.INBOUND,
                            local_address="192.168.0.60",
                            local_port=22,
                            remote_address="192.168.0.127",
                            remote_port=1063,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="aix 7 (netstat; format as freebsd 12 said it to jc)",
            text="""\
@@ dotted
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  *.22                   *.*                    LISTEN
tcp4       0      0  192.168.1.5.52134      192.168.1.9.1521       ESTABLISHED
tcp6       0      0  fe80::1.51234          fe80::2.443            CLOSE_WAIT
udp4       0      0  *.68                   *.*
""",
            expected=(
                LISTENERS.known(
                    (
                        Listener(
                            protocol=Protocol.TCP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=22,
                        ),
                        Listener(
                            protocol=Protocol.UDP,
                            address="0.0.0.0",  # noqa: S104 - read, not bound
                            port=68,
                        ),
                    )
                ),
                CONNECTIONS.known(
                    (
                        Connection(
                            protocol=Protocol.TCP,
                            direction=Direction.OUTBOUND,
                            local_address="192.168.1.5",
                            local_port=52134,
                            remote_address="192.168.1.9",
                            remote_port=1521,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a container with no tool and no /proc",
            text="@@ ss\n@@ dotted\n",
            expected=(
                LISTENERS.unknown(
                    Reason.NOT_TOLD, "none of ss, netstat, sockstat and /proc/net answered"
                ),
            ),
        ),
    ),
)

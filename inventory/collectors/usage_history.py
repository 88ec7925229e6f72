"""How busy the server was, as it recorded itself: by sar, Performance Co-Pilot or atop.

Asked on request: reading weeks of records costs a server more than all other questions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors._atop import read_atop
from inventory.collectors._pcp import read_pcp
from inventory.collectors._sar import read_sar
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.utilisation import HISTORY, Spread, Utilisation

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_SCRIPT = """
if command -v sadf >/dev/null; then
  echo '@@ sar'
  for file in /var/log/sysstat/sa[0-9]* /var/log/sa/sa[0-9]*; do
    if [ -r "$file" ]; then sadf -d "$file" -- -u -r -b -n DEV; fi
  done
fi
if command -v atop >/dev/null; then
  echo '@@ atop'
  for file in /var/log/atop/atop_[0-9]*; do
    if [ -r "$file" ]; then atop -r "$file" -P CPU,MEM,DSK,NET; fi
  done
fi
if command -v pmdumplog >/dev/null; then
  echo '@@ pcp'
  set -- /var/log/pcp/pmlogger/"$(uname -n)"/*.index
  while [ "$#" -gt 3 ]; do shift; done
  for file in "$@"; do
    if [ -r "$file" ]; then
      pmdumplog -l "${file%.index}"
      pmdumplog -Z UTC "${file%.index}" kernel.all.cpu.user kernel.all.cpu.nice \\
        kernel.all.cpu.sys kernel.all.cpu.steal kernel.all.cpu.idle kernel.all.cpu.wait.total \\
        mem.physmem mem.util.available disk.all.read_bytes disk.all.write_bytes disk.all.total \\
        network.interface.in.bytes network.interface.out.bytes
    fi
  done
fi
:
"""

_KEEPERS: Final = (("sar", read_sar), ("pcp", read_pcp), ("atop", read_atop))


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    told = []
    for name, read in _KEEPERS:
        if name in said:
            times, measures = read(said[name])
            utilisation = measures.utilisation(name, times)
            if utilisation:
                told.append(utilisation)
    if not told:
        detail = "none of sar, pcp and atop has records that may be read"
        return (HISTORY.unknown(Reason.NOT_TOLD, detail),)
    return (HISTORY.known(tuple(told)),)


def _even(value: float) -> Spread:
    return Spread(mean=value, p50=value, p90=value, p95=value, p99=value, maximum=value)


COLLECTOR = Collector(
    script=_SCRIPT,
    optional=True,
    tells=(HISTORY,),
    read=_read,
    examples=(
        Example(
            system="debian 12 (sysstat 12.6.1), shortened",
            text="""\
@@ sar
# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle
vm;600;2026-11-23 04:20:01 UTC;-1;40.00;0.00;8.00;1.50;0.50;50.00
# hostname;interval;timestamp;tps;rtps;wtps;dtps;bread/s;bwrtn/s;bdscd/s
vm;600;2026-11-23 04:20:01 UTC;225.00;222.00;1.00;2.00;100.00;8.00;16.00
# hostname;interval;timestamp;kbmemfree;kbavail;kbmemused;%memused;kbbuffers;kbcached;kbcommit
vm;600;2026-11-23 04:20:01 UTC;400;750;250;25.00;50;300;441
# hostname;interval;timestamp;IFACE;rxpck/s;txpck/s;rxkB/s;txkB/s;rxcmp/s;txcmp/s;rxmcst/s;%ifutil
vm;600;2026-11-23 04:20:01 UTC;lo;9.00;9.00;9.00;9.00;0.00;0.00;0.00;0.00
vm;600;2026-11-23 04:20:01 UTC;eth0;9.00;9.00;2.00;1.00;0.00;0.00;0.00;0.00
vm;-1;2026-11-23 04:21:00 UTC;LINUX-RESTART (2 CPU)
""",
            expected=(
                HISTORY.known(
                    (
                        Utilisation(
                            source="sar",
                            since=datetime(2026, 11, 23, 4, 20, 1, tzinfo=UTC),
                            until=datetime(2026, 11, 23, 4, 20, 1, tzinfo=UTC),
                            samples=1,
                            cpu_percent=_even(48.5),
                            memory_percent=_even(25.0),
                            disk_read_bytes_per_second=_even(51_200.0),
                            disk_write_bytes_per_second=_even(4_096.0),
                            disk_operations_per_second=_even(225.0),
                            network_received_bytes_per_second=_even(2_048.0),
                            network_sent_bytes_per_second=_even(1_024.0),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 5 (sysstat 7; columns as scripts for its sar have them)",
            text="""\
@@ sar
# hostname;interval;timestamp;IFACE;rxpck/s;txpck/s;rxbyt/s;txbyt/s;rxcmp/s;txcmp/s;rxmcst/s
old;600;2026-11-23 04:20:01 UTC;lo;9.00;9.00;900.00;900.00;0.00;0.00;0.00
old;600;2026-11-23 04:20:01 UTC;eth0;9.00;9.00;1024.00;512.00;0.00;0.00;0.00
""",
            expected=(
                HISTORY.known(
                    (
                        Utilisation(
                            source="sar",
                            since=datetime(2026, 11, 23, 4, 20, 1, tzinfo=UTC),
                            until=datetime(2026, 11, 23, 4, 20, 1, tzinfo=UTC),
                            samples=1,
                            network_received_bytes_per_second=_even(1_024.0),
                            network_sent_bytes_per_second=_even(512.0),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 6 (sysstat 9; format as oracle linux 6 said it to others)",
            text="""\
@@ sar
# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle
old;600;2026-11-23 04:20:01 UTC;-1;4.00;0.00;1.00;0.00;0.00;95.00
# hostname;interval;timestamp;kbmemfree;kbmemused;%memused;kbbuffers;kbcached;kbcommit;%commit
old;600;2026-11-23 04:20:01 UTC;400;600;60.00;100;200;441;20.00
""",
            expected=(
                HISTORY.known(
                    (
                        Utilisation(
                            source="sar",
                            since=datetime(2026, 11, 23, 4, 20, 1, tzinfo=UTC),
                            until=datetime(2026, 11, 23, 4, 20, 1, tzinfo=UTC),
                            samples=1,
                            cpu_percent=_even(5.0),
                            memory_percent=_even(30.0),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server that keeps no records",
            text="@@ sar\n",
            expected=(
                HISTORY.unknown(
                    Reason.NOT_TOLD, "none of sar, pcp and atop has records that may be read"
                ),
            ),
        ),
    ),
)

"""Which services the service manager knows, whether they run and whether they start at boot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.collectors._openrc import read_openrc
from inventory.collectors._systemd import read_systemd
from inventory.collectors._sysv import read_sysv
from inventory.collectors._text import parts
from inventory.collectors._upstart import read_upstart
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import SERVICES
from inventory.model.parts import Service, ServiceState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

_SCRIPT = """
if [ -d /run/systemd/system ]; then
  echo '@@ systemd'
  systemctl list-units --type=service --all --plain --no-legend --full --no-pager
  echo '@@ systemd-enabled'
  systemctl list-unit-files --type=service --no-legend --full --no-pager
elif [ -d /run/openrc ]; then
  echo '@@ openrc'
  rc-status --servicelist --nocolor
  echo '@@ openrc-enabled'
  rc-update show
else
  first=
  read -r first </proc/1/comm
  if [ "$first" = init ]; then
    echo '@@ upstart'
    initctl list
    echo '@@ sysv'
    $SUDO service --status-all 2>&1
    echo '@@ sysv-enabled'
    printf '%s\\n' /etc/rc[35].d/S* /etc/rc.d/rc[35].d/S* /etc/init.d/rc[35].d/S*
  fi
fi
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    found = _services(parts(answer.text))
    if not found:
        detail = "no service manager answered (systemd, OpenRC, Upstart, System V)"
        return (SERVICES.unknown(Reason.NOT_TOLD, detail),)
    return (SERVICES.known(tuple(found[name] for name in sorted(found))),)


def _services(said: Mapping[str, str]) -> dict[str, Service]:
    found = [
        *read_sysv(said.get("sysv", ""), said.get("sysv-enabled", "")),
        *read_upstart(said.get("upstart", "")),
        *read_openrc(said.get("openrc", ""), said.get("openrc-enabled", "")),
        *read_systemd(said.get("systemd", ""), said.get("systemd-enabled", "")),
    ]
    return {each.name: each for each in found}


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(SERVICES,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
@@ systemd
apparmor.service loaded    active   exited  Load AppArmor profiles
certbot.service  loaded    failed   failed  Certbot
cron.service     loaded    active   running Regular background program processing daemon
nginx.service    loaded    active   running A high performance web server
plymouth.service not-found inactive dead    plymouth.service
postgresql@15-main.service loaded active running PostgreSQL Cluster 15-main
@@ systemd-enabled
apparmor.service  enabled  enabled
certbot.service   static   -
cron.service      enabled  enabled
nginx.service     disabled enabled
postgresql@.service enabled enabled
rsync.service     masked   enabled
""",
            expected=(
                SERVICES.known(
                    (
                        Service(name="apparmor", state=ServiceState.STOPPED, enabled=True),
                        Service(name="certbot", state=ServiceState.FAILED),
                        Service(name="cron", state=ServiceState.RUNNING, enabled=True),
                        Service(name="nginx", state=ServiceState.RUNNING, enabled=False),
                        Service(
                            name="postgresql@15-main", state=ServiceState.RUNNING, enabled=True
                        ),
                        Service(name="rsync", state=ServiceState.STOPPED, enabled=False),
                    )
                ),
            ),
        ),
        Example(
            system="centos 7, which marks failed units (format as documented)",
            text="""\
@@ systemd
* kdump.service loaded failed failed Crash recovery kernel arming
sshd.service    loaded active running OpenSSH server daemon
@@ systemd-enabled
kdump.service enabled
sshd.service  enabled
""",
            expected=(
                SERVICES.known(
                    (
                        Service(name="kdump", state=ServiceState.FAILED, enabled=True),
                        Service(name="sshd", state=ServiceState.RUNNING, enabled=True),
                    )
                ),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox, OpenRC; format as documented)",
            text="""\
@@ openrc
 redis                                                             [  started  ]
 sshd                                                              [  crashed  ]
 urandom                                                           [  stopped  ]
@@ openrc-enabled
                redis |      default
                 sshd |      default
              urandom |
""",
            expected=(
                SERVICES.known(
                    (
                        Service(name="redis", state=ServiceState.RUNNING, enabled=True),
                        Service(name="sshd", state=ServiceState.FAILED, enabled=True),
                        Service(name="urandom", state=ServiceState.STOPPED, enabled=False),
                    )
                ),
            ),
        ),
        Example(
            system="centos 6 (System V; format as documented)",
            text="""\
@@ upstart
rc stop/waiting
tty (/dev/tty3) start/running, process 1560
@@ sysv
auditd (pid  1288) is running...
httpd is stopped
ntpd dead but pid file exists
Usage: /etc/init.d/odd start
@@ sysv-enabled
/etc/rc[35].d/S*
/etc/rc.d/rc3.d/S11auditd
/etc/rc.d/rc3.d/S58ntpd
""",
            expected=(
                SERVICES.known(
                    (
                        Service(name="auditd", state=ServiceState.RUNNING, enabled=True),
                        Service(name="httpd", state=ServiceState.STOPPED, enabled=False),
                        Service(name="ntpd", state=ServiceState.FAILED, enabled=True),
                        Service(name="rc", state=ServiceState.STOPPED),
                        Service(name="tty", state=ServiceState.RUNNING),
                    )
                ),
            ),
        ),
        Example(
            system="ubuntu 14.04 (Upstart; format as documented)",
            text="""\
@@ upstart
ssh start/running, process 1034
mysql stop/waiting
@@ sysv
 [ + ]  apache2
 [ - ]  rsync
 [ ? ]  ondemand
@@ sysv-enabled
/etc/rc3.d/S91apache2
""",
            expected=(
                SERVICES.known(
                    (
                        Service(name="apache2", state=ServiceState.RUNNING, enabled=True),
                        Service(name="mysql", state=ServiceState.STOPPED),
                        Service(name="rsync", state=ServiceState.STOPPED, enabled=False),
                        Service(name="ssh", state=ServiceState.RUNNING),
                    )
                ),
            ),
        ),
        Example(
            system="a container, which has no service manager",
            text="",
            expected=(
                SERVICES.unknown(
                    Reason.NOT_TOLD,
                    "no service manager answered (systemd, OpenRC, Upstart, System V)",
                ),
            ),
        ),
    ),
)

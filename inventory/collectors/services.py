"""Which services the service manager knows, whether they run and whether they start at boot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inventory.collectors._openrc import read_openrc
from inventory.collectors._other_managers import read_rc, read_smf, read_src
from inventory.collectors._systemd import read_systemd
from inventory.collectors._sysv import enabled_scripts, read_sysv
from inventory.collectors._text import parts
from inventory.collectors._upstart import read_upstart
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import SERVICES
from inventory.model.parts import Service, ServiceState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_SCRIPT = r"""
if [ -d /run/systemd/system ]; then
  echo '@@ systemd'
  systemctl list-units --type=service --all --plain --no-legend --full --no-pager
  echo '@@ systemd-links'
  ls -ln /etc/systemd/system /etc/systemd/system/*.wants /etc/systemd/system/*.requires \
    /run/systemd/system/*.wants /run/systemd/generator*/*.wants
  echo '@@ systemd-files'
  set -- /usr/lib/systemd/system/*.service
  if [ ! -L /lib ]; then set -- "$@" /lib/systemd/system/*.service; fi
  set -- "$@" /usr/local/lib/systemd/system/*.service /run/systemd/generator*/*.service \
    /run/systemd/system/*.service /etc/systemd/system/*.service
  for file in "$@"; do
    if [ -c "$file" ]; then printf -- '-'; elif [ -L "$file" ]; then printf '@'; fi
    printf '%s\n' "$file"
  done
  echo '@@ systemd-installable'
  grep -lsE '^(WantedBy|RequiredBy|Alias)=' "$@"
  echo '@@ sysv-enabled'
  printf '%s\n' /etc/rc[35].d/S*
elif [ -d /run/openrc ]; then
  echo '@@ openrc'
  rc-status --servicelist --nocolor
  echo '@@ openrc-enabled'
  rc-update show
elif [ -x /usr/bin/svcs ]; then
  echo '@@ smf'
  svcs -aH -o state,fmri
elif [ -x /usr/bin/lssrc ]; then
  echo '@@ src'
  lssrc -a
elif [ -f /etc/rc.subr ]; then
  echo '@@ rc'
  service -e
  echo '@@ rc-running'
  for file in /var/run/*.pid /var/run/*/*.pid; do
    pid=
    read -r pid <"$file"
    if [ "$(ps -o pid= -p "${pid:-0}")" ]; then printf '%s\n' "$file"; fi
  done
else
  first=
  read -r _ first _ </proc/1/stat
  if [ "$first" = '(init)' ]; then
    echo '@@ upstart'
    initctl list
    echo '@@ sysv'
    privileged service --status-all
    echo '@@ sysv-enabled'
    levels=35
    if [ -e /etc/debian_version ]; then levels=2-5S; fi
    printf '%s\n' /etc/rc[$levels].d/S* /etc/rc.d/rc[35].d/S* /etc/init.d/rc[35].d/S*
    echo '@@ sysv-scripts'
    printf '%s\n' /etc/init.d/*
  fi
fi
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    found = _services(parts(answer.text))
    if not found:
        detail = "no service manager answered"
        return (SERVICES.unknown(Reason.NOT_TOLD, detail),)
    return (SERVICES.known(tuple(found[name] for name in sorted(found))),)


def _services(said: Mapping[str, str]) -> dict[str, Service]:
    found = [
        *read_sysv(
            said.get("sysv", ""), said.get("sysv-enabled", ""), said.get("sysv-scripts", "")
        ),
        *read_upstart(said.get("upstart", "")),
        *read_openrc(said.get("openrc", ""), said.get("openrc-enabled", "")),
        *read_smf(said.get("smf", "")),
        *read_src(said.get("src", "")),
        *read_rc(said.get("rc", ""), said.get("rc-running", "")),
        *_systemd(said),
    ]
    return {each.name: each for each in found}


def _systemd(said: Mapping[str, str]) -> Iterator[Service]:
    """Read systemd's services; of those that it made from init scripts, the scripts' links tell.

    Where systemctl did not answer, the files alone do not tell which of them run.
    """
    if not said.get("systemd", "").strip():
        return
    scripts = enabled_scripts(said.get("sysv-enabled", ""))
    for each in read_systemd(
        said.get("systemd", ""),
        links=said.get("systemd-links", ""),
        files=said.get("systemd-files", ""),
        installable=said.get("systemd-installable", ""),
    ):
        generated = (each.path or "").startswith("/run/systemd/generator")
        yield replace(each, enabled=each.name in scripts) if generated and scripts else each


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
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
odd.service      loaded    active   running LSB: an old program
plymouth.service not-found inactive dead    plymouth.service
postgresql@15-main.service loaded active running PostgreSQL Cluster 15-main
@@ systemd-links
/etc/systemd/system:
total 12
lrwxrwxrwx 1 0 0    9 Jun 24  2025 rsync.service -> /dev/null
lrwxrwxrwx 1 0 0   31 Jun 24  2025 sshd.service -> /lib/systemd/system/ssh.service
drwxr-xr-x 2 0 0 4096 Nov 23 04:24 multi-user.target.wants

/etc/systemd/system/multi-user.target.wants:
total 0
lrwxrwxrwx 1 0 0   36 Jun 24  2025 apparmor.service -> /lib/systemd/system/apparmor.service
lrwxrwxrwx 1 0 0   32 Jun 24  2025 cron.service -> /lib/systemd/system/cron.service
lrwxrwxrwx 1 0 0   39 Jun 24  2025 postgresql@15-main.service -> /lib/systemd/system/postgresql@.service
@@ systemd-files
/usr/lib/systemd/system/apparmor.service
/usr/lib/systemd/system/certbot.service
/usr/lib/systemd/system/cron.service
-/usr/lib/systemd/system/hwclock.service
/usr/lib/systemd/system/nginx.service
/usr/lib/systemd/system/postgresql@.service
/usr/lib/systemd/system/rsync.service
/usr/lib/systemd/system/ssh.service
@/usr/lib/systemd/system/postgres.service
/run/systemd/generator.late/odd.service
-/etc/systemd/system/rsync.service
@/etc/systemd/system/sshd.service
@@ systemd-installable
/usr/lib/systemd/system/apparmor.service
/usr/lib/systemd/system/cron.service
/usr/lib/systemd/system/nginx.service
/usr/lib/systemd/system/postgresql@.service
/usr/lib/systemd/system/rsync.service
/usr/lib/systemd/system/ssh.service
@@ sysv-enabled
/etc/rc3.d/S01odd
""",  # noqa: E501  as ls writes it
            expected=(
                SERVICES.known(
                    (
                        Service(
                            name="apparmor",
                            state=ServiceState.STOPPED,
                            enabled=True,
                            description="Load AppArmor profiles",
                            path="/usr/lib/systemd/system/apparmor.service",
                        ),
                        Service(
                            name="certbot",
                            state=ServiceState.FAILED,
                            description="Certbot",
                            path="/usr/lib/systemd/system/certbot.service",
                        ),
                        Service(
                            name="cron",
                            state=ServiceState.RUNNING,
                            enabled=True,
                            description="Regular background program processing daemon",
                            path="/usr/lib/systemd/system/cron.service",
                        ),
                        Service(
                            name="hwclock",
                            state=ServiceState.STOPPED,
                            enabled=False,
                            path="/usr/lib/systemd/system/hwclock.service",
                        ),
                        Service(
                            name="nginx",
                            state=ServiceState.RUNNING,
                            enabled=False,
                            description="A high performance web server",
                            path="/usr/lib/systemd/system/nginx.service",
                        ),
                        Service(
                            name="odd",
                            state=ServiceState.RUNNING,
                            enabled=True,
                            description="LSB: an old program",
                            path="/run/systemd/generator.late/odd.service",
                        ),
                        Service(
                            name="postgresql@15-main",
                            state=ServiceState.RUNNING,
                            enabled=True,
                            description="PostgreSQL Cluster 15-main",
                            path="/usr/lib/systemd/system/postgresql@.service",
                        ),
                        Service(
                            name="rsync",
                            state=ServiceState.STOPPED,
                            enabled=False,
                            path="/etc/systemd/system/rsync.service",
                        ),
                        Service(
                            name="ssh",
                            state=ServiceState.STOPPED,
                            enabled=True,
                            path="/usr/lib/systemd/system/ssh.service",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="centos 7, which marks failed units (format as people quote systemctl)",
            text="""\
@@ systemd
* kdump.service loaded failed failed Crash recovery kernel arming
sshd.service    loaded active running OpenSSH server daemon
@@ systemd-links
/etc/systemd/system/multi-user.target.wants:
lrwxrwxrwx. 1 0 0 37 Mar  1  2020 kdump.service -> /usr/lib/systemd/system/kdump.service
lrwxrwxrwx. 1 0 0 36 Mar  1  2020 sshd.service -> /usr/lib/systemd/system/sshd.service
@@ systemd-files
/usr/lib/systemd/system/kdump.service
/usr/lib/systemd/system/sshd.service
@@ systemd-installable
/usr/lib/systemd/system/kdump.service
/usr/lib/systemd/system/sshd.service
""",
            expected=(
                SERVICES.known(
                    (
                        Service(
                            name="kdump",
                            state=ServiceState.FAILED,
                            enabled=True,
                            description="Crash recovery kernel arming",
                            path="/usr/lib/systemd/system/kdump.service",
                        ),
                        Service(
                            name="sshd",
                            state=ServiceState.RUNNING,
                            enabled=True,
                            description="OpenSSH server daemon",
                            path="/usr/lib/systemd/system/sshd.service",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="solaris 11 (SMF; format as in svcs(1), and as illumos said it to others)",
            text="""\
@@ smf
legacy_run     lrc:/etc/rc2_d/S47pppd
disabled       svc:/network/telnet:default
maintenance    svc:/application/shop:blue
online         svc:/network/ssh:default
offline*       svc:/network/shares:default
uninitialized  svc:/network/rpc/gss:default
""",
            expected=(
                SERVICES.known(
                    (
                        Service(
                            name="application/shop:blue", state=ServiceState.FAILED, enabled=True
                        ),
                        Service(name="network/rpc/gss", state=ServiceState.STOPPED),
                        Service(name="network/shares", state=ServiceState.STOPPED, enabled=True),
                        Service(name="network/ssh", state=ServiceState.RUNNING, enabled=True),
                        Service(name="network/telnet", state=ServiceState.STOPPED, enabled=False),
                    )
                ),
            ),
        ),
        Example(
            system="aix 7.2 (SRC; columns as in scripts for PowerHA that read lssrc)",
            text="""\
@@ src
Subsystem         Group            PID          Status
 syslogd          ras              3735980      active
 lpd              spooler                       inoperative
""",
            expected=(
                SERVICES.known(
                    (
                        Service(name="lpd", state=ServiceState.STOPPED),
                        Service(name="syslogd", state=ServiceState.RUNNING),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 14 (rc; format as in service(8))",
            text="@@ rc\n/etc/rc.d/cleanvar\n/etc/rc.d/sshd\n@@ rc-running\n/var/run/sshd.pid\n",
            expected=(
                SERVICES.known(
                    (
                        Service(
                            name="cleanvar",
                            state=ServiceState.UNKNOWN,
                            enabled=True,
                            path="/etc/rc.d/cleanvar",
                        ),
                        Service(
                            name="sshd",
                            state=ServiceState.RUNNING,
                            enabled=True,
                            path="/etc/rc.d/sshd",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox, OpenRC; format as people quote rc-status)",
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
            system="centos 6 (System V; wording as people quote it)",
            text="""\
@@ upstart
rc stop/waiting
tty (/dev/tty3) start/running, process 1560
@@ sysv
auditd (pid  1288) is running...
httpd is stopped
openssh-daemon (pid  1392) is running...
ntpd dead but pid file exists
Usage: /etc/init.d/odd start
@@ sysv-enabled
/etc/rc[35].d/S*
/etc/rc.d/rc3.d/S11auditd
/etc/rc.d/rc3.d/S55sshd
/etc/rc.d/rc3.d/S58ntpd
@@ sysv-scripts
/etc/init.d/auditd
/etc/init.d/httpd
/etc/init.d/ntpd
/etc/init.d/sshd
""",
            expected=(
                SERVICES.known(
                    (
                        Service(name="auditd", state=ServiceState.RUNNING, enabled=True),
                        Service(name="httpd", state=ServiceState.STOPPED, enabled=False),
                        Service(name="ntpd", state=ServiceState.FAILED, enabled=True),
                        Service(name="openssh-daemon", state=ServiceState.RUNNING),
                        Service(name="rc", state=ServiceState.STOPPED),
                        Service(name="tty", state=ServiceState.RUNNING),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 5, which knows no Upstart (System V; wording as people quote it)",
            text="@@ upstart\n@@ sysv\ncrond (pid  2290) is running...\n"
            "@@ sysv-enabled\n/etc/rc.d/rc3.d/S90crond\n@@ sysv-scripts\n/etc/init.d/crond\n",
            expected=(
                SERVICES.known((Service(name="crond", state=ServiceState.RUNNING, enabled=True),)),
            ),
        ),
        Example(
            system="ubuntu 14.04 (Upstart; format as in initctl(8) and service(8))",
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
            expected=(SERVICES.unknown(Reason.NOT_TOLD, "no service manager answered"),),
        ),
    ),
)

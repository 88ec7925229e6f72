"""Which work the clock starts: timers of systemd, cron, its folders, and at.

What may be a secret in a command is left out on the server; comments and assignments, which may
hold anything, are not sent at all. Of at's jobs, which keep whole environments, only the count is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._cron import is_users_own, read_cron
from inventory.collectors._secrets import filtered
from inventory.collectors._text import parts
from inventory.collectors._timers import FOLDERS, read_timers
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.software import AT_JOBS, SCHEDULED_JOBS, USER_JOBS, JobKind, ScheduledJob

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_SCRIPT = rf"""
if [ -d /run/systemd/system ]; then
  echo '@@ wanted'
  printf '%s\n' /etc/systemd/system/*.wants/*.timer /run/systemd/system/*.wants/*.timer \
    /usr/lib/systemd/system/*.wants/*.timer /lib/systemd/system/*.wants/*.timer
fi
echo '@@ periodic'
hidden=
there=
for file in /etc/crontab /etc/anacrontab /etc/cron.d /etc/cron.d/* \
  /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly \
  /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/* /etc/periodic/*/*; do
  if [ -e "$file" ]; then
    case $file in
    /etc/crontab | /etc/anacrontab | /etc/cron.d | /etc/cron.d/*)
      if [ ! -r "$file" ]; then hidden=1; fi
      if [ ! -d "$file" ]; then there=1; fi
      ;;
    *) if [ -f "$file" ] && [ -x "$file" ]; then printf '%s\n' "$file"; fi ;;
    esac
  fi
done
# Solaris keeps no crontabs in its /etc/cron.d, but a pipe that would not end.
if [ -p /etc/cron.d/FIFO ]; then
  there=
  hidden=
fi
system=
if [ "$there" ] && [ -z "$hidden" ]; then
  system=$(grep -rHas . /etc/crontab /etc/anacrontab /etc/cron.d)
elif [ "$hidden" ]; then
  system=$(
    privileged grep -rHas . /etc/crontab /etc/anacrontab /etc/cron.d
  )
  if [ -z "$system" ]; then echo '@@ hidden'; fi
fi
users=
spool=/
status=1
for folder in /var/spool/cron/crontabs /var/spool/cron/tabs /var/spool/cron /var/cron/tabs; do
  if [ -d "$folder" ]; then
    spool=$folder
    break
  fi
done
set -- "$spool"/* "$spool"/.[!.]*
if [ -r "$spool" ] && [ -x "$spool" ] && ! [ -e "$1" ] && ! [ -e "$2" ]; then spool=; fi
case $spool in
/var/spool/cron/crontabs)
  users=$(
    privileged grep -rHas . /var/spool/cron/crontabs
  )
  status=$?
  ;;
/var/spool/cron/tabs)
  users=$(
    privileged grep -rHas . /var/spool/cron/tabs
  )
  status=$?
  ;;
/var/spool/cron)
  users=$(
    privileged grep -rHas . /var/spool/cron
  )
  status=$?
  ;;
/var/cron/tabs)
  users=$(
    privileged grep -rHas . /var/cron/tabs
  )
  status=$?
  ;;
esac
# BusyBox does not say that it may not read a folder.
if [ "$spool" ] && [ ! -r "$spool" ] && [ -z "$SUDO" ]; then status=2; fi
# The grep of Solaris and AIX reads no folders.
if [ "$status" -gt 1 ] && [ ! -e /proc/sys/kernel/osrelease ]; then
  case $(uname) in SunOS|AIX) status=unable ;; esac
fi
printf '@@ users ended %s\n' "$status"
for folder in /var/spool/cron/atjobs /var/spool/at; do
  if [ -d "$folder" ]; then
    echo '@@ at'
    case $folder in
    */atjobs)
      privileged ls /var/spool/cron/atjobs
      ;;
    *)
      privileged ls /var/spool/at
      ;;
    esac
    printf '@@ at ended %s\n' "$?"
  fi
done
said=
set -f
IFS='
'
for line in $system $users; do
  rest=${{line#*:}}
  rest=${{rest#"${{rest%%[![:blank:]]*}}"}}
  case $line in
  */atjobs/* | */atspool/*) ;;
  *) case $rest in [-0-9*@]*) said="$said$line
" ;; esac ;;
  esac
done
echo '@@ cron'
if [ "$said" ]; then
{filtered("said")}
fi
:
"""

_AT: Final = re.compile(r"^[a-zA-Z=][0-9a-f]{13}$", re.MULTILINE)
_PERIODS: Final = {
    "/etc/cron.hourly": "hourly",
    "/etc/cron.daily": "daily",
    "/etc/cron.weekly": "weekly",
    "/etc/cron.monthly": "monthly",
}


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "cron" not in said:
        return ()
    crontabs = list(read_cron(said["cron"].splitlines()))
    users = tuple(job for job in crontabs if is_users_own(job))
    system = (
        *(job for job in crontabs if not is_users_own(job)),
        *_periodic(said.get("periodic", "")),
        *read_timers(said.get("wanted", "").splitlines(), answer.files),
    )
    if "hidden" in said:
        jobs = SCHEDULED_JOBS.unknown(Reason.NEEDS_PRIVILEGE, "the system's crontabs are hidden")
    else:
        jobs = SCHEDULED_JOBS.known(system)
    return jobs, _users(users, said), _at(said)


def _users(jobs: tuple[ScheduledJob, ...], said: Mapping[str, str]) -> Observation:
    if jobs or "users ended 0" in said or "users ended 1" in said:
        return USER_JOBS.known(jobs)
    if "users ended unable" in said:
        return USER_JOBS.unknown(Reason.NOT_TOLD, "no tool there reads a folder of crontabs")
    return USER_JOBS.unknown(Reason.NEEDS_PRIVILEGE, "users' crontabs may not be read")


def _at(said: Mapping[str, str]) -> Observation:
    if any(part.startswith("at ended") and part != "at ended 0" for part in said):
        return AT_JOBS.unknown(Reason.NEEDS_PRIVILEGE, "at's folder may not be listed")
    return AT_JOBS.known(len(_AT.findall(said.get("at", ""))))


def _periodic(text: str) -> Iterator[ScheduledJob]:
    for path in text.splitlines():
        folder, _, name = path.rpartition("/")
        if name and folder.startswith("/") and name != ".placeholder":
            yield ScheduledJob(
                kind=JobKind.PERIODIC,
                source=folder,
                schedule=_PERIODS.get(folder, folder.rpartition("/")[2]),
                command=path,
                user="root",
            )


def _system(source: str, schedule: str, command: str, user: str = "root") -> ScheduledJob:
    return ScheduledJob(
        kind=JobKind.CRON, source=source, schedule=schedule, command=command, user=user
    )


COLLECTOR = Collector(
    files=(
        *(f"{folder}/*.timer" for folder in FOLDERS),
        f"{FOLDERS[0]}/*.timer.d/*.conf",
    ),
    script=_SCRIPT,
    tidy=True,
    tells=(SCHEDULED_JOBS, USER_JOBS, AT_JOBS),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
@@ wanted
/etc/systemd/system/*.wants/*.timer
/etc/systemd/system/timers.target.wants/apt-daily.timer
/etc/systemd/system/timers.target.wants/dump@shop.timer
@@ periodic
/etc/cron.daily/man-db
@@ users ended 0
@@ at
a0000101c1b2f4
=00002
@@ at ended 0
@@ cron
/etc/crontab:17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly
/etc/cron.d/sysstat:5-55/10 * * * * root command -v debian-sa1 > /dev/null && debian-sa1 1 1
/var/spool/cron/crontabs/shop:@reboot /srv/shop/start --token ***
/var/spool/cron/crontabs/shop:*/5 * * * * /srv/shop/poll
""",
            files={
                "/usr/lib/systemd/system/apt-daily.timer": """\
[Unit]
Description=Daily apt download activities

[Timer]
OnCalendar=*-*-* 6,18:00
RandomizedDelaySec=12h
Persistent=true

[Install]
WantedBy=timers.target
""",
                "/lib/systemd/system/dump@.timer": (
                    "[Timer]\nOnCalendar=daily\nUnit=dump@%i.target\n"
                ),
                "/etc/systemd/system/dump@shop.timer.d/when.conf": (
                    "[Timer]\nOnCalendar=\nOnCalendar=hourly\n"
                ),
            },
            expected=(
                SCHEDULED_JOBS.known(
                    (
                        _system(
                            "/etc/crontab",
                            "17 * * * *",
                            "cd / && run-parts --report /etc/cron.hourly",
                        ),
                        _system(
                            "/etc/cron.d/sysstat",
                            "5-55/10 * * * *",
                            "command -v debian-sa1 > /dev/null && debian-sa1 1 1",
                        ),
                        ScheduledJob(
                            kind=JobKind.PERIODIC,
                            source="/etc/cron.daily",
                            schedule="daily",
                            command="/etc/cron.daily/man-db",
                            user="root",
                        ),
                        ScheduledJob(
                            kind=JobKind.TIMER,
                            source="apt-daily.timer",
                            schedule="OnCalendar=*-*-* 6,18:00",
                            command="apt-daily.service",
                        ),
                        ScheduledJob(
                            kind=JobKind.TIMER,
                            source="dump@shop.timer",
                            schedule="OnCalendar=hourly",
                            command="dump@%i.target",
                        ),
                    )
                ),
                USER_JOBS.known(
                    (
                        _system(
                            "/var/spool/cron/crontabs/shop",
                            "@reboot",
                            "/srv/shop/start --token ***",
                            "shop",
                        ),
                        _system(
                            "/var/spool/cron/crontabs/shop",
                            "*/5 * * * *",
                            "/srv/shop/poll",
                            "shop",
                        ),
                    )
                ),
                AT_JOBS.known(1),
            ),
        ),
        Example(
            system="centos 6 as a user (format as in anacrontab(5))",
            text="""\
@@ periodic
/etc/cron.hourly/0anacron
@@ users ended 2
@@ at
@@ at ended 2
@@ cron
/etc/anacrontab:1\t5\tcron.daily\t\tnice run-parts /etc/cron.daily
/etc/anacrontab:@monthly 45\tcron.monthly\t\tnice run-parts /etc/cron.monthly
/etc/cron.d/0hourly:01 * * * * root run-parts /etc/cron.hourly
/etc/cron.d/old.rpmsave:01 * * * * root run-parts /etc/cron.hourly
""",
            expected=(
                SCHEDULED_JOBS.known(
                    (
                        ScheduledJob(
                            kind=JobKind.ANACRON,
                            source="/etc/anacrontab",
                            schedule="every 1 days",
                            command="nice run-parts /etc/cron.daily",
                            user="root",
                        ),
                        ScheduledJob(
                            kind=JobKind.ANACRON,
                            source="/etc/anacrontab",
                            schedule="@monthly",
                            command="nice run-parts /etc/cron.monthly",
                            user="root",
                        ),
                        _system("/etc/cron.d/0hourly", "01 * * * *", "run-parts /etc/cron.hourly"),
                        ScheduledJob(
                            kind=JobKind.PERIODIC,
                            source="/etc/cron.hourly",
                            schedule="hourly",
                            command="/etc/cron.hourly/0anacron",
                            user="root",
                        ),
                    )
                ),
                USER_JOBS.unknown(Reason.NEEDS_PRIVILEGE, "users' crontabs may not be read"),
                AT_JOBS.unknown(Reason.NEEDS_PRIVILEGE, "at's folder may not be listed"),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox; as alpine-conf and crontab(5) have it)",
            text="""\
@@ periodic
/etc/periodic/daily/backup
@@ users ended 0
@@ cron
/var/spool/cron/crontabs/root:0 2 * * * run-parts /etc/periodic/daily
""",
            expected=(
                SCHEDULED_JOBS.known(
                    (
                        ScheduledJob(
                            kind=JobKind.PERIODIC,
                            source="/etc/periodic/daily",
                            schedule="daily",
                            command="/etc/periodic/daily/backup",
                            user="root",
                        ),
                    )
                ),
                USER_JOBS.known(
                    (
                        _system(
                            "/var/spool/cron/crontabs/root",
                            "0 2 * * *",
                            "run-parts /etc/periodic/daily",
                        ),
                    )
                ),
                AT_JOBS.known(0),
            ),
        ),
        Example(
            system="solaris 11, whose grep reads no folders (as the question words it)",
            text="@@ periodic\n@@ users ended unable\n@@ cron\n",
            expected=(
                USER_JOBS.unknown(Reason.NOT_TOLD, "no tool there reads a folder of crontabs"),
            ),
        ),
        Example(
            system="a hardened rhel 9, as a user (as the question words it)",
            text="@@ periodic\n@@ hidden\n@@ users ended 2\n@@ cron\n",
            expected=(
                SCHEDULED_JOBS.unknown(Reason.NEEDS_PRIVILEGE, "the system's crontabs are hidden"),
            ),
        ),
    ),
)

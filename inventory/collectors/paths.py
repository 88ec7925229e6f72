"""Which files and folders tell of software, by their names alone.

The folders in which software that no package manager knows is put, and the marks that well-known
web applications have in their folders. Nothing is opened; the shell lists it all by itself. At
most 4,000 names are sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.instances import PATHS

if TYPE_CHECKING:
    from inventory.model.fact import Observation

FOLDERS: Final = (
    "/opt/* /opt/*/* /srv/* /srv/*/* /usr/local/* /usr/local/bin/* /usr/local/sbin/* /etc/*",
    "/var/lib/* /var/opt/* /var/opt/*/* /u01/app/* /u01/app/*/* /usr/sap/* /usr/openv/*",
    "/usr/openv/*/* /usr/ud* /usr/uv* /usr/dlc /usr/lib/Acronis /usr/local/qualys/* /var/ossec",
    "/var/cfengine /var/www/* /etc/opt/*/* /etc/zabbix/* /etc/amazon/* /etc/nagios/*",
    "/etc/puppetlabs/* /etc/salt/* /opt/tivoli/*/*",
)
MARKS: Final = (
    "wp-login.php core/lib/Drupal.php includes/bootstrap.inc lib/moodlelib.php occ",
    "administrator/manifests/files/joomla.xml includes/DefaultSettings.php",
    "inc/based_config.php matomo.php",
)
"""Of WordPress, Drupal 8 and 7, Moodle, Nextcloud, Joomla, MediaWiki, GLPI and Matomo."""

_SCRIPT: Final = f"""
echo '@@ looked'
count=0
tell() {{
  for path in "$@"; do
    if [ "$count" -ge 4000 ]; then return; fi
    if [ -e "$path" ]; then printf '%s\\n' "$path"; count=$((count + 1)); fi
  done
}}
tell {" ".join(FOLDERS)}
for root in /var/www /var/www/* /var/www/*/* /srv/* /srv/*/* /usr/share/nginx/*; do
  if [ -d "$root" ]; then
    for mark in {" ".join(MARKS)}; do
      if [ -e "$root/$mark" ]; then tell "$root/$mark"; fi
    done
  fi
done
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (PATHS.unknown(Reason.NOT_TOLD, "the question was not answered"),)
    paths = {line for line in said["looked"].splitlines() if line.startswith("/")}
    return (PATHS.known(tuple(sorted(paths))),)


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(PATHS,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text=(
                "@@ looked\n/opt/splunkforwarder\n/opt/splunkforwarder/bin\n/etc/nginx\n"
                "/var/www/intranet/wp-login.php\n"
            ),
            expected=(
                PATHS.known(
                    (
                        "/etc/nginx",
                        "/opt/splunkforwarder",
                        "/opt/splunkforwarder/bin",
                        "/var/www/intranet/wp-login.php",
                    )
                ),
            ),
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(PATHS.unknown(Reason.NOT_TOLD, "the question was not answered"),),
        ),
    ),
)

"""Which files and folders tell of software, by their names alone.

The folders in which software that no package manager knows is put, and the marks that well-known
web applications have in their folders. Nothing is opened; the shell lists it all by itself. At
most 4,000 names are sent. A name counts, also that of a link which leads nowhere.
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
    "/usr/openv/*/* /usr/ud* /usr/uv* /usr/local/qualys/*",
    "/var/www/* /etc/opt/*/* /etc/zabbix/* /etc/amazon/* /etc/nagios/*",
    "/etc/puppetlabs/* /etc/salt/* /opt/tivoli/*/*",
)
ALONE: Final = ("/usr/dlc", "/usr/lib/Acronis", "/var/ossec", "/var/cfengine")
MARKS: Final = (
    "wp-login.php core/lib/Drupal.php includes/bootstrap.inc lib/moodlelib.php occ",
    "administrator/manifests/files/joomla.xml includes/DefaultSettings.php",
    "inc/based_config.php matomo.php",
)
"""Of WordPress, Drupal 8 and 7, Moodle, Nextcloud, Joomla, MediaWiki, GLPI and Matomo."""

_PATTERNS: Final = frozenset(each for each in " ".join(FOLDERS).split() if "*" in each)
"""What the shell says in place of names where there are none."""

# One word for all names: a test and a line of its own for each cost three times as much.
_SCRIPT: Final = f"""
echo '@@ looked'
set -- {" ".join(FOLDERS)}
if [ "$#" -le 4000 ]; then
  printf '%s\\n' "$@"
else
  count=0
  for path in "$@"; do
    printf '%s\\n' "$path"
    count=$((count + 1))
    if [ "$count" -ge 4000 ]; then break; fi
  done
fi
for path in {" ".join(ALONE)}; do
  if [ -e "$path" ]; then printf '%s\\n' "$path"; fi
done
for root in /var/www /var/www/* /var/www/*/* /srv/* /srv/*/* /usr/share/nginx/*; do
  if [ -d "$root" ]; then
    for mark in {" ".join(MARKS)}; do
      if [ -e "$root/$mark" ]; then printf '%s\\n' "$root/$mark"; fi
    done
  fi
done
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (PATHS.unknown(Reason.NOT_TOLD, "the question was not answered"),)
    paths = {line for line in said["looked"].splitlines() if line.startswith("/")} - _PATTERNS
    return (PATHS.known(tuple(sorted(paths))),)


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(PATHS,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text=(
                "@@ looked\n/opt/splunkforwarder\n/opt/splunkforwarder/bin\n/srv/*\n/etc/nginx\n"
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

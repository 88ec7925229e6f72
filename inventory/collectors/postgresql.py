"""Which PostgreSQL clusters a server has, and their databases with sizes.

The folders tell release, port and size. Where a cluster runs and root may be had, it is asked by
``psql`` as the user ``postgres``, in read-only sessions whose statements take 4 seconds at most.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from inventory.collectors._postgresql import read_clusters
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.instances import POSTGRESQL, Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_QUERIES: Final = """\
select 'version', current_setting('server_version');
select 'folder', current_setting('data_directory');
select 'standby', pg_is_in_recovery();
select 'database', translate(datname, chr(10)||chr(13), chr(32)||chr(32))
 from pg_database where datallowconn and not datistemplate;
select 'size', pg_database_size(oid), pg_encoding_to_char(encoding),
 translate(datname, chr(10)||chr(13), chr(32)||chr(32))
 from pg_database where datallowconn and not datistemplate;
""".replace("\n", "")
_ASKING: Final = (
    "for socket in /var/run/postgresql/.s.PGSQL.[0-9]* /tmp/.s.PGSQL.[0-9]*; do "
    'if [ -S "$socket" ]; then echo "@@ socket $socket"; '
    f'echo "{_QUERIES}" | '
    'PGOPTIONS="-c statement_timeout=4000 -c default_transaction_read_only=on" '
    'PGCONNECT_TIMEOUT=3 PGHOST="${socket%/.s.*}" PGPORT="${socket##*.}" '
    "psql -X -A -t -q -w -d postgres; fi; done"
)
_FOLDERS: Final = "/var/lib/postgresql /var/lib/pgsql"
_FREEBSD: Final = "/var/db/postgres"
_CLUSTERS: Final = (
    "/var/lib/postgresql/*/*/PG_VERSION /var/lib/postgresql/data/PG_VERSION "
    "/var/lib/pgsql/data/PG_VERSION /var/lib/pgsql/*/data/PG_VERSION "
    f"{_FREEBSD}/data*/PG_VERSION"
)

# Who may look reads by the shell alone; root is asked to look otherwise.

_SCRIPT: Final = f"""
lines() {{
  while read -r line; do printf '%s:%s\\n' "$1" "$line"; done <"$1"
}}
echo '@@ looked'
if [ -d /var/lib/postgresql ] || [ -d /var/lib/pgsql ] || [ -d {_FREEBSD} ]; then
  echo '@@ files'
  set --
  for file in {_CLUSTERS}; do
    if [ -r "$file" ]; then
      lines "$file"
      folder=${{file%/*}}
      if [ -r "$folder/postmaster.pid" ]; then lines "$folder/postmaster.pid"; fi
      set -- "$@" "$folder/base"
    fi
  done
  if [ "$#" -gt 0 ]; then
    echo '@@ sizes'
    du -sk "$@"
  elif [ "$SUDO" ]; then
    privileged find {_FOLDERS} -maxdepth 3 -name PG_VERSION -exec grep -Hs "" /dev/null {{}} +
    privileged find {_FOLDERS} -maxdepth 3 -name postmaster.pid -exec grep -Hs "" /dev/null {{}} +
    echo '@@ sizes'
    privileged find {_FOLDERS} -maxdepth 3 -name base -exec du -sk {{}} +
    if [ -d {_FREEBSD} ]; then echo '@@ denied'; fi
  else
    for folder in /var/lib/pgsql /var/lib/pgsql/* /var/lib/postgresql /var/lib/postgresql/*/* \\
      {_FREEBSD} {_FREEBSD}/*; do
      if [ -d "$folder" ] && {{ [ ! -r "$folder" ] || [ ! -x "$folder" ]; }}; then
        echo '@@ denied'
      fi
    done
  fi
fi
there=
for socket in /var/run/postgresql/.s.PGSQL.[0-9]* /tmp/.s.PGSQL.[0-9]*; do
  if [ -S "$socket" ]; then there=1; printf '@@ socket %s\\n' "$socket"; fi
done
# What is quoted is expanded by the shell of postgres.
# shellcheck disable=SC2016
if [ "$there" ]; then
  if command -v runuser >/dev/null; then
    privileged runuser -u postgres -- sh -c {shlex.quote(_ASKING)}
  else
    privileged su -s /bin/sh -c {shlex.quote(_ASKING)} postgres
  fi
fi
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (POSTGRESQL.unknown(Reason.NOT_TOLD, "the question was not answered"),)
    found = read_clusters(said)
    if "denied" in said and not found:
        return (POSTGRESQL.unknown(Reason.NEEDS_PRIVILEGE, "its folders may not be looked into"),)
    return (POSTGRESQL.known(found),)


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(POSTGRESQL,),
    read=_read,
    examples=(
        Example(
            system="debian 12, as root",
            text="""\
@@ looked
@@ files
/var/lib/postgresql/15/main/PG_VERSION:15
/var/lib/postgresql/15/main/postmaster.pid:812
/var/lib/postgresql/15/main/postmaster.pid:/var/lib/postgresql/15/main
/var/lib/postgresql/15/main/postmaster.pid:1795406541
/var/lib/postgresql/15/main/postmaster.pid:5432
/var/lib/postgresql/15/main/postmaster.pid:/var/run/postgresql
/var/lib/postgresql/15/main/postmaster.pid:localhost
/var/lib/postgresql/15/main/postmaster.pid:   786456        0
/var/lib/postgresql/15/main/postmaster.pid:ready
/var/lib/postgresql/13/old/PG_VERSION:13
@@ sizes
22584\t/var/lib/postgresql/15/main/base
7752\t/var/lib/postgresql/13/old/base
@@ socket /var/run/postgresql/.s.PGSQL.5432
@@ socket /var/run/postgresql/.s.PGSQL.5432
version|15.13 (Debian 15.13-0+deb12u1)
folder|/var/lib/postgresql/15/main
standby|f
database|postgres
database|shop
size|7631663|UTF8|postgres
size|15233839|UTF8|shop
""",
            expected=(
                POSTGRESQL.known(
                    (
                        Instance(
                            application="postgresql",
                            kind=InstanceKind.SERVER,
                            name="13/old",
                            version="13",
                            path="/var/lib/postgresql/13/old",
                            size_bytes=7752 * 1024,
                            details=(Detail(name="state", value="does not run"),),
                        ),
                        Instance(
                            application="postgresql",
                            kind=InstanceKind.SERVER,
                            name="15/main",
                            version="15.13",
                            path="/var/lib/postgresql/15/main",
                            size_bytes=22584 * 1024,
                            ports=("5432/tcp",),
                            pid=812,
                            details=(Detail(name="role", value="primary"),),
                        ),
                        Instance(
                            application="postgresql",
                            kind=InstanceKind.DATABASE,
                            name="postgres",
                            of="15/main",
                            size_bytes=7631663,
                            details=(Detail(name="encoding", value="UTF8"),),
                        ),
                        Instance(
                            application="postgresql",
                            kind=InstanceKind.DATABASE,
                            name="shop",
                            of="15/main",
                            size_bytes=15233839,
                            details=(Detail(name="encoding", value="UTF8"),),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9 as a user, who may neither look nor ask (format as documented)",
            text="@@ looked\n@@ files\n@@ denied\n@@ socket /var/run/postgresql/.s.PGSQL.5432\n",
            expected=(
                POSTGRESQL.known(
                    (
                        Instance(
                            application="postgresql",
                            kind=InstanceKind.SERVER,
                            name="on port 5432",
                            ports=("5432/tcp",),
                            details=(Detail(name="databases", value="not read: needs privilege"),),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12 as a user, PostgreSQL being stopped",
            text="@@ looked\n@@ files\n@@ denied\n",
            expected=(
                POSTGRESQL.unknown(Reason.NEEDS_PRIVILEGE, "its folders may not be looked into"),
            ),
        ),
        Example(
            system="a server without PostgreSQL",
            text="@@ looked\n",
            expected=(POSTGRESQL.known(()),),
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(POSTGRESQL.unknown(Reason.NOT_TOLD, "the question was not answered"),),
        ),
    ),
)

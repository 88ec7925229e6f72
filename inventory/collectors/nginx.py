"""Which sites nginx serves: their names, ports, folders, and where they pass requests on to.

Of the configuration only these directives leave the server, and the braces that part blocks:
``server``, ``server_name``, ``listen``, ``root``, ``upstream``, ``location``, ``…_pass`` and
``ssl_certificate`` (a path). Addresses are sent without user, password and query.
https://nginx.org/en/docs/dirindex.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._nginx import read_sites
from inventory.collectors._places import looked_for
from inventory.collectors._sites import CLEANING, unread
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.instances import NGINX_SITES, Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_PROGRAM: Final = (
    CLEANING
    + r"""
function wanted(text,  word) {
  sub(/^[ \t]+/, "", text)
  sub(/[ \t]+$/, "", text)
  word = text
  sub(/[ \t].*/, "", word)
  if (word == "") return ""
  if (index(known, " " word " ")) return index(text, "_pass") ? clean(text) : text
  return word ~ /^[a-z]+_pass$/ ? clean(text) : ""
}
BEGIN { known = " server server_name listen root upstream location ssl_certificate " }
FNR == 1 { print "@@ " FILENAME; held = "" }
/^[ \t]*(#|$)/ { next }
{
  rest = $0
  line = ""
  while (index(rest, "\"") + index(rest, "\047") && match(rest, /"[^"]*"|\047[^\047]*\047/)) {
    quoted = substr(rest, RSTART + 1, RLENGTH - 2)
    if (quoted ~ /[;{}#]/) quoted = "-"
    line = line substr(rest, 1, RSTART - 1) quoted
    rest = substr(rest, RSTART + RLENGTH)
  }
  line = line rest
  if (index(line, "#") && match(line, /(^|[ \t;{}])#/)) line = substr(line, 1, RSTART + RLENGTH - 2)
  held = held " " line
  while (match(held, /[;{}]/)) {
    mark = substr(held, RSTART, 1)
    before = substr(held, 1, RSTART - 1)
    held = substr(held, RSTART + 1)
    text = wanted(before)
    if (mark == "{") print text " {"
    else if (mark == "}") print "}"
    else if (text != "") print text
    if (++lines == 20000) exit
  }
}
"""
)

_PLACES: Final = """
/etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/*
/etc/nginx/vhosts.d/*.conf /etc/nginx/http.d/*.conf /etc/nginx/stream.d/*.conf
/usr/local/nginx/conf/nginx.conf /usr/local/nginx/conf/*.d/*.conf /usr/local/etc/nginx/nginx.conf
/usr/local/etc/nginx/conf.d/*.conf /usr/local/openresty/nginx/conf/nginx.conf
/opt/nginx/conf/nginx.conf
"""
"""Where packages and people put its configuration."""

_SCRIPT: Final = f"""
echo '@@ looked'
{looked_for(_PLACES.split())}
for file do
  shift
  if [ -f "$file" ] && [ -r "$file" ]; then set -- "$@" "$file"
  elif [ -f "$file" ]; then printf '@@ denied %s\\n' "$file"
  fi
done
if [ "$#" -gt 0 ]; then
  # The awk of Solaris is too old for it.
  awk '{_PROGRAM}' "$@" || printf '@@ denied %s\\n' "$@"
fi
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (NGINX_SITES.unknown(Reason.NOT_TOLD, "the question was not answered"),)
    denied = [name.removeprefix("denied ") for name in said if name.startswith("denied ")]
    files = {name: text for name, text in said.items() if name.startswith("/")}
    return (NGINX_SITES.known((*read_sites(files), *unread("nginx", denied))),)


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(NGINX_SITES,),
    read=_read,
    examples=(
        Example(
            system="debian 12 (nginx 1.22)",
            text="""\
@@ looked
@@ /etc/nginx/nginx.conf
 {
}
 {
 {
}
}
@@ /etc/nginx/sites-enabled/shop
upstream app {
server 10.0.0.5:8000
server 10.0.0.6:8000
}
server {
listen 80 default_server
listen [::]:80 default_server
server_name www.example.gov.uk example.gov.uk
root /srv/www/shop
location / {
proxy_pass http://app
}
location /api/ {
proxy_pass https://***@10.0.0.7:8443/v1
}
}
server {
listen 443 ssl
ssl_certificate /etc/ssl/shop.pem
server_name _
}
""",
            expected=(
                NGINX_SITES.known(
                    (
                        Instance(
                            application="nginx",
                            kind=InstanceKind.SITE,
                            name="www.example.gov.uk",
                            path="/srv/www/shop",
                            ports=("80/tcp",),
                            details=(
                                Detail(name="also called", value="example.gov.uk"),
                                Detail(name="passes to", value="http://10.0.0.5:8000"),
                                Detail(name="passes to", value="http://10.0.0.6:8000"),
                                Detail(name="passes to", value="https://***@10.0.0.7:8443/v1"),
                                Detail(name="configured in", value="/etc/nginx/sites-enabled/shop"),
                            ),
                        ),
                        Instance(
                            application="nginx",
                            kind=InstanceKind.SITE,
                            name="default on 443/tcp",
                            ports=("443/tcp",),
                            details=(
                                Detail(name="certificate", value="/etc/ssl/shop.pem"),
                                Detail(name="configured in", value="/etc/nginx/sites-enabled/shop"),
                            ),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server whose nginx may not be read by the account",
            text="@@ looked\n@@ denied /etc/nginx/nginx.conf\n",
            expected=(
                NGINX_SITES.known(
                    (
                        Instance(
                            application="nginx",
                            kind=InstanceKind.SITE,
                            name="whatever /etc/nginx/nginx.conf holds",
                            details=(Detail(name="not read", value="needs privilege"),),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server without nginx",
            text="@@ looked\n",
            expected=(NGINX_SITES.known(()),),
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(NGINX_SITES.unknown(Reason.NOT_TOLD, "the question was not answered"),),
        ),
    ),
)
